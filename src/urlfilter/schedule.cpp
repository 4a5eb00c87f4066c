#include "sekisho/urlfilter/schedule.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "sekisho/base/local_time.h"
#include "sekisho/base/text.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kThursday = 3;  // 1970-01-01

std::optional<std::size_t> day_of(std::string_view word) {
    const std::string lower = to_lower(trim(word));
    const auto found = std::find(kDays.begin(), kDays.end(), lower.substr(0, 3));
    const bool known = found != kDays.end() && (lower.size() == 3 || (lower.size() > 4 && lower.ends_with("day")));
    return known ? std::optional(static_cast<std::size_t>(found - kDays.begin())) : std::nullopt;
}

std::optional<std::uint8_t> parse_days(std::string_view text) {
    std::uint8_t days = 0;
    for (const std::string_view part : split(text, ',')) {
        const auto dash = part.find('-');
        const auto first = day_of(part.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : day_of(part.substr(dash + 1));
        if (!first || !last) return std::nullopt;
        for (std::size_t day = *first;; day = (day + 1) % 7) {
            days = static_cast<std::uint8_t>(days | 1u << day);
            if (day == *last) break;
        }
    }
    return days;
}

std::optional<std::uint16_t> minute_of(std::string_view text) {
    text = trim(text);
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    for (const std::size_t at : {0u, 1u, 3u, 4u})
        if (text[at] < '0' || text[at] > '9') return std::nullopt;
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    if (minute > 59 || hour * 60 + minute > 1440) return std::nullopt;
    return static_cast<std::uint16_t>(hour * 60 + minute);
}

std::int32_t offset_at(std::uint64_t utc_s) {
    return local_time(utc_s * kSecondNs).offset_s;
}

}  // namespace

Result<Schedule> Schedule::parse(std::string_view days, std::string_view hours) {
    Schedule schedule;
    if (!trim(days).empty()) {
        const auto read = parse_days(days);
        if (!read) return fail(ErrorCode::invalid, "'" + std::string(days) + "' are no days; write mon-fri or sat,sun");
        schedule.days_ = *read;
    }
    if (trim(hours).empty()) return schedule;
    const auto dash = hours.find('-');
    const auto from = minute_of(hours.substr(0, dash));
    const auto to = dash == std::string_view::npos ? std::nullopt : minute_of(hours.substr(dash + 1));
    if (!from || !to || *from == *to || *from == 1440)
        return fail(ErrorCode::invalid, "'" + std::string(hours) + "' are no hours; write 09:00-17:30");
    schedule.from_ = *from;
    schedule.to_ = *to;
    return schedule;
}

bool Schedule::covers(std::int64_t local_s) const noexcept {
    const std::int64_t day_number = local_s >= 0 ? local_s / kDay : (local_s - kDay + 1) / kDay;
    const auto minute = static_cast<std::uint16_t>((local_s - day_number * kDay) / 60);
    const auto day = static_cast<unsigned>(((day_number + kThursday) % 7 + 7) % 7);
    const bool today = (days_ >> day & 1) != 0;
    if (from_ < to_) return today && minute >= from_ && minute < to_;
    const bool yesterday = (days_ >> (day + 6) % 7 & 1) != 0;
    return (today && minute >= from_) || (yesterday && minute < to_);
}

LocalClock LocalClock::of_box(std::uint64_t now_s) {
    constexpr std::uint64_t kYear = 366 * 86'400;
    constexpr std::uint64_t kStep = 1800;  // clocks change on half hours
    LocalClock clock;
    ::tzset();
    const std::uint64_t from = now_s > kYear / 12 ? now_s - kYear / 12 : 0;
    std::uint64_t at = from / kStep * kStep;
    clock.changes_.push_back({at, offset_at(at)});
    // By days first; within a day that ends differently, by half hours.
    for (const std::uint64_t end = now_s + kYear; at < end; at += kDay) {
        if (offset_at(at + kDay) == clock.changes_.back().offset_s) continue;
        for (std::uint64_t half = at + kStep; half <= at + kDay; half += kStep)
            if (const auto offset = offset_at(half); offset != clock.changes_.back().offset_s)
                clock.changes_.push_back({half, offset});
    }
    return clock;
}

std::int64_t LocalClock::local(std::uint64_t utc_s) const noexcept {
    if (changes_.empty()) return static_cast<std::int64_t>(utc_s);
    auto change = changes_.begin();
    while (change + 1 != changes_.end() && (change + 1)->from_s <= utc_s) ++change;
    return static_cast<std::int64_t>(utc_s) + change->offset_s;
}

}  // namespace sekisho::urlfilter
