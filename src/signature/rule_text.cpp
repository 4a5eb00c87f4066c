#include "signature/rule_text.h"

#include <algorithm>

#include "sekisho/base/text.h"

namespace sekisho::signature {
namespace {

constexpr std::size_t kOptionsMax = 1024;  ///< of one rule

constexpr const char* kWordNames[kHeaderWords] = {
    "action", "protocol", "source address", "source port", "direction", "destination address", "destination port",
};

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::uint32_t column_of(std::size_t at) { return static_cast<std::uint32_t>(at + 1); }

std::size_t skip_blanks(std::string_view text, std::size_t at) {
    while (at < text.size() && is_blank(text[at])) ++at;
    return at;
}

// A word ends at a blank or '(' outside brackets: groups may hold blanks.
std::size_t word_end(std::string_view text, std::size_t at) {
    int depth = 0;
    for (; at < text.size(); ++at) {
        if (text[at] == '[') ++depth;
        if (text[at] == ']') --depth;
        if (depth <= 0 && (is_blank(text[at]) || text[at] == '(')) break;
    }
    return at;
}

std::size_t option_end(std::string_view text, std::size_t from) {
    for (std::size_t at = text.find(';', from); at != std::string_view::npos; at = text.find(';', at + 1))
        if (at == from || text[at - 1] != '\\') return at;
    return std::string_view::npos;
}

}  // namespace

TextResult cut_rule(std::string_view text) {
    RuleText rule;
    std::size_t at = 0;
    for (std::size_t i = 0; i < kHeaderWords; ++i) {
        at = skip_blanks(text, at);
        const std::size_t end = word_end(text, at);
        if (end == at)
            return tl::unexpected(TextError{std::string("the ") + kWordNames[i] + " is missing in the header", column_of(at)});
        const auto word = text.substr(at, end - at);
        if (std::count(word.begin(), word.end(), '[') > std::count(word.begin(), word.end(), ']'))
            return tl::unexpected(TextError{std::string("']' is missing in the ") + kWordNames[i], column_of(at)});
        rule.header[i] = {word, column_of(at)};
        at = end;
    }
    at = skip_blanks(text, at);
    if (at >= text.size() || text[at] != '(')
        return tl::unexpected(TextError{"'(' with options must follow the header", column_of(at)});
    std::size_t end = text.size();
    while (end > at && is_blank(text[end - 1])) --end;
    if (end - at < 2 || text[end - 1] != ')')
        return tl::unexpected(TextError{"the rule does not end with ')'", column_of(end)});
    --end;
    for (at = skip_blanks(text, at + 1); at < end; at = skip_blanks(text, at)) {
        const std::size_t stop = option_end(text.substr(0, end), at);
        if (stop == std::string_view::npos)
            return tl::unexpected(TextError{"the last option does not end with ';'", column_of(at)});
        if (rule.options.size() == kOptionsMax)
            return tl::unexpected(TextError{"more than " + std::to_string(kOptionsMax) + " options", column_of(at)});
        const std::string_view option = text.substr(at, stop - at);
        const auto colon = option.find(':');
        Option& added = rule.options.emplace_back();
        added.name = trim(option.substr(0, colon));
        if (colon != std::string_view::npos) added.value = trim(option.substr(colon + 1));
        added.column = column_of(at);
        if (added.name.empty()) return tl::unexpected(TextError{"an option without a name", column_of(at)});
        at = stop + 1;
    }
    return rule;
}

Result<std::string_view> unquote(std::string_view value) {
    if (value.empty() || value.front() != '"')
        return fail(ErrorCode::invalid, "the value must stand in double quotes");
    if (value.size() < 2 || value.back() != '"')
        return fail(ErrorCode::invalid, "the closing quote is missing (inside, write \\; for a semicolon)");
    return value.substr(1, value.size() - 2);
}

std::string unescape(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escaped = text[i] == '\\' && i + 1 < text.size() &&
                             std::string_view("\";:\\").find(text[i + 1]) != std::string_view::npos;
        if (escaped) ++i;
        plain.push_back(text[i]);
    }
    return plain;
}

}  // namespace sekisho::signature
