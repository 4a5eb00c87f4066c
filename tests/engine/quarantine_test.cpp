// Hosts that are cut off: nothing of theirs goes on, nothing reaches them, a browser gets the notice; when the
// time is over, or the set is taken away, all is as before.
#include "sekisho/engine/quarantine.h"

#include <gtest/gtest.h>

#include "engine/pipeline_rig.h"
#include "sekisho/engine/answer.h"

namespace sekisho::engine {
namespace {

using namespace sekisho::engine::testing;
using sekisho::testing::kAck;
using sekisho::testing::kFin;
using sekisho::testing::kPsh;
using sekisho::testing::kSyn;
using sekisho::testing::Octets;
using sekisho::testing::PacketBuilder;

constexpr const char* kBad = "192.168.1.66";
constexpr const char* kOut = "198.51.100.7";

Quarantine parse(const std::string& text) {
    auto quarantine = Quarantine::parse(text, "q", "内線 100");
    EXPECT_TRUE(quarantine) << quarantine.error().message();
    return std::move(*quarantine);
}

PacketBuilder tcp(std::uint16_t port) { return PacketBuilder().ip(kBad, kOut).tcp(40'000, port); }

std::string text(const Octets& octets) { return {octets.begin(), octets.end()}; }

TEST(Quarantine, ReadsItsFile) {
    const Quarantine q = parse("# comment\n\n192.168.1.66 0 bot\n192.168.1.66 2000 again, and for a time\n2001:db8::5 1000\n");
    ASSERT_EQ(q.entries().size(), 2U);
    EXPECT_EQ(q.find(*IpAddress::parse(kBad), kSecondNs)->reason, "again, and for a time");
    EXPECT_EQ(q.find(*IpAddress::parse(kBad), 2000 * kSecondNs), nullptr);
    EXPECT_NE(q.find(*IpAddress::parse("2001:db8::5"), 999 * kSecondNs), nullptr);
    EXPECT_EQ(q.find(*IpAddress::parse("192.168.1.67"), 0), nullptr);
    for (const char* wrong : {"pc1 0 x", "192.168.1.1", "192.168.1.1 soon x", "\n192.168.1.1 -1"}) {
        const auto bad = Quarantine::parse(wrong, "q", "");
        ASSERT_FALSE(bad) << wrong;
        EXPECT_EQ(bad.error().where.substr(0, 2), "q:") << wrong;
    }
    const Quarantine hostile = parse("192.168.1.66 0 <script>alert(1)</script> " + std::string(5000, 'x'));
    EXPECT_EQ(hostile.entries()[0].page.find("<script>"), std::string::npos);
    EXPECT_LE(hostile.entries()[0].page.size(), kAnswerPayloadMax);
}

TEST(Quarantine, StopsBothWaysAndShowsTheNotice) {
    Rig rig("", Enforcement::enforce);
    const Quarantine q = parse("192.168.1.66 0 マルウェアの疑い");
    rig.pipeline().isolate(&q);

    const auto syn = rig.feed(tcp(80).seq(1000).flags(kSyn).build());
    EXPECT_EQ(syn.verdict, Verdict::answer);
    EXPECT_EQ(syn.cause, Cause::quarantine);
    ASSERT_EQ(syn.answers.size(), 1U);
    EXPECT_TRUE(syn.answers[0].second);  // to the host, nothing to the server
    const auto again = rig.feed(tcp(80).seq(1000).flags(kSyn).build());
    ASSERT_EQ(again.answers.size(), 1U);
    EXPECT_EQ(again.answers[0].first, syn.answers[0].first);  // without state, and yet the same

    const auto get = rig.feed(tcp(80).seq(1001).ack(7).flags(kPsh | kAck).payload("GET / HTTP/1.1\r\nHost: a\r\n\r\n").build());
    ASSERT_EQ(get.answers.size(), 1U);
    EXPECT_NE(text(get.answers[0].first).find("HTTP/1.1 403"), std::string::npos);
    EXPECT_NE(text(get.answers[0].first).find("マルウェアの疑い"), std::string::npos);
    EXPECT_NE(text(get.answers[0].first).find("内線 100"), std::string::npos);
    EXPECT_EQ(rig.feed(tcp(80).seq(1030).ack(900).flags(kFin | kAck).build()).answers.size(), 1U);

    EXPECT_EQ(rig.feed(tcp(443).seq(1).flags(kSyn).build()).answers.size(), 1U);  // a reset
    const Octets to_it = PacketBuilder().ip(kOut, kBad).tcp(80, 40'000).seq(1).ack(1).flags(kPsh | kAck).payload("x").build();
    const auto back = rig.feed(to_it);
    EXPECT_EQ(back.verdict, Verdict::drop);
    EXPECT_TRUE(back.answers.empty());
    EXPECT_EQ(rig.feed(PacketBuilder().ip(kBad, kOut).udp(40'000, 4000).payload("x").build()).verdict, Verdict::drop);

    const std::string query("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07" "example\x00\x00\x01\x00\x01", 29);
    const auto dns = rig.feed(PacketBuilder().ip(kBad, "192.168.1.1").udp(40'000, 53).payload(query).build());
    ASSERT_EQ(dns.answers.size(), 1U);
    EXPECT_NE(text(dns.answers[0].first).find(std::string("\xc0\x00\x02\x01", 4)), std::string::npos);
    EXPECT_EQ(rig.feed(PacketBuilder().ip(kBad, "192.168.1.1").udp(68, 67).payload("x").build()).verdict, Verdict::pass);
    EXPECT_EQ(rig.feed(PacketBuilder().ip("192.168.1.5", kOut).udp(40'000, 4000).payload("x").build()).verdict, Verdict::pass);
}

TEST(Quarantine, EndsByTimeAndByUndo) {
    Rig rig("", Enforcement::enforce);
    const Octets frame = PacketBuilder().ip(kBad, kOut).udp(40'000, 4000).payload("x").build();
    const Quarantine q = parse("192.168.1.66 " + std::to_string(rig.now() / kSecondNs + 60) + " an hour");
    rig.pipeline().isolate(&q);
    EXPECT_EQ(rig.feed(frame).verdict, Verdict::drop);
    rig.now() += 61 * kSecondNs;
    EXPECT_EQ(rig.feed(frame).verdict, Verdict::pass);
    const Quarantine forever = parse("192.168.1.66 0 x");
    rig.pipeline().isolate(&forever);
    EXPECT_EQ(rig.feed(frame).verdict, Verdict::drop);
    rig.pipeline().isolate(nullptr);
    EXPECT_EQ(rig.feed(frame).verdict, Verdict::pass);
}

TEST(Quarantine, OnlyWatchesWhereNothingCanBeStopped) {
    Rig rig("", Enforcement::observe);
    const Quarantine q = parse("192.168.1.66 0 x");
    rig.pipeline().isolate(&q);
    EXPECT_EQ(rig.feed(PacketBuilder().ip(kBad, kOut).udp(40'000, 4000).payload("x").build()).verdict, Verdict::pass);
}

}  // namespace
}  // namespace sekisho::engine
