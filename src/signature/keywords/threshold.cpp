// threshold:type limit|threshold|both, track by_src|by_dst|by_both|by_rule, count N, seconds N and
// detection_filter:track ..., count N, seconds N.
#include "signature/keywords/all.h"
#include "signature/threshold_words.h"

namespace sekisho::signature {
namespace {

Status add_threshold(RuleBuilder& builder, Threshold threshold) {
    const bool filter = threshold.type == Threshold::Type::detection_filter;
    for (const auto& other : builder.rule().thresholds)
        if (filter || other.type == Threshold::Type::detection_filter)
            return wrong("detection_filter does not go together with another threshold");
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
