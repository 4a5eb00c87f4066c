// threshold:type limit|threshold|both, track by_src|by_dst|by_both|by_rule|by_flow, count N, seconds N;
// threshold:type backoff, track by_flow, count N, multiplier N;
// detection_filter:track ..., count N, seconds N[, unique_on src_port|dst_port].
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

Status add_backoff(RuleBuilder& builder, const ThresholdWords& words) {
    if (words.track != Threshold::Track::by_flow) return wrong("type backoff counts by_flow only");
    if (!words.count || words.seconds) return wrong("type backoff takes count and multiplier, no seconds");
    return add_threshold(builder, words.value());
}

}  // namespace

Status parse_threshold(RuleBuilder& builder, const Use& use) {
    ThresholdWords words;
    if (auto good = words.read(use.value, "type track count seconds multiplier"); !good) return good;
    if ((words.type == Threshold::Type::backoff) != words.multiplier.has_value())
        return wrong("multiplier and type backoff go together");
    if (words.type == Threshold::Type::backoff) return add_backoff(builder, words);
    if (words.type == std::nullopt || words.track == std::nullopt || !words.count || !words.seconds)
        return wrong("type, track, count and seconds must all be given");
    return add_threshold(builder, words.value());
}

Status parse_detection_filter(RuleBuilder& builder, const Use& use) {
    ThresholdWords words;
    if (auto good = words.read(use.value, "track count seconds unique_on"); !good) return good;
    if (words.track == std::nullopt || !words.count || !words.seconds)
        return wrong("track, count and seconds must all be given");
    const Transport transport = builder.rule().header.transport;
    if (words.unique && transport != Transport::tcp && transport != Transport::udp && transport != Transport::sctp)
        return wrong("unique_on counts ports: the rule must be about TCP, UDP or SCTP");
    words.type = Threshold::Type::detection_filter;
    return add_threshold(builder, words.value());
}

}  // namespace sekisho::signature
