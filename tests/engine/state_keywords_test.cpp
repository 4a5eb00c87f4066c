// Keywords that remember: bits of hosts, counters of connections, rates, octets of a stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/keyword_cases.h"

namespace sekisho::engine {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Octets datagram(std::string_view from, std::string_view to, unsigned port, unsigned source = 1000) {
    return PacketBuilder().ip(from, to).udp(source, port).payload("x").build();
}

/// A word that ports stand for: packets to port 1, 2, 3 set, unset and toggle the bit, to port 4 and 5 ask for it.
std::string bit_rules(const std::string& keyword, const std::string& after, const std::string& asked_after) {
    const auto rule = [&](int port, const std::string& operation, const std::string& rest, const std::string& end) {
        return "alert udp any any -> any " + std::to_string(port) + " (" + keyword + ":" + operation + ",bit," + rest + "; " + end +
               "sid:" + std::to_string(port) + ";)\n";
    };
    return rule(1, "set", after, "noalert; ") + rule(2, "unset", after, "noalert; ") + rule(3, "toggle", after, "noalert; ") +
           rule(4, "isset", asked_after, "") + rule(5, "isnotset", asked_after, "");
}

/// What the rules on ports 4 and 5 answer to packets between two hosts, each on a flow of its own.
class BitRig {
  public:
    explicit BitRig(const std::string& rules) : rig_(rules) {}
    void act(unsigned port, std::string_view from = "192.0.2.1", std::string_view to = "198.51.100.7") {
        rig_.feed(datagram(from, to, port, ++source_));
    }
    bool is_set(std::string_view from = "192.0.2.1", std::string_view to = "198.51.100.7") {
        rig_.sink().events.clear();
        act(4, from, to);
        act(5, from, to);
        const auto told = rig_.sids();
        EXPECT_EQ(told.size(), 1u) << "isset and isnotset exclude each other";
        return !told.empty() && told[0] == 4;
    }
    TimeNs& now() { return rig_.now(); }

