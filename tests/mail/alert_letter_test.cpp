#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sekisho/mail/letters.h"
#include "support/time_zone.h"

namespace sekisho::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

event::Alert alert(event::Severity severity, std::uint64_t id) {
    event::Alert a;
    a.id = id;
    a.severity = severity;
    a.host = IpAddress::v4(0xc0a80a05U);
    a.host_name = "KEIRI-PC";
    a.outcome = event::Outcome::succeeded;
    a.title = {"指令サーバーと通信", "called a control server"};
    a.reason = {"内部から外部へ", "outbound"};
    a.guide = {"【10分以内にすること】切り離す", "In the next ten minutes: unplug it"};
    a.first_ns = a.last_ns = 1'795'737'900ULL * kSecondNs;
    a.count = 3;
    return a;
}

TEST(AlertLetter, TellsWhatToDoInBothLanguages) {
    const test::TimeZone zone("Asia/Tokyo");
    const event::Alert one[] = {alert(event::Severity::high, 7)};
    const Letter letter = alert_letter(one, {"office", config::MailLanguage::both});
    EXPECT_EQ(letter.subject, "[Sekisho office] 高: 指令サーバーと通信 / High: called a control server");
    EXPECT_TRUE(letter.urgent);
    for (const std::string* form : {&letter.text, &letter.html})
        for (const char* words : {"【10分以内にすること】切り離す", "In the next ten minutes: unplug it", "KEIRI-PC (192.168.10.5)", "2026-11-27 09:05",
                                  "sekisho alerts show 7", "内部から外部へ", "outbound"})
            EXPECT_THAT(*form, HasSubstr(words));
}

TEST(AlertLetter, SpeaksOneLanguageWhereAskedTo) {
    const event::Alert one[] = {alert(event::Severity::medium, 7)};
    const Letter letter = alert_letter(one, {"office", config::MailLanguage::en});
    EXPECT_EQ(letter.subject, "[Sekisho office] Medium: called a control server");
    EXPECT_FALSE(letter.urgent);
    EXPECT_THAT(letter.text, Not(HasSubstr("切り離す")));
}

TEST(AlertLetter, PutsTheWorstFirstAndCountsTheRest) {
    std::vector<event::Alert> many;
    for (std::uint64_t id = 1; id <= 25; ++id) many.push_back(alert(event::Severity::medium, id));
    many.push_back(alert(event::Severity::high, 26));
    const Letter letter = alert_letter(many, {"office", config::MailLanguage::en});
    EXPECT_EQ(letter.subject, "[Sekisho office] High: called a control server and 25 more");
    EXPECT_LT(letter.text.find("alerts show 26"), letter.text.find("alerts show 1)"));
    EXPECT_THAT(letter.text, HasSubstr("Further alerts: 6"));
}

TEST(AlertLetter, ShowsWhatAttackersWroteAsText) {
    event::Alert evil = alert(event::Severity::high, 1);
    evil.host_name = "<img src=x onerror=alert(1)>\r\n.\r\nBcc: x";
    evil.target = "\"><script>";
    const event::Alert one[] = {evil};
    const Letter letter = alert_letter(one, {"office", config::MailLanguage::both});
    EXPECT_THAT(letter.html, Not(HasSubstr("<img")));
    EXPECT_THAT(letter.html, Not(HasSubstr("<script")));
    EXPECT_THAT(letter.text, Not(HasSubstr("\r")));
}

}  // namespace
}  // namespace sekisho::mail
