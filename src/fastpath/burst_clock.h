// The time of a burst: wall-clock nanoseconds that never go back, from the processor's time-stamp counter with
// a look at the clock once a second. A worker's own.
#pragma once

#include <rte_cycles.h>

#include "sekisho/base/clock.h"

namespace sekisho::fastpath {

class BurstClock {
  public:
    /// @param cycles_per_second  rte_get_tsc_hz(), known once EAL has started
    BurstClock(const Clock& clock, std::uint64_t cycles_per_second) noexcept
        : clock_(clock), cycles_per_second_(cycles_per_second), anchor_(clock.now()), anchor_cycles_(::rte_rdtsc()) {}

    TimeNs now() noexcept {
        const std::uint64_t cycles = ::rte_rdtsc() - anchor_cycles_;
        // Below one second, so the product stays within 64 bits.
        if (cycles < cycles_per_second_) return anchor_ + cycles * kSecondNs / cycles_per_second_;
        look(cycles);
        return anchor_;
    }

  private:
    void look(std::uint64_t cycles) noexcept {
        const TimeNs reached = anchor_ + cycles / cycles_per_second_ * kSecondNs +
                               cycles % cycles_per_second_ * kSecondNs / cycles_per_second_;
        // A clock that was set forward is followed at once. One that was set back is waited for while time goes
        // on at the counter's pace: timeouts must not stand still, and events must not change their order.
        const TimeNs real = clock_.now();
        anchor_ = real > reached ? real : reached;
        anchor_cycles_ = ::rte_rdtsc();
    }

    const Clock& clock_;
    const std::uint64_t cycles_per_second_;
    TimeNs anchor_;
    std::uint64_t anchor_cycles_;
};

}  // namespace sekisho::fastpath
