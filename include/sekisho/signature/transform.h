// Runs the transforms of a buffer on the packet path.
#pragma once

#include <vector>

#include "sekisho/base/bytes.h"
#include "sekisho/signature/regex.h"
#include "sekisho/signature/rule.h"

namespace sekisho::signature {

/// The bytes that a rule's tests see instead of `in`.
/// @param in       not changed; must not overlap `scratch`
/// @param scratch  room for the result; what does not fit is cut off. in.size() + 64 octets always suffice for one
///                 transform, twice that for any chain
/// @return         a view into `in` or `scratch`, good as long as both
/// @cost           linear for each transform, no allocation   @thread any, one scratch each
Bytes apply_transforms(const std::vector<Transform>& transforms, Bytes in, MutableBytes scratch,
                       RegexScratch& regex) noexcept;

}  // namespace sekisho::signature
