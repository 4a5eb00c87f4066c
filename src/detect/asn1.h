// The faults that the rule keyword asn1 asks for in BER elements (ITU-T X.690).
#pragma once

#include "sekisho/base/bytes.h"
#include "sekisho/signature/rule.h"

namespace sekisho::detect {

/// Walks the elements from the first octet on, into constructed ones, 256 at the most; ends at what is no element.
bool has_asn1_fault(Bytes from, const signature::Asn1Walk& walk) noexcept;

}  // namespace sekisho::detect
