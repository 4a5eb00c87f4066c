// What rules mean beyond single buffers, as Suricata 7 means it: order of actions, what a pass, drop or bypass holds for,
// how often rules on addresses and protocols speak, sets that rules change, what was not seen from its beginning.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/pipeline_rig.h"

namespace sekisho::engine {
namespace {

using namespace std::string_view_literals;
using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::string request(const std::string& path, const std::string& agent = "a") {
    return "GET " + path + " HTTP/1.1\r\nHost: h.example\r\nUser-Agent: " + agent + "\r\n\r\n";
}

Octets udp(std::string_view from, std::string_view to, unsigned source = 1000, unsigned destination = 2000,
           std::string_view payload = "x") {
    return PacketBuilder().ip(from, to).udp(source, destination).payload(payload).build();
}

config::Settings ordered(std::vector<std::string> order) {
    config::Settings settings = no_filter();
    settings.rules.action_order = std::move(order);
    return settings;
}

constexpr auto* kThree =
    "alert tcp any any -> any any (content:\"evil\"; sid:1;)\n"
    "pass tcp any any -> any any (content:\"evil\"; sid:2;)\n"
    "drop tcp any any -> any any (content:\"evil\"; sid:3;)\n";

TEST(ActionOrder, APassEndsWhatRanksBelowIt) {
    Rig rig(policy_of(kThree), small_config(Enforcement::enforce));
    const auto judged = rig.feed(talk().open().client("evil").client("more").frames());
    EXPECT_THAT(rig.sids(), IsEmpty());
    EXPECT_EQ(judged.back().cause, Cause::pass_rule);
}

TEST(ActionOrder, DropFirstBlocksAndAlertComesBeforeThePass) {
    Rig drop_first(policy_of(kThree, ordered({"drop", "alert"})), small_config(Enforcement::enforce));
    const auto judged = drop_first.feed(talk().open().client("evil").client("more").frames());
    EXPECT_THAT(drop_first.sids(), ElementsAre(3, 1));
    EXPECT_EQ(judged[3].verdict, Verdict::drop);
    EXPECT_EQ(judged.back().cause, Cause::flow_settled);
}

TEST(ActionOrder, WordsThatAreNoneAreRefused) {
    PolicyInput input;
    input.settings = ordered({"drop", "drop"});
    PolicyReport report;
    const auto policy = build_policy(input, report);
    ASSERT_FALSE(policy);
    EXPECT_EQ(policy.error().where, "rules.action_order");
}

TEST(PassRules, AlertMakesThemTold) {
    Rig rig("pass tcp any any -> any any (content:\"evil\"; alert; sid:2;)\n"
            "alert tcp any any -> any any (content:\"evil\"; sid:1;)\n");
    rig.feed(talk().open().client("evil").frames());
    EXPECT_THAT(rig.sids(), ElementsAre(2));
}

TEST(HeaderRules, SpeakOncePerDirectionOfAFlow) {
    Rig rig("alert ip any any -> any any (sid:1;)\nalert udp 192.0.2.0/24 any -> any 2000 (sid:2;)\n");
    rig.feed({udp("192.0.2.1", "198.51.100.7"), udp("192.0.2.1", "198.51.100.7"),
              udp("198.51.100.7", "192.0.2.1", 2000, 1000), udp("198.51.100.7", "192.0.2.1", 2000, 1000)});
    EXPECT_THAT(rig.sids(), ElementsAre(1, 2, 1));
}

TEST(HeaderRules, WithANegationSpeakForEachPacket) {
    Rig rig("alert udp !10.0.0.0/8 any -> any any (sid:1;)\n");
    rig.feed({udp("192.0.2.1", "198.51.100.7"), udp("192.0.2.1", "198.51.100.7")});
    EXPECT_THAT(rig.sids(), ElementsAre(1, 1));
}

TEST(HeaderRules, WithoutConversationsSpeakForEachPacket) {
    Rig rig("alert ip any any -> any any (sid:1;)\n");
    const auto igmp = PacketBuilder().ip("192.0.2.1", "224.0.0.22").protocol(2).payload("12345678").build();
    rig.feed({igmp, igmp});
    EXPECT_THAT(rig.sids(), ElementsAre(1, 1));
}

TEST(HeaderRules, ManyWideOnesDoNotHideANarrowOne) {
    std::string rules;
    for (int i = 1; i <= 100; ++i)
        rules += "alert ip [10.0.0.0/8,192.0.2.0/24] any -> 203.0.113." + std::to_string(i) + " any (sid:" + std::to_string(i) + ";)\n";
    rules += "alert ip 192.0.2.0/24 any -> 198.51.100.0/24 any (sid:999;)\n";
    Rig rig(rules);
    rig.feed(udp("192.0.2.1", "198.51.100.7"));
    rig.feed(udp("192.0.2.1", "203.0.113.100"));
    EXPECT_THAT(rig.sids(), ElementsAre(999, 100));
}

TEST(HeaderRules, BothWaysAreTwoRules) {
    Rig rig("alert udp any any <> 192.0.2.0/24 any (sid:1;)\nalert udp any any <> any any (sid:2;)\n");
    rig.feed(udp("198.51.100.7", "192.0.2.1"));
    EXPECT_THAT(rig.sids(), ElementsAre(1, 2));
    rig.feed(udp("192.0.2.1", "192.0.2.2"));
    EXPECT_THAT(rig.sids(), ElementsAre(1, 2, 1, 1, 2)) << "both ends are in the group";
}

TEST(HeaderRules, PortsAreNotThoseOfAFragment) {
    Rig rig("alert udp any any -> any 0 (sid:1;)\nalert ip any any -> any any (fragbits:M; sid:2;)\n");
    rig.feed(PacketBuilder().ip("192.0.2.1", "198.51.100.7").protocol(17).fragment(8, true).payload("01234567").build());
    EXPECT_THAT(rig.sids(), ElementsAre(2));
}

TEST(SameIp, NeedsAddresses) {
    Rig rig("alert ip any any -> any any (sameip; sid:1;)\n");
    rig.feed(udp("192.0.2.1", "192.0.2.1"));
    rig.feed(udp("192.0.2.1", "192.0.2.2"));
    const auto whole = udp("192.0.2.1", "192.0.2.2");
    rig.feed(Octets(whole.begin(), whole.begin() + 20));  // not even an IP header
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(Checksums, ValidAndInvalidAreToldApart) {
    Rig rig("alert tcp any any -> any any (tcpv4-csum:invalid; sid:1;)\nalert tcp any any -> any any (tcpv4-csum:valid; sid:2;)\n");
    rig.feed(PacketBuilder().ip("192.0.2.1", "198.51.100.7").tcp(1, 2).flags(2).build());
    EXPECT_THAT(rig.sids(), ElementsAre(2));
    rig.feed(PacketBuilder().ip("192.0.2.1", "198.51.100.7").tcp(1, 3).flags(2).bad_checksum().build());
    EXPECT_THAT(rig.sids(), ElementsAre(2, 1));
}

TEST(Numbers, ANegatedComparisonIsNegatedOnce) {
    Rig rig("alert udp any any -> any any (ttl:!64; sid:1;)\nalert udp any any -> any any (dsize:!1; sid:2;)\n"
            "alert udp any any -> any any (dsize:!2; sid:3;)\n");
    rig.feed(PacketBuilder().ip("192.0.2.1", "198.51.100.7").ttl(9).udp(1, 2).payload("x").build());
    EXPECT_THAT(rig.sids(), ElementsAre(1, 3));
    rig.feed(PacketBuilder().ip("192.0.2.1", "198.51.100.7").ttl(64).udp(1, 2).payload("").build());
    EXPECT_THAT(rig.sids(), ElementsAre(1, 3)) << "a packet without payload has no size";
}

TEST(Flow, TheAckThatEndsTheHandshakeBelongsToIt) {
    Rig rig("alert tcp any any -> any any (flow:not_established,to_server; sid:1;)\n"
            "alert tcp any any -> any any (flow:established,to_server; dsize:0; sid:2;)\n");
    rig.feed(talk().open().frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1, 1));
    Rig with_data("alert tcp any any -> any any (flow:established,to_server; content:\"hi\"; sid:3;)\n");
    with_data.feed(talk().open().client("hi").frames());
    EXPECT_THAT(with_data.sids(), ElementsAre(3));
}

TEST(Flow, NumbersOfTheConversation) {
    Rig rig("alert udp any any -> any any (flow.age:>1; sid:1;)\nalert udp any any -> any any (flow.pkts_toserver:3; sid:2;)\n"
            "alert udp any any -> any any (flow.bytes:toclient,>100; sid:3;)\n");
    rig.feed({udp("192.0.2.1", "198.51.100.7"), udp("192.0.2.1", "198.51.100.7")});
    EXPECT_THAT(rig.sids(), IsEmpty());
    rig.feed(udp("192.0.2.1", "198.51.100.7"));
    EXPECT_THAT(rig.sids(), ElementsAre(2));
    rig.now() += 2 * kSecondNs;
    rig.feed(udp("198.51.100.7", "192.0.2.1", 2000, 1000, std::string(200, 'x')));
    EXPECT_THAT(rig.sids(), ElementsAre(2, 1, 2, 3));
}

TEST(AppLayerProtocol, SpeaksWhenTheProtocolIsRecognised) {
    Rig rig("alert tcp any any -> any any (app-layer-protocol:http; sid:1;)\n"
            "alert tcp any any -> any any (app-layer-protocol:!http; sid:2;)\n"
            "alert tcp any any -> any any (app-layer-protocol:http; flow:to_client; sid:3;)\n");
    rig.feed(talk(80).open().client(request("/")).server("HTTP/1.1 204 No\r\n\r\n").client(request("/b")).frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1, 1, 3));  // with the client's first data, then with the server's
}

TEST(AppLayerProtocol, SpeaksForEachDatagram) {
    using namespace std::string_literals;
    const std::string query = "\x12\x34\x01\0\0\x01\0\0\0\0\0\0\1a\0\0\1\0\1"s;
    const Octets datagram = udp("192.0.2.1", "198.51.100.7", 40000, 53, query);
    EXPECT_THAT(sids_of_frames("alert udp any any -> any any (app-layer-protocol:dns; sid:1;)\n"
                               "alert udp any any -> any any (app-layer-protocol:!dns; sid:2;)\n", {datagram, datagram}), ElementsAre(1, 1));
}

TEST(AppLayerProtocol, FailedIsWhatNobodyKnows) {
    const std::vector<Octets> lone{udp("192.0.2.1", "198.51.100.7", 40000, 8612, "BJNP\x01\x01")};  // one datagram decides
    EXPECT_THAT(sids_of_frames("alert udp any any -> any any (app-layer-protocol:failed; sid:1;)\n"
                               "alert udp any any -> any any (app-layer-protocol:!smb; content:\"B\"; sid:2;)\n"
                               "alert udp any any -> any any (app-layer-protocol:unknown; sid:3;)\n", lone), UnorderedElementsAre(1, 2));
    Rig rig("alert tcp any any -> any any (app-layer-protocol:failed; sid:1;)\n"
            "alert tcp any any -> any any (app-layer-protocol:!failed; flow:established; sid:2;)\n");
    rig.feed(talk(9999).open().client("\x01\x02 what is this?").server("nobody knows").frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1, 1));  // each way
    rig.sink().events.clear();
    rig.feed(talk(80).open().client(request("/")).server("HTTP/1.1 204 No\r\n\r\n").frames());
    EXPECT_THAT(rig.sids(), ::testing::Each(2));
}

