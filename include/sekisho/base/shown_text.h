// Text from strangers made fit for people's eyes: well-formed UTF-8 without control characters, and the same
// inside HTML. What is replaced shows as U+FFFD, so that nothing vanishes silently.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sekisho {

/// Octets of the well-formed UTF-8 character (RFC 3629 section 4) at the start of `text`; 0 when there is none.
std::size_t utf8_length(std::string_view text) noexcept;

/// One line: control characters (also C1, line separators, and those that turn the direction of text, which can make a
/// name read as another) and ill-formed octets become U+FFFD, tabs and line ends a blank.
/// @param max_octets  longer text is cut at a character and ends in "..."; at least 3
std::string shown_line(std::string_view text, std::size_t max_octets = 4096);

/// As shown_line(), and with & < > " ' as entities: safe in element content and in quoted attribute values.
std::string shown_html(std::string_view text, std::size_t max_octets = 4096);

}  // namespace sekisho
