#include "app/mime/parameters.h"

#include <algorithm>

#include "app/mime/transfer_decoder.h"
#include "sekisho/base/text.h"

namespace sekisho::app::mime {
namespace {

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::string_view skip_comments(std::string_view field) noexcept {
    std::size_t depth = 0, at = 0;
    for (; at < field.size() && (depth != 0 || is_blank(field[at]) || field[at] == '('); ++at) {
        if (field[at] == '(') ++depth;
        else if (field[at] == ')') --depth;
        else if (field[at] == '\\' && depth != 0) ++at;
    }
    return field.substr(std::min(at, field.size()));
}

std::string_view first_word(std::string_view field) noexcept {
    field = skip_comments(field);
    if (!field.starts_with('"')) return field.substr(0, field.find_first_of("; \t\r\n(,"));
    field.remove_prefix(1);
    return trim(field.substr(0, field.find('"')));
}

namespace {

constexpr int kContinuationsMax = 64;

struct Parameter {
    std::string_view name;   ///< with "*0" and "*" behind it
    std::string_view value;  ///< without its quotes, escapes still in it
    bool quoted = false;
};

/// Cuts the next parameter off `rest`. False when none is left.
bool next_parameter(std::string_view& rest, Parameter& out) noexcept {
    for (;;) {
        rest = skip_comments(rest);
        if (rest.empty()) return false;
        if (rest.front() == ';') {
            rest.remove_prefix(1);
            continue;
        }
        const std::size_t end = rest.find_first_of("=;");
        if (end == std::string_view::npos) return false;
        if (rest[end] == ';') {  // the type itself, or a word without a value
            rest.remove_prefix(end);
            continue;
        }
        out.name = trim(rest.substr(0, end));
        // "attachment filename=x": the ';' is missing.
        if (const auto blank = out.name.find_last_of(" \t"); blank != std::string_view::npos) out.name.remove_prefix(blank + 1);
        rest.remove_prefix(end + 1);
        while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
        out.quoted = rest.starts_with('"');
        if (!out.quoted) {
            const std::size_t stop = std::min(rest.find(';'), rest.size());
            out.value = trim(rest.substr(0, stop));
            rest.remove_prefix(stop);
            return true;
        }
        std::size_t close = 1;
        while (close < rest.size() && rest[close] != '"') close += rest[close] == '\\' && close + 1 < rest.size() ? 2 : 1;
        close = std::min(close, rest.size());
        out.value = rest.substr(1, close - 1);
        rest.remove_prefix(std::min(close + 1, rest.size()));
        return true;
    }
}

class Output {
  public:
    explicit Output(MutableBytes out) noexcept : out_(out) {}
    void put(char c) noexcept {
        if (used_ < out_.size()) out_[used_++] = static_cast<std::uint8_t>(c);
    }
    std::size_t used() const noexcept { return used_; }
    MutableBytes rest() noexcept { return out_.subspan(used_); }
    void take(std::size_t n) noexcept { used_ += n; }

  private:
    MutableBytes out_;
    std::size_t used_ = 0;
};

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

void put_percent(std::string_view value, bool first, Output& out) noexcept {
    if (first) {  // charset'language'text
        const std::size_t one = value.find('\'');
        const std::size_t two = one == std::string_view::npos ? one : value.find('\'', one + 1);
        if (two != std::string_view::npos) value.remove_prefix(two + 1);
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool escape = value[i] == '%' && i + 2 < value.size() && hex_digit(value[i + 1]) >= 0 && hex_digit(value[i + 2]) >= 0;
        out.put(escape ? static_cast<char>(hex_digit(value[i + 1]) << 4 | hex_digit(value[i + 2])) : value[i]);
        if (escape) i += 2;
    }
}

void put_plain(std::string_view value, Output& out) noexcept {
    if (value.find("=?") != std::string_view::npos) {
        out.take(decode_words(value, out.rest()));
        return;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool escape = value[i] == '\\' && i + 1 < value.size() && (value[i + 1] == '"' || value[i + 1] == '\\');
        if (escape) ++i;
        if (value[i] != '\r' && value[i] != '\n') out.put(value[i]);
    }
}

}  // namespace

std::size_t read_parameter(std::string_view field, std::string_view name, MutableBytes memory, int which) noexcept {
    Output out(memory);
    Parameter parameter;
    for (std::string_view rest = field; next_parameter(rest, parameter);) {
        if (!starts_with_nocase(parameter.name, name)) continue;
        const std::string_view tail = parameter.name.substr(name.size());
        if ((!tail.empty() && tail != "*") || which-- != 0) continue;
        // Names with blanks and parentheses are often sent without quotes; in a delimiter these begin a comment.
        if (!parameter.quoted && equals_nocase(name, "boundary"))
            parameter.value = parameter.value.substr(0, parameter.value.find_first_of(" \t("));
        if (tail.empty()) put_plain(parameter.value, out);
        else put_percent(parameter.value, true, out);
        return out.used();
    }
    if (which != 0) return 0;
    // Pieces are numbered and may come in any order (RFC 2231 section 3).
    for (int number = 0; number < kContinuationsMax; ++number) {
        bool found = false;
        for (std::string_view rest = field; !found && next_parameter(rest, parameter);) {
            if (!starts_with_nocase(parameter.name, name)) continue;
            std::string_view tail = parameter.name.substr(name.size());
            if (!tail.starts_with('*')) continue;
            tail.remove_prefix(1);
            const bool percent = tail.ends_with('*');
            if (percent) tail.remove_suffix(1);
            const bool is_it = tail.size() < 3 && parse_int(tail, 0, kContinuationsMax) == number;
            if (!is_it) continue;
            found = true;
            if (percent) put_percent(parameter.value, number == 0, out);
            else put_plain(parameter.value, out);
        }
        if (!found) break;
    }
    return out.used();
}

}  // namespace sekisho::app::mime
