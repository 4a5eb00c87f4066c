#include "sekisho/mail/schedule.h"

#include <gtest/gtest.h>

#include "sekisho/base/local_time.h"
#include "support/time_zone.h"

namespace sekisho::mail {
namespace {

constexpr TimeNs kHour = 3600 * kSecondNs;

TimeNs at(int year, int month, int day, int hour, int minute = 0) {
    return local_moment({.year = year, .month = month, .day = day, .hour = hour, .minute = minute});
}
std::string shown(TimeNs moment) { return date_time_text(local_time(moment)); }

class Schedule : public testing::Test {
  protected:
    const test::TimeZone zone_{"Asia/Tokyo"};
    config::MailSettings settings_;  // daily digest at 8, Monday
};

TEST_F(Schedule, FindsTheNewestDueMoment) {
    const TimeNs now = at(2026, 11, 27, 7, 59);  // a Friday
    EXPECT_EQ(shown(*newest_due(Occasion::digest, settings_, now)), "2026-11-26 08:00");
    EXPECT_EQ(shown(*newest_due(Occasion::digest, settings_, at(2026, 11, 27, 8))), "2026-11-27 08:00");
    EXPECT_EQ(shown(*newest_due(Occasion::sign_of_life, settings_, now)), "2026-11-23 08:00");
    EXPECT_EQ(shown(*newest_due(Occasion::sign_of_life, settings_, at(2026, 11, 23, 7))), "2026-11-16 08:00");
    EXPECT_EQ(shown(*newest_due(Occasion::report, settings_, now)), "2026-11-01 08:00");
    EXPECT_EQ(shown(*newest_due(Occasion::report, settings_, at(2027, 1, 1, 3))), "2026-12-01 08:00");
    settings_.digest = config::MailDigest::weekly;
    EXPECT_EQ(shown(*newest_due(Occasion::digest, settings_, now)), "2026-11-23 08:00");
    settings_.digest = config::MailDigest::none;
    settings_.sign_of_life = settings_.report = false;
    for (const Occasion occasion : kOccasions) EXPECT_FALSE(newest_due(occasion, settings_, now));
}

TEST_F(Schedule, FiresOnceADayWhateverTheRestarts) {
    std::optional<TimeNs> kept;
    int fires = 0;
    for (TimeNs now = at(2028, 2, 27, 12); now < at(2028, 3, 3, 12); now += kHour / 4) {  // over a leap day
        const Fire one = fire(Occasion::digest, settings_, kept, now);
        fires += one.now ? 1 : 0;
        kept = one.mark;
        EXPECT_FALSE(fire(Occasion::digest, settings_, kept, now).now);
    }
    EXPECT_EQ(fires, 5);
}

TEST_F(Schedule, SaysNothingOnTheFirstDay) {
    const Fire first = fire(Occasion::report, settings_, std::nullopt, at(2026, 11, 27, 9));
    EXPECT_FALSE(first.now);
    EXPECT_EQ(shown(first.mark), "2026-11-01 08:00");
}

TEST_F(Schedule, CatchesUpAfterADayWithoutPower) {
    const Fire late = fire(Occasion::digest, settings_, at(2026, 11, 20, 8), at(2026, 11, 24, 15));
    EXPECT_TRUE(late.now);
    EXPECT_EQ(shown(late.mark), "2026-11-24 08:00");
    const Period period = period_of(Occasion::digest, at(2026, 11, 20, 8), late.mark);
    EXPECT_EQ(shown(period.from), "2026-11-20 08:00");
    EXPECT_EQ(shown(period.until), "2026-11-24 08:00");
}

TEST_F(Schedule, SurvivesATurnedClock) {
    const TimeNs kept = at(2026, 11, 27, 8);
    EXPECT_FALSE(fire(Occasion::digest, settings_, kept, at(2026, 11, 27, 7, 30)).now);  // back by an hour, and forth again
    EXPECT_FALSE(fire(Occasion::digest, settings_, kept, at(2026, 11, 27, 8, 10)).now);
    // A clock that once said 2036 must not silence ten years.
    const Fire mended = fire(Occasion::digest, settings_, at(2036, 1, 1, 8), at(2026, 11, 27, 9));
    EXPECT_FALSE(mended.now);
    EXPECT_TRUE(fire(Occasion::digest, settings_, mended.mark, at(2026, 11, 28, 8)).now);
}

TEST_F(Schedule, KnowsMonths) {
    const Period report = period_of(Occasion::report, std::nullopt, at(2027, 1, 1, 8));
    EXPECT_EQ(shown(report.from), "2026-12-01 00:00");
    EXPECT_EQ(shown(report.until), "2027-01-01 00:00");
    const auto february = month("2028-02");
    ASSERT_TRUE(february);
    EXPECT_EQ(february->until - february->from, 29 * 24 * kHour);
    for (const char* wrong : {"", "2026", "2026-13", "2026-00", "2026-1", "2026/10", "-026-10", "2026-+1", "2026-10-01"}) EXPECT_FALSE(month(wrong)) << wrong;
}

TEST_F(Schedule, KeepsQuietOverMidnight) {
    settings_.quiet_from = "20:00";
    settings_.quiet_to = "07:30";
    EXPECT_EQ(shown(quiet_until(settings_, at(2026, 11, 30, 23))), "2026-12-01 07:30");
    EXPECT_EQ(shown(quiet_until(settings_, at(2026, 12, 1, 7, 29))), "2026-12-01 07:30");
    EXPECT_EQ(quiet_until(settings_, at(2026, 12, 1, 7, 30)), at(2026, 12, 1, 7, 30));
    EXPECT_EQ(quiet_until(settings_, at(2026, 12, 1, 19, 59)), at(2026, 12, 1, 19, 59));
    settings_.quiet_from = "12:00";
    settings_.quiet_to = "13:00";
    EXPECT_EQ(shown(quiet_until(settings_, at(2026, 12, 1, 12, 5))), "2026-12-01 13:00");
}

TEST(ScheduleInSummerTime, FiresOnceADay) {
    const test::TimeZone zone("Europe/Berlin");
    config::MailSettings settings;
    settings.hour = 2;  // the hour that is skipped in March and comes twice in October
    for (const auto& [from, until] : {std::pair{at(2026, 3, 27, 12), at(2026, 4, 1, 12)}, std::pair{at(2026, 10, 23, 12), at(2026, 10, 28, 12)}}) {
        std::optional<TimeNs> kept = newest_due(Occasion::digest, settings, from);
        int fires = 0;
        for (TimeNs now = from; now < until; now += kHour / 2) {
            const Fire one = fire(Occasion::digest, settings, kept, now);
            fires += one.now ? 1 : 0;
            kept = one.mark;
        }
        EXPECT_EQ(fires, 5);
    }
}

}  // namespace
}  // namespace sekisho::mail
