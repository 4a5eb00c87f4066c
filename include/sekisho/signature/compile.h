// Parsed rules to a compiled set. How the prefilter literal of a rule is chosen: every positive content of every
// buffer is a choice; its cost is how often its rarest window is expected to hit in the bytes that would be
// scanned for it, plus what the scan itself costs (a body octet is dearer than a host name octet). The
// author's fast_pattern is no more than a hint: it has no bearing on what a rule matches.
#pragma once

#include <memory>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/signature/compiled_set.h"

namespace sekisho::signature {

/// Takes the rules. @error internal, limit   @cost seconds for tens of thousands of rules
Result<std::unique_ptr<const CompiledSet>> compile(std::vector<Rule> rules);

}  // namespace sekisho::signature
