// threshold:type limit|threshold|both, track by_src|by_dst|by_both|by_rule, count N, seconds N and
// detection_filter:track ..., count N, seconds N.
#include "signature/keywords/all.h"
#include "signature/threshold_words.h"

namespace sekisho::signature {
namespace {

Status add_threshold(RuleBuilder& builder, Threshold threshold) {
    // Both count alerts of the same rule: with two of them nobody could say which one holds.
    if (!builder.rule().thresholds.empty()) return wrong("a rule takes one threshold or detection_filter");
    builder.rule().thresholds.push_back(std::move(threshold));
    return {};
}

}  // namespace

Status parse_threshold(RuleBuilder& builder, const Use& use) {
    ThresholdWords words;
    if (auto good = words.read(use.value, "type track count seconds"); !good) return good;
    if (words.type == std::nullopt || words.track == std::nullopt || !words.count || !words.seconds)
        return wrong("type, track, count and seconds must all be given");
    return add_threshold(builder, words.value());
}

Status parse_detection_filter(RuleBuilder& builder, const Use& use) {
    ThresholdWords words;
    if (auto good = words.read(use.value, "track count seconds"); !good) return good;
    if (words.track == std::nullopt || !words.count || !words.seconds)
        return wrong("track, count and seconds must all be given");
    words.type = Threshold::Type::detection_filter;
    return add_threshold(builder, words.value());
}

}  // namespace sekisho::signature
