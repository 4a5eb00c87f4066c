// The box's alerts about its own way to the SOC: a target whose certificate is refused, a target that takes nothing.
// Each outage gives one event, judged like any other, so that it reaches the journal and the other targets. Pure: the
// caller gives status and time.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sekisho/event/event.h"
#include "sekisho/soc/sender.h"

namespace sekisho::slowpath {

class SocWatch {
  public:
    using SteadyTime = std::chrono::steady_clock::time_point;

    /// @param patience  how long a target may take nothing while messages wait for it
    explicit SocWatch(std::chrono::minutes patience) : patience_(patience) {}

    /// @param targets  in the order of the settings: an event is told apart by its target's place
    /// @return one event for each outage that was not told yet; the outage ends when the target takes messages
    std::vector<event::Event> look(const std::vector<soc::SenderStatus>& targets, SteadyTime now, TimeNs time_ns);

  private:
    enum Told : std::uint8_t { refused = 1, silent = 2 };
    const std::chrono::minutes patience_;
    std::map<std::string, std::uint8_t> told_;  ///< by target; bits of Told
};

}  // namespace sekisho::slowpath
