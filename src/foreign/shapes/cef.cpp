// ArcSight's Common Event Format ("CEF:0|vendor|product|version|event class|name|severity|key=value ...") and QRadar's
// Log Event Extended Format ("LEEF:1.0|vendor|product|version|event|key=value TAB ...", 2.0 with a delimiter).
#include <array>

#include "foreign/shapes/pairs.h"
#include "foreign/shapes/shapes.h"
#include "sekisho/base/text.h"

namespace sekisho::foreign {
namespace {

/// Takes a header field and the bar behind it off the line.
std::string_view take_bar(std::string_view& line, Fields& out) {
    std::size_t end = 0;
    bool escaped = false;
    for (; end < line.size() && line[end] != '|'; ++end)
        if (line[end] == '\\' && end + 1 < line.size()) {
            escaped = true;
            ++end;
        }
    const std::string_view field = line.substr(0, std::min(end, line.size()));
    line.remove_prefix(std::min(end + 1, line.size()));
    return escaped ? unescape(field, '\\', out) : field;
}

template <std::size_t N>
bool take_header(std::string_view& line, std::string_view mark, const std::array<std::string_view, N>& names, Fields& out) {
    const auto begin = line.find(mark);
    if (begin == std::string_view::npos) return false;
    line.remove_prefix(begin + mark.size());
    for (const std::string_view name : names) {
        if (line.empty()) return false;
        out.add(name, take_bar(line, out));
    }
    return true;
}

/// A value runs to the blank before the next "name=": values may hold blanks, their '=' are escaped.
std::string_view take_extension(std::string_view& line, Fields& out) {
    bool escaped = false;
    std::size_t end = line.size();
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\') {
            escaped = true;
            ++i;
        } else if (line[i] == ' ') {
            std::string_view rest = line.substr(i + 1);
            if (take_name(rest).empty()) continue;
            end = i;
            break;
        }
    }
    const std::string_view value = trim(line.substr(0, end));
    line.remove_prefix(end);
    return escaped ? unescape(value, '\\', out) : value;
}

char delimiter_of(std::string_view text) noexcept {
    if (text.size() == 1) return text.front();
    const bool prefixed = text.starts_with("0x") || text.starts_with("0X");
    if (!prefixed && !text.starts_with("x")) return '\t';
    const auto code = parse_int("0x" + std::string(text.substr(prefixed ? 2 : 1)), 1, 255);
    return static_cast<char>(code.value_or('\t'));
}

}  // namespace

bool take_cef(std::string_view line, const Columns&, Fields& out) {
    constexpr std::array<std::string_view, 7> kHeader{"version", "vendor", "product", "device_version", "event", "name", "severity"};
    if (!take_header(line, "CEF:", kHeader, out)) return false;
    while (!line.empty()) {
        if (line.front() == ' ') {
            line.remove_prefix(1);
            continue;
        }
        const std::string_view name = take_name(line);
        if (name.empty()) line.remove_prefix(std::min(line.find(' '), line.size()));
        else out.add(name, take_extension(line, out));
    }
    return true;
}

bool take_leef(std::string_view line, const Columns&, Fields& out) {
    constexpr std::array<std::string_view, 5> kHeader{"version", "vendor", "product", "device_version", "event"};
    if (!take_header(line, "LEEF:", kHeader, out)) return false;
    const char delimiter = out.get("version") == "2.0" ? delimiter_of(take_bar(line, out)) : '\t';
    while (!line.empty()) {
        const std::string_view attribute = line.substr(0, line.find(delimiter));
        line.remove_prefix(std::min(attribute.size() + 1, line.size()));
        const auto equals = attribute.find('=');
        if (equals != std::string_view::npos) out.add(attribute.substr(0, equals), attribute.substr(equals + 1));
    }
    return true;
}

}  // namespace sekisho::foreign
