// Parameters of MIME header fields (RFC 2045 section 5.1, RFC 2231, RFC 2047 where mailers use it all the same).
#pragma once

#include <string_view>

#include "sekisho/base/bytes.h"

namespace sekisho::app::mime {

/// `field` without the blanks and the comments ("(like (this))", RFC 5322 section 3.2.2) that it begins with.
std::string_view skip_comments(std::string_view field) noexcept;

/// The word that `field` begins with, behind comments and without quotes: "base64" of `(x) "base64"; y`.
std::string_view first_word(std::string_view field) noexcept;

/// Value of parameter `name` in "type/subtype; a=b; name=\"value\"", put together from its continuations (name*0=,
/// name*1*=) and decoded (name*=charset''percent, encoded words).
/// @param out    what does not fit is cut off
/// @param which  of several: 0 is the first; those without continuations come first
/// @return octets written; 0 when there is no such parameter
std::size_t read_parameter(std::string_view field, std::string_view name, MutableBytes out, int which = 0) noexcept;

}  // namespace sekisho::app::mime
