// Any octets as an archive: clear errors, bounded memory.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "sekisho/archive/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    char path[] = "/tmp/archive_fuzz.XXXXXX";
    const int file = ::mkstemp(path);
    if (file < 0) return 0;
    const bool written = ::write(file, data, size) == static_cast<ssize_t>(size);
    ::close(file);
    std::size_t octets = 0;
    const sekisho::archive::Limits limits{.file_bytes = 100'000, .total_bytes = 200'000, .entries = 50};
    if (written) {
        const auto done = sekisho::archive::read_files(path, limits, [](std::string_view) { return true; },
                                                       [&](const std::string&, std::string&& text) {
                                                           octets += text.size();
                                                           return sekisho::Status{};
                                                       });
        if (done && octets > limits.total_bytes + size) std::abort();
    }
    ::unlink(path);
    return 0;
}
