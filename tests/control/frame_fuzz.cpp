// Frames from a client and from a daemon, in pieces of any size; what parses must encode to the
// same bytes.
#include <cstdint>
#include <cstdlib>

#include "control/frame.h"

using namespace sekisho;
using namespace sekisho::control;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes input(data, size);
    FrameReader reader(kRequestMaxBytes);
    auto state = FrameReader::State::need_more;
    const std::size_t step = size == 0 ? 1 : 1 + data[0] % 7;
    for (std::size_t at = 0; at < size && state == FrameReader::State::need_more; at += step)
        state = reader.append(input.subspan(at, std::min(step, size - at)));
    if (state == FrameReader::State::whole) {
        if (const auto request = parse_request(reader.body())) {
            const auto again = encode_request(*request);
            if (!again || as_bytes(*again).subspan(kLengthBytes).size() != reader.body().size())
                std::abort();
        }
    }
    if (const auto request = parse_request(input);
        request && parse_request(input)->args != request->args)
        std::abort();
    if (const auto reply = parse_reply(input);
        reply && !parse_reply(as_bytes(encode_reply(*reply)).subspan(kLengthBytes)))
        std::abort();
    return 0;
}
