// Parts of lines that several shapes share.
#pragma once

#include <algorithm>
#include <string_view>

#include "foreign/fields.h"

namespace sekisho::foreign {

/// Takes "name=" off the line; empty when none stands there.
std::string_view take_name(std::string_view& line) noexcept;
/// Takes a value off the line: up to the next blank, or what stands in double quotes.
std::string_view take_value(std::string_view& line, Fields& out);
/// The text without its escapes, kept in `out`.
std::string_view unescape(std::string_view text, char escape, Fields& out);

}  // namespace sekisho::foreign
