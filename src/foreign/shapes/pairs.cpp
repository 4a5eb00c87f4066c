// key=value pairs between blanks, values with blanks in double quotes: FortiOS ("FortiOS Log Message Reference").
// A quote within a value is escaped by a backslash.
#include "foreign/shapes/pairs.h"
#include "foreign/shapes/shapes.h"

namespace sekisho::foreign {
namespace {

constexpr bool in_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

}  // namespace

std::string_view take_value(std::string_view& line, Fields& out) {
    if (line.empty() || line.front() != '"') {
        const std::string_view value = line.substr(0, line.find(' '));
        line.remove_prefix(value.size());
        return value;
    }
    bool escaped = false;
    std::size_t end = 1;
    for (; end < line.size() && line[end] != '"'; ++end)
        if (line[end] == '\\' && end + 1 < line.size()) {
            escaped = true;
            ++end;
        }
    const std::string_view quoted = line.substr(1, std::min(end, line.size()) - 1);
    line.remove_prefix(std::min(end + 1, line.size()));
    return escaped ? unescape(quoted, '\\', out) : quoted;
}

std::string_view unescape(std::string_view text, char escape, Fields& out) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == escape && i + 1 < text.size()) ++i;
        plain += text[i];
    }
    return out.keep(plain);
}

std::string_view take_name(std::string_view& line) noexcept {
    std::size_t end = 0;
    while (end < line.size() && in_name(line[end])) ++end;
    if (end == 0 || end == line.size() || line[end] != '=') return {};
    const std::string_view name = line.substr(0, end);
    line.remove_prefix(end + 1);
    return name;
}

bool take_pairs(std::string_view line, const Columns&, Fields& out) {
    while (!line.empty()) {
        if (line.front() == ' ') {
            line.remove_prefix(1);
            continue;
        }
        const std::string_view name = take_name(line);
        if (name.empty()) line.remove_prefix(std::min(line.find(' '), line.size()));  // a word that is no pair
        else out.add(name, take_value(line, out));
    }
    return out.size() != 0;
}

}  // namespace sekisho::foreign
