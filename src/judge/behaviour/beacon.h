// Calls home: a machine of ours that opens conversations with one stranger at even intervals and of even size.
// The measure is RITA's (Active Countermeasures, its documentation "Beacons"): spread of the intervals as
// median absolute deviation, their symmetry as Bowley's skewness, and the same spread for the octets sent. Left
// out: what several machines of ours call (updates, mail, clocks), clocks and names by port, and streams
// (intervals under five seconds).
#pragma once

#include <array>

#include "judge/behaviour/behaviour.h"
#include "judge/behaviour/distinct.h"
#include "judge/recent_table.h"

namespace sekisho::judge {

class BeaconDetector {
  public:
    BeaconDetector();
    void see(const FlowView& flow, Sightings& out);

  private:
    static constexpr std::size_t kKept = 16;
    struct Calls {
        std::array<TimeNs, kKept> at{};
        std::array<std::uint32_t, kKept> octets{};
        std::uint32_t count = 0;  ///< ever; the last kKept are here
        TimeNs told_at = 0;
    };
    static bool even(const Calls& calls, TimeNs& interval) noexcept;

    RecentTable<Calls> calls_;
    RecentTable<Distinct> callers_;  ///< by stranger: machines of ours
    std::uint64_t seed_;
};

}  // namespace sekisho::judge
