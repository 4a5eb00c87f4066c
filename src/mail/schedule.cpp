#include "sekisho/mail/schedule.h"

#include <algorithm>
#include <array>

#include "sekisho/base/local_time.h"
#include "sekisho/base/text.h"

namespace sekisho::mail {
namespace {

constexpr TimeNs kDayNs = 24 * 3600 * kSecondNs;
constexpr TimeNs kDigestMostNs = 31 * kDayNs;

/// The longest distance between two letters, with a day to spare.
constexpr TimeNs distance(Occasion occasion, const config::MailSettings& settings) noexcept {
    if (occasion == Occasion::report) return 32 * kDayNs;
    if (occasion == Occasion::digest && settings.digest == config::MailDigest::daily) return 2 * kDayNs;
    return 8 * kDayNs;
}

LocalTime day_at(const LocalTime& day, int days_later, int hour) noexcept {
    return {.year = day.year, .month = day.month, .day = day.day + days_later, .hour = hour};
}

TimeNs newest_day(TimeNs now, int hour) noexcept {
    const LocalTime today = local_time(now);
    const TimeNs due = local_moment(day_at(today, 0, hour));
    return due <= now ? due : local_moment(day_at(today, -1, hour));
}

TimeNs newest_weekday(TimeNs now, int hour, config::Weekday weekday) noexcept {
    const LocalTime today = local_time(now);
    const int back = (today.weekday - static_cast<int>(weekday) + 7) % 7;
    const TimeNs due = local_moment(day_at(today, -back, hour));
    return due <= now ? due : local_moment(day_at(today, -back - 7, hour));
}

TimeNs newest_first(TimeNs now, int hour) noexcept {
    LocalTime first = local_time(now);
    first.day = 1;
    const TimeNs due = local_moment(day_at(first, 0, hour));
    if (due <= now) return due;
    first.month -= 1;
    return local_moment(day_at(first, 0, hour));
}

/// Minutes since midnight of "22:00".
int minutes_of(std::string_view time) noexcept {
    return static_cast<int>(parse_int(time.substr(0, 2), 0, 23).value_or(0) * 60 + parse_int(time.substr(3), 0, 59).value_or(0));
}

}  // namespace

std::string_view to_string(Occasion occasion) noexcept {
    constexpr std::array<std::string_view, 3> kNames{"digest", "sign-of-life", "report"};
    return kNames[static_cast<std::size_t>(occasion)];
}

std::optional<TimeNs> newest_due(Occasion occasion, const config::MailSettings& settings, TimeNs now) noexcept {
    const int hour = static_cast<int>(settings.hour);
    switch (occasion) {
        case Occasion::digest:
            if (settings.digest == config::MailDigest::none) return std::nullopt;
            return settings.digest == config::MailDigest::daily ? newest_day(now, hour) : newest_weekday(now, hour, settings.weekday);
        case Occasion::sign_of_life:
            if (!settings.sign_of_life) return std::nullopt;
            return newest_weekday(now, hour, settings.weekday);
        case Occasion::report:
            if (!settings.report) return std::nullopt;
            return newest_first(now, hour);
    }
    return std::nullopt;
}

Fire fire(Occasion occasion, const config::MailSettings& settings, std::optional<TimeNs> kept, TimeNs now) noexcept {
    const auto due = newest_due(occasion, settings, now);
    if (!due) return {false, kept.value_or(0)};
    if (!kept || *kept > now + distance(occasion, settings)) return {false, *due};
    return *due > *kept ? Fire{true, *due} : Fire{false, *kept};
}

Period period_of(Occasion occasion, std::optional<TimeNs> kept, TimeNs due) noexcept {
    const LocalTime at = local_time(due);
    if (occasion == Occasion::report)
        return {local_moment({.year = at.year, .month = at.month - 1}), local_moment({.year = at.year, .month = at.month})};
    if (occasion == Occasion::sign_of_life) return {local_moment(day_at(at, -7, at.hour)), due};
    const TimeNs earliest = due > kDigestMostNs ? due - kDigestMostNs : 0;
    return {std::clamp(kept.value_or(earliest), earliest, due), due};
}

std::optional<Period> month(std::string_view text) noexcept {
    const bool digits = text.size() == 7 && text[4] == '-' &&
                        std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
    if (!digits) return std::nullopt;
    const auto year = parse_int(text.substr(0, 4), 1971, 2999), number = parse_int(text.substr(5), 1, 12);
    if (!year || !number) return std::nullopt;
    const int y = static_cast<int>(*year), m = static_cast<int>(*number);
    return Period{local_moment({.year = y, .month = m}), local_moment({.year = y, .month = m + 1})};
}

TimeNs quiet_until(const config::MailSettings& settings, TimeNs now) noexcept {
    if (settings.quiet_from.size() != 5 || settings.quiet_to.size() != 5) return now;
    const int from = minutes_of(settings.quiet_from), to = minutes_of(settings.quiet_to);
    LocalTime local = local_time(now);
    const int minute = local.minute_of_day();
    const bool over_midnight = to < from;
    const bool quiet = over_midnight ? minute >= from || minute < to : minute >= from && minute < to;
    if (!quiet) return now;
    const int days_later = over_midnight && minute >= from ? 1 : 0;
    LocalTime end = day_at(local, days_later, to / 60);
    end.minute = to % 60;
    return std::max(now, local_moment(end));
}

}  // namespace sekisho::mail
