// Small operations on text that several rooms need. ASCII only, by intent: protocols and configuration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho {

constexpr char ascii_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}
constexpr std::uint8_t ascii_lower(std::uint8_t c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<std::uint8_t>(c | 0x20) : c;
}

std::string_view trim(std::string_view text) noexcept;  ///< without blanks, tabs, CR, LF at both ends
std::string to_lower(std::string_view text);
bool equals_nocase(std::string_view a, std::string_view b) noexcept;
bool starts_with_nocase(std::string_view text, std::string_view prefix) noexcept;
/// Cut at every separator; empty pieces are kept.
std::vector<std::string_view> split(std::string_view text, char separator);
/// Whole text as a number in [min, max]; base 10, or 16 after "0x".
std::optional<std::int64_t> parse_int(std::string_view text, std::int64_t min, std::int64_t max) noexcept;
std::string hex(const void* data, std::size_t size);  ///< lower-case, two digits an octet

}  // namespace sekisho
