// The box's alerts about its own way to the SOC: a target whose certificate is refused, a target that takes nothing, a
// group of targets in which another took over.
// Each outage gives one event, judged like any other, so that it reaches the journal and the other targets. Pure: the
// caller gives status and time.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sekisho/event/event.h"
#include "sekisho/soc/fail_over.h"
#include "sekisho/soc/sender.h"

namespace sekisho::slowpath {

class SocWatch {
  public:
    using SteadyTime = std::chrono::steady_clock::time_point;

    /// @param patience  how long a target may take nothing while messages wait for it
    explicit SocWatch(std::chrono::minutes patience) : patience_(patience) {}

    /// @param targets  in the order of the settings: an event is told apart by its target's place
    /// @param groups   the same; their places go on behind the targets'
    /// @return one event for each outage that was not told yet, which ends when the target takes messages; one for each
    ///         group in which another took over since the last look
    std::vector<event::Event> look(const std::vector<soc::SenderStatus>& targets, const std::vector<soc::GroupStatus>& groups,
                                   SteadyTime now, TimeNs time_ns);

  private:
    enum Told : std::uint8_t { refused = 1, silent = 2 };
    bool silence_is_news(std::uint8_t& told, const std::optional<SteadyTime>& since, SteadyTime now) const;

    const std::chrono::minutes patience_;
    std::map<std::string, std::uint8_t> told_, told_of_groups_;  ///< by name; bits of Told
    std::map<std::string, std::uint64_t> switches_;              ///< told, by group
};

}  // namespace sekisho::slowpath
