// Hours of the week: when a rule holds. Times are the box's local ones.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"

namespace sekisho::urlfilter {

/// Days and hours. The default holds always.
class Schedule {
  public:
    /// @param days   "mon-fri", "sat,sun", "fri-mon"; empty: every day
    /// @param hours  "09:00-17:30"; "22:00-06:00" runs into the next day, which need not be named; empty: all day
    /// @error invalid, saying what was expected
    static Result<Schedule> parse(std::string_view days, std::string_view hours);

    /// @param local_s  local time as seconds since 1970     @thread any; no allocation
    bool covers(std::int64_t local_s) const noexcept;

  private:
    std::uint8_t days_ = 0x7f;  // bit 0: Monday
    std::uint16_t from_ = 0;    // minutes of the day
    std::uint16_t to_ = 1440;   // less than from_: into the next day
};

/// Local time for any moment without a system call: the changes of the clock a year around now, looked up when a
/// policy is made. Moments outside use the nearest one inside.
class LocalClock {
  public:
    LocalClock() = default;  ///< UTC
    static LocalClock of_box(std::uint64_t now_s);
    std::int64_t local(std::uint64_t utc_s) const noexcept;

  private:
    struct Change {
        std::uint64_t from_s;
        std::int32_t offset_s;
    };
    std::vector<Change> changes_;
};

}  // namespace sekisho::urlfilter
