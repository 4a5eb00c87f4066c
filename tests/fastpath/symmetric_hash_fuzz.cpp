// Any frame: reads nothing outside it, gives the same number twice, and the same with its ends exchanged.
#include <cstdlib>
#include <utility>
#include <vector>

#include "fastpath/symmetric_hash.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using sekisho::fastpath::symmetric_hash;
    std::vector<std::uint8_t> frame(data, data + size);
    const auto hash = symmetric_hash(frame, 1);
    const bool plain_v4 = size >= 38 && frame[12] == 8 && frame[13] == 0 && frame[14] == 0x45;
    if (plain_v4) {
        for (std::size_t i = 0; i < 4; ++i) std::swap(frame[26 + i], frame[30 + i]);
        for (std::size_t i = 0; i < 2; ++i) std::swap(frame[34 + i], frame[36 + i]);
    }
    if (symmetric_hash(frame, 1) != hash) std::abort();
    return 0;
}
