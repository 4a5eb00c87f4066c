// The rule files as the settings name them, read by the CLI itself: to check a rule before it is
// written, and to answer while the fast path is not running.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "sekisho/signature/parser.h"

namespace sekisho::cli {

constexpr std::size_t kRuleFileMaxBytes = 256U << 20;

/// Variables and classes as the box's rules see them. @error the classification file's
Result<signature::ParseContext> parse_context(const config::Settings& settings);

/// rules.files with '*' and '?' resolved, then the local file; in the order they are read. A
/// pattern that matches nothing is left out.
std::vector<std::string> rule_files(const config::Settings& settings);

/// The line that defines the rule `sid` in a text of rules, commented out or not; npos when there
/// is none.
struct RuleLine {
    std::size_t begin = std::string::npos;
    std::size_t end = 0;  ///< behind the line end
    bool found() const noexcept { return begin != std::string::npos; }
};
RuleLine find_rule_line(const std::string& text, std::uint32_t sid);

}  // namespace sekisho::cli
