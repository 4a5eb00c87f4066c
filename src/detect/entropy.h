// Shannon's entropy of octets, for the rule keyword of that name.
#pragma once

#include "sekisho/base/bytes.h"
#include "sekisho/signature/rule.h"

namespace sekisho::detect {

/// Bits an octet, 0 to 8; 0 of nothing. @cost one pass, then 256 logarithms
double entropy_of(Bytes octets) noexcept;

bool entropy_holds(const signature::Entropy& test, double entropy) noexcept;

}  // namespace sekisho::detect
