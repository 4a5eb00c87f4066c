#include "app/ftp/data_port.h"

#include <algorithm>

namespace sekisho::app::ftp {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// A number of at most five digits at the start of `text`, which it is cut off from; -1: there is none.
int take_number(std::string_view& text) noexcept {
    int value = 0;
    std::size_t n = 0;
    while (n < text.size() && n < 5 && is_digit(text[n])) value = value * 10 + (text[n++] - '0');
    text.remove_prefix(n);
    return n == 0 ? -1 : value;
}

}  // namespace

std::uint16_t read_port(std::string_view text) noexcept {
    for (std::size_t start = 0; start < text.size(); ++start) {
        if (!is_digit(text[start]) || (start > 0 && is_digit(text[start - 1]))) continue;
        std::string_view rest = text.substr(start);
        int numbers[6];
        int have = 0;
        while (have < 6) {
            numbers[have] = take_number(rest);
            if (numbers[have] < 0 || numbers[have] > 255) break;
            ++have;
            if (have == 6 || rest.empty() || rest.front() != ',') break;
            rest.remove_prefix(1);
        }
        if (have == 6) return static_cast<std::uint16_t>(numbers[4] << 8 | numbers[5]);
    }
    return 0;
}

std::uint16_t read_extended_port(std::string_view text) noexcept {
    // The last field of four: delimiter, family, delimiter, address, delimiter, port, delimiter.
    const std::size_t open = text.find('(');
    if (open != std::string_view::npos) text.remove_prefix(open + 1);
    if (text.size() < 5) return 0;
    const char delimiter = text.front();
    std::size_t at = 0;
    for (int i = 0; i < 2; ++i) {
        at = text.find(delimiter, at + 1);
        if (at == std::string_view::npos) return 0;
    }
    std::string_view rest = text.substr(at + 1);
    const int port = take_number(rest);
    return port > 0 && port <= 65535 && rest.starts_with(delimiter) ? static_cast<std::uint16_t>(port) : std::uint16_t{0};
}

}  // namespace sekisho::app::ftp
