// Tables of keywords: options that must match a conversation beside such that must not, all in one set of rules.
#pragma once

#include <set>

#include "engine/pipeline_rig.h"

namespace sekisho::engine::testing {

struct OptionCase {
    std::string options;  ///< what stands in the rule beside its sid
    bool matches;
};

/// Each case is a rule "alert `protocol` any any -> any any"; together they see `frames`. Told is which of them spoke.
inline void expect_options(std::string_view protocol, const std::vector<Octets>& frames, const std::vector<OptionCase>& cases,
                           const config::Settings& settings = no_filter()) {
    std::string rules;
    for (std::size_t i = 0; i < cases.size(); ++i)
        rules += "alert " + std::string(protocol) + " any any -> any any (" + cases[i].options + " sid:" + std::to_string(i + 1) + ";)\n";
    Rig rig(policy_of(rules, settings), small_config());
    rig.feed(frames);
    rig.finish();
    const auto told = rig.sids();
    const std::set<std::uint32_t> spoke(told.begin(), told.end());
    for (std::size_t i = 0; i < cases.size(); ++i)
        EXPECT_EQ(spoke.contains(static_cast<std::uint32_t>(i + 1)), cases[i].matches) << protocol << ": " << cases[i].options;
}

}  // namespace sekisho::engine::testing
