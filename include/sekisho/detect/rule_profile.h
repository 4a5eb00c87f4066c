// What each rule costs: how often it was a candidate, how far it came, and the time its verification took. Filled only
// when a profile is set (`sekisho replay --profile`, `sekisho rules profile`); the fast path never sets one.
#pragma once

#include <cstdint>
#include <vector>

#include "sekisho/signature/compiled_set.h"

namespace sekisho::detect {

struct RuleCost {
    std::uint64_t candidates = 0;  ///< times a literal (or nothing better) named the rule
    std::uint64_t verified = 0;    ///< ... header, flow and state fitted, so that its buffers were looked at
    std::uint64_t matches = 0;
    std::uint64_t ns = 0;          ///< in verification, nanoseconds
};

/// One cost a rule, by its index in the set. Not thread-safe: one for each pipeline.
using RuleProfile = std::vector<RuleCost>;

}  // namespace sekisho::detect
