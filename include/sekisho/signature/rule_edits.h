// What an admin wants changed about rules that come from elsewhere: the enable, disable, drop and modify files of
// suricata-update, read and applied to the text of rules. (suricata-update documentation, "enable.conf" and following)
//
//   1:2019401   2019401, 2019402   group:emerging-dos   filename:*/emerging-dos.rules   re:heartbleed
//   metadata:deployment perimeter   *
//   modify:  2019401 "seconds \d+" "seconds 3600"      re:trojan "^alert" "drop"
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"

namespace sekisho::signature {

enum class EditKind : std::uint8_t { disable, enable, drop, modify };

/// One line of a rules file, as far as edits look at it.
struct RuleLine {
    std::string text;        ///< the rule, without a comment sign
    std::string file;        ///< base name of the file it stands in
    std::uint32_t gid = 1, sid = 0;
    bool enabled = true;     ///< false: it stands in a comment
};

/// The rule in a line of a rules file; nothing when the line holds none (blank, comment, other text).
std::optional<RuleLine> read_rule_line(std::string_view line, std::string_view file);

struct EditCounts {
    std::size_t disabled = 0, enabled = 0, dropped = 0, modified = 0;
};

class RuleEdits {
  public:
    /// Adds one file of edits. @error invalid: file and line, what is wrong and what is allowed
    Status add(EditKind kind, std::string_view text, const std::string& name);

    /// Applies all edits to a rule: disable, enable, drop, modify, each in the order of its file.
    /// @error invalid: an expression that does not fit the rule, by file and line
    Status apply(RuleLine& rule, EditCounts& counts) const;

  private:
    struct Edit {
        EditKind kind;
        std::function<bool(const RuleLine&)> selects;
        std::string pattern, replacement;
        std::string place;   ///< "file:line"
    };
    Result<std::function<bool(const RuleLine&)>> selector(std::string_view text) const;
    std::vector<Edit> edits_;
};

/// Switches on again what enabled rules need: rules in comments that set a flow bit which an enabled rule asks for.
/// @return how many
std::size_t enable_required_by_flowbits(std::vector<RuleLine>& rules);

}  // namespace sekisho::signature
