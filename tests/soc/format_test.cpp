#include "sekisho/soc/format.h"

#include <gtest/gtest.h>

#include "soc/format/rfc5424.h"
#include "soc/syslog_parser.h"

namespace sekisho::soc {
namespace {

using event::Alert;
using soc_test::SyslogParser;

Alert sample() {
    Alert a;
    a.id = 4;
    a.telling = 1;
    a.severity = event::Severity::high;
    a.outcome = event::Outcome::blocked;
    a.bearing = event::Bearing::outbound;
    a.class_name = "malware";
    a.cause = "sid 1:9";
    a.host = a.src = *IpAddress::parse("192.168.1.5");
    a.dst = *IpAddress::parse("203.0.113.1");
    a.peers = {a.dst};
    a.src_port = 40000, a.dst_port = 80, a.ip_protocol = 6;
    a.first_ns = 1'700'000'000ULL * kSecondNs;
    a.last_ns = a.first_ns + 123'456'789;
    a.count = 3;
    a.gid = 1, a.sid = 9, a.rev = 4;
    a.signature = "a \"quoted\" ] back\\slash";
    a.title = {"題", "Malware"};
    a.reason = {"理由", "because"};
    a.advice = {"助言", "unplug"};
    return a;
}

TEST(Rfc5424, SaysEachFactOnce) {
    const std::string text = format_rfc5424(sample(), {.box = "box1", .number = 17, .process = 812});
    const auto m = SyslogParser::parse(text);
    ASSERT_TRUE(m) << text;
    EXPECT_EQ(m->priority, 129U);  // local0.alert
    EXPECT_EQ(m->timestamp, "2023-11-14T22:13:20.123456+00:00");
    EXPECT_EQ(m->hostname, "box1");
    EXPECT_EQ(m->app, "sekisho");
    EXPECT_EQ(m->process, "812");
    EXPECT_EQ(m->message_id, "HIGH");
    EXPECT_EQ(m->data.at("meta").at("sequenceId"), "17");
    const auto& d = m->data.at("sekisho@32473");
    EXPECT_EQ(d.at("seq"), "17");
    EXPECT_EQ(d.at("alert"), "4");
    EXPECT_EQ(d.at("severity"), "High");
    EXPECT_EQ(d.at("outcome"), "blocked");
    EXPECT_EQ(d.at("sid"), "1:9:4");
    EXPECT_EQ(d.at("host"), "192.168.1.5");
    EXPECT_EQ(d.at("signature"), "a \"quoted\" ] back\\slash");
    EXPECT_FALSE(d.contains("via"));
    EXPECT_TRUE(m->bom);
    EXPECT_EQ(m->text, "Malware / 題: unplug / 助言");
}

TEST(Rfc5424, RanksByPriority) {
    Alert a = sample();
    const std::pair<event::Severity, std::string> cases[] = {
        {event::Severity::high, "<129>1 "}, {event::Severity::medium, "<132>1 "}, {event::Severity::low, "<133>1 "}};
    for (const auto& [severity, start] : cases) {
        a.severity = severity;
        EXPECT_EQ(format_rfc5424(a, {}).substr(0, start.size()), start);
    }
}

TEST(Rfc5424, CutsTextFirstAndOnlyAtCharacters) {
    Alert a = sample();
    for (std::size_t n = 0; n < 4000; n += 37) {
        a.advice.ja.clear();
        for (std::size_t i = 0; i < n; ++i) a.advice.ja += "助";
        const std::string text = format_rfc5424(a, {.box = "b", .number = 1});
        EXPECT_LE(text.size(), kMessageMaxOctets);
        const auto m = SyslogParser::parse(text);
        ASSERT_TRUE(m) << n;
        EXPECT_EQ(m->data.at("sekisho@32473").at("reason"), "because");
        if (n > 1000) {
            EXPECT_GT(text.size(), kFormatMaxOctets - 4);
        }
    }
}

TEST(Rfc5424, KeepsTheFactsWhenFieldsAreHuge) {
    Alert a = sample();
    for (std::string* field : {&a.signature, &a.url, &a.target, &a.app, &a.cause, &a.class_name, &a.reason.en}) field->assign(5000, ']');
    a.peers.assign(Alert::kPeersMax, *IpAddress::parse("2001:db8:1111:2222:3333:4444:5555:6666"));
    const std::string text = format_rfc5424(a, {.box = std::string_view("a very \x01 odd\xff name"), .number = ~0ULL});
    EXPECT_LE(text.size(), kMessageMaxOctets);
    const auto m = SyslogParser::parse(text);
    ASSERT_TRUE(m) << text;
    EXPECT_EQ(m->hostname, "averyoddname");
    EXPECT_EQ(m->data.at("sekisho@32473").at("count"), "3");
    EXPECT_LE(std::stoull(m->data.at("meta").at("sequenceId")), 2147483647U);
}

TEST(Cef, EscapesHeaderAndExtension) {
    Alert a = sample();
    a.signature = "pipe | and back\\slash = equal\nline";
    a.url = "/a=b|c";
    const std::string text = format_cef(a, {.box = "box1", .number = 5});
    const auto m = SyslogParser::parse(text);
    ASSERT_TRUE(m) << text;
    EXPECT_TRUE(m->data.empty());
    EXPECT_TRUE(m->text.starts_with("CEF:0|Sekisho|Sekisho|" SEKISHO_VERSION "|1:9|pipe \\| and back\\\\slash = equal?line|9| ")) << text;
    EXPECT_NE(m->text.find(" request=/a\\=b|c"), std::string::npos);
    EXPECT_NE(m->text.find(" src=192.168.1.5 "), std::string::npos);
    EXPECT_NE(m->text.find(" cn1=5 "), std::string::npos);
}

TEST(JsonDialect, StaysWholeWhenTooLong) {
    Alert a = sample();
    for (std::string* field : {&a.signature, &a.url, &a.target, &a.advice.ja, &a.reason.en, &a.title.en}) field->assign(3000, '\x01');
    const std::string text = format_json(a, {.box = "box1", .number = 5});
    EXPECT_LE(text.size(), kMessageMaxOctets);
    const auto m = SyslogParser::parse(text);
    ASSERT_TRUE(m);
    EXPECT_TRUE(m->text.starts_with("{\"seq\":5,\"box\":\"box1\",\"id\":4,\"severity\":\"High\""));
    EXPECT_EQ(m->text.back(), '}');
}

TEST(Resent, IsMarkedInEachDialect) {
    Alert a = sample();
    a.signature = "- { [sekisho@32473 - CEF:";  // what traffic says is not taken for the frame
    const Envelope envelope{.box = "box1", .number = 17, .process = 812};
    const std::string rfc = mark_resent(format_rfc5424(a, envelope));
    const auto m = SyslogParser::parse(rfc);
    ASSERT_TRUE(m) << rfc;
    EXPECT_EQ(m->data.at("sekisho@32473").at("resent"), "1");
    EXPECT_EQ(m->data.at("sekisho@32473").at("seq"), "17");
    EXPECT_TRUE(mark_resent(format_cef(a, envelope)).ends_with(" cn2=1 cn2Label=resent"));
    const std::string json = mark_resent(format_json(a, envelope));
    EXPECT_NE(json.find(" - {\"resent\":true,\"seq\":17,"), std::string::npos) << json;
    for (const std::string other : {"", "a b c", "<1>1 a b c d e ", "<1>1 a b c d e - x", "<1>1 a b c d e [x y=\"\"]"})
        EXPECT_EQ(mark_resent(other), other);
}

TEST(Dialects, LeaveRoomForTheMark) {
    Alert a = sample();
    for (std::string* text : {&a.signature, &a.url, &a.target, &a.app, &a.title.en, &a.title.ja, &a.reason.en, &a.advice.ja, &a.class_name})
        text->assign(3000, '"');
    const std::string box(300, 'b');
    for (const Dialect& dialect : dialects()) {
        const std::string text = dialect.format(a, {.box = box, .number = ~0ULL, .process = 812});
        EXPECT_LE(text.size(), kFormatMaxOctets) << dialect.name;
        const std::string marked = mark_resent(text);
        EXPECT_GT(marked.size(), text.size()) << dialect.name;
        EXPECT_LE(marked.size(), kMessageMaxOctets) << dialect.name;
        EXPECT_TRUE(SyslogParser::parse(marked)) << marked;
    }
}

TEST(Dialects, AreFoundBySetting) {
    for (const Dialect& dialect : dialects()) EXPECT_EQ(dialects()[dialect_index(dialect.id)].name, dialect.name);
}

}  // namespace
}  // namespace sekisho::soc
