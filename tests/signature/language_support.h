// Short ways to a parsed rule, for tests of the rule language.
#pragma once

#include <string>

#include "sekisho/signature/parser.h"

namespace sekisho::signature::testing {

/// "alert HEADER (msg:"t"; OPTIONS sid:1;)"
inline std::string rule_text(const std::string& options, const std::string& header = "tcp any any -> any any") {
    return "alert " + header + " (msg:\"t\"; " + options + " sid:1; rev:1;)";
}

inline Result<Rule> rule_of(const std::string& options, const std::string& header = "tcp any any -> any any") {
    return parse_rule(rule_text(options, header), ParseContext{});
}

/// Empty when the rule parses, else the message.
inline std::string error_of(const std::string& options, const std::string& header = "tcp any any -> any any") {
    const auto rule = rule_of(options, header);
    return rule ? std::string{} : rule.error().what;
}

}  // namespace sekisho::signature::testing
