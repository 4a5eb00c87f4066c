// Text of SMB messages: UTF-16 in little-endian order or octets, as UTF-8.
#pragma once

#include <array>
#include <string_view>

#include "sekisho/base/bytes.h"
#include "sekisho/base/utf8.h"

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
        if (i + 3 < octets.size()) {
            const auto whole = utf16_pair(code, static_cast<std::uint32_t>(octets[i + 3] << 8 | octets[i + 2]));
            if (whole) i += 2;
            code = whole.value_or(code);
        }
        for (const std::uint8_t octet : Utf8(code)) put_octet(octet);
    }
}

/// Octets of the UTF-16 text at the begin of `octets` up to its NUL, or all.
constexpr std::size_t utf16_length(Bytes octets) noexcept {
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2)
        if (octets[i] == 0 && octets[i + 1] == 0) return i;
    return octets.size();
}

}  // namespace sekisho::app::smb
