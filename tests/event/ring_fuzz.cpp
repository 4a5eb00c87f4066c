// Any bytes laid over a ring file, header and slots: the reader and a re-attaching writer must stay inside
// the mapping, end, and give out sound events only. Input: octets of "offset(2) value(1)" triples.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>

#include "sekisho/event/ring.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sekisho::event;
    constexpr std::size_t kCapacity = 16;
    static const std::string path = "/tmp/sekisho-ring-fuzz-" + std::to_string(::getpid()) + ".ring";
    Event event;
    event.kind = Kind::dns;
    event.set(Text::name, "example.com");
    {
        auto writer = RingWriter::open(path, kCapacity);
        if (!writer) std::abort();
        for (int i = 0; i < 8; ++i) writer->write(event);
    }
    {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        for (std::size_t i = 0; i + 3 <= size; i += 3) {
            // The header's 192 octets are hit often: they decide most.
            const std::size_t wide = data[i] * 256U + data[i + 1];
            file.seekp(static_cast<std::streamoff>(data[i] < 128 ? wide % 192 : wide % (4096 + kCapacity * kEventSize)));
            file.put(static_cast<char>(data[i + 2]));
        }
    }
    if (auto reader = RingReader::open(path)) {
        std::size_t reads = 0;
        for (auto got = reader->read(event); got != RingReader::Outcome::empty; got = reader->read(event)) {
            if (got == RingReader::Outcome::event && !event.sound()) std::abort();
            if (++reads > 2 * kCapacity) std::abort();
        }
        reader->commit();
    }
    if (auto writer = RingWriter::open(path, kCapacity)) writer->write(Event{});
    ::unlink(path.c_str());
    return 0;
}
