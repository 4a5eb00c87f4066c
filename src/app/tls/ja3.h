// JA3 strings (Althouse, Atkinson, Atkins 2017): decimal numbers joined by '-', lists by ','. GREASE values
// (RFC 8701) are left out.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace sekisho::app::tls {

constexpr bool is_grease(std::uint16_t value) noexcept {
    return (value & 0x0f0f) == 0x0a0a && (value >> 8) == (value & 0xff);
}

class Ja3Text {
  public:
    void add(std::uint16_t value) noexcept {
        if (is_grease(value)) return;
        if (!list_empty_) put('-');
        list_empty_ = false;
        char digits[5];
        const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
        for (const char* c = digits; c != end; ++c) put(*c);
    }
    void next_list() noexcept {
        put(',');
        list_empty_ = true;
    }
    std::string_view text() const noexcept { return {text_.data(), size_}; }

  private:
    void put(char c) noexcept {
        if (size_ < text_.size()) text_[size_++] = c;
    }
    std::array<char, 8192> text_;  // 1,300 numbers; longer ones are cut
    std::size_t size_ = 0;
    bool list_empty_ = true;
};

}  // namespace sekisho::app::tls
