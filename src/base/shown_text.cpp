#include "sekisho/base/shown_text.h"

#include <algorithm>
#include <cstdint>

namespace sekisho {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD
constexpr std::string_view kCut = "...";

bool continues(std::string_view text, std::size_t at, unsigned least = 0x80, unsigned most = 0xbf) noexcept {
    if (at >= text.size()) return false;
    const auto c = static_cast<unsigned char>(text[at]);
    return c >= least && c <= most;
}

std::uint32_t code_point(std::string_view character) noexcept {
    const auto lead = static_cast<unsigned char>(character[0]);
    std::uint32_t value = character.size() == 1 ? lead : lead & (0xffU >> (character.size() + 1));
    for (std::size_t i = 1; i < character.size(); ++i) value = value << 6 | (static_cast<unsigned char>(character[i]) & 0x3fU);
    return value;
}

/// Characters that steer instead of showing: C0 and C1 controls, line and paragraph separators, direction marks.
constexpr bool steers(std::uint32_t c) noexcept {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb);
}

std::string_view entity(char c) noexcept {
    switch (c) {
        case '&': return "&amp;";
        case '<': return "&lt;";
        case '>': return "&gt;";
        case '"': return "&quot;";
        case '\'': return "&#39;";
        default: return {};
    }
}

}  // namespace

std::size_t utf8_length(std::string_view text) noexcept {
    if (text.empty()) return 0;
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return continues(text, 1) ? 2 : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
        const unsigned least = lead == 0xe0 ? 0xa0 : 0x80;
        const unsigned most = lead == 0xed ? 0x9f : 0xbf;
        return continues(text, 1, least, most) && continues(text, 2) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        const unsigned least = lead == 0xf0 ? 0x90 : 0x80;
        const unsigned most = lead == 0xf4 ? 0x8f : 0xbf;
        return continues(text, 1, least, most) && continues(text, 2) && continues(text, 3) ? 4 : 0;
    }
    return 0;
}

std::string shown_line(std::string_view text, std::size_t max_octets) {
    std::string line;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8_length(text.substr(at));
        std::string_view shown = text.substr(at, std::max<std::size_t>(length, 1));
        at += shown.size();
        if (length == 1 && (shown[0] == '\t' || shown[0] == '\n' || shown[0] == '\r')) shown = " ";
        else if (length == 0 || steers(code_point(shown))) shown = kReplacement;
        if (line.size() + shown.size() > max_octets) {
            while (line.size() + kCut.size() > max_octets && !line.empty()) {  // back to where a character began
                while ((static_cast<unsigned char>(line.back()) & 0xc0U) == 0x80U) line.pop_back();
                line.pop_back();
            }
            return line.append(kCut);
        }
        line.append(shown);
    }
    return line;
}

std::string shown_html(std::string_view text, std::size_t max_octets) {
    std::string html;
    for (const char c : shown_line(text, max_octets)) {
        const auto name = entity(c);
        if (name.empty()) html += c;
        else html.append(name);
    }
    return html;
}

}  // namespace sekisho
