#include "sekisho/base/local_time.h"

#include <gtest/gtest.h>

#include "support/time_zone.h"

namespace sekisho {
namespace {

constexpr TimeNs kHour = 3600 * kSecondNs;

TEST(LocalTime, TellsTokyo) {
    const test::TimeZone zone("Asia/Tokyo");
    const TimeNs moment = 1'795'737'900ULL * kSecondNs;
    const LocalTime local = local_time(moment);
    EXPECT_EQ(date_time_text(local), "2026-11-27 09:05");
    EXPECT_EQ(local.weekday, 5);
    EXPECT_EQ(local.offset_s, 9 * 3600);
    EXPECT_EQ(local_moment(local), moment);
}

TEST(LocalTime, MendsDaysBeyondTheMonth) {
    const test::TimeZone zone("UTC");
    EXPECT_EQ(date_time_text(local_time(local_moment({.year = 2026, .month = 3, .day = 0, .hour = 8}))), "2026-02-28 08:00");
    EXPECT_EQ(date_text(local_time(local_moment({.year = 2026, .month = 13, .day = 1}))), "2027-01-01");
    EXPECT_EQ(local_moment({.year = 1950}), 0U);
}

TEST(LocalTime, FollowsSummerTime) {
    const test::TimeZone zone("Europe/Berlin");
    // 2026-03-29: 02:00 becomes 03:00. A skipped hour is after the skip.
    const TimeNs before = local_moment({.year = 2026, .month = 3, .day = 29, .hour = 1});
    EXPECT_EQ(local_moment({.year = 2026, .month = 3, .day = 29, .hour = 3}) - before, kHour);
    EXPECT_EQ(local_time(local_moment({.year = 2026, .month = 3, .day = 29, .hour = 2})).hour, 3);
    // 2026-10-25 has 25 hours.
    // What comes twice is its first, whatever was asked before.
    for (const int month : {1, 7, 10, 1}) {
        local_moment({.year = 2026, .month = month, .day = 26});
        EXPECT_EQ(local_moment({.year = 2026, .month = 10, .day = 25, .hour = 2, .minute = 30}) - local_moment({.year = 2026, .month = 10, .day = 25, .hour = 1, .minute = 30}), kHour);
        EXPECT_EQ(local_time(local_moment({.year = 2026, .month = 3, .day = 29, .hour = 2, .minute = 30})).hour, 3);
    }
    EXPECT_EQ(local_moment({.year = 2026, .month = 10, .day = 26}) - local_moment({.year = 2026, .month = 10, .day = 25}), 25 * kHour);
}

}  // namespace
}  // namespace sekisho
