// Text of SMB messages: UTF-16 in little-endian order or octets, as UTF-8.
#pragma once

#include <array>
#include <string_view>

#include "sekisho/base/bytes.h"

namespace sekisho::app::smb {

/// A text on the stack; what does not fit is cut off its end.
template <std::size_t N>
class Text {
  public:
    void put_utf16(Bytes octets) noexcept;
    void put(std::string_view text) noexcept {
        for (const char c : text) put_octet(static_cast<std::uint8_t>(c));
    }
    /// Up to the first NUL.
    void read(Bytes octets, bool unicode) noexcept {
        if (unicode) return put_utf16(octets);
        const std::string_view text = as_text(octets);
        put(text.substr(0, text.find('\0')));
    }
    std::string_view view() const noexcept { return {text_.data(), size_}; }
    Bytes bytes() const noexcept { return as_bytes(view()); }

  private:
    void put_octet(std::uint8_t octet) noexcept {
        if (size_ < N) text_[size_++] = static_cast<char>(octet);
    }
    std::array<char, N> text_;
    std::size_t size_ = 0;
};

template <std::size_t N>
void Text<N>::put_utf16(Bytes octets) noexcept {
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
        std::uint32_t code = static_cast<std::uint32_t>(octets[i + 1] << 8 | octets[i]);
        if (code == 0) return;
        if (code >= 0xd800 && code < 0xdc00 && i + 3 < octets.size()) {
            const auto low = static_cast<std::uint32_t>(octets[i + 3] << 8 | octets[i + 2]);
            if (low >= 0xdc00 && low < 0xe000) {
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        const auto tail = [&](unsigned shift) { put_octet(static_cast<std::uint8_t>(0x80 | (code >> shift & 0x3f))); };
        if (code < 0x80) {
            put_octet(static_cast<std::uint8_t>(code));
        } else if (code < 0x800) {
            put_octet(static_cast<std::uint8_t>(0xc0 | code >> 6));
            tail(0);
        } else if (code < 0x10000) {
            put_octet(static_cast<std::uint8_t>(0xe0 | code >> 12));
            tail(6);
            tail(0);
        } else {
            put_octet(static_cast<std::uint8_t>(0xf0 | code >> 18));
            tail(12);
            tail(6);
            tail(0);
        }
    }
}

/// Octets of the UTF-16 text at the begin of `octets` up to its NUL, or all.
constexpr std::size_t utf16_length(Bytes octets) noexcept {
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2)
        if (octets[i] == 0 && octets[i + 1] == 0) return i;
    return octets.size();
}

}  // namespace sekisho::app::smb
