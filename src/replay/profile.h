// The table of `sekisho replay --profile`: the rules that cost most, dearest first.
#pragma once

#include <cstddef>
#include <string>

#include "sekisho/detect/rule_profile.h"

namespace sekisho::replay {

/// @param json  one object a line ("event":"rule_cost") instead of a table
std::string profile_report(const detect::RuleProfile& profile, const signature::CompiledSet& rules, std::size_t rows,
                           bool json);

}  // namespace sekisho::replay
