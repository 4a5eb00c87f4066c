// Lines of an HTTP head as the widely used servers and browsers accept them (RFC 9112 section 2.2 and what is
// sent in spite of it). Requests: LF ends a line. Responses: CR, LF, CRLF and LFCR do; runs of CR are one.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "sekisho/base/bytes.h"

namespace sekisho::app::http {

enum class LineRule : std::uint8_t { request, response };

/// A place between two lines.
struct LinePlace {
    std::size_t at = 0;
    bool after_bare_lf = false;  ///< the line before ended with LF alone: a CR here belongs to it
};

struct Line {
    std::string_view text;       ///< without its end
    LinePlace next;
    bool complete = false;       ///< false: more bytes are needed
    bool empty = false;          ///< ends the head
};

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }
constexpr bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
/// Continues the line before it. NUL counts, as it does for browsers that drop it.
constexpr bool is_fold(char c) noexcept { return is_blank(c) || c == '\0'; }

inline const char* find_char(std::string_view in, std::size_t from, char c) noexcept {
    return from < in.size() ? static_cast<const char*>(std::memchr(in.data() + from, c, in.size() - from)) : nullptr;
}

/// The line that starts at `place`. Never looks at bytes that could change when more of them come.
Line next_line(std::string_view in, LinePlace place, LineRule rule) noexcept;

/// The end of a head, as far as it can be told.
struct HeadEnd {
    enum class Kind : std::uint8_t { need_more, whole, cut } kind;
    std::size_t octets;  ///< whole: with the empty line; cut: whole lines that fit the limit
};

/// Goes on from `scan`, line by line, to the empty line; `scan` is where to go on with more bytes.
HeadEnd find_head_end(std::string_view in, LinePlace& scan, LineRule rule) noexcept;

/// Passes over the rest of a head that was cut. @return octets done with, 0: more are needed
struct SkippedLine {
    std::size_t octets = 0;
    bool end_of_head = false;
};
SkippedLine skip_head_line(std::string_view in, LineRule rule, bool& inside_line) noexcept;

/// Cuts white space and line ends off the end.
constexpr std::string_view chomp(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}
constexpr std::string_view skip_spaces(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    return text;
}

}  // namespace sekisho::app::http
