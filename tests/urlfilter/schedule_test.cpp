#include "sekisho/urlfilter/schedule.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace sekisho::urlfilter {
namespace {

constexpr std::int64_t kMonday = 1'795'996'800;  // 2026-11-30 00:00

std::int64_t at(int day, int hour, int minute = 0) { return 1'795'996'800 + (day * 24 + hour) * 3600 + minute * 60; }

bool covers(const char* days, const char* hours, std::int64_t when) { return Schedule::parse(days, hours)->covers(when); }

TEST(Schedule, DaysAndHours) {
    ASSERT_EQ(kMonday % 86'400, 0);
    EXPECT_TRUE(Schedule().covers(0));
    EXPECT_TRUE(covers("mon-fri", "", at(0, 0)));
    EXPECT_TRUE(covers("mon-fri", "", at(4, 23, 59)));
    EXPECT_FALSE(covers("mon-fri", "", at(5, 0)));
    EXPECT_TRUE(covers("sat,sun", "", at(6, 12)));
    EXPECT_TRUE(covers("Friday-mon", "", at(0, 1)));
    EXPECT_FALSE(covers("fri-mon", "", at(1, 1)));
    EXPECT_TRUE(covers("", "09:00-17:30", at(2, 9)));
    EXPECT_FALSE(covers("", "09:00-17:30", at(2, 17, 30)));
    EXPECT_TRUE(covers("", "22:00-24:00", at(2, 23, 59)));
}

TEST(Schedule, OvernightHoursRunIntoTheNextDay) {
    EXPECT_TRUE(covers("fri", "22:00-06:00", at(4, 22)));
    EXPECT_TRUE(covers("fri", "22:00-06:00", at(5, 5, 59)));
    EXPECT_FALSE(covers("fri", "22:00-06:00", at(5, 6)));
    EXPECT_FALSE(covers("fri", "22:00-06:00", at(4, 5)));
    EXPECT_FALSE(covers("fri", "22:00-06:00", at(5, 22)));
}

TEST(Schedule, MistakesAreNamed) {
    for (const char* bad : {"someday", "mon-", "mo", "mon,,tue", "1-5"}) EXPECT_FALSE(Schedule::parse(bad, "")) << bad;
    for (const char* bad : {"9-17", "09:00", "09:00-09:00", "25:00-26:00", "09:60-10:00", "24:00-01:00", "ab:cd-ef:gh"})
        EXPECT_FALSE(Schedule::parse("", bad)) << bad;
}

TEST(LocalClock, FollowsTheZone) {
    const char* before = std::getenv("TZ");
    const std::string kept = before != nullptr ? before : "";
    ::setenv("TZ", "JST-9", 1);
    EXPECT_EQ(LocalClock::of_box(1'795'996'800).local(1'795'996'800), 1'795'996'800 + 9 * 3600);
    ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    const LocalClock clock = LocalClock::of_box(1'795'996'800);
    EXPECT_EQ(clock.local(1'795'996'800), 1'795'996'800 + 3600) << "winter";
    EXPECT_EQ(clock.local(1'812'000'000), 1'812'000'000 + 7200) << "June after it";
    EXPECT_EQ(clock.local(1'806'195'599), 1'806'195'599 + 3600) << "the last second of winter";
    EXPECT_EQ(clock.local(1'806'195'600), 1'806'195'600 + 7200) << "2027-03-28T01:00:00Z";
    before != nullptr ? ::setenv("TZ", kept.c_str(), 1) : ::unsetenv("TZ");
    ::tzset();
    EXPECT_EQ(LocalClock().local(7), 7);
}

}  // namespace
}  // namespace sekisho::urlfilter
