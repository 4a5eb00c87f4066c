// The ground floor: addresses, text, byte reader, hashes, clock, fixed vector, counters.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sekisho/base/address.h"
#include "sekisho/base/byte_reader.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/counters.h"
#include "sekisho/base/fixed_vector.h"
#include "sekisho/base/guarded.h"
#include "sekisho/base/hash.h"
#include "sekisho/base/text.h"

namespace sekisho {
namespace {

TEST(Address, TextGoesBothWays) {
    for (const char* text : {"192.0.2.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "::1", "fe80::1:2:3"}) {
        const auto ip = IpAddress::parse(text);
        ASSERT_TRUE(ip) << text;
        EXPECT_EQ(ip->to_string(), text);
    }
    for (const char* text : {"", "1.2.3", "1.2.3.4.5", "256.0.0.1", "1.2.3.4/8", "fe80::1%eth0", "2001:db8:::1", " 1.2.3.4"})
        EXPECT_FALSE(IpAddress::parse(text)) << text;
    EXPECT_FALSE(IpAddress::parse(std::string(200, '1')));
}

TEST(Address, Ipv4IsKeptMapped) {
    const IpAddress ip = IpAddress::v4(0xc0000201u);
    EXPECT_TRUE(ip.is_v4());
    EXPECT_EQ(ip.as_v4(), 0xc0000201u);
    EXPECT_EQ(ip.wire().size(), 4u);
    EXPECT_EQ(ip, IpAddress::parse("192.0.2.1"));
    EXPECT_EQ(ip, IpAddress::parse("::ffff:192.0.2.1"));
    EXPECT_FALSE(IpAddress::parse("2001:db8::1")->is_v4());
}

TEST(Network, ContainsItsHostsOnly) {
    struct Case {
        const char* network;
        const char* host;
        bool inside;
    };
    const Case cases[] = {
        {"10.0.0.0/8", "10.255.0.1", true},      {"10.0.0.0/8", "11.0.0.1", false},  {"192.0.2.128/25", "192.0.2.200", true},
        {"192.0.2.128/25", "192.0.2.127", false}, {"0.0.0.0/0", "8.8.8.8", true},     {"0.0.0.0/0", "2001:db8::1", false},
        {"2001:db8::/33", "2001:db8:7fff::1", true}, {"2001:db8::/33", "2001:db8:8000::1", false}, {"192.0.2.1", "192.0.2.1", true},
        {"::/0", "2001:db8::1", true},
    };
    for (const Case& c : cases) {
        const auto network = Network::parse(c.network);
        ASSERT_TRUE(network) << c.network;
        EXPECT_EQ(network->contains(*IpAddress::parse(c.host)), c.inside) << c.network << " " << c.host;
    }
    for (const char* text : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "2001:db8::/129", "/8", "x/8"})
        EXPECT_FALSE(Network::parse(text)) << text;
    EXPECT_EQ(Network::parse("10.0.0.0/8")->to_string(), "10.0.0.0/8");
}

TEST(MacAddress, Text) { EXPECT_EQ((MacAddress{{2, 0, 0xab, 0, 0, 1}}.to_string()), "02:00:ab:00:00:01"); }

TEST(ByteReader, ReadsBothOrders) {
    const std::uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    ByteReader in(bytes);
    EXPECT_EQ(in.u8(), 1);
    EXPECT_EQ(in.u16(), 0x0203);
    EXPECT_EQ(in.u24(), 0x040506u);
    EXPECT_EQ(in.u32_le(), 0x0a090807u);
    EXPECT_EQ(in.rest().size(), 2u);
    EXPECT_EQ(in.u16_le(), 0x0c0b);
    EXPECT_TRUE(in.ok());
}

TEST(ByteReader, StopsAtTheEndForGood) {
    const std::uint8_t bytes[] = {1, 2, 3};
    ByteReader in(bytes);
    EXPECT_EQ(in.u32(), 0u);
    EXPECT_FALSE(in.ok());
    EXPECT_EQ(in.position(), 0u);
    EXPECT_EQ(in.u8(), 0);  // also what would fit
    EXPECT_TRUE(in.bytes(1).empty());
    ByteReader huge(bytes);
    EXPECT_FALSE(huge.skip(static_cast<std::size_t>(-1)));
    EXPECT_EQ(ByteReader(Bytes{}).u64(), 0u);
}

TEST(Text, SmallThings) {
    EXPECT_EQ(trim(" \t a b\r\n"), "a b");
    EXPECT_EQ(trim(" \t"), "");
    EXPECT_EQ(to_lower("GeT\xc3\x84"), "get\xc3\x84");
    EXPECT_TRUE(equals_nocase("Host", "hOST"));
    EXPECT_FALSE(equals_nocase("Host", "Hosts"));
    EXPECT_TRUE(starts_with_nocase("Content-Type", "content-"));
    EXPECT_THAT(split("a,,b", ','), ::testing::ElementsAre("a", "", "b"));
    EXPECT_THAT(split("", ','), ::testing::ElementsAre(""));
    EXPECT_EQ(hex("\x00\xff", 2), "00ff");
}

TEST(Text, ParseInt) {
    EXPECT_EQ(parse_int("42", 0, 100), 42);
    EXPECT_EQ(parse_int("-5", -10, 10), -5);
    EXPECT_EQ(parse_int("0x1F", 0, 100), 31);
    for (const char* text : {"", "x", "4x", " 4", "101", "99999999999999999999", "0x", "+", "-"})
        EXPECT_FALSE(parse_int(text, 0, 100)) << text;
}

TEST(Hash, DependsOnEveryOctetAndTheSeed) {
    std::set<std::uint64_t> seen;
    std::vector<std::uint8_t> bytes(37, 0);
    seen.insert(hash_bytes(bytes, 1));
    seen.insert(hash_bytes(bytes, 2));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = 1;
        seen.insert(hash_bytes(bytes, 1));
        bytes[i] = 0;
    }
    EXPECT_EQ(seen.size(), 2 + bytes.size());
    EXPECT_EQ(process_hash_seed(), process_hash_seed());
}

TEST(Clock, TimeAsText) {
    const TimeNs time = 1'700'000'000ULL * kSecondNs + 123'456'789;
    EXPECT_THAT(format_time(time, true), ::testing::MatchesRegex(R"(2023-11-1[45]T[0-9:]+\.123456[+-][0-9][0-9]:[0-9][0-9])"));
    EXPECT_THAT(format_time(time, false), ::testing::MatchesRegex(R"(2023-11-1[45]T[0-9:]+\.123456[+-][0-9][0-9][0-9][0-9])"));
    FakeClock clock;
    clock.set(5);
    clock.advance(std::chrono::microseconds(2));
    EXPECT_EQ(clock.now(), 2005u);
}

TEST(FixedVector, RefusesWhenFull) {
    FixedVector<int, 2> v;
    EXPECT_TRUE(v.push_back(1));
    EXPECT_TRUE(v.push_back(2));
    EXPECT_FALSE(v.push_back(3));
    EXPECT_THAT(std::vector<int>(v.begin(), v.end()), ::testing::ElementsAre(1, 2));
    v.erase_unordered(0);
    EXPECT_EQ(v.size(), 1u);
    EXPECT_EQ(v.back(), 2);
}

TEST(Counters, CountByName) {
    enum class Name { a, b, count_ };
    Counters<Name> counters;
    counters.add(Name::b, 5);
    counters.add(Name::b);
    EXPECT_EQ(counters.get(Name::a), 0u);
    EXPECT_EQ(counters.get(Name::b), 6u);
    EXPECT_EQ(alignof(Counters<Name>), 64u);
}

TEST(Guarded, GivesTheValueUnderItsLock) {
    Guarded<int> value(3);
    EXPECT_EQ(value.with([](int& v) { return ++v; }), 4);
}

}  // namespace
}  // namespace sekisho
