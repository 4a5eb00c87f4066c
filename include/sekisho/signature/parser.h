// Rule text to parsed rules: the complete grammar of Suricata 7 rules. A rule with a mistake names itself, its
// file, line, column and cause, and only that rule is left out.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/signature/rule.h"

namespace sekisho::signature {

/// Name, description and priority of a classtype.
struct Classification {
    std::string name;
    std::string description;
    std::uint8_t priority = 3;
};
using Classifications = std::map<std::string, Classification, std::less<>>;

/// Variables of the header ("HOME_NET" -> "[10.0.0.0/8]"), as written; resolved when used.
using Variables = std::map<std::string, std::string, std::less<>>;

/// Variables that every rule set expects, as Suricata's stock configuration has them (EXTERNAL_NET = !$HOME_NET,
/// HTTP_PORTS = 80, ...).
Variables default_variables();

class Datasets;     // dataset.h
class Reputation;   // reputation.h
class CountryDatabase;  // countries.h

struct ParseContext {
    Variables variables = default_variables();
    Classifications classifications;   ///< empty: default_classifications()
    std::string rules_folder;          ///< where dataset and list files of rules are looked for
    std::shared_ptr<Datasets> datasets;             ///< sets by name over all files; null: each file has its own
    std::shared_ptr<const Reputation> reputation;   ///< null: no lists are set, rules with iprep are refused
    std::shared_ptr<const CountryDatabase> countries;  ///< null: none is set, rules with geoip are refused
};

struct RuleError {
    Place place;
    std::uint32_t sid = 0;  ///< 0: not known
    std::string what;       ///< the option, the cause and what is allowed
    std::string excerpt;    ///< the line, cut around the column, for a caret below it
    /// "file:line:column: sid 123: what"
    std::string message() const;
};

struct ParseReport {
    std::vector<Rule> rules;
    std::vector<RuleError> errors;
    std::vector<RuleError> warnings;
    std::size_t disabled = 0;  ///< rules in comments ("# alert ...")
};

/// Parses the text of a rules file. Never fails as a whole.
/// @param name  for messages
ParseReport parse_rules(std::string_view text, const std::string& name, const ParseContext& context);

/// One rule from the CLI. @error invalid
Result<Rule> parse_rule(std::string_view text, const ParseContext& context);

/// "config classification: name,description,priority" lines. @error invalid, file:line
Result<Classifications> parse_classifications(std::string_view text, const std::string& name);
const Classifications& default_classifications();

/// threshold.config: event_filter / rate_filter / suppress lines, put onto the rules they name.
/// Bad lines come back as errors; the others count.
std::vector<RuleError> apply_threshold_file(std::string_view text, const std::string& name, std::vector<Rule>& rules,
                                            const ParseContext& context);

}  // namespace sekisho::signature
