// Unusual volume: what a machine of ours sent to strangers in a day, against its own past. A control chart
// with exponential weights (Roberts 1959): more than the mean and four deviations, three times the mean, and a
// gibibyte. A machine seen on fewer than three days has no past: ten gibibytes then.
#pragma once

#include "judge/behaviour/behaviour.h"
#include "judge/recent_table.h"

namespace sekisho::judge {

class VolumeDetector {
  public:
    VolumeDetector();
    /// @param day  local day of the record
    void see(const FlowView& flow, std::uint32_t day, Sightings& out);

  private:
    struct Sent {
        std::uint32_t day = 0;
        std::uint32_t days = 0;   ///< finished
        std::uint64_t octets = 0; ///< today
        double mean = 0, variance = 0;
        bool told = false;        ///< today
    };
    static void end_day(Sent& sent) noexcept;
    static double limit(const Sent& sent) noexcept;

    RecentTable<Sent> sent_;
    std::uint64_t seed_;
};

}  // namespace sekisho::judge
