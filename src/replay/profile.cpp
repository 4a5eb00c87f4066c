#include "profile.h"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace sekisho::replay {
namespace {

template <class... Values>
void append(std::string& out, const char* format, Values... values) {
    char line[512];
    const int size = std::snprintf(line, sizeof line, format, values...);
    out.append(line, static_cast<std::size_t>(std::clamp(size, 0, static_cast<int>(sizeof line) - 1)));
}

/// The literal may hold any octet: what is not printable is shown as |hex|, as rules write it.
std::string printable(const std::string& note) {
    std::string out;
    for (const char c : note) {
        if (c >= ' ' && c <= '~' && c != '"' && c != '\\') out.push_back(c);
        else append(out, "|%02x|", static_cast<unsigned char>(c));
    }
    return out;
}

}  // namespace

std::string profile_report(const detect::RuleProfile& profile, const signature::CompiledSet& rules, std::size_t rows,
                           bool json) {
    std::vector<std::size_t> order;
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < profile.size(); ++i) {
        if (profile[i].candidates == 0) continue;
        order.push_back(i);
        total += profile[i].ns;
    }
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return profile[a].ns > profile[b].ns; });
    std::string out;
    if (!json) append(out, "%10s %6s %10s %10s %8s %8s  %s\n", "sid", "share", "candidate", "verified", "matches", "ns each", "found by");
    for (std::size_t row = 0; row < std::min(rows, order.size()); ++row) {
        const detect::RuleCost& cost = profile[order[row]];
        const signature::CompiledRule& rule = rules.rule(static_cast<signature::RuleIndex>(order[row]));
        const double share = total == 0 ? 0 : 100.0 * static_cast<double>(cost.ns) / static_cast<double>(total);
        const auto n = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
        const std::string note = rule.prefilter_note.empty() ? "no literal" : printable(rule.prefilter_note);
        if (json)
            append(out, "{\"event\":\"rule_cost\",\"sid\":%u,\"share\":%.2f,\"candidates\":%llu,\"verified\":%llu,"
                        "\"matches\":%llu,\"ns\":%llu,\"prefilter\":\"%s\"}\n",
                   rule.rule.sid, share, n(cost.candidates), n(cost.verified), n(cost.matches), n(cost.ns), note.c_str());
        else
            append(out, "%10u %5.1f%% %10llu %10llu %8llu %8llu  %s\n", rule.rule.sid, share, n(cost.candidates),
                   n(cost.verified), n(cost.matches), n(cost.ns / cost.candidates), note.c_str());
    }
    return out;
}

}  // namespace sekisho::replay