  private:
    Rig rig_;
    unsigned source_ = 1000;
};

/// Also where the stream is reassembled: rules with no_stream look at each packet by itself.
TEST(FlowKeyword, NoStreamLooksAtPackets) {
    const auto frames = TcpTalk("192.0.2.1", 40000, "198.51.100.7", 9).open().client("one needle, nee").client("dle two").frames();
    expect_options("tcp", frames, {{"flow:established,no_stream; content:\"one needle\";", true},
                                   {"flow:no_stream; content:\"needle two\";", false},
                                   {"flow:only_stream; content:\"needle two\";", true},
                                   {"flow:no_stream; content:\"dle\"; startswith;", true},
                                   {"flow:only_stream; content:\"dle\"; startswith;", false},
                                   {"flow:established,only_stream;", false}});
}

/// What is in no stream can only be looked at as a packet: tcp-stream does so, only_stream does not.
TEST(FlowKeyword, StreamRulesOnSegmentsOutsideOfStreams) {
    const auto lone = PacketBuilder().ip("192.0.2.1", "198.51.100.7").tcp(40000, 9).seq(1).ack(1).flags(sekisho::testing::kPsh | sekisho::testing::kAck).payload("needle").build();
    expect_options("tcp-stream", {lone}, {{"content:\"needle\";", true}, {"flow:only_stream; content:\"needle\";", false}});
    const auto frames = talk().open().client("nee").client("dle").frames();
    expect_options("tcp-stream", frames, {{"content:\"needle\";", true}, {"content:\"dle\"; startswith;", false}});
}

TEST(Xbits, SetUnsetToggle) {
    for (const std::string track : {"track ip_src", "track ip_dst", "track ip_pair"}) {
        BitRig bits(bit_rules("xbits", track + ",expire 60", track));
        EXPECT_FALSE(bits.is_set()) << track;
        bits.act(1);
        EXPECT_TRUE(bits.is_set()) << track;
        bits.act(2);
        EXPECT_FALSE(bits.is_set()) << track;
        bits.act(3);
        EXPECT_TRUE(bits.is_set()) << track;
        bits.act(3);
        EXPECT_FALSE(bits.is_set()) << track;
    }
}

TEST(Xbits, BelongToWhatTheyTrack) {
    constexpr auto *a = "192.0.2.1", *b = "198.51.100.7", *c = "203.0.113.9";
    BitRig source(bit_rules("xbits", "track ip_src,expire 60", "track ip_src"));
    source.act(1, a, b);
    EXPECT_TRUE(source.is_set(a, c));
    EXPECT_FALSE(source.is_set(b, a));
    BitRig destination(bit_rules("xbits", "track ip_dst,expire 60", "track ip_dst"));
    destination.act(1, a, b);
    EXPECT_TRUE(destination.is_set(c, b));
    EXPECT_FALSE(destination.is_set(b, a));
    BitRig pair(bit_rules("xbits", "track ip_pair,expire 60", "track ip_pair"));
    pair.act(1, a, b);
    EXPECT_TRUE(pair.is_set(a, b));
    EXPECT_TRUE(pair.is_set(b, a)) << "a pair has no order";
    EXPECT_FALSE(pair.is_set(a, c));
}

TEST(Xbits, ASourceIsAskedForAsDestination) {
    BitRig bits(bit_rules("xbits", "track ip_src,expire 60", "track ip_dst"));
    bits.act(1, "192.0.2.1", "198.51.100.7");
    EXPECT_TRUE(bits.is_set("203.0.113.9", "192.0.2.1"));
    EXPECT_FALSE(bits.is_set("192.0.2.1", "203.0.113.9"));
}

TEST(Xbits, Expire) {
    BitRig bits(bit_rules("xbits", "track ip_pair,expire 15", "track ip_pair"));
    bits.act(1);
    bits.now() += 14 * kSecondNs;
    EXPECT_TRUE(bits.is_set());
    bits.now() += 2 * kSecondNs;
    EXPECT_FALSE(bits.is_set());
}

TEST(Hostbits, OfEitherSide) {
    BitRig source(bit_rules("hostbits", "src", "src"));
    source.act(1, "192.0.2.1", "198.51.100.7");
    EXPECT_TRUE(source.is_set("192.0.2.1", "203.0.113.9"));
    EXPECT_FALSE(source.is_set("198.51.100.7", "192.0.2.1"));
    source.act(3, "192.0.2.1", "198.51.100.7");
    EXPECT_FALSE(source.is_set("192.0.2.1", "203.0.113.9"));
    BitRig destination(bit_rules("hostbits", "dst", "dst"));
    destination.act(1, "192.0.2.1", "198.51.100.7");
    EXPECT_TRUE(destination.is_set("203.0.113.9", "198.51.100.7"));
    destination.act(2, "192.0.2.1", "198.51.100.7");
    EXPECT_FALSE(destination.is_set("203.0.113.9", "198.51.100.7"));
}

TEST(Flowint, CountsInItsConnection) {
    Rig rig("alert udp any any -> any any (flowint:n,+,1; noalert; sid:1;)\n"
            "alert udp any any -> any any (flowint:n,==,3; sid:2;)\n"
            "alert udp any any -> any any (flowint:n,>,4; sid:3;)\n"
            "alert udp any any -> any any (flowint:other,isset; sid:4;)\n");
    for (int i = 0; i < 5; ++i) rig.feed(datagram("192.0.2.1", "198.51.100.7", 7));
    EXPECT_THAT(rig.sids(), ElementsAre(2, 3));
    rig.feed(datagram("192.0.2.1", "198.51.100.7", 7, 1001));
    EXPECT_THAT(rig.sids(), ElementsAre(2, 3)) << "another connection begins anew";
}

TEST(Flowint, SetsSubtractsAndComparesWithAnother) {
    Rig rig("alert udp any any -> any 7 (flowint:a,notset; flowint:a,=,5; noalert; sid:1;)\n"
            "alert udp any any -> any 7 (flowint:a,isset; flowint:a,-,1; noalert; sid:2;)\n"
            "alert udp any any -> any 7 (flowint:a,<,4; flowint:a,>=,3; flowint:a,!=,9; sid:3;)\n");
    rig.feed(datagram("192.0.2.1", "198.51.100.7", 7));
    EXPECT_THAT(rig.sids(), IsEmpty()) << "five, and one less: four";
    rig.feed(datagram("192.0.2.1", "198.51.100.7", 7));
    EXPECT_THAT(rig.sids(), ElementsAre(3));
    rig.feed(datagram("192.0.2.1", "198.51.100.7", 7));
    EXPECT_THAT(rig.sids(), ElementsAre(3)) << "two";
}

/// Which of ten packets, one a second, alert.
std::string alerts_of(const std::string& option, bool same_source = true, bool same_destination = true) {
    Rig rig("alert udp any any -> any any (content:\"x\"; " + option + " sid:1;)\n");
    std::string told;
    for (unsigned i = 0; i < 10; ++i) {
        rig.sink().events.clear();
        const auto host = [i](bool same, const std::string& net) { return net + std::to_string(same ? 1 : i + 1); };
        rig.feed(datagram(host(same_source, "192.0.2."), host(same_destination, "198.51.100."), 7));
        rig.now() += kSecondNs;
        told += rig.sids().empty() ? '-' : 'a';
    }
    return told;
}

TEST(Threshold, TypesOverPackets) {
    EXPECT_EQ(alerts_of("threshold:type limit, track by_src, count 2, seconds 60;"), "aa--------");
    EXPECT_EQ(alerts_of("threshold:type threshold, track by_src, count 3, seconds 60;"), "--a--a--a-");
    EXPECT_EQ(alerts_of("threshold:type both, track by_src, count 3, seconds 60;"), "--a-------");
    EXPECT_EQ(alerts_of("threshold:type limit, track by_src, count 1, seconds 60;", false), "aaaaaaaaaa");
    EXPECT_EQ(alerts_of("threshold:type limit, track by_dst, count 1, seconds 60;", false), "a---------");
    EXPECT_EQ(alerts_of("threshold:type limit, track by_both, count 1, seconds 60;", false), "aaaaaaaaaa");
    EXPECT_EQ(alerts_of("threshold:type limit, track by_rule, count 1, seconds 60;", false, false), "a---------");
}

TEST(DetectionFilter, SpeaksBeyondTheCountByAllThatItTracks) {
    const auto filter = [](const std::string& track) { return "detection_filter:track " + track + ", count 3, seconds 60;"; };
    for (const std::string track : {"by_src", "by_dst", "by_both", "by_rule", "by_flow"})
        EXPECT_EQ(alerts_of(filter(track)), "---aaaaaaa") << track;
    EXPECT_EQ(alerts_of(filter("by_src"), false), "----------");
    EXPECT_EQ(alerts_of(filter("by_dst"), false), "---aaaaaaa");
    EXPECT_EQ(alerts_of(filter("by_dst"), true, false), "----------");
    EXPECT_EQ(alerts_of(filter("by_both"), true, false), "----------");
    EXPECT_EQ(alerts_of(filter("by_flow"), true, false), "----------");
    EXPECT_EQ(alerts_of(filter("by_rule"), false, false), "---aaaaaaa");
}

TEST(StreamSize, OfTheSides) {
    const auto frames = talk().open().client("0123456789").server("01234").client("a").frames();
    expect_options("tcp", frames, {{"stream_size:client,>,9;", true}, {"stream_size:client,>,9999;", false},
                                   {"stream_size:server,>,4; content:\"a\"; dsize:1;", true},
                                   {"stream_size:server,>,99; content:\"a\"; dsize:1;", false},
                                   {"stream_size:both,>,4; content:\"a\"; dsize:1;", true},
                                   {"stream_size:both,>,9; content:\"a\"; dsize:1;", false},
                                   {"stream_size:either,>,9; content:\"a\"; dsize:1;", true}});
    expect_options("ip", {datagram("192.0.2.1", "198.51.100.7", 7)}, {{"stream_size:client,<,200;", false}, {"dsize:<200;", true}});
}

TEST(FlowNumbers, OfEachSide) {
    const auto frames = talk().open().client("0123456789").server("01234").frames();
    expect_options("tcp", frames, {{"flow.pkts_toclient:2;", true}, {"flow.pkts_toclient:>9;", false},
                                   {"flow.pkts_toserver:>3;", true}, {"flow.bytes_toserver:>100;", true},
                                   {"flow.bytes_toserver:>9999;", false}, {"flow.bytes_toclient:>60;", true},
                                   {"flow.bytes_toclient:>9999;", false}, {"flow.pkts:toclient,>1;", true}});
}

TEST(Tag, DoesNotChangeWhatIsTold) {
    Rig rig("alert udp any any -> any 7 (tag:session,5,packets; sid:1;)\n"
            "alert udp any any -> any 7 (tag:host,100,packets,src; content:\"y\"; sid:2;)\n");
    rig.feed(datagram("192.0.2.1", "198.51.100.7", 7));
    EXPECT_THAT(rig.sids(), ElementsAre(1));
}

}  // namespace
}  // namespace sekisho::engine
