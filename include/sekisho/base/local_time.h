// Local time, for what people set by the clock on their wall: days, hours, quiet times. The zone is that of the process
// (TZ, /etc/localtime), with its changes of summer time.
#pragma once

#include <string>

#include "sekisho/base/clock.h"

namespace sekisho {

struct LocalTime {
    int year = 1970;
    int month = 1;    ///< 1..12
    int day = 1;      ///< 1..31; local_moment() also takes others: day 0 is the last of the month before
    int hour = 0, minute = 0, second = 0;
    int weekday = 4;  ///< 0 Sunday .. 6 Saturday
    int offset_s = 0; ///< local time minus UTC

    int minute_of_day() const noexcept { return hour * 60 + minute; }
};

LocalTime local_time(TimeNs moment) noexcept;

/// The moment a local clock shows this (weekday and offset are not read). A time that summer time skips is the same
/// distance after the skip; of one that comes twice the first is given. Moments before 1970 become 0.
TimeNs local_moment(const LocalTime& local) noexcept;

std::string date_text(const LocalTime& local);        ///< "2026-11-27"
std::string date_time_text(const LocalTime& local);   ///< "2026-11-27 18:05"

}  // namespace sekisho
