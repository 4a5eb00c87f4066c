// JSON text without its white space and with its strings' escapes resolved (RFC 8259 section 7).
#pragma once

#include "sekisho/base/bytes.h"

namespace sekisho::signature {

/// What is no valid escape stays as it is written. @param out  room for in.size() octets; what does not fit is cut off
/// @return a part of `out`    @cost linear, no allocation    @thread any
Bytes decode_json_text(Bytes in, MutableBytes out) noexcept;

}  // namespace sekisho::signature
