// What makes a whole rule wrong although each of its options is right.
#pragma once

#include "sekisho/base/result.h"
#include "sekisho/signature/rule.h"

namespace sekisho::signature {

/// @error invalid: what contradicts what
Status validate(const Rule& rule);

}  // namespace sekisho::signature
