// Notices workers that no longer turn. Only looks and counts: what to do is the control thread's.
#pragma once

#include <cstdint>
#include <vector>

#include "fastpath/limits.h"
#include "sekisho/base/clock.h"

namespace sekisho::fastpath {

class Watchdog {
  public:
    explicit Watchdog(std::size_t workers) : seen_(workers) {}

    /// @param beat  the worker's heartbeat now       @param now  any clock that does not stand still
    /// @return true once for each time that the worker is found stuck
    bool look(std::size_t worker, std::uint64_t beat, TimeNs now) noexcept {
        Seen& seen = seen_[worker];
        if (seen.since == 0 || beat != seen.beat) {
            seen = {beat, now, false};
            return false;
        }
        const bool newly = !seen.stuck && now - seen.since >= to_ns(kStuckAfter);
        seen.stuck |= newly;
        return newly;
    }
    bool all_well() const noexcept {
        for (const Seen& seen : seen_)
            if (seen.stuck) return false;
        return true;
    }

  private:
    struct Seen {
        std::uint64_t beat = 0;
        TimeNs since = 0;
        bool stuck = false;
    };
    std::vector<Seen> seen_;
};

}  // namespace sekisho::fastpath
