// Running rules as JSON, for `rules` and `rule SID`.
#pragma once

#include <cstdint>
#include <string>

#include "sekisho/signature/compiled_set.h"

namespace sekisho::fastpath {

/// One JSON object a line, for each running rule.
std::string rules_json(const signature::CompiledSet& rules);
/// One rule with all that is known of it.
std::string rule_json(const signature::CompiledRule& rule);

}  // namespace sekisho::fastpath
