// Keywords over the headers of a packet, each held against packets that it fits and packets that it does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "engine/keyword_cases.h"
#include "support/country_database.h"

namespace sekisho::engine {
namespace {

using namespace testing;
using sekisho::testing::kAck;
using sekisho::testing::kSyn;
using sekisho::testing::option_mss;
using sekisho::testing::option_window_scale;
using sekisho::testing::put;
using sekisho::testing::set16;

PacketBuilder v4() { return PacketBuilder().ip("192.0.2.1", "198.51.100.7"); }
PacketBuilder v6() { return PacketBuilder().ip("2001:db8::1", "2001:db8::2"); }
/// The packet with other octets in its IPv4 header, which keeps a right checksum.
Octets with_header(Octets frame, std::size_t at, std::initializer_list<std::uint8_t> octets) {
    constexpr std::size_t kIp = 14, kSum = kIp + 10;
    std::copy(octets.begin(), octets.end(), frame.begin() + static_cast<std::ptrdiff_t>(kIp + at));
    set16(frame, kSum, 0);
    set16(frame, kSum, sekisho::testing::plain_checksum(Octets(frame.begin() + kIp, frame.begin() + kIp + 20)));
    return frame;
}
Octets plain_udp() { return v4().udp(1000, 2000).payload("x").build(); }

TEST(IpKeywords, TypeOfServiceAndIdentification) {
    const auto packet = with_header(v4().ip_id(31337).udp(1000, 2000).payload("x").build(), 1, {8});
    expect_options("ip", {packet}, {{"tos:8;", true}, {"tos:!8;", false}, {"tos:16;", false}, {"id:31337;", true}, {"id:1;", false}});
    expect_options("ip", {v6().udp(1000, 2000).payload("x").build()}, {{"tos:0;", false}, {"id:1;", false}});
}

TEST(IpKeywords, Ttl) {
    expect_options("ip", {v4().ttl(5).udp(1, 2).payload("x").build()},
                   {{"ttl:5;", true}, {"ttl:<6;", true}, {"ttl:<5;", false}, {"ttl:1-6;", true}, {"ttl:>5;", false}});
    expect_options("ip", {v6().ttl(9).udp(1, 2).payload("x").build()}, {{"ttl:9;", true}, {"ttl:>9;", false}});
}

TEST(IpKeywords, Protocol) {
    expect_options("ip", {v4().protocol(47).payload("12345678").build()},
                   {{"ip_proto:47;", true}, {"ip_proto:gre;", true}, {"ip_proto:!47;", false}, {"ip_proto:!6;", true},
                    {"ip_proto:>46;", true}, {"ip_proto:<47;", false}, {"ip_proto:esp;", false}});
}

TEST(IpKeywords, Version) {
    expect_options("ip", {plain_udp()}, {{"l3_proto:ipv4;", true}, {"l3_proto:IP4;", true}, {"l3_proto:ipv6;", false}});
    expect_options("ip", {v6().udp(1, 2).payload("x").build()}, {{"l3_proto:ip6;", true}, {"l3_proto:ipv4;", false}});
}

TEST(IpKeywords, SameAddresses) {
    const std::vector<OptionCase> same{{"sameip;", true}}, other{{"sameip;", false}};
    expect_options("ip", {PacketBuilder().ip("2001:db8::1", "2001:db8::1").udp(1, 2).payload("x").build()}, same);
    expect_options("ip", {plain_udp()}, other);
}

TEST(IpKeywords, Countries) {
    sekisho::testing::CountryDatabaseWriter database(6);
    database.add("192.0.2.0/24", "JP").add("198.51.100.0/24", "FR").add("2001:db8::1", "JP");
    auto settings = no_filter();
    settings.rules.geoip_database = ::testing::TempDir() + "/countries_" + std::to_string(::getpid());
    std::ofstream(settings.rules.geoip_database, std::ios::binary) << database.octets();
    expect_options("ip", {plain_udp()},
                   {{"geoip:JP;", true}, {"geoip:fr;", true}, {"geoip:DE;", false}, {"geoip:any,DE,FR;", true}, {"geoip:src,JP;", true},
                    {"geoip:src,FR;", false}, {"geoip:dst,FR;", true}, {"geoip:both,FR;", false}, {"geoip:both,FR,JP;", true},
                    {"geoip:!JP;", true}, {"geoip:src,!JP;", false}, {"geoip:both,!DE;", true}, {"geoip:any,FR,!JP;", false},
                    {"geoip:src,JP; geoip:dst,FR;", true}}, settings);
    // An address that is not in the database fulfils nothing, not even a negation.
    expect_options("ip", {v6().udp(1, 2).payload("x").build()},
                   {{"geoip:src,JP;", true}, {"geoip:dst,JP;", false}, {"geoip:dst,!JP;", false}, {"geoip:both,JP;", false}}, settings);
    // It is a test of each packet, not of addresses once a conversation.
    Rig rig(policy_of("alert udp any any -> any any (geoip:JP; sid:1;)\n", settings), small_config());
    for (int i = 0; i < 2; ++i) rig.feed(plain_udp());
    EXPECT_THAT(rig.sids(), ::testing::ElementsAre(1, 1));
}

TEST(IpKeywords, ADatabaseOfCountriesThatIsNoneStopsTheRules) {
    PolicyInput input;
    input.settings = no_filter();
    input.settings.rules.geoip_database = ::testing::TempDir() + "/no_countries_" + std::to_string(::getpid());
    std::ofstream(input.settings.rules.geoip_database) << "text";
    PolicyReport report;
    const auto policy = build_policy(input, report);
    ASSERT_FALSE(policy);
    EXPECT_EQ(policy.error().where, input.settings.rules.geoip_database);
}

TEST(IpKeywords, Sctp) {
    // Ports 7 and 9, tag 0xd428e4d2; INIT with two octets and padding, then DATA.
    const std::string packet("\x00\x07\x00\x09\xd4\x28\xe4\xd2\0\0\0\0\x01\x00\x00\x06" "ab\0\0\x00\x03\x00\x08" "data", 28);
    expect_options("sctp", {v4().protocol(132).payload(packet).build()},
                   {{"sctp.hdr; content:\"|00 07 00 09|\"; startswith; bsize:16;", true}, {"sctp.hdr; content:\"|01 00 00 06|\"; endswith;", true},
                    {"sctp.hdr; content:\"data\";", false},
                    {"sctp.chunk_type:init;", true}, {"sctp.chunk_type:0;", true}, {"sctp.chunk_type:sack;", false},
                    {"sctp.chunk_type:!init;", true}, {"sctp.chunk_cnt:2;", true}, {"sctp.chunk_cnt:>2;", false},
                    {"sctp.vtag:0xd428e4d2;", true}, {"sctp.vtag:1;", false}, {"sctp.chunk_data; content:\"data\"; bsize:4;", true},
                    {"sctp.chunk_data; content:\"ab\"; bsize:2;", true}, {"sctp.chunk_data; content:\"abdata\";", false}});
    // A chunk that claims more than there is ends the list.
    const std::string cut("\x00\x07\x00\x09\0\0\0\0\0\0\0\0\x00\x03\x00\x80" "data", 20);
    expect_options("sctp", {v4().protocol(132).payload(cut).build()}, {{"sctp.chunk_cnt:0;", true}, {"sctp.chunk_type:data;", false}});
    expect_options("ip", {plain_udp()}, {{"sctp.chunk_cnt:0;", false}, {"sctp.vtag:>=0;", false}});
}

TEST(IpKeywords, Igmp) {
    const auto packet = v4().protocol(2).payload(std::string("\x16\x00\x09\x04\xe0\x00\x00\xfb", 8)).build();
    expect_options("igmp", {packet}, {{"igmp.type:0x16;", true}, {"igmp.type:17;", false}, {"igmp.hdr; content:\"|16|\"; startswith; bsize:8;", true},
                                      {"igmp-csum:valid;", true}, {"igmp-csum:invalid;", false}, {"dsize:>0;", false}});
    expect_options("igmp", {plain_udp()}, {{"ttl:>0;", false}});
    expect_options("ip", {plain_udp()}, {{"igmp.type:>=0;", false}, {"igmp-csum:invalid;", false}});
}

TEST(IpKeywords, Options) {
    const auto with = [](Octets options) { return v4().ip_options(std::move(options)).udp(1, 2).payload("x").build(); };
    expect_options("ip", {with({7, 7, 4, 0, 0, 0, 0})}, {{"ipopts:rr;", true}, {"ipopts:any;", true}, {"ipopts:lsrr;", false}});
    expect_options("ip", {with({131, 7, 4, 0, 0, 0, 0})}, {{"ipopts:lsrr;", true}, {"ipopts:ssrr;", false}, {"ipopts:rr;", false}});
    expect_options("ip", {with({1, 137, 7, 4, 0, 0, 0, 0})}, {{"ipopts:ssrr;", true}, {"ipopts:nop;", true}, {"ipopts:eol;", false}});
    expect_options("ip", {with({68, 8, 5, 0, 0, 0, 0, 0})}, {{"ipopts:ts;", true}, {"ipopts:sec;", false}});
    expect_options("ip", {with({148, 4, 0, 0})}, {{"ipopts:rtralt;", true}, {"ipopts:satid;", false}});
    expect_options("ip", {plain_udp()}, {{"ipopts:any;", false}, {"ipopts:rr;", false}});
}

TEST(IpKeywords, FragmentBits) {
    expect_options("ip", {plain_udp()},
                   {{"fragbits:D;", true}, {"fragbits:M;", false}, {"fragbits:!D;", false}, {"fragbits:!M;", true},
                    {"fragbits:+D;", true}, {"fragbits:+MD;", false}, {"fragbits:*MD;", true}});
    expect_options("ip", {with_header(plain_udp(), 6, {0xc0, 0})},
                   {{"fragbits:D;", false}, {"fragbits:DR;", true}, {"fragbits:+R;", true}, {"fragbits:*M;", false}});
    expect_options("ip", {v4().fragment(0, true).protocol(17).payload("01234567").build()},
                   {{"fragbits:M;", true}, {"fragbits:D;", false}, {"fragoffset:0;", true}, {"fragoffset:!0;", false}});
}

TEST(IpKeywords, FragmentOffset) {
    expect_options("ip", {v4().fragment(160, true).protocol(17).payload("01234567").build()},
                   {{"fragoffset:20;", true}, {"fragoffset:160;", false}, {"fragoffset:>19;", true}, {"fragoffset:<20;", false},
                    {"fragoffset:!0;", true}});
}

TEST(IpKeywords, PayloadSize) {
    expect_options("udp", {v4().udp(1, 2).payload("12345").build()},
                   {{"dsize:5;", true}, {"dsize:>4;", true}, {"dsize:<5;", false}, {"dsize:4<>6;", true}, {"dsize:5<>9;", false},
                    {"dsize:!5;", false}, {"dsize:6;", false}});
    expect_options("ip", {v6().icmp(128, 0).payload("123").build()}, {{"dsize:3;", true}, {"dsize:>3;", false}});
}

TEST(TcpKeywords, NumbersOfTheHeader) {
    const auto packet = v4().tcp(1000, 2000).seq(7).ack(9).window(512).flags(kSyn | kAck).tcp_options(option_mss(536)).build();
    expect_options("tcp", {packet},
                   {{"seq:7;", true}, {"seq:9;", false}, {"tcp.seq:7;", true}, {"ack:9;", true}, {"ack:7;", false},
                    {"tcp.ack:9;", true}, {"window:512;", true}, {"window:!512;", false}, {"window:513;", false},
                    {"tcp.window:512;", true}, {"tcp.mss:536;", true}, {"tcp.mss:>536;", false}, {"tcp.mss:<537;", true}});
    expect_options("tcp", {v4().tcp(1000, 2000).flags(kSyn).build()}, {{"tcp.mss:0;", false}, {"tcp.mss:<65535;", false}});
    expect_options("tcp", {v4().tcp(1000, 2000).flags(kSyn).tcp_options(option_window_scale(15)).build()},
                   {{"tcp.wscale:15;", true}, {"tcp.wscale:14;", false}, {"tcp.wscale:>14;", true}, {"tcp.wscale:!15;", false}});
    expect_options("tcp", {v4().tcp(1000, 2000).flags(kSyn).build()}, {{"tcp.wscale:0;", false}, {"tcp.wscale:<15;", false}});
    expect_options("ip", {plain_udp()}, {{"seq:0;", false}, {"ack:0;", false}, {"window:0;", false}});
}

TEST(TcpKeywords, Flags) {
    expect_options("tcp", {v4().tcp(1, 2).flags(kSyn | kAck | 0x40).build()},
                   {{"flags:SA;", false}, {"flags:SA,CE;", true}, {"flags:S+;", true}, {"flags:*SF;", true}, {"flags:!F;", true},
                    {"flags:!S;", false}, {"flags:0;", false}, {"tcp.flags:SAE;", true}});
}

TEST(TcpKeywords, HeaderBuffer) {
    const auto packet = v4().tcp(0x1234, 2).flags(kSyn).build();
    expect_options("tcp", {packet}, {{"tcp.hdr; content:\"|12 34 00 02|\"; startswith;", true}, {"tcp.hdr; bsize:20;", true},
                                     {"tcp.hdr; content:\"|99 99|\";", false}});
    expect_options("udp", {v4().udp(0x1234, 2).payload("abc").build()},
                   {{"udp.hdr; content:\"|00 0b|\"; offset:4; depth:2;", true}, {"udp.hdr; bsize:8;", true}, {"udp.hdr; content:\"abc\";", false}});
}

TEST(IcmpKeywords, TypeCodeIdentifierAndSequence) {
    expect_options("icmp", {v4().icmp(8, 3, 77u << 16 | 5).payload("x").build()},
                   {{"itype:8;", true}, {"itype:0;", false}, {"itype:>7;", true}, {"itype:8<>10;", false}, {"icode:3;", true},
                    {"icode:0;", false}, {"icode:<4;", true}, {"icmp_id:77;", true}, {"icmp_id:5;", false}, {"icmp_seq:5;", true},
                    {"icmp_seq:77;", false}});
    expect_options("icmp", {v4().icmp(8, 0, 77u << 16 | 5).payload("abc").build()},
                   {{"icmpv4.hdr; content:\"|08 00|\"; startswith; bsize:8;", true}, {"icmpv4.hdr; content:\"abc\";", false}, {"content:\"abc\";", true}});
    expect_options("icmp", {v4().icmp(9, 0, 1u << 24 | 2u << 16 | 10).payload("\x0e\x50\x54\x42" "1234" "tail").build()},
                   {{"icmpv4.hdr; content:\"|0a 0e 50|\"; bsize:16;", true}, {"icmpv4.hdr; content:\"tail\";", false}});
    expect_options("icmp", {v6().icmp(128, 0, 1).payload("abc").build()}, {{"icmpv6.hdr; bsize:8;", true}, {"icmpv6.hdr; content:\"abc\";", false}});
    expect_options("icmp", {v4().icmp(3, 1, 77u << 16 | 5).payload("x").build()}, {{"icmp_id:77;", false}, {"icmp_seq:5;", false}});
    expect_options("icmp", {v6().icmp(128, 0, 77u << 16 | 5).payload("x").build()}, {{"icmp_id:77;", true}, {"icmp_seq:6;", false}});
}

TEST(IcmpKeywords, MtuOfAPacketThatWasTooBig) {
    const auto inner = v6().udp(1, 2).payload("x").raw().build();
    expect_options("ip", {v6().icmp(2, 0, 1280).payload(inner).build()}, {{"icmpv6.mtu:1280;", true}, {"icmpv6.mtu:<1280;", false}});
    expect_options("ip", {v6().icmp(128, 0, 1280).payload("x").build()}, {{"icmpv6.mtu:1280;", false}});
}

TEST(Checksums, OfEachHeader) {
    const auto right = [](PacketBuilder packet, std::string_view valid, std::string_view invalid) {
        expect_options("ip", {packet.build()}, {{std::string(valid), true}, {std::string(invalid), false}});
        expect_options("ip", {packet.bad_checksum().build()}, {{std::string(valid), false}, {std::string(invalid), true}});
    };
    right(v6().tcp(1, 2).flags(kSyn), "tcpv6-csum:valid;", "tcpv6-csum:invalid;");
    right(v4().udp(1, 2).payload("x"), "udpv4-csum:valid;", "udpv4-csum:invalid;");
    right(v6().udp(1, 2).payload("x"), "udpv6-csum:valid;", "udpv6-csum:invalid;");
}

TEST(Checksums, OfHeadersThatTheBuilderMakesRight) {
    auto icmp = v4().icmp(8, 0, 1).payload("x").build();
    expect_options("ip", {icmp}, {{"icmpv4-csum:valid;", true}, {"icmpv4-csum:invalid;", false}, {"ipv4-csum:valid;", true}});
    icmp.back() ^= 1;
    expect_options("ip", {icmp}, {{"icmpv4-csum:valid;", false}, {"icmpv4-csum:invalid;", true}});
    auto icmp6 = v6().icmp(128, 0, 1).payload("x").build();
    expect_options("ip", {icmp6}, {{"icmpv6-csum:valid;", true}, {"icmpv6-csum:invalid;", false}});
    icmp6.back() ^= 1;
    expect_options("ip", {icmp6}, {{"icmpv6-csum:valid;", false}, {"icmpv6-csum:invalid;", true}});
    auto broken = plain_udp();
    broken[14 + 8] ^= 1;  // the time to live, which only the header's sum covers
    expect_options("ip", {broken}, {{"ipv4-csum:invalid;", true}, {"ipv4-csum:valid;", false}});
}

TEST(LinkKeywords, VlanIds) {
    expect_options("ip", {v4().vlan(100, 0x88a8).vlan(200).udp(1, 2).payload("x").build()},
                   {{"vlan.id:100;", true}, {"vlan.id:200;", true}, {"vlan.id:200,0;", false}, {"vlan.id:200,1;", true}, {"vlan.id:300;", false}});
    expect_options("ip", {v4().vlan(100, 0x88a8).vlan(200).vlan(300).udp(1, 2).payload("x").build()},
                   {{"vlan.id:300,2;", true}, {"vlan.id:300,-1;", true}, {"vlan.id:100,-3;", true}, {"vlan.id:200,-1;", false},
                    {"vlan.id:300;", true}, {"vlan.id:300,any;", true}, {"vlan.id:>99,all;", true}, {"vlan.id:!500,all;", true},
                    {"vlan.id:!200,all;", false}});
    expect_options("ip", {v4().vlan(100).udp(1, 2).payload("x").build()}, {{"vlan.id:100,-1;", true}, {"vlan.id:!7,1;", false}, {"vlan.id:100,-2;", false}});
    expect_options("ip", {v4().vlan(100).udp(1, 2).payload("x").build()}, {{"vlan.layers:1;", true}, {"vlan.layers:>1;", false}, {"vlan.layers:0;", false}});
    expect_options("ip", {plain_udp()}, {{"vlan.layers:0;", true}, {"vlan.layers:<3;", true}, {"vlan.layers:1;", false}});
    expect_options("ip", {plain_udp()}, {{"vlan.id:0;", false}, {"vlan.id:<4095;", false}, {"vlan.id:!1,all;", false}});
}

TEST(LinkKeywords, VxlanNetwork) {
    const auto inner = PacketBuilder().ip("10.0.0.1", "10.0.0.2").udp(1, 2).payload("x").build();
    Octets tunnel{8, 0, 0, 0, 0, 0, 42, 0};
    put(tunnel, inner);
    expect_options("udp", {v4().udp(50000, 4789).payload(Bytes(tunnel)).build()}, {{"vxlan_vni:42;", true}, {"vxlan_vni:43;", false}, {"vxlan_vni:!&1;", true}, {"vxlan_vni:!&2;", false}});
}

}  // namespace
}  // namespace sekisho::engine
