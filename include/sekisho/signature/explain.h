// A compiled rule in words: what kind it is, how it is found, what is verified and what that is expected to cost.
#pragma once

#include <string>
#include <vector>

#include "sekisho/signature/compiled_set.h"

namespace sekisho::signature {

/// One line a fact, for `sekisho rules explain`. @cost a walk over the rule; control plane
std::vector<std::string> explain(const CompiledRule& rule);

}  // namespace sekisho::signature
