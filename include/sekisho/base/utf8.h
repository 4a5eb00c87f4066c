// UTF-8 (RFC 3629) of a code point, and the pairs that UTF-16 (RFC 2781) writes the higher ones with.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace sekisho {

/// The octets of one code point. Half of a pair, which is none, is written in three like any other of its size.
class Utf8 {
  public:
    constexpr explicit Utf8(std::uint32_t code) noexcept {
        if (code < 0x80) {
            put(code);
        } else if (code < 0x800) {
            put(0xc0 | code >> 6);
            put_tail(code);
        } else if (code < 0x10000) {
            put(0xe0 | code >> 12);
            put_tail(code >> 6);
            put_tail(code);
        } else {
            put(0xf0 | code >> 18);
            put_tail(code >> 12);
            put_tail(code >> 6);
            put_tail(code);
        }
    }
    constexpr const std::uint8_t* begin() const noexcept { return octets_.data(); }
    constexpr const std::uint8_t* end() const noexcept { return octets_.data() + size_; }

  private:
    constexpr void put(std::uint32_t octet) noexcept { octets_[size_++] = static_cast<std::uint8_t>(octet); }
    constexpr void put_tail(std::uint32_t bits) noexcept { put(0x80 | (bits & 0x3f)); }
    std::array<std::uint8_t, 4> octets_{};
    std::uint8_t size_ = 0;
};

/// The code point of two UTF-16 units; nothing when they are no pair.
constexpr std::optional<std::uint32_t> utf16_pair(std::uint32_t high, std::uint32_t low) noexcept {
    if (high < 0xd800 || high >= 0xdc00 || low < 0xdc00 || low >= 0xe000) return std::nullopt;
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

}  // namespace sekisho
