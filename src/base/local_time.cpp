#include "sekisho/base/local_time.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace sekisho {

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
    const std::time_t seconds = std::mktime(&tm);
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
