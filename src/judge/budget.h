// How many notices a day people get. High is always told. Medium and Low are told while the day's number
// lasts, Low only within its first half, so that scans in the morning do not silence what comes after them.
// What is not told is folded: counted, and the count goes out with the next notice.
#pragma once

#include <cstdint>

#include "sekisho/event/alert.h"

namespace sekisho::judge {

class Budget {
  public:
    explicit Budget(std::uint32_t notices_a_day) : limit_(notices_a_day) {}

    /// Decides for an alert that is being told: sets notice, folded_medium, folded_low.
    /// @param day  a new one starts the count anew
    void weigh(event::Alert& alert, std::uint32_t day) noexcept {
        if (day != day_) {
            day_ = day;
            used_ = 0;
        }
        const bool high = alert.severity == event::Severity::high;
        const std::uint32_t share = alert.severity == event::Severity::low ? limit_ / 2 : limit_;
        alert.notice = high || used_ < share;
        alert.folded_medium = alert.folded_low = 0;
        if (!alert.notice) {
            ++(alert.severity == event::Severity::medium ? medium_ : low_);
            ++folded_;
            return;
        }
        ++used_;
        alert.folded_medium = medium_;
        alert.folded_low = low_;
        medium_ = low_ = 0;
    }

    std::uint64_t folded() const noexcept { return folded_; }  ///< ever
    std::uint32_t used_today() const noexcept { return used_; }

  private:
    std::uint32_t limit_;
    std::uint32_t day_ = 0, used_ = 0;
    std::uint32_t medium_ = 0, low_ = 0;
    std::uint64_t folded_ = 0;
};

}  // namespace sekisho::judge
