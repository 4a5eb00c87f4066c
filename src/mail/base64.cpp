#include <algorithm>
#include <cstdint>

#include "sekisho/mail/message.h"

namespace sekisho::mail {
namespace {

constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void append_group(std::string& out, std::string_view three) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) bits = bits << 8 | (i < three.size() ? static_cast<unsigned char>(three[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) out += i <= three.size() ? kDigits[bits >> (18 - 6 * i) & 63U] : '=';
}

}  // namespace

std::string base64(std::string_view octets, std::size_t line) {
    std::string digits;
    digits.reserve(octets.size() / 3 * 4 + 4);
    for (std::size_t at = 0; at < octets.size(); at += 3) append_group(digits, octets.substr(at, 3));
    if (line == 0) return digits;
    std::string lines;
    lines.reserve(digits.size() + digits.size() / line * 2 + 2);
    for (std::size_t at = 0; at < digits.size(); at += line) lines.append(digits, at, line).append("\r\n");
    return lines;
}

}  // namespace sekisho::mail
