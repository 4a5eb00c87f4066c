// Groups of addresses and ports against a naive reading of the same expression, octet by octet.
#include <gtest/gtest.h>

#include <random>

#include "signature/address_set.h"

namespace sekisho::signature {
namespace {

// A random group over ports 0..15, as text and as the set that it should be.
struct Sample {
    std::string text;
    std::uint32_t members = 0;  ///< bit n: number n
};

constexpr std::uint32_t kAll = 0xffff;

Sample random_group(std::mt19937& random, int depth) {
    Sample group{"[", 0};
    std::uint32_t named = 0;
    std::uint32_t excluded = 0;
    bool any_named = false;
    const int count = 1 + static_cast<int>(random() % 3);
    for (int i = 0; i < count; ++i) {
        Sample member;
        if (depth > 0 && random() % 3 == 0) {
            member = random_group(random, depth - 1);
        } else {
            const unsigned first = static_cast<unsigned>(random() % 16);
            const unsigned last = first + static_cast<unsigned>(random() % (16 - first));
            member.text = std::to_string(first) + ":" + std::to_string(last);
            for (unsigned n = first; n <= last; ++n) member.members |= 1u << n;
        }
        const bool negated = random() % 3 == 0;
        group.text += (i == 0 ? "" : ",") + std::string(negated ? "!" : "") + member.text;
        (negated ? excluded : named) |= member.members;
        any_named = any_named || !negated;
    }
    group.text += "]";
    group.members = (any_named ? named : kAll) & ~excluded;
    return group;
}

TEST(Groups, AgreeWithTheNaiveReading) {
    std::mt19937 random(7);
    std::size_t checked = 0;
    for (int i = 0; i < 5000; ++i) {
        const Sample sample = random_group(random, 2);
        // Ports above 15 keep sets without positive members from being empty; they are not compared.
        const auto ports = parse_ports(sample.text, {});
        if (!ports) {
            EXPECT_EQ(sample.members, 0u) << sample.text << ": " << ports.error().what;
            continue;
        }
        for (std::uint16_t n = 0; n < 16; ++n)
            ASSERT_EQ(ports->contains(n), (sample.members >> n & 1) != 0) << sample.text << " at " << n;
        ++checked;
    }
    EXPECT_GT(checked, 2500u);
}

TEST(Groups, AddressesAgreeWithPorts) {
    // The same expression over 0.0.0.N addresses: both kinds share the algebra, but not the arithmetic.
    std::mt19937 random(11);
    for (int i = 0; i < 2000; ++i) {
        const Sample sample = random_group(random, 1);
        std::string text;
        for (std::size_t at = 0; at < sample.text.size();) {
            if (sample.text[at] < '0' || sample.text[at] > '9') {
                text += sample.text[at] == ':' ? '-' : sample.text[at];
                ++at;
                continue;
            }
            text += "0.0.0.";
            while (sample.text[at] >= '0' && sample.text[at] <= '9') text += sample.text[at++];
        }
        const auto set = parse_addresses(text, {});
        if (!set) continue;
        for (std::uint32_t n = 0; n < 16; ++n)
            ASSERT_EQ(set->contains(IpAddress::v4(n)), (sample.members >> n & 1) != 0) << text << " at " << n;
    }
}

TEST(Groups, EdgesOfTheAddressSpace) {
    const auto none_v4 = parse_addresses("!0.0.0.0/0", {});
    ASSERT_TRUE(none_v4);
    EXPECT_FALSE(none_v4->contains(*IpAddress::parse("192.0.2.1")));
    EXPECT_TRUE(none_v4->contains(*IpAddress::parse("2001:db8::1")));
    const auto last = parse_addresses("!ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", {});
    ASSERT_TRUE(last);
    EXPECT_TRUE(last->contains(*IpAddress::parse("::")));
    EXPECT_TRUE(parse_addresses("[10.0.0.0/8,!10.0.0.0/8,any]", {})->contains(*IpAddress::parse("11.0.0.1")));
    EXPECT_TRUE(parse_addresses("10.0.0.0/255.0.0.0", {})->contains(*IpAddress::parse("10.9.9.9")));
    EXPECT_FALSE(parse_addresses("10.0.0.0/255.0.255.0", {}));
    EXPECT_TRUE(parse_addresses("$EXTERNAL_NET", default_variables())->contains(*IpAddress::parse("8.8.8.8")));
    EXPECT_FALSE(parse_addresses("$EXTERNAL_NET", default_variables())->contains(*IpAddress::parse("10.0.0.1")));
}

}  // namespace
}  // namespace sekisho::signature
