// Rules about frames: from the octets on the wire to the alert, however they are cut.
#include <gmock/gmock.h>

#include "pipeline_rig.h"

namespace sekisho::engine {
namespace {

using namespace std::string_view_literals;
using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TcpTalk connection(unsigned port) { return {"192.0.2.1", 1024, "198.51.100.7", port}; }

constexpr auto* kPost = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";
constexpr auto* kGet = "GET /b HTTP/1.1\r\nHost: h\r\n\r\n";

TEST(Frames, ARequestIsOneStretchHoweverItIsCut) {
    const std::string rules = alert_rule("http", R"(frame:http1.request; content:"POST"; startswith; content:"body"; endswith;)", 1) +
                              alert_rule("http", R"(frame:request; content:"GET /b"; startswith;)", 2) +
                              alert_rule("http", R"(frame:http1.request; content:"body"; content:"GET"; distance:0;)", 3) +
                              alert_rule("http", R"(frame:http1.stream; content:"body"; content:"GET"; distance:0;)", 4) +
                              alert_rule("http", R"(frame:http1.request; content:!"Host|3a|";)", 5);
    for (const std::size_t piece : {1u, 7u, 1000u}) {
        TcpTalk conversation = connection(80);
        conversation.open().client(std::string(kPost) + kGet, piece).close();
        EXPECT_THAT(sids_of(rules, conversation), UnorderedElementsAre(1, 2, 4)) << "pieces of " << piece;
    }
}

TEST(Frames, AResponseEndsWithTheConnection) {
    const std::string rules = alert_rule("http", R"(frame:http1.response; content:"HTTP/1.0"; startswith; content:"last"; endswith;)", 1) +
                              alert_rule("http", R"(frame:http1.response; content:"|0d 0a|last"; endswith;)", 2);
    TcpTalk conversation = connection(80);
    conversation.open().client(kGet).server("HTTP/1.0 200 OK\r\n\r\nfirst and ").server("last").close();
    EXPECT_THAT(sids_of(rules, conversation), ElementsAre(1));
}

TEST(Frames, EachOfManyIsTold) {
    const std::string rules = alert_rule("smtp", R"(frame:smtp.command_line; content:"RCPT"; startswith; content:">|0d 0a|"; endswith;)", 1) +
                              alert_rule("smtp", R"(frame:response_line; content:"354";)", 2) +
                              alert_rule("smtp", R"(frame:data; content:"Subject"; startswith; content:"|0d 0a|.|0d 0a|"; endswith;)", 3);
    TcpTalk conversation = connection(25);
    conversation.open().server("220 mx ESMTP\r\n").client("EHLO c\r\n").server("250 mx\r\n");
    conversation.client("MAIL FROM:<a@b>\r\n").server("250 ok\r\n").client("RCPT TO:<c@d>\r\n").client("RCPT TO:<e@f>\r\n");
    conversation.server("250 ok\r\n250 ok\r\n").client("DATA\r\n").server("354 go\r\n").client("Subject: s\r\n\r\ntext\r\n.\r\n", 9);
    EXPECT_THAT(sids_of(rules, conversation), UnorderedElementsAre(1, 1, 2, 3));
}

TEST(Frames, UnitsHaveAHeadAndTheRest) {
    const std::string rules = alert_rule("tls", R"(frame:tls.hdr; content:"|15 03|"; startswith; bsize:5;)", 1) +
                              alert_rule("tls", R"(frame:tls.data; content:"|02 28|"; bsize:2;)", 2) +
                              alert_rule("tls", R"(frame:tls.pdu; content:"|15 03 03 00 02 02 28|"; bsize:7;)", 3);
    const std::string hello("\x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03", 11);
    const std::string rest = std::string(32, 'r') + std::string("\x00\x00\x02\x13\x01\x01\x00", 7);
    TcpTalk conversation = connection(443);
    conversation.open().client(hello + rest).server("\x15\x03\x03\x00\x02\x02\x28"sv, 3);
    EXPECT_THAT(sids_of(rules, conversation), UnorderedElementsAre(1, 2, 3));
}

TEST(Frames, TelnetsAreCommandsAndData) {
    const std::string rules = alert_rule("telnet", R"(frame:telnet.ctl; content:"|ff fb 01|"; bsize:3;)", 1) +
                              alert_rule("telnet", R"(frame:telnet.data; content:"box login|3a 20|"; bsize:11;)", 2) +
                              alert_rule("tcp", R"(frame:telnet.pdu; content:"|ff fa 27 01 ff f0|"; bsize:6;)", 3) +
                              alert_rule("telnet", R"(flow:to_server; telnet.line; content:"wget"; bsize:4;)", 5) +
                              alert_rule("telnet", R"(frame:telnet.data; content:"wg"; bsize:2;)", 6) +
                              alert_rule("telnet", R"(telnet.subnegotiation; content:"|27 00 00|USER|01|-f"; startswith;)", 8);
    for (const std::size_t piece : {1u, 2u, 1000u}) {
        TcpTalk conversation = connection(23);
        conversation.open().server("\xff\xfb\x01\xff\xfa\x27\1\xff\xf0" "box login: "sv, piece);
        conversation.client("\xff\xfa\x27\0\0USER\1-froot\xff\xf0"sv, piece).client("wg\xff\xf1" "et\r\n", piece).close();
        EXPECT_THAT(sids_of(rules, conversation), UnorderedElementsAre(1, 2, 3, 5, 6, 8)) << "pieces of " << piece;
    }
}

TEST(Frames, OfDcerpcAreItsPdus) {
    const std::string rules = alert_rule("dcerpc", R"(frame:dcerpc.hdr; content:"|05 00 0b 03 10|"; startswith; bsize:16;)", 1) +
                              alert_rule("dcerpc", R"(frame:dcerpc.data; content:"|d0 16 d0 16|"; startswith; bsize:12;)", 2) +
                              alert_rule("tcp", R"(frame:dcerpc.pdu; content:"|05 00 00|"; startswith; content:"stub"; endswith; bsize:28;)", 3) +
                              alert_rule("dcerpc", R"(frame:hdr; bsize:!16;)", 4) +
                              alert_rule("dcerpc", R"(frame:dcerpc.pdu; content:"stub"; content:"|d0 16|"; distance:0;)", 5);
    // A bind without presentation contexts, then a request; lengths 28 each.
    const std::string bind("\x05\0\x0b\x03\x10\0\0\0\x1c\0\0\0\1\0\0\0" "\xd0\x16\xd0\x16\0\0\0\0\0\0\0\0", 28);
    const std::string request("\x05\0\0\x03\x10\0\0\0\x1c\0\0\0\2\0\0\0" "\4\0\0\0\0\0\0\0stub", 28);
    for (const std::size_t piece : {1u, 7u, 1000u}) {
        TcpTalk conversation = connection(135);
        conversation.open().client(bind + request, piece).close();
        EXPECT_THAT(sids_of(rules, conversation), UnorderedElementsAre(1, 2, 3)) << "pieces of " << piece;
    }
}

TEST(Frames, DatagramsHaveThem) {
    Rig rig(alert_rule("dns", R"(frame:dns.pdu; content:"|07|example|03|com|00|"; content:"|12 34|"; startswith;)", 1) +
            alert_rule("dns", R"(frame:pdu; content:"|07|example"; startswith;)", 2));
    const std::string query("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07" "example\x03" "com\x00\x00\x01\x00\x01", 29);
    rig.feed(PacketBuilder().ip("192.0.2.1", "192.0.2.53").udp(4000, 53).payload(query).build());
    rig.finish();
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(Frames, TheCompletingPacketIsDropped) {
    Rig rig("drop http any any -> any any (frame:http1.request; content:\"evil\"; sid:1;)\n", Enforcement::enforce);
    TcpTalk conversation = connection(80);
    conversation.open().client("GET /ev").client("il HTTP/1.1\r\n");
    std::string dropped;
    for (const Octets& frame : conversation.frames())
        if (rig.feed(frame).verdict == Verdict::drop && dropped.empty()) dropped.assign(frame.begin(), frame.end());
    EXPECT_TRUE(dropped.ends_with("il HTTP/1.1\r\n"));
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(Frames, NothingIsKeptWhenNoRuleAsks) {
    TcpTalk conversation = connection(80);
    conversation.open().client(kPost);
    EXPECT_THAT(sids_of(alert_rule("http", R"(http.uri; content:"/none";)", 1), conversation), IsEmpty());
}

}  // namespace
}  // namespace sekisho::engine
