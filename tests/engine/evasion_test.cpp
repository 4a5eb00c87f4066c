// Ways to hide that were found to work once, each closed: what reaches a host was judged before, or does not reach it.
// The generated cases are in tests/evasion.
#include <gmock/gmock.h>

#include "engine/pipeline_rig.h"

namespace sekisho::engine::testing {
namespace {

using sekisho::testing::kAck;
using sekisho::testing::kPsh;
using sekisho::testing::kSyn;
using sekisho::testing::kUrg;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kDropAttack = R"(drop tcp any any -> any any (msg:"attack"; content:"/attack.cgi"; sid:1;))" "\n";
const std::string kDropUri = R"(drop http any any -> any any (msg:"uri"; http.uri; content:"/attack.cgi"; sid:2;))" "\n";

PacketBuilder segment(bool to_server, std::uint32_t seq, std::uint32_t ack, unsigned flags, std::string_view text = {},
                      unsigned port = 5555) {
    return PacketBuilder().ip(to_server ? "192.0.2.1" : "198.51.100.7", to_server ? "198.51.100.7" : "192.0.2.1")
        .tcp(to_server ? 40000 : port, to_server ? port : 40000).seq(seq).ack(ack).flags(flags).payload(text);
}
void open_scaled(Rig& rig, unsigned port = 5555) {
    const Octets scale = sekisho::testing::option_window_scale(7);
    rig.feed(segment(true, 1000, 0, kSyn, {}, port).tcp_options(scale).build());
    rig.feed(segment(false, 5000, 1001, kSyn | kAck, {}, port).tcp_options(scale).build());
    rig.feed(segment(true, 1001, 5001, kAck, {}, port).build());
    rig.feed(segment(false, 5001, 1001, kAck, {}, port).build());  // a window that is scaled
}

/// `body` in segments behind a hole of one octet, then the octet. @return what became of the last one
Judged fill_hole_last(Rig& rig, const std::string& body, unsigned port = 5555) {
    for (std::size_t at = 1; at < body.size(); at += 1400) {
        const Judged held = rig.feed(segment(true, static_cast<std::uint32_t>(1001 + at), 5001, kAck,
                                             std::string_view(body).substr(at, 1400), port).build());
        EXPECT_EQ(held.verdict, Verdict::pass);
    }
    return rig.feed(segment(true, 1001, 5001, kPsh | kAck, std::string_view(body).substr(0, 1), port).build());
}

TEST(Evasion, AllThatWaitedBehindAHoleIsJudgedWithThePacketThatFillsIt) {
    const std::string filler(699'992, 'x');  // so that the content lies in two segments
    for (const auto enforcement : {Enforcement::enforce, Enforcement::observe}) {
        Rig rig(kDropAttack, enforcement);
        open_scaled(rig);
        const Judged filled = fill_hole_last(rig, filler + "GET /attack.cgi" + filler.substr(0, 2000));
        EXPECT_THAT(rig.sids(), ElementsAre(1));
        EXPECT_EQ(filled.verdict, enforcement == Enforcement::enforce ? Verdict::drop : Verdict::pass);
    }
}

TEST(Evasion, RequestsBehindAHoleAreAllRead) {
    std::string requests;
    while (requests.size() < 400'000) requests += "GET /parts/list HTTP/1.1\r\nHost: a.example\r\n\r\n";
    Rig rig(kDropUri, Enforcement::enforce);
    open_scaled(rig, 80);
    const Judged filled = fill_hole_last(rig, requests + "GET /x/../attack.cgi HTTP/1.1\r\nHost: a.example\r\n\r\n", 80);
    EXPECT_THAT(rig.sids(), ElementsAre(2));
    EXPECT_EQ(filled.verdict, Verdict::drop);
}

TEST(Evasion, WhatWaitedGivesEachAlertOnce) {
    Rig rig(R"(alert tcp any any -> any any (msg:"flags"; flags:PA; sid:3;))" "\n");
    open_scaled(rig);
    fill_hole_last(rig, std::string(400'000, 'x'));
    EXPECT_THAT(rig.sids(), ElementsAre(3)) << "the packet is one, however many windows its bytes fill";
}

TEST(Evasion, NothingNewPassesBehindAReset) {
    Rig rig(kDropAttack, Enforcement::enforce);
    open_scaled(rig);
    rig.feed(segment(true, 1501, 5001, kAck, "z").build());
    // In the window and not what comes next: a receiver of RFC 5961 goes on.
    EXPECT_EQ(rig.feed(segment(true, 1502, 5001, sekisho::testing::kRst | kAck).build()).verdict, Verdict::pass);
    EXPECT_EQ(rig.feed(segment(true, 1001, 5001, kPsh | kAck, "GET /attack.cgi").build()).verdict, Verdict::drop);
}

TEST(Evasion, DataThatConfirmsWhatWasNotSentIsNotTaken) {
    Rig rig(kDropAttack, Enforcement::enforce);
    open_scaled(rig);
    EXPECT_EQ(rig.feed(segment(true, 1001, 5301, kPsh | kAck, "GET /harmless!!").build()).verdict, Verdict::drop);
    EXPECT_EQ(rig.feed(segment(true, 1001, 5001, kPsh | kAck, "GET /attack.cgi").build()).verdict, Verdict::drop);
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(Evasion, UrgentDataIsNotLetThroughWhereNobodySendsIt) {
    for (const unsigned port : {5555u, 23u}) {
        Rig rig(kDropAttack, Enforcement::enforce);
        open_scaled(rig, port);
        const Judged judged = rig.feed(segment(true, 1001, 5001, kPsh | kAck | kUrg, "interrupt", port).build());
        EXPECT_EQ(judged.verdict, port == 23 ? Verdict::pass : Verdict::drop);
        if (port == 23) continue;
        EXPECT_EQ(judged.cause, Cause::ambiguous);
        ASSERT_EQ(rig.events(event::Kind::anomaly).size(), 1u);
        EXPECT_EQ(rig.events(event::Kind::anomaly)[0]->get(event::Text::reason), "urgent_data");
    }
}

TEST(Evasion, RequestFramingThatServersReadDifferentlyEndsTheFlow) {
    const std::string head = "POST /form HTTP/1.1\r\nHost: a.example\r\n";
    const std::string requests[] = {
        head + "Content-Length: 4\r\nContent-Length: 40\r\n\r\nGET /attack.cgi HTTP/1.1\r\n\r\n",
        head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        head + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        head + "Content-Length: +4\r\n\r\nabcd",
    };
    for (const std::string& request : requests) {
        Rig rig("", Enforcement::enforce);
        const auto judged = rig.feed(talk(80).open().client(request).frames());
        EXPECT_EQ(judged[3].verdict, Verdict::drop) << request;
        EXPECT_EQ(judged[3].cause, Cause::ambiguous);
        EXPECT_FALSE(rig.events(event::Kind::anomaly).empty());
    }
    Rig plain("", Enforcement::enforce);
    EXPECT_EQ(plain.feed(talk(80).open().client(head + "Content-Length: 4\r\n\r\nabcd").frames())[3].verdict, Verdict::pass);
}

TEST(Evasion, HeadersBeyondOurBoundsAreNotLetThrough) {
    auto builder = segment(true, 1001, 5001, kAck, "GET /attack.cgi");
    for (int i = 0; i < 4; ++i) builder.vlan(0);  // a host takes priority tags off, however many
    const Octets frame = builder.build();
    Rig inline_rig("", Enforcement::enforce);
    const Judged judged = inline_rig.feed(frame);
    EXPECT_EQ(judged.verdict, Verdict::drop);
    EXPECT_EQ(judged.cause, Cause::malformed);
    Rig watching("", Enforcement::observe);
    EXPECT_EQ(watching.feed(frame).verdict, Verdict::pass);
}

TEST(Evasion, FragmentsThatNoHostKeepsDoNotStandInTheWay) {
    const Octets whole = PacketBuilder().ip("192.0.2.1", "198.51.100.7").udp(4000, 4001)
                             .payload("0123456789abcdef-/attack.cgi").build();
    const Bytes datagram = Bytes(whole).subspan(34);
    const auto piece = [&](unsigned at, bool more, Bytes bytes) {
        return PacketBuilder().ip("192.0.2.1", "198.51.100.7").protocol(17).ip_id(9).fragment(at, more).payload(bytes).build();
    };
    Octets junk = piece(16, false, datagram.subspan(16));
    for (std::size_t i = 34; i < junk.size(); ++i) junk[i] = 'j';
    junk[24] ^= 0x55;  // the header's checksum is wrong
    PipelineConfig config = small_config();
    config.verify_checksums = true;
    Rig rig(policy_of(R"(alert udp any any -> any any (msg:"attack"; content:"/attack.cgi"; sid:1;))" "\n"), config);
    rig.feed(junk);
    rig.feed(piece(0, true, datagram.first(16)));
    rig.feed(piece(16, false, datagram.subspan(16)));
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(Evasion, TheLastPieceSentAgainDoesNotCompleteADroppedDatagram) {
    const Octets whole = PacketBuilder().ip("192.0.2.1", "198.51.100.7").udp(4000, 4001)
                             .payload("0123456789abcdef-/attack.cgi").build();
    const Bytes datagram = Bytes(whole).subspan(34);
    const auto piece = [&](unsigned at, bool more, Bytes bytes) {
        return PacketBuilder().ip("192.0.2.1", "198.51.100.7").protocol(17).ip_id(9).fragment(at, more).payload(bytes).build();
    };
    Rig rig(R"(drop udp any any -> any any (msg:"attack"; content:"/attack.cgi"; sid:1;))" "\n", Enforcement::enforce);
    EXPECT_EQ(rig.feed(piece(0, true, datagram.first(16))).verdict, Verdict::hold);
    EXPECT_EQ(rig.feed(piece(16, false, datagram.subspan(16))).verdict, Verdict::drop);
    EXPECT_EQ(rig.feed(piece(16, false, datagram.subspan(16))).verdict, Verdict::drop);
    EXPECT_EQ(rig.feed(piece(0, true, datagram.first(16))).verdict, Verdict::drop);
    rig.now() += 61 * kSecondNs;
    EXPECT_EQ(rig.feed(piece(0, true, datagram.first(16))).verdict, Verdict::hold) << "the number is free again";
}

TEST(Evasion, AFloodOfSmallAlertsDoesNotHideABlockingRule) {
    std::string rules = kDropAttack;
    for (unsigned i = 0; i < 100; ++i)
        rules += "alert tcp any any -> any any (msg:\"small\"; flags:PA; dsize:>" + std::to_string(i % 9) + "; sid:" +
                 std::to_string(100 + i) + ";)\n";
    Rig rig(rules, Enforcement::enforce);
    EXPECT_EQ(rig.feed(talk().open().client("GET /attack.cgi").frames())[3].verdict, Verdict::drop);
    EXPECT_THAT(rig.sids(), Contains(1));
}

}  // namespace
}  // namespace sekisho::engine::testing
