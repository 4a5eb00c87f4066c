// ndpi-protocol:[!]name[.name] and ndpi-risk:[!]risk[,risk...]: what nDPI says of the flow. Names of newer Suricata's
// nDPI plugin. The engine warns of names that nDPI does not know.
#include <algorithm>

#include "sekisho/app/flow_risk.h"
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"

namespace sekisho::signature {
namespace {

std::string_view without_sign(std::string_view value, bool& negated) {
    negated = value.starts_with('!');
    return trim(negated ? value.substr(1) : value);
}

}  // namespace

Status parse_ndpi_protocol(RuleBuilder& builder, const Use& use) {
    ApplicationTest test;
    for (const auto word : split(without_sign(use.value, test.negated), '.')) {
        if (trim(word).empty()) return wrong("the argument is a protocol, an application, or both with a dot between");
        test.names.push_back(name_id(to_lower(trim(word))));
    }
    builder.rule().applications.push_back(std::move(test));
    return {};
}

Status parse_ndpi_risk(RuleBuilder& builder, const Use& use) {
    FlowRiskTest test;
    for (const auto word : split(without_sign(use.value, test.negated), ',')) {
        const std::string_view name = trim(word);
        const auto* found = std::find_if(std::begin(app::kFlowRisks), std::end(app::kFlowRisks), [name](std::string_view risk) {
            constexpr std::string_view kPrefix = "NDPI_";
            return equals_nocase(risk, name) || equals_nocase(risk.substr(kPrefix.size()), name);
        });
        if (found == std::end(app::kFlowRisks)) return wrong("'" + std::string(name) + "' is no flow risk of nDPI");
        test.risks |= std::uint64_t{1} << (found - std::begin(app::kFlowRisks));
    }
    builder.rule().flow_risks.push_back(test);
    return {};
}

}  // namespace sekisho::signature
