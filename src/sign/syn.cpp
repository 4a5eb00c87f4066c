#include "sekisho/base/byte_reader.h"
#include "sekisho/sign/sign.h"

namespace sekisho::sign {

std::optional<Sign> read_syn(std::uint8_t ttl, std::uint16_t window, Bytes options) noexcept {
    constexpr std::uint8_t kEnd = 0, kNop = 1, kMss = 2, kScale = 3, kSack = 4, kTimestamps = 8;
    Sign sign;
    sign.kind = Kind::tcp;
    // Systems start at 32, 64, 128 or 255; each hop takes one.
    sign.system.add_number(ttl <= 32 ? 32U : ttl <= 64 ? 64U : ttl <= 128 ? 128U : 255U);
    sign.system.add(' ');
    sign.system.add_number(window);
    sign.system.add(' ');
    ByteReader in(options);
    for (bool first = true; in.remaining() > 0; first = false) {
        const std::uint8_t kind = in.u8();
        if (!first) sign.system.add(',');
        if (kind == kEnd) {
            sign.system.add('E');
            break;
        }
        if (kind == kNop) {
            sign.system.add('N');
            continue;
        }
        const std::uint8_t size = in.u8();
        if (!in.ok() || size < 2 || !in.skip(size - 2U)) return std::nullopt;
        sign.system.add(kind == kMss ? 'M' : kind == kScale ? 'W' : kind == kSack ? 'S' : kind == kTimestamps ? 'T' : '?');
    }
    return sign;
}

}  // namespace sekisho::sign
