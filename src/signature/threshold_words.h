// "type limit, track by_src, count 5, seconds 60": the words that keywords and the threshold file share.
#pragma once

#include <optional>
#include <string_view>

#include "sekisho/base/result.h"
#include "sekisho/signature/rule.h"

namespace sekisho::signature {

struct ThresholdWords {
    std::optional<Threshold::Type> type;
    std::optional<Threshold::Track> track;
    std::optional<std::uint32_t> count, seconds, multiplier, timeout;
    std::optional<Threshold::Unique> unique;
    std::optional<Action> new_action;
    std::optional<std::uint32_t> gid, sid;
    std::string_view ip;

    /// @param allowed  names of the pairs that may stand here, in one text
    /// @error invalid: the pair that is wrong
    Status read(std::string_view text, std::string_view allowed);

    Threshold value() const;
};

}  // namespace sekisho::signature
