#include "slowpath/figure_maker.h"

#include <gtest/gtest.h>

#include <vector>

#include "figures_fixture.h"
#include "sekisho/base/local_time.h"
#include "sekisho/store/url_book.h"
#include "support/time_zone.h"

namespace sekisho::slowpath {
namespace {

using event::Severity;

class FigureMakerTest : public slowpath_test::FiguresFixture {
  protected:
    /// Days of November 2026 in local time.
    static TimeNs november(int day, int hour = 12) { return local_moment({.year = 2026, .month = 11, .day = day, .hour = hour}); }
    static constexpr int kFirst = 3, kEnd = 5;  ///< of the period: the third and the fourth
    mail::Period period() const { return {november(kFirst, 0), november(kEnd, 0)}; }
    mail::Figures make() { return *figure_maker().make(period()); }

    void decide(int day, const char* category, event::Action action) {
        event::Event e;
        e.kind = event::Kind::url;
        e.time_ns = november(day);
        e.client = IpAddress::v4(0xc0a80102);
        e.action = action;
        e.set(event::Text::category, category);
        e.set(event::Text::host, "site.example");
        auto book = *store::UrlBook::open(book_path());
        book.add(e, local_time(e.time_ns).offset_s * static_cast<std::int64_t>(kSecondNs));
        ASSERT_TRUE(book.write());
    }

    const test::TimeZone zone_{"Asia/Tokyo"};
};

TEST_F(FigureMakerTest, CountsWhatWasSeenInThePeriod) {
    keep({alert(1, november(1), november(2)),                       // over before it began
          alert(2, november(1), november(3), Severity::low),        // reaches into it
          alert(3, november(4), november(9), Severity::high),       // goes on after it
          alert(4, november(5, 0), november(6))});                  // begins when it ends
    const mail::Figures figures = make();
    EXPECT_EQ(figures.box, "box1");
    EXPECT_EQ(figures.alerts, (mail::BySeverity{1, 0, 1}));
    EXPECT_EQ(figures.events, 6U);
    EXPECT_EQ(figures.stopped, 2U);
    ASSERT_EQ(figures.days.size(), 2U);
    EXPECT_EQ(figures.days[0].date, "2026-11-03");
    EXPECT_EQ(figures.days[0].alerts, (mail::BySeverity{1, 0, 0}));
    EXPECT_EQ(figures.days[1].alerts, (mail::BySeverity{0, 0, 1}));
    ASSERT_EQ(figures.told.size(), 2U);
    EXPECT_EQ(figures.told[0].id, 3U) << "the worst first";
}

TEST_F(FigureMakerTest, ReadsEveryPageOnce) {
    constexpr std::uint64_t kAlerts = 1203;  // pages have 500
    std::vector<event::Alert> all;
    for (std::uint64_t id = 1; id <= kAlerts; ++id)
        all.push_back(alert(id, november(3), november(3) + (id * 7919 % kAlerts) * kSecondNs));  // not in the order of their numbers
    keep(std::move(all));
    const mail::Figures figures = make();
    EXPECT_EQ(figures.all_alerts(), kAlerts);
    EXPECT_EQ(figures.classes.at("policy").alerts, kAlerts);
    EXPECT_EQ(figures.devices.at("192.168.1.1").alerts[1], kAlerts);
}

TEST_F(FigureMakerTest, CountsUrlDecisionsOfThePeriodsDays) {
    decide(2, "malware", event::Action::blocked);
    decide(3, "malware", event::Action::blocked);
    decide(4, "malware", event::Action::allowed);
    decide(4, "games", event::Action::blocked);
    decide(5, "games", event::Action::blocked);
    const mail::Figures figures = make();
    ASSERT_EQ(figures.urls.size(), 2U);
    EXPECT_EQ(figures.urls.at("malware").stopped, 1U);
    EXPECT_EQ(figures.urls.at("malware").passed, 1U);
    EXPECT_EQ(figures.urls.at("games").stopped, 1U);
}

TEST_F(FigureMakerTest, SaysHowTheSocHearsUsAndWhatWasLost) {
    config::SyslogTarget target;
    target.name = "soc";
    target.host = "127.0.0.1";
    target.transport = config::SyslogTransport::udp;
    settings_.slowpath.soc = {target};
    published_.with([](Published& p) {
        p.rings.resize(2);
        p.rings[0].lost = 3;
        p.rings[1].lost = 4;
    });
    const mail::Figures figures = make();
    ASSERT_EQ(figures.soc.size(), 1U);
    EXPECT_EQ(figures.soc[0].name, "soc");
    EXPECT_EQ(figures.soc[0].waiting, 0U);
    EXPECT_EQ(figures.events_lost, 7U);
    EXPECT_EQ(figures.soc_lost, 0U);
}

TEST_F(FigureMakerTest, SaysWhenTheJournalCannotBeRead) {
    figure_maker();
    settings_.slowpath.database = folder_;
    EXPECT_FALSE(FigureMaker::open(settings_, book_path(), *telling_, published_));
}

}  // namespace
}  // namespace sekisho::slowpath
