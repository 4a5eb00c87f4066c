// The whole way of a packet: frames in, verdicts and events out. Detection first, whatever shape the bytes come
// in; blocking is in blocking_test.cpp, bounds and exchange in pipeline_limits_test.cpp.
#include <gmock/gmock.h>

#include "engine/pipeline_rig.h"

namespace sekisho::engine {
namespace {

using namespace testing;
using namespace sekisho::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kRequest = "GET /a/evil-path?x=1 HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: t\r\n\r\n";

std::string response(const std::string& headers, const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + headers + "\r\n" + body;
}
std::string with_length(const std::string& body) {
    return response("Content-Length: " + std::to_string(body.size()) + "\r\n", body);
}

TEST(Pipeline, TellsAnHttpAlertWithItsFacts) {
    Rig rig(alert_rule("http", R"(flow:established,to_server; http.uri; content:"/evil-path";)"));
    rig.feed(talk(80).open().client(kRequest).server(with_length("hello")).close().frames());
    rig.finish();
    ASSERT_THAT(rig.sids(), ElementsAre(1));
    const event::Event& alert = *rig.events(event::Kind::alert)[0];
    EXPECT_EQ(alert.get(event::Text::signature), "m1");
    EXPECT_EQ(alert.get(event::Text::host), "www.example.org");
    EXPECT_EQ(alert.get(event::Text::app), "http");
    EXPECT_EQ(alert.action, event::Action::allowed);
    EXPECT_EQ(alert.src.to_string(), "192.0.2.1");
    EXPECT_EQ(alert.dst_port, 80);
    ASSERT_EQ(rig.events(event::Kind::http).size(), 1u);
    const event::Event& http = *rig.events(event::Kind::http)[0];
    EXPECT_EQ(http.get(event::Text::url), "/a/evil-path?x=1");
    EXPECT_EQ(http.get(event::Text::method), "GET");
    EXPECT_EQ(http.status, 200u);
    EXPECT_EQ(http.length, 5u);
    EXPECT_EQ(rig.events(event::Kind::flow).size(), 1u);
}

TEST(Pipeline, FindsAPatternSplitAtAnyOctet) {
    const std::string text = "..needle-in-the-hay..";
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
        Rig rig(alert_rule("tcp", R"(content:"needle-in-the-hay";)"));
        rig.feed(talk().open().client(text.substr(0, cut)).client(text.substr(cut)).frames());
        EXPECT_THAT(rig.sids(), ElementsAre(1)) << "cut at " << cut;
    }
}

TEST(Pipeline, FindsFieldsSplitAtAnyOctet) {
    const std::string rules = alert_rule("http", R"(http.uri; content:"/evil-path";)", 1) +
                              alert_rule("http", R"(http.host; content:"www.example.org"; bsize:15;)", 2) +
                              alert_rule("http", R"(file_data; content:"secret-body";)", 3) +
                              alert_rule("tcp", R"(content:"secret-body";)", 4);
    const std::string answer = with_length("<p>secret-body</p>");
    for (std::size_t cut = 1; cut < answer.size(); ++cut) {
        Rig rig(rules);
        TcpTalk conversation = talk(80).open();
        conversation.client(kRequest, cut).server(answer.substr(0, cut)).server(answer.substr(cut));
        rig.feed(conversation.frames());
        EXPECT_THAT(rig.sids(), ::testing::UnorderedElementsAre(1, 2, 3, 4)) << "cut at " << cut;
    }
}

TEST(Pipeline, LooksIntoChunkedAndCompressedBodies) {
    // gzip of "<html><body>" + 20 times "padding " + "secret-body-token</body></html>"
    static constexpr std::string_view kGzip(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xb3\xc9\x28\xc9\xcd\xb1\xb3\x49\xca\x4f\xa9\xb4\x2b\x48\x4c\x49"
        "\xc9\xcc\x4b\x57\x18\xac\x74\x71\x6a\x72\x51\x6a\x89\x2e\xc8\xad\xba\x25\xf9\xd9\xa9\x79\x36\xfa\x60\x77"
        "\xdb\xe8\x83\x3d\x01\x00\xc8\xed\x76\x51\xcb\x00\x00\x00",
        66);
    const std::string rules = alert_rule("http", R"(file_data; content:"secret-body-token";)", 1) +
                              alert_rule("http", R"(http.response_body; content:"secret-body-token";)", 2);
    const std::string plain = "<html>secret-body-token</html>";
    const std::string chunked = "8\r\n" + plain.substr(0, 8) + "\r\n16\r\n" + plain.substr(8) + "\r\n0\r\n\r\n";
    const std::pair<const char*, std::string> answers[] = {
        {"length", with_length(plain)},
        {"chunked", response("Transfer-Encoding: chunked\r\n", chunked)},
        {"gzip", response("Content-Encoding: gzip\r\nContent-Length: 66\r\n", std::string(kGzip))},
        {"until close", response("Connection: close\r\n", plain)},
    };
    for (const auto& [name, answer] : answers) {
        for (const std::size_t cut : {std::size_t{1}, std::size_t{7}, std::size_t{1400}}) {
            Rig rig(rules);
            rig.feed(talk(80).open().client(kRequest).server(answer, cut).close().frames());
            EXPECT_THAT(rig.sids(), ::testing::UnorderedElementsAre(1, 2)) << name << " in pieces of " << cut;
        }
    }
}

TEST(Pipeline, EstablishedNeedsAHandshake) {
    const std::string rules = alert_rule("tcp", R"(flow:established,to_server; content:"attack";)", 1) +
                              alert_rule("tcp", R"(flow:established,to_client; content:"attack";)", 2);
    Rig whole(rules);
    whole.feed(talk().open().client("attack").frames());
    EXPECT_THAT(whole.sids(), ElementsAre(1));
    Rig midstream(rules);
    midstream.feed(talk().client("attack").frames());
    EXPECT_THAT(midstream.sids(), IsEmpty());
}

TEST(Pipeline, FlowBitsLinkRules) {
    Rig rig(alert_rule("tcp", R"(content:"login"; flowbits:set,in; flowbits:noalert;)", 1) +
            alert_rule("tcp", R"(content:"secret"; flowbits:isset,in;)", 2));
    rig.feed(talk().open().client("secret").client("login").client("secret").frames());
    EXPECT_THAT(rig.sids(), ElementsAre(2));
}

TEST(Pipeline, SegmentsMayComeOutOfOrder) {
    Rig rig(alert_rule("tcp", R"(content:"needle-in-the-hay";)"));
    const auto frames = talk().open().client("..needle-").client("in-the-").client("hay..").frames();
    for (const std::size_t i : {0, 1, 2, 7, 3, 5}) rig.feed(frames[i]);  // the last piece first
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

TEST(Pipeline, FragmentsAreJudgedWhole) {
    const Octets whole = PacketBuilder().ip("192.0.2.1", "198.51.100.7").udp(4000, 4001)
                             .payload("....needle-in-the-fragments....").build();
    const Bytes datagram = Bytes(whole).subspan(14 + 20);
    for (const bool reversed : {false, true}) {
        Rig rig(alert_rule("udp", R"(content:"needle-in-the-fragments";)"), Enforcement::enforce);
        std::vector<Octets> frames;
        for (std::size_t at = 0; at < datagram.size(); at += 16) {
            const bool more = at + 16 < datagram.size();
            frames.push_back(PacketBuilder().ip("192.0.2.1", "198.51.100.7").protocol(17).ip_id(77)
                                 .fragment(static_cast<unsigned>(at), more)
                                 .payload(datagram.subspan(at, std::min<std::size_t>(16, datagram.size() - at))).build());
        }
        if (reversed) std::reverse(frames.begin(), frames.end());
        const auto judged = rig.feed(frames);
        EXPECT_EQ(judged.front().verdict, Verdict::hold);
        EXPECT_EQ(judged.back().verdict, Verdict::pass);
        EXPECT_THAT(rig.sids(), ElementsAre(1)) << "reversed " << reversed;
    }
}

TEST(Pipeline, LooksIntoTunnels) {
    const Octets inner = PacketBuilder().raw().ip("10.0.0.1", "10.0.0.2").udp(4000, 4001).payload("needle-in-tunnel").build();
    Octets gre{0, 0, 8, 0};
    put(gre, inner);
    const std::string rules = headed_rule("alert udp 10.0.0.1 any -> 10.0.0.2 4001", R"(content:"needle-in-tunnel";)");
    const auto outer = [] { return PacketBuilder().ip("192.0.2.1", "198.51.100.7"); };
    for (const Octets& frame : {outer().protocol(4).payload(inner).build(), outer().protocol(47).payload(gre).build()}) {
        Rig rig(rules);
        rig.feed(frame);
        EXPECT_THAT(rig.sids(), ElementsAre(1));
        EXPECT_EQ(rig.pipeline().counters().get(PipelineCounter::tunnels), 1u);
    }
}

TEST(Pipeline, VlansKeepConversationsApart) {
    Rig rig(alert_rule("udp", R"(content:"needle";)"));
    const auto frame = [](unsigned vlan) {
        return PacketBuilder().vlan(vlan).ip("192.0.2.1", "198.51.100.7").udp(4000, 4001).payload("needle").build();
    };
    rig.feed({frame(10), frame(20), frame(10)});
    EXPECT_THAT(rig.sids(), ElementsAre(1, 1, 1));
    EXPECT_EQ(rig.pipeline().flows(), 2u);
    EXPECT_EQ(rig.events(event::Kind::alert)[1]->vlan[0], 20);
}

TEST(Pipeline, IpOnlyRulesAreToldOncePerFlowAndDirection) {
    Rig rig(headed_rule("alert ip 192.0.2.1 any -> any any", "", 1) + headed_rule("alert ip any any -> 192.0.2.1 any", "", 2));
    rig.feed(talk().open().client("a").server("b").frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1, 2));
}

TEST(Pipeline, PacketRulesLookAtEachPacket) {
    Rig rig(alert_rule("tcp", "flags:S;", 1) + headed_rule("alert icmp any any -> any any", "itype:8;", 2));
    rig.feed(talk().open().frames());
    rig.feed(PacketBuilder().ip("192.0.2.1", "198.51.100.7").icmp(8, 0, 1).payload("ping").build());
    EXPECT_THAT(rig.sids(), ElementsAre(1, 2));
}

TEST(Pipeline, DnsOverUdpIsRead) {
    Rig rig(alert_rule("dns", R"(dns.query; content:"evil.example"; nocase;)"));
    const std::string query("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04""Evil\x07""example\x00\x00\x01\x00\x01", 30);
    rig.feed(PacketBuilder().ip("192.0.2.1", "198.51.100.7").udp(4000, 53).payload(query).build());
    rig.finish();
    EXPECT_THAT(rig.sids(), ElementsAre(1));
    ASSERT_EQ(rig.events(event::Kind::dns).size(), 1u);
    EXPECT_EQ(rig.events(event::Kind::dns)[0]->id, 0x1234u);
}

TEST(Pipeline, NoFrameAtAllHarms) {
    Rig rig(alert_rule("tcp", R"(content:"a";)"), Enforcement::enforce);
    EXPECT_EQ(rig.feed(Octets{}).verdict, Verdict::pass);
    const Octets frame = PacketBuilder().ip("192.0.2.1", "198.51.100.7").tcp(1, 2).payload("abc").build();
    for (std::size_t size = 0; size < frame.size(); ++size) rig.feed(Octets(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)));
}

}  // namespace
}  // namespace sekisho::engine
