#include "config/yaml_line.h"

#include <algorithm>

#include "sekisho/base/text.h"

namespace sekisho::config {
namespace {

bool letter_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Words that YAML reads as "nothing" when they stand plain.
bool means_null(std::string_view text) noexcept { return equals_nocase(text, "null"); }

bool plain(std::string_view text) noexcept {
    if (text.empty() || means_null(text)) return false;
    if (!letter_or_digit(text[0]) && text[0] != '/' && text[0] != '_') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return letter_or_digit(c) || std::string_view("_./+-").find(c) != std::string_view::npos;
    });
}

}  // namespace

bool has_key(std::string_view line, std::string_view key) noexcept {
    line = trim(line);
    while (line.starts_with("- ")) line = trim(line.substr(2));
    if (line.size() > 1 && (line[0] == '"' || line[0] == '\'')) {
        const char quote = line[0];
        return line.substr(1).starts_with(key) &&
               line.substr(1 + key.size()).starts_with(std::string{quote, ':'});
    }
    return line.starts_with(key) && trim(line.substr(key.size())).starts_with(":");
}

Indent indent_of(std::string_view line) noexcept {
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || line[first] == '#') return {};
    return {first, true};
}

std::string yaml_text(std::string_view text) {
    if (plain(text)) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            quoted += "\\x" + hex(&c, 1);
        } else {
            quoted += c;
        }
    }
    return quoted + "\"";
}

}  // namespace sekisho::config
