// Parameters of MIME header fields (RFC 2045 section 5.1, RFC 2231, RFC 2047 where mailers use it all the same).
#pragma once

#include <string_view>

#include "sekisho/base/bytes.h"

namespace sekisho::app::mime {

/// Value of parameter `name` in "type/subtype; a=b; name=\"value\"", put together from its continuations (name*0=,
/// name*1*=) and decoded (name*=charset''percent, encoded words).
/// @param out  what does not fit is cut off  @return octets written; 0 when there is no such parameter
std::size_t read_parameter(std::string_view field, std::string_view name, MutableBytes out) noexcept;

}  // namespace sekisho::app::mime
