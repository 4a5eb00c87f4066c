#include "sekisho/base/local_time.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace sekisho {
namespace {

constexpr int kTurnMostMinutes = 60;  // by which clocks are turned; half of it on Lord Howe Island

}  // namespace

LocalTime local_time(TimeNs moment) noexcept {
    const auto seconds = static_cast<std::time_t>(moment / kSecondNs);
    std::tm tm{};
    ::localtime_r(&seconds, &tm);
    return {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_wday, static_cast<int>(tm.tm_gmtoff)};
}

TimeNs local_moment(const LocalTime& local) noexcept {
    std::tm tm{};
    tm.tm_year = local.year - 1900;
    tm.tm_mon = local.month - 1;
    tm.tm_mday = local.day;
    tm.tm_hour = local.hour;
    tm.tm_min = local.minute;
    tm.tm_sec = local.second;
    tm.tm_isdst = -1;
    std::time_t seconds = std::mktime(&tm);
    // mktime() may answer either way where a clock is turned, and another way the next time.
    std::tm shown{};
    ::localtime_r(&seconds, &shown);
    const int skipped = local.hour * 60 + local.minute - (shown.tm_hour * 60 + shown.tm_min);
    if (skipped > 0 && skipped <= kTurnMostMinutes) seconds += skipped * 60;
    for (const int turned : {kTurnMostMinutes, kTurnMostMinutes / 2}) {
        std::tm earlier{};
        const std::time_t before = seconds - turned * 60;
        ::localtime_r(&before, &earlier);
        if (earlier.tm_hour == shown.tm_hour && earlier.tm_min == shown.tm_min) {
            seconds = before;
            break;
        }
    }
    return static_cast<TimeNs>(std::max<std::time_t>(seconds, 0)) * kSecondNs;
}

std::string date_text(const LocalTime& local) {
    char text[48];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", local.year, local.month, local.day);
    return text;
}

std::string date_time_text(const LocalTime& local) {
    char text[32];
    std::snprintf(text, sizeof text, " %02d:%02d", local.hour, local.minute);
    return date_text(local) + text;
}

}  // namespace sekisho
