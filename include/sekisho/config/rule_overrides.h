// What the admin decided about single rules, in a text file that the CLI writes and the fast path
// reads:
//
//   # comment
//   disable 2024001            the rule is left out
//   enable  2024001            the rule is taken, though its file has it commented out
//   drop    2024002            taken, with this action instead of its own
//   alert   2024003
//
// One line a rule; a later line for the same rule replaces the earlier one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"

namespace sekisho::config {

enum class Override : std::uint8_t { enable, disable, drop, alert };

using RuleOverrides = std::map<std::uint32_t, Override>;  ///< by rule id (sid)

constexpr std::size_t kOverridesFileMaxBytes = 4U << 20;

struct OverridesRead {
    RuleOverrides overrides;
    std::vector<Error> errors;  ///< one for each line that is not understood; the others count
};

std::string_view to_word(Override what) noexcept;
std::optional<Override> override_from_word(std::string_view word) noexcept;

/// @param name  what errors call the text
OverridesRead parse_overrides(std::string_view text, const std::string& name);

/// The file's overrides; a file that does not exist holds none. @error io, limit
Result<OverridesRead> load_overrides(const std::string& path);

/// The text that parse_overrides reads back; sorted by rule, with a line that explains the format.
std::string format_overrides(const RuleOverrides& overrides);

/// The rule id of one line of a rule file, also of a rule in a comment: the value of its `sid`
/// option.
std::optional<std::uint32_t> rule_id_of(std::string_view line) noexcept;

/// The text of a rule file with those rules taken out of comments that an override wants used
/// (enable, drop, alert). Lines keep their numbers. To be called before the text is parsed.
/// @cost  one pass; a copy of the text
std::string uncomment_overridden(std::string_view text, const RuleOverrides& overrides);

}  // namespace sekisho::config