TEST(AppLayerEvent, TwoSidesWithTwoProtocols) {
    Rig rig("alert ip any any -> any any (app-layer-event:applayer_mismatch_protocol_both_directions; sid:1;)\n");
    rig.feed(talk(80).open().client(request("/")).server("SSH-2.0-x\r\n").frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(AppLayerEvent, AnAnswerThatIsNoHttp) {
    const std::string rule = "alert ip any any -> any any (app-layer-event:applayer_detect_protocol_only_one_direction; sid:1;)\n";
    EXPECT_THAT(sids_of(rule, talk(80).open().client(request("/")).server("welcome")), ElementsAre(1));
    EXPECT_THAT(sids_of(rule, talk(80).open().client(request("/")).server("HTTP/1.1 204 No\r\n\r\n")), IsEmpty());
}

TEST(Bodies, TheStartOfALargePacketIsNotPassedOver) {
    // Chunks, so that the pieces do not follow each other in the stream; all in one packet, as offloading makes them.
    std::string body = "1000\r\n<first>" + std::string(4096 - 7, 'x') + "\r\n";
    for (int i = 0; i < 9; ++i) body += "1000\r\n" + std::string(4096, 'y') + "\r\n";
    Rig rig("alert http any any -> any any (file.data; content:\"<first>\"; startswith; sid:1;)\n");
    rig.feed(talk(80)
                 .open()
                 .client(request("/"))
                 .server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "0\r\n\r\n", 60000)
                 .frames());
    rig.finish();
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(Alerts, NoMoreOfOnePacketThanAllowed) {
    PipelineConfig config = small_config();
    config.alerts_per_packet = 2;
    std::string rules;
    for (int i = 1; i <= 5; ++i) rules += "alert udp any any -> any any (content:\"x\"; priority:" + std::to_string(i) + "; sid:" + std::to_string(i) + ";)\n";
    Rig rig(policy_of(rules), config);
    rig.feed(udp("192.0.2.1", "198.51.100.7"));
    EXPECT_THAT(rig.sids(), ElementsAre(1, 2));
    EXPECT_EQ(rig.counter("engine.alerts_untold"), 3u);
}

TEST(Bypass, EndsTheInspectionOfTheFlow) {
    Rig rig("alert tcp any any -> any any (content:\"first\"; bypass; sid:1;)\nalert tcp any any -> any any (content:\"second\"; sid:2;)\n");
    rig.feed(talk().open().client("first").client("second").frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

std::vector<Octets> middle_of_a_talk() {
    const auto at = [](std::string_view text, std::uint32_t seq) {
        return PacketBuilder().ip("192.0.2.1", "198.51.100.7").tcp(40000, 5555).flags(0x18).seq(seq).ack(1).payload(text).build();
    };
    return {at("evil", 100), at("evil", 104)};
}

TEST(Midstream, PolicyDecidesWhatBecomesOfIt) {
    const auto verdicts = [](ExceptionPolicy policy, Enforcement enforcement, std::size_t alerts) {
        PipelineConfig config = small_config(enforcement);
        config.midstream = true;
        config.midstream_policy = policy;
        Rig rig(policy_of("alert tcp any any -> any any (content:\"evil\"; sid:1;)\n"), config);
        const auto judged = rig.feed(middle_of_a_talk());
        EXPECT_EQ(rig.sids().size(), alerts) << static_cast<int>(policy);
        return std::pair(judged[0], judged[1]);
    };
    using enum ExceptionPolicy;
    EXPECT_EQ(verdicts(ignore, Enforcement::enforce, 2).first.verdict, Verdict::pass);
    EXPECT_EQ(verdicts(pass_flow, Enforcement::enforce, 0).first.cause, Cause::no_handshake);
    EXPECT_EQ(verdicts(pass_packet, Enforcement::enforce, 1).first.verdict, Verdict::pass);
    EXPECT_EQ(verdicts(drop_packet, Enforcement::enforce, 1).first.verdict, Verdict::drop);
    EXPECT_EQ(verdicts(drop_flow, Enforcement::enforce, 0).second.verdict, Verdict::drop);
    EXPECT_EQ(verdicts(reject, Enforcement::enforce, 0).first.verdict, Verdict::reset);
    EXPECT_EQ(verdicts(drop_flow, Enforcement::observe, 2).first.verdict, Verdict::pass) << "who listens drops nothing";
}

TEST(Midstream, AnAnswerIsTheServers) {
    PipelineConfig config = small_config();
    config.midstream = true;
    Rig rig(policy_of("alert http any any -> any any (flow:to_client; http.server; content:\"nginx\"; sid:1;)\n"), config);
    rig.feed(PacketBuilder().ip("198.51.100.7", "192.0.2.1").tcp(80, 40000).flags(0x18).seq(1).ack(1)
                 .payload("HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n").build());
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(Midstream, AnAnswerTurnsTheConnection) {
    PipelineConfig config = small_config();
    config.midstream = true;
    const auto packet = [](const char* from, const char* to, unsigned sport, unsigned dport, std::string_view payload) {
        return PacketBuilder().ip(from, to).tcp(static_cast<std::uint16_t>(sport), static_cast<std::uint16_t>(dport)).flags(0x18).seq(1).ack(1).payload(payload).build();
    };
    Rig rig(policy_of("alert ldap 198.51.100.7 any -> any any (flow:to_client; ldap.responses.result_code:unavailable; sid:1;)\n"
                      "alert ip any any -> any any (flow:to_server; dsize:14; sid:2;)\n"
                      "alert ldap 192.0.2.1 any -> 198.51.100.7 389 (flow:to_server; ldap.request.operation:unbind_request; sid:3;)\n"), config);
    rig.feed(packet("198.51.100.7", "192.0.2.1", 389, 40000, "\x30\x0c\2\1\0\x78\7\x0a\1\x34\4\0\4\0"sv));
    EXPECT_THAT(rig.sids(), ElementsAre(1));
    rig.feed(packet("192.0.2.1", "198.51.100.7", 40000, 389, "\x30\5\2\1\1\x42\0"sv));
    EXPECT_THAT(rig.sids(), ElementsAre(1, 3));
}

TEST(AppError, PolicyDropsWhatTheParserRefuses) {
    PipelineConfig config = small_config(Enforcement::enforce);
    config.app_error_policy = ExceptionPolicy::drop_flow;
    const auto frames = talk(80).open().client(request("/")).server("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx").frames();
    Rig right(policy_of(""), config);
    for (const Judged& judged : right.feed(frames)) EXPECT_EQ(judged.verdict, Verdict::pass);
}

TEST(Datasets, SetAndUnsetHoldWhenTheyChangeSomething) {
    Rig rig("alert http any any -> any any (http.uri; content:\"/in\"; http.user_agent; dataset:set,seen,type string; sid:1;)\n"
            "alert http any any -> any any (http.uri; content:\"/out\"; http.user_agent; dataset:unset,seen; sid:2;)\n"
            "alert http any any -> any any (http.uri; content:\"/ask\"; http.user_agent; dataset:isset,seen; sid:3;)\n"
            "alert http any any -> any any (http.uri; content:\"/ask\"; http.user_agent; dataset:isnotset,seen; sid:4;)\n");
    unsigned port = 40000;
    const auto ask = [&](const std::string& path) {
        rig.sink().events.clear();
        rig.feed(TcpTalk("192.0.2.1", ++port, "198.51.100.7", 80).open().client(request(path, "curl")).frames());
        return rig.sids();
    };
    EXPECT_THAT(ask("/ask"), ElementsAre(4));
    EXPECT_THAT(ask("/out"), IsEmpty());
    EXPECT_THAT(ask("/in"), ElementsAre(1));
    EXPECT_THAT(ask("/in"), IsEmpty());
    EXPECT_THAT(ask("/ask"), ElementsAre(3));
    EXPECT_THAT(ask("/out"), ElementsAre(2));
    EXPECT_THAT(ask("/ask"), ElementsAre(4));
}

TEST(Datasets, ARuleThatFailsElsewhereChangesNothing) {
    Rig rig("alert http any any -> any any (http.user_agent; dataset:set,seen,type string; http.uri; content:\"/right\"; sid:1;)\n");
    rig.feed(talk(80).open().client(request("/wrong", "curl")).client(request("/right", "curl")).frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(Xbits, ConnectHosts) {
    Rig rig("alert udp any any -> any 1 (xbits:set,bad,track ip_src,expire 60; noalert; sid:1;)\n"
            "alert udp any any -> any 2 (xbits:isset,bad,track ip_src; sid:2;)\n");
    rig.feed(udp("192.0.2.1", "198.51.100.7", 1000, 2));
    EXPECT_THAT(rig.sids(), IsEmpty());
    rig.feed(udp("192.0.2.1", "198.51.100.9", 1000, 1));
    rig.feed(udp("192.0.2.2", "198.51.100.7", 1001, 2));
    EXPECT_THAT(rig.sids(), IsEmpty()) << "another host";
    rig.feed(udp("192.0.2.1", "198.51.100.7", 1001, 2));
    EXPECT_THAT(rig.sids(), ElementsAre(2));
    rig.now() += 61 * kSecondNs;
    rig.feed(udp("192.0.2.1", "198.51.100.7", 1002, 2));
    EXPECT_THAT(rig.sids(), ElementsAre(2)) << "expired";
}

TEST(HttpContentType, IsTheSidesOwn) {
    Rig rig("alert http any any -> any any (flow:to_client; http.content_type; content:\"image/png\"; bsize:9; sid:1;)\n"
            "alert http any any -> any any (flow:to_server; http.content_type; content:\"text/xml\"; startswith; sid:2;)\n");
    rig.feed(talk(80).open().client("POST / HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml; x=1\r\nContent-Length: 0\r\n\r\n")
                 .server("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 0\r\n\r\n").frames());
    EXPECT_THAT(rig.sids(), ElementsAre(2, 1));
}

TEST(ByteTest, OfNoOctetsTakesTheWholeNumber) {
    Rig rig("alert http any any -> any any (http.content_len; byte_test:0,<,200,0,string,dec; sid:1;)\n"
            "alert http any any -> any any (http.content_len; byte_test:0,>,100,0,string,dec; sid:2;)\n");
    rig.feed(talk(80).open().client("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\n123456789012").frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(Endswith, InAStreamTheLastOctetSoFarCounts) {
    Rig rig("alert tcp any any -> any any (content:\"tail\"; endswith; sid:1;)\n");
    rig.feed(talk().open().client("tail and more").client("a tail").frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(Asn1, FindsFaultyElements) {
    Rig rig("alert udp any any -> any 389 (asn1:oversize_length 100; sid:1;)\n"
            "alert udp any any -> any 389 (content:\"LDAP\"; asn1:bitstring_overflow,relative_offset 0; sid:2;)\n"
            "alert udp any any -> any 389 (asn1:double_overflow,absolute_offset 4; sid:3;)\n");
    const auto sent = [&](const std::string& payload) {
        rig.sink().events.clear();
        rig.feed(udp("192.0.2.1", "198.51.100.7", 1000, 389, payload));
        return rig.sids();
    };
    EXPECT_THAT(sent(std::string("\x30\x05\x03\x03\x00\xaa\xbb", 7)), IsEmpty()) << "as it should be";
    EXPECT_THAT(sent(std::string("\x30\x82\x01\x00", 4)), ElementsAre(1));
    EXPECT_THAT(sent(std::string("LDAP\x30\x04\x03\x02\x09\xaa", 10)), ElementsAre(2)) << "nine unused bits of eight";
    EXPECT_THAT(sent(std::string("LDAP\x09\x82\x01\x2c\x03", 9) + std::string(299, '1')), ElementsAre(3));
    EXPECT_THAT(sent(std::string("\x30\x89\x01", 3)), IsEmpty()) << "cut off";
}

/// The head that is too long may never end: what is known of it counts at once.
TEST(AppLayerEvent, IsActedOnBeforeTheMessageIsWhole) {
    Rig rig("drop http any any -> any any (app-layer-event:http.request_field_too_long; sid:1;)\n");
    const std::string begin = "GET / HTTP/1.1\r\nCookie: ";
    rig.feed(talk(80).open().client(begin + std::string(20000, 'a'), 1000).frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

}  // namespace
}  // namespace sekisho::engine
