#include "sekisho/mail/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sekisho/base/local_time.h"
#include "sekisho/mail/letters.h"
#include "support/time_zone.h"

namespace sekisho::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

class ReportTest : public testing::Test {
  protected:
    static event::Alert alert(std::uint64_t id, event::Severity severity, int day, std::uint32_t host) {
        event::Alert a;
        a.id = id;
        a.severity = severity;
        a.class_name = severity == event::Severity::high ? "command-and-control" : "web-attack";
        a.host = IpAddress::v4(0xc0a80a00U + host);
        a.first_ns = a.last_ns = local_moment({.year = 2026, .month = 10, .day = day, .hour = 10});
        a.count = 4;
        a.blocked = 3;
        a.title = {"題 " + std::to_string(id), "title " + std::to_string(id)};
        a.advice = {"切り離す", "unplug it"};
        return a;
    }
    const test::TimeZone zone_{"Asia/Tokyo"};
    Figures figures_ = begin_figures("office", "1.2", *month("2026-10"));
};

TEST_F(ReportTest, CountsWhatTouchesThePeriod) {
    count(figures_, alert(1, event::Severity::high, 1, 5));
    count(figures_, alert(2, event::Severity::low, 31, 5));
    count(figures_, alert(3, event::Severity::low, 32, 5));  // November
    count(figures_, alert(4, event::Severity::low, 0, 5));   // September
    event::Alert running = alert(5, event::Severity::medium, -3, 6);
    running.last_ns = figures_.period.from;
    count(figures_, running);
    EXPECT_EQ(figures_.alerts, (BySeverity{1, 1, 1}));
    EXPECT_EQ(figures_.events, 12U);
    EXPECT_EQ(figures_.stopped, 9U);
    ASSERT_EQ(figures_.days.size(), 31U);
    EXPECT_EQ(figures_.days.front().alerts, (BySeverity{0, 1, 1}));
    EXPECT_EQ(figures_.days.back().alerts, (BySeverity{1, 0, 0}));
    EXPECT_EQ(figures_.devices.size(), 2U);
    EXPECT_EQ(figures_.classes.at("command-and-control").alerts, 1U);
}

TEST_F(ReportTest, HasADayForEachDayOfSummerTime) {
    const test::TimeZone zone("Europe/Berlin");
    EXPECT_EQ(begin_figures("b", "1", *month("2026-10")).days.size(), 31U);
    EXPECT_EQ(begin_figures("b", "1", *month("2026-03")).days.back().date, "2026-03-31");
    EXPECT_EQ(begin_figures("b", "1", *month("2028-02")).days.size(), 29U);
}

TEST_F(ReportTest, KeepsTheWorstAndNewest) {
    for (std::uint64_t id = 1; id <= 100; ++id) count(figures_, alert(id, event::Severity::low, 1 + static_cast<int>(id % 28), 5));
    count(figures_, alert(200, event::Severity::high, 2, 5));
    ASSERT_EQ(figures_.told.size(), kToldMax);
    EXPECT_EQ(figures_.told.front().id, 200U);
    EXPECT_GE(figures_.told[1].last_ns, figures_.told[2].last_ns);
}

TEST_F(ReportTest, BoundsItsDevices) {
    event::Alert one = alert(1, event::Severity::low, 3, 0);
    for (std::uint32_t n = 0; n < kDevicesMax + 5; ++n) {
        one.host = IpAddress::v4(0x0a000000U + n);
        count(figures_, one);
    }
    EXPECT_EQ(figures_.devices.size(), kDevicesMax);
    EXPECT_EQ(figures_.devices_more, 5U);
}

TEST_F(ReportTest, NamesSystemsOutOfSupport) {
    event::Alert old = alert(1, event::Severity::medium, 3, 7);
    old.host_name = "MITSUMORI";
    old.host_os = "Windows XP, support ends 2014-04-08 (by ntlm)";
    count(figures_, old);
    event::Alert young = alert(2, event::Severity::medium, 3, 8);
    young.host_os = "Windows 11 23H2, support ends 2026-11-10 (by dhcp)";  // after the month
    count(figures_, young);
    ASSERT_EQ(figures_.unsupported().size(), 1U);
    EXPECT_EQ(figures_.unsupported()[0]->name, "MITSUMORI");
}

TEST_F(ReportTest, NeedsNothingFromElsewhere) {
    event::Alert evil = alert(1, event::Severity::high, 3, 7);
    evil.title = {"<script src=\"http://x/\">", "<img src=http://x/ onerror=1>"};
    evil.host_name = "\"><iframe>";
    count(figures_, evil);
    figures_.urls["<em>"] = {3, 0};
    figures_.soc.push_back({"soc1", "waiting", "refused", 12});
    for (const auto language : {config::MailLanguage::ja, config::MailLanguage::en}) {
        const std::string html = report_html(figures_, language);
        for (const char* word : {"<script", "<img", "<iframe", "<link", "<em", "href=", "src=\"", "url(", "@import"}) EXPECT_THAT(html, Not(HasSubstr(word)));
        EXPECT_THAT(html, HasSubstr("default-src 'none'"));
        EXPECT_THAT(html, HasSubstr("<svg"));
        EXPECT_THAT(html, HasSubstr("soc1"));
    }
    EXPECT_THAT(report_html(figures_, config::MailLanguage::ja), HasSubstr("lang=\"ja\""));
    EXPECT_THAT(report_html(figures_, config::MailLanguage::en), HasSubstr("Malware calling its control server"));
}

TEST_F(ReportTest, StandsWithoutAnyAlert) {
    const std::string html = report_html(figures_, config::MailLanguage::en);
    EXPECT_THAT(html, HasSubstr("Nothing this month called for action at once."));
    EXPECT_THAT(html, HasSubstr("2026-10-01 - 2026-10-31"));
}

TEST_F(ReportTest, GoesOutAsAttachmentsAndDigestsListAlerts) {
    count(figures_, alert(1, event::Severity::high, 3, 7));
    const Letter report = report_letter(figures_, {"office", config::MailLanguage::both});
    ASSERT_EQ(report.attachments.size(), 2U);
    EXPECT_EQ(report.attachments[0].name, "sekisho-report-2026-10-ja.html");
    EXPECT_EQ(report.subject, "[Sekisho office] 月次報告 2026-10 / Monthly report 2026-10");
    const Letter digest = digest_letter(figures_, {"office", config::MailLanguage::en});
    EXPECT_EQ(digest.subject, "[Sekisho office] Digest 2026-11-01 (1)");
    EXPECT_THAT(digest.text, HasSubstr("title 1"));
    const Letter life = sign_of_life_letter(figures_, {"office", config::MailLanguage::en});
    EXPECT_THAT(life.text, Not(HasSubstr("title 1")));
    EXPECT_THAT(life.text, HasSubstr("Sekisho 1.2"));
}

}  // namespace
}  // namespace sekisho::mail
