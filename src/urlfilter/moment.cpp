#include "sekisho/urlfilter/moment.h"

#include <chrono>
#include <cstdio>

#include "sekisho/base/text.h"

namespace sekisho::urlfilter {
namespace {

using namespace std::chrono;

constexpr std::int64_t kTenYears = 3653LL * 86'400;

std::optional<std::int64_t> number(std::string_view text, std::size_t at, std::size_t size, std::int64_t min, std::int64_t max) noexcept {
    const std::string_view digits = text.substr(at, size);
    for (const char c : digits)
        if (c < '0' || c > '9') return std::nullopt;
    // Leading zeros are decimal here.
    std::int64_t value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value >= min && value <= max ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_moment(std::string_view text) noexcept {
    text = trim(text);
    const bool with_time = text.size() == 20;
    if ((!with_time && text.size() != 10) || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto y = number(text, 0, 4, 1970, 9999);
    const auto m = number(text, 5, 2, 1, 12);
    const auto d = number(text, 8, 2, 1, 31);
    if (!y || !m || !d) return std::nullopt;
    const year_month_day date{year(static_cast<int>(*y)), month(static_cast<unsigned>(*m)), day(static_cast<unsigned>(*d))};
    if (!date.ok()) return std::nullopt;
    std::int64_t seconds = sys_days(date).time_since_epoch() / std::chrono::seconds(1);
    if (with_time) {
        const auto h = number(text, 11, 2, 0, 23);
        const auto min = number(text, 14, 2, 0, 59);
        const auto s = number(text, 17, 2, 0, 59);
        if (!h || !min || !s || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z') return std::nullopt;
        seconds += *h * 3600 + *min * 60 + *s;
    }
    return static_cast<std::uint64_t>(seconds);
}

std::string format_moment(std::uint64_t value) {
    const sys_seconds time{std::chrono::seconds(static_cast<std::int64_t>(value))};
    const auto midnight = floor<days>(time);
    const year_month_day date{midnight};
    const hh_mm_ss clock{time - midnight};
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return text;
}

std::optional<std::uint64_t> parse_span(std::string_view text) noexcept {
    if (text.size() < 2) return std::nullopt;
    constexpr std::string_view kUnits = "smhdw";
    constexpr std::int64_t kSeconds[] = {1, 60, 3600, 86'400, 7 * 86'400};
    const auto unit = kUnits.find(ascii_lower(text.back()));
    if (unit == std::string_view::npos || text.size() > 10) return std::nullopt;
    const auto count = number(text, 0, text.size() - 1, 1, kTenYears);
    if (!count || *count > kTenYears / kSeconds[unit]) return std::nullopt;
    return static_cast<std::uint64_t>(*count * kSeconds[unit]);
}

}  // namespace sekisho::urlfilter
