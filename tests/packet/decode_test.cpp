#include "sekisho/packet/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sekisho/packet/tcp_options.h"
#include "support/packet_builder.h"

namespace sekisho::packet {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Octets;
using testing::PacketBuilder;

struct Decoded {
    explicit Decoded(Octets octets, Frame::Link link = Frame::Link::ethernet) : bytes(std::move(octets)) {
        decode(Frame{.bytes = bytes, .time_ns = 7, .number = 3, .link = link}, packet);
    }
    std::vector<std::string> events() const {
        std::vector<std::string> names;
        for (const DecodeEvent e : packet.events) names.emplace_back(to_string(e));
        return names;
    }
    std::string payload() const { return std::string(as_text(packet.payload_bytes())); }
    Octets bytes;
    Packet packet;
};

PacketBuilder tcp4() { return PacketBuilder().ip("192.0.2.1", "198.51.100.7").tcp(40000, 80).payload("data"); }
PacketBuilder udp6() { return PacketBuilder().ip("2001:db8::1", "2001:db8::2").udp(4000, 53).payload("query"); }

TEST(Decode, TcpOverIpv4) {
    const Decoded d(tcp4().seq(17).ack(4).flags(testing::kPsh | testing::kAck).ttl(9).build());
    EXPECT_TRUE(d.packet.is_tcp());
    EXPECT_EQ(d.packet.src.to_string(), "192.0.2.1");
    EXPECT_EQ(d.packet.dst.to_string(), "198.51.100.7");
    EXPECT_EQ(d.packet.src_port, 40000);
    EXPECT_EQ(d.packet.dst_port, 80);
    EXPECT_EQ(d.packet.tcp_seq, 17u);
    EXPECT_EQ(d.packet.tcp_ack, 4u);
    EXPECT_EQ(d.packet.tcp_flags, 0x18);
    EXPECT_EQ(d.packet.ttl, 9);
    EXPECT_EQ(d.payload(), "data");
    EXPECT_EQ(d.packet.number, 3u);
    EXPECT_THAT(d.events(), IsEmpty());
}

TEST(Decode, UdpOverIpv6WithTrailer) {
    Octets frame = udp6().build();
    frame.insert(frame.end(), 10, 0);  // Ethernet padding is not payload
    const Decoded d(frame);
    EXPECT_TRUE(d.packet.is_udp());
    EXPECT_EQ(d.payload(), "query");
}

TEST(Decode, TagsAreKeptOuterFirst) {
    const Decoded d(tcp4().vlan(100, 0x88a8).vlan(200).build());
    EXPECT_THAT(d.packet.vlan, ElementsAre(100, 200));
    EXPECT_EQ(d.payload(), "data");
    EXPECT_EQ(d.packet.ether_type, 0x0800);
    EXPECT_THAT(Decoded(tcp4().vlan(1).vlan(2).vlan(3).vlan(4).build()).events(), ElementsAre("vlan.too_many_layers"));
}

TEST(Decode, ShimsLeadToIp) {
    const Octets pppoe{0x11, 0x00, 0x00, 0x05, 0x00, 0x2e, 0x00, 0x21};
    EXPECT_EQ(Decoded(tcp4().shim(0x8864, pppoe).build()).payload(), "data");
    const Octets mpls{0x00, 0x01, 0x00, 0x40, 0x00, 0x02, 0x01, 0x40};  // two labels
    EXPECT_EQ(Decoded(tcp4().shim(0x8847, mpls).build()).payload(), "data");
    const Octets nsh{0x0f, 0xc2, 0x02, 0x01, 0, 0, 0, 1};
    EXPECT_EQ(Decoded(tcp4().shim(0x894f, nsh).build()).payload(), "data");
}

TEST(Decode, OtherLinks) {
    const Octets ip = tcp4().raw().build();
    EXPECT_EQ(Decoded(ip, Frame::Link::raw_ip).payload(), "data");
    const auto with = [&](Octets head) {
        head.insert(head.end(), ip.begin(), ip.end());
        return head;
    };
    EXPECT_EQ(Decoded(with({2, 0, 0, 0}), Frame::Link::null_loopback).payload(), "data");
    EXPECT_EQ(Decoded(with({0, 0, 0, 2}), Frame::Link::null_loopback).payload(), "data");
    EXPECT_EQ(Decoded(with({0xff, 3, 0, 0x21}), Frame::Link::ppp).payload(), "data");
    Octets cooked(14);
    testing::put16(cooked, 0x0800);
    EXPECT_EQ(Decoded(with(cooked), Frame::Link::linux_sll).payload(), "data");
    Octets cooked2;
    testing::put16(cooked2, 0x0800);
    cooked2.resize(20);
    EXPECT_EQ(Decoded(with(cooked2), Frame::Link::linux_sll2).payload(), "data");
    EXPECT_EQ(Decoded(with({0x0f, 0, 8, 0}), Frame::Link::cisco_hdlc).payload(), "data");
}

struct Broken {
    const char* event;
    std::size_t at;  // octet of the IP packet that is overwritten
    unsigned value;
};

TEST(Decode, BrokenHeadersAreNamed) {
    const Broken cases[] = {
        {"ipv4.wrong_ip_version", 0, 0x55}, {"ipv4.hlen_too_small", 0, 0x44}, {"ipv4.iplen_smaller_than_hlen", 3, 10},
        {"ipv4.trunc_pkt", 2, 9},           {"tcp.hlen_too_small", 32, 0x40}, {"tcp.invalid_optlen", 32, 0xf0},
        {"ipv4.icmpv6", 9, 58},             {"ipv4.unknown_protocol", 9, 200},
    };
    for (const Broken& c : cases) {
        Octets frame = tcp4().build();
        frame[14 + c.at] = static_cast<std::uint8_t>(c.value);
        EXPECT_THAT(Decoded(frame).events(), Contains(c.event)) << c.event;
    }
}

TEST(Decode, EveryCutIsSurvivedAndNotTcp) {
    for (const Octets& whole : {tcp4().vlan(5).build(), udp6().build()})
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const Decoded d(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
            EXPECT_FALSE(d.packet.is_ip()) << size;  // the IP length says more than is there
            EXPECT_THAT(d.events(), ::testing::SizeIs(1));
        }
}

TEST(Decode, Ipv4Options) {
    EXPECT_THAT(Decoded(tcp4().ip_options({148, 4, 0, 0}).build()).events(), IsEmpty());
    EXPECT_EQ(Decoded(tcp4().ip_options({148, 4, 0, 0}).build()).payload(), "data");
    EXPECT_THAT(Decoded(tcp4().ip_options({148, 9, 0, 0}).build()).events(), ElementsAre("ipv4.opt_invalid_len"));
    EXPECT_THAT(Decoded(tcp4().ip_options({99, 4, 0, 0}).build()).events(), ElementsAre("ipv4.opt_unknown"));
    EXPECT_THAT(Decoded(tcp4().ip_options({7, 7, 9, 0, 0, 0, 0}).build()).events(), ElementsAre("ipv4.opt_malformed"));
    EXPECT_THAT(Decoded(tcp4().ip_options({148, 4, 0, 0, 148, 4, 0, 0}).build()).events(),
                ElementsAre("ipv4.opt_duplicate"));
}

TEST(Decode, ExtensionHeaders) {
    const auto with = [](unsigned first, Octets headers) { return Decoded(udp6().extension(first, std::move(headers)).build()); };
    // hop-by-hop with router alert, then destination options with padding
    const Decoded good = with(0, {60, 0, 5, 2, 0, 0, 1, 0, 17, 0, 5, 2, 0, 0, 1, 0});
    EXPECT_EQ(good.payload(), "query");
    EXPECT_THAT(good.events(), ElementsAre("ipv6.zero_len_padn"));
    EXPECT_THAT(with(60, {17, 0, 0x1e, 4, 0, 0, 0, 0}).events(), ElementsAre("ipv6.dstopts_unknown_opt"));
    EXPECT_THAT(with(0, {17, 0, 1, 4, 0, 0, 0, 0}).events(), ElementsAre("ipv6.hopopts_only_padding"));
    EXPECT_THAT(with(43, {17, 0, 0, 0, 0, 0, 0, 0}).events(), ElementsAre("ipv6.rh_type_0"));
    EXPECT_THAT(with(44, {17, 0, 0, 0, 0, 0, 0, 9}).events(), ElementsAre("ipv6.exthdr_useless_fh"));
    EXPECT_TRUE(with(44, {17, 0, 0, 0, 0, 0, 0, 9}).packet.is_udp());
    EXPECT_THAT(with(44, {17, 0, 0, 1, 0, 0, 0, 9}).events(), IsEmpty());
    EXPECT_TRUE(with(44, {17, 0, 0, 1, 0, 0, 0, 9}).packet.has(Packet::kFragment));
    EXPECT_THAT(with(60, {17, 200, 0, 0, 0, 0, 0, 0}).events(), ElementsAre("ipv6.trunc_exthdr"));
    EXPECT_THAT(with(59, {1, 2}).events(), ElementsAre("ipv6.data_after_none_header"));
}

TEST(Decode, EndlessExtensionHeadersEnd) {
    Octets chain;
    for (int i = 0; i < 100; ++i) chain.insert(chain.end(), {60, 0, 0, 0, 0, 0, 0, 0});
    const Decoded d(udp6().extension(60, chain).build());
    EXPECT_THAT(d.events(), Contains("too_many_layers"));
    EXPECT_TRUE(d.packet.has(Packet::kNoTransport));
}

TEST(Decode, Icmp) {
    const Decoded echo(PacketBuilder().ip("192.0.2.1", "192.0.2.2").icmp(8, 0, 0x00010002).payload("ping").build());
    EXPECT_TRUE(echo.packet.is_icmp());
    EXPECT_EQ(echo.packet.icmp_type, 8);
    EXPECT_EQ(echo.payload(), "ping");
    EXPECT_THAT(Decoded(PacketBuilder().icmp(99, 0).build()).events(), ElementsAre("icmpv4.unknown_type"));
    EXPECT_THAT(Decoded(PacketBuilder().icmp(3, 77).payload(std::string(28, 'E')).build()).events(),
                ElementsAre("icmpv4.unknown_code"));
    EXPECT_THAT(Decoded(PacketBuilder().icmp(3, 1).payload("short").build()).events(), ElementsAre("icmpv4.ipv4_trunc_pkt"));
    EXPECT_THAT(Decoded(PacketBuilder().ip("fe80::1", "ff02::1").icmp(130, 0).ttl(64).build()).events(),
                ElementsAre("icmpv6.mld_message_with_invalid_hl"));
}

TEST(Decode, TunnelsHoldPackets) {
    const Octets inner = tcp4().raw().build();
    const Octets inner_frame = tcp4().build();
    const auto opened = [](const PacketBuilder& outer) {
        const Decoded d(outer.build());
        Packet in;
        EXPECT_TRUE(decode_inner(d.packet, in));
        EXPECT_EQ(in.tunnel_depth, 1);
        return std::string(as_text(in.payload_bytes()));
    };
    const auto join = [](Octets head, const Octets& tail) {
        head.insert(head.end(), tail.begin(), tail.end());
        return head;
    };
    EXPECT_EQ(opened(PacketBuilder().protocol(4).payload(inner)), "data");
    EXPECT_EQ(opened(PacketBuilder().ip("2001:db8::1", "2001:db8::2").protocol(4).payload(inner)), "data");
    EXPECT_EQ(opened(PacketBuilder().protocol(47).payload(join({0, 0, 8, 0}, inner))), "data");
    EXPECT_EQ(opened(PacketBuilder().protocol(47).payload(join({0x30, 0, 8, 0, 0, 0, 0, 1, 0, 0, 0, 2}, inner))), "data");
    EXPECT_EQ(opened(PacketBuilder().protocol(47).payload(join({0, 0, 0x65, 0x58}, inner_frame))), "data");
    EXPECT_EQ(opened(PacketBuilder().protocol(47).payload(join({0x30, 1, 0x88, 0x0b, 0, 0, 0, 1, 0, 0, 0, 2, 0x21}, inner))), "data");
    EXPECT_EQ(opened(PacketBuilder().udp(5000, 4789).payload(join({8, 0, 0, 0, 0, 0, 1, 0}, inner_frame))), "data");
    EXPECT_EQ(opened(PacketBuilder().udp(5000, 6081).payload(join({0, 0, 0x65, 0x58, 0, 0, 1, 0}, inner_frame))), "data");
    const Octets inner6 = udp6().raw().build();
    EXPECT_EQ(opened(PacketBuilder().udp(5000, 3544).payload(join({0, 0, 1, 2, 3, 4, 5, 6}, inner6))), "query");
    EXPECT_EQ(opened(PacketBuilder().protocol(41).payload(inner6)), "query");
}

TEST(Decode, TunnelsInTunnelsEnd) {
    Octets packet = tcp4().raw().build();
    for (int i = 0; i < 10; ++i) packet = PacketBuilder().raw().protocol(4).payload(packet).build();
    Decoded d(packet, Frame::Link::raw_ip);
    unsigned depth = 0;
    for (Packet inner; decode_inner(d.packet, inner); d.packet = inner) ++depth;
    EXPECT_EQ(depth, 4u);
}

TEST(Decode, InnerEndsWhereTheCarrierEnds) {
    Octets inner = tcp4().raw().build();
    inner[3] = static_cast<std::uint8_t>(inner[3] + 8);  // claims octets that belong to what follows
    Octets frame = PacketBuilder().protocol(4).payload(inner).build();
    frame.insert(frame.end(), 8, 'X');
    const Decoded d(frame);
    Packet in;
    ASSERT_TRUE(decode_inner(d.packet, in));
    EXPECT_FALSE(in.is_ip());
}

TEST(Decode, Checksums) {
    for (const bool v6 : {false, true})
        for (const bool bad : {false, true})
            for (unsigned kind = 0; kind < 3; ++kind) {
                PacketBuilder builder;
                if (v6) builder.ip("2001:db8::1", "2001:db8::2");
                if (kind == 0) builder.tcp(1, 2);
                if (kind == 1) builder.udp(1, 2);
                if (kind == 2) builder.icmp(v6 ? 128 : 8, 0);
                builder.payload("odd");
                if (bad) builder.bad_checksum();
                Decoded d(builder.build());
                verify_checksums(d.packet);
                EXPECT_EQ(d.packet.has(Packet::kBadChecksum), bad) << v6 << kind;
            }
    Octets frame = tcp4().build();
    frame[14 + 8] = 1;  // TTL changed, sum not
    const Decoded d(frame);
    EXPECT_FALSE(checksum_ok(d.packet, ChecksumLayer::ip));
    EXPECT_TRUE(checksum_ok(d.packet, ChecksumLayer::transport));
}

TEST(Decode, TcpOptionsAreReadWhereTheyLie) {
    Octets options = testing::option_mss(1460);
    for (const Octets& more : {testing::option_window_scale(20), testing::option_timestamps(7, 9)})
        options.insert(options.end(), more.begin(), more.end());
    const Decoded d(tcp4().tcp_options(options).build());
    const TcpOptions read = read_tcp_options(d.packet);
    EXPECT_EQ(read.mss, 1460);
    EXPECT_EQ(read.window_scale, 14);  // RFC 7323: more counts as 14
    ASSERT_TRUE(read.timestamps);
    EXPECT_EQ(read.timestamps->value, 7u);
    EXPECT_EQ(read.timestamps->echo, 9u);
    EXPECT_THAT(d.events(), IsEmpty());
    EXPECT_THAT(Decoded(tcp4().tcp_options({2, 4, 1, 1, 2, 4, 1, 1}).build()).events(), ElementsAre("tcp.opt_duplicate"));
    EXPECT_THAT(Decoded(tcp4().tcp_options({2, 3, 1, 0}).build()).events(), ElementsAre("tcp.opt_invalid_len"));
    EXPECT_THAT(Decoded(tcp4().tcp_options({5, 2, 1, 1}).build()).events(), IsEmpty());
    EXPECT_EQ(read_tcp_timestamps(Decoded(tcp4().tcp_options(testing::option_timestamps(1, 2)).build()).packet)->echo, 2u);
}

TEST(DecodeEvent, NamesGoBothWays) {
    for (unsigned i = 0; i < static_cast<unsigned>(DecodeEvent::count_); ++i) {
        const auto event = static_cast<DecodeEvent>(i);
        EXPECT_EQ(parse_decode_event(to_string(event)), event);
    }
    EXPECT_FALSE(parse_decode_event("ipv4.nonsense"));
    EXPECT_EQ(to_string(DecodeEvent::count_), "");
}

TEST(Decode, TunnelsAreLookedForOnTheirPorts) {
    const Octets inner = tcp4().build();
    Octets vxlan{0x08, 0, 0, 0, 0, 0, 42, 0};
    vxlan.insert(vxlan.end(), inner.begin(), inner.end());
    const auto carried = [&](unsigned port, const DecodeConfig& config) {
        const Octets frame = PacketBuilder().ip("192.0.2.1", "198.51.100.7").udp(50000, port).payload(vxlan).build();
        Packet packet, found;
        decode({.bytes = frame}, packet, config);
        return decode_inner(packet, found) && found.is_tcp();
    };
    DecodeConfig config;
    EXPECT_TRUE(carried(4789, config));
    EXPECT_FALSE(carried(8472, config));
    config.vxlan = TunnelPorts(8472);
    EXPECT_FALSE(carried(4789, config));
    EXPECT_TRUE(carried(8472, config));
    config.vxlan = {};
    EXPECT_FALSE(carried(8472, config));
    config.vxlan.any = true;
    EXPECT_TRUE(carried(1234, config));
}

TEST(Decode, PriorityTagsNameNoNetwork) {
    const Decoded tagged(tcp4().vlan(0).vlan(5).vlan(0).build());
    EXPECT_EQ(tagged.packet.vlan[0], 5);
    EXPECT_EQ(tagged.packet.vlan[1], 0);
    EXPECT_EQ(tagged.packet.vlan_tags, 3);
}

TEST(Decode, IpInSnapIsFound) {
    Octets frame = tcp4().build();
    const Octets snap{0, static_cast<std::uint8_t>(frame.size() - 14 + 8), 0xaa, 0xaa, 3, 0, 0, 0, 8, 0};
    frame.erase(frame.begin() + 12, frame.begin() + 14);
    frame.insert(frame.begin() + 12, snap.begin(), snap.end());
    EXPECT_TRUE(Decoded(frame).packet.is_tcp());
    frame[19] = 1;  // another organisation's numbers
    EXPECT_FALSE(Decoded(frame).packet.is_ip());
}

}  // namespace
}  // namespace sekisho::packet
