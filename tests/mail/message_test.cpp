#include "sekisho/mail/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sekisho/base/text.h"
#include "support/time_zone.h"

namespace sekisho::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

Message plain() {
    return {.from = "sekisho@example.jp", .to = "info@example.jp", .subject = "Test", .text = "関所", .html = "<p>関所</p>", .attachments = {},
            .date = 1'795'737'900ULL * kSecondNs, .id = "17.ab", .urgent = false};
}

TEST(Compose, BreaksABodyAfter76Octets) {
    Message message = plain();
    message.text = std::string(60, 'a');
    const auto text = compose(message);
    ASSERT_TRUE(text);
    std::string digits;
    for (int i = 0; i < 20; ++i) digits += "YWFh";
    EXPECT_THAT(*text, HasSubstr("\r\n\r\n" + digits.substr(0, 76) + "\r\n" + digits.substr(76) + "\r\n--"));
}

TEST(HeaderText, LeavesShortAscii) {
    EXPECT_EQ(header_text("High: KEIRI-PC"), "High: KEIRI-PC");
    EXPECT_EQ(header_text("=?x"), "=?UTF-8?B?PT94?=");  // looks like an encoded word and must not be read as one
}

TEST(HeaderText, KeepsCharactersWholeAndLinesShort) {
    std::string subject;
    for (int i = 0; i < 40; ++i) subject += "経a";
    const std::string text = header_text(subject);
    for (const auto line : split(text, '\n')) {
        const auto word = trim(line);
        EXPECT_LE(word.size(), 75U);
        EXPECT_TRUE(word.starts_with("=?UTF-8?B?") && word.ends_with("?=")) << word;
        EXPECT_NE((word.size() - 12) % 4, 1U);
    }
    EXPECT_GT(split(text, '\n').size(), 2U);
}

TEST(HeaderText, CannotBeginAnotherLine) {
    EXPECT_EQ(header_text("a\r\nBcc: x@y.example"), "a  Bcc: x@y.example");
    EXPECT_THAT(header_text(std::string_view("a\0b", 3)), Not(HasSubstr(std::string(1, '\0'))));
}

TEST(HeaderDate, TellsTheZone) {
    const TimeNs moment = 1'795'737'900ULL * kSecondNs;
    {
        const test::TimeZone zone("Asia/Tokyo");
        EXPECT_EQ(header_date(moment), "Fri, 27 Nov 2026 09:05:00 +0900");
    }
    {
        const test::TimeZone zone("America/St_Johns");
        EXPECT_EQ(header_date(moment), "Thu, 26 Nov 2026 20:35:00 -0330");
    }
    const test::TimeZone zone("UTC");
    EXPECT_EQ(header_date(1'835'395'200ULL * kSecondNs), "Tue, 29 Feb 2028 00:00:00 +0000");
}

TEST(Compose, HasTwoFormsAndTheHeadersOfAMachine) {
    const auto text = compose(plain());
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, HasSubstr("From: Sekisho <sekisho@example.jp>\r\nTo: <info@example.jp>\r\n"));
    EXPECT_THAT(*text, HasSubstr("Message-ID: <17.ab@example.jp>\r\n"));
    EXPECT_THAT(*text, HasSubstr("Auto-Submitted: auto-generated\r\n"));
    EXPECT_THAT(*text, HasSubstr("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n6Zai5omA\r\n"));
    EXPECT_THAT(*text, Not(HasSubstr("Importance")));
    for (const auto line : split(*text, '\n')) {
        EXPECT_LE(line.size(), 79U) << line;
        EXPECT_TRUE(line.empty() || line.back() == '\r') << line;
    }
    EXPECT_TRUE(std::all_of(text->begin(), text->end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
}

TEST(Compose, AttachesFiles) {
    Message message = plain();
    message.attachments = {{"report-2026-10-ja.html", "<html></html>"}};
    message.urgent = true;
    const auto text = compose(message);
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, HasSubstr("multipart/mixed"));
    EXPECT_THAT(*text, HasSubstr("Content-Disposition: attachment; filename=\"report-2026-10-ja.html\"\r\n"));
    EXPECT_THAT(*text, HasSubstr("Importance: high\r\n"));
    EXPECT_TRUE(text->ends_with("--=_sekisho_mixed--\r\n"));
}

TEST(Compose, RefusesWhatIsNoAddressNameOrFile) {
    for (const char* address : {"", "a", "a@", "@b", "a@b\r\nBcc: c@d", "a@b>", "a b@c", "a@b,c@d"}) {
        Message message = plain();
        message.to = address;
        EXPECT_FALSE(compose(message)) << address;
        message = plain();
        message.from = address;
        EXPECT_FALSE(compose(message)) << address;
    }
    Message message = plain();
    message.id = "a>\r\n";
    EXPECT_FALSE(compose(message));
    message = plain();
    message.attachments = {{"a\"; x=\"", ""}};
    EXPECT_FALSE(compose(message));
}

}  // namespace
}  // namespace sekisho::mail
