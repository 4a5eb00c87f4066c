// The code is canonical: of two symbols the one with the shorter code, then the smaller one, has the smaller code. So
// the lengths say it all.
#include "app/http2/huffman.h"

#include <array>

namespace sekisho::app::http2 {
namespace {

constexpr std::size_t kLengthMax = 30;
constexpr std::size_t kEnd = 256;

// Bits of the codes of the octets 0 to 255 and of the end symbol.
constexpr std::array<std::uint8_t, 257> kLengths{
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    6,  10, 10, 12, 13, 6,  8,  11, 10, 10, 8,  11, 8,  6,  6,  6,  5,  5,  5,  6,  6,  6,  6,  6,  6,  6,  7,  8,  15, 6,  12, 10,
    13, 6,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  8,  7,  8,  13, 19, 13, 14, 6,
    15, 5,  6,  5,  6,  5,  6,  6,  6,  5,  7,  7,  6,  6,  6,  5,  6,  7,  6,  5,  5,  6,  7,  7,  7,  7,  7,  15, 11, 14, 13, 28,
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
    30};

struct Code {
    std::array<std::uint16_t, 257> symbols{};                  ///< by length, then value
    std::array<std::uint32_t, kLengthMax + 1> first{};         ///< first code of each length
    std::array<std::uint16_t, kLengthMax + 1> count{}, start{};  ///< how many, and where their symbols begin
};

constexpr Code kCode = [] {
    Code code;
    std::uint32_t next = 0;
    std::uint16_t at = 0;
    for (std::size_t length = 1; length <= kLengthMax; ++length) {
        next <<= 1;
        code.first[length] = next;
        code.start[length] = at;
        for (std::size_t symbol = 0; symbol < kLengths.size(); ++symbol)
            if (kLengths[symbol] == length) code.symbols[at++] = static_cast<std::uint16_t>(symbol);
        code.count[length] = static_cast<std::uint16_t>(at - code.start[length]);
        next += code.count[length];
    }
    return code;
}();

}  // namespace

bool decode_huffman(Bytes in, http::TextArena& out) noexcept {
    std::uint32_t code = 0;
    std::size_t length = 0;
    for (const std::uint8_t octet : in) {
        for (int bit = 7; bit >= 0; --bit) {
            code = code << 1 | (octet >> bit & 1u);
            if (++length > kLengthMax) return false;
            if (code < kCode.first[length] || code - kCode.first[length] >= kCode.count[length]) continue;
            const std::uint16_t symbol = kCode.symbols[kCode.start[length] + (code - kCode.first[length])];
            if (symbol == kEnd) return false;
            out.append(static_cast<char>(symbol));
            code = 0;
            length = 0;
        }
    }
    // What is left over is the begin of the end symbol: fewer than eight bits, all of them 1.
    return length < 8 && code == (std::uint32_t{1} << length) - 1;
}

}  // namespace sekisho::app::http2
