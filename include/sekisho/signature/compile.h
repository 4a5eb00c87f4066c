// Parsed rules to a compiled set. How the prefilter literal of a rule is chosen: every positive content of every
// buffer is a choice; its cost is how often its rarest window is expected to hit in the bytes that would be
// scanned for it, plus what the scan itself costs (a body octet is dearer than a host name octet). The
// author's fast_pattern is no more than a hint: it has no bearing on what a rule matches.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/signature/compiled_set.h"

namespace sekisho::signature {

struct CompileOptions {
    /// Which of the matching rules come first; rejects of all kinds count as `reject`.
    std::array<Action, 4> action_order{Action::pass, Action::drop, Action::reject, Action::alert};
};

/// Takes the rules. @error internal, limit   @cost seconds for tens of thousands of rules
Result<std::unique_ptr<const CompiledSet>> compile(std::vector<Rule> rules, const CompileOptions& options = {});

}  // namespace sekisho::signature
