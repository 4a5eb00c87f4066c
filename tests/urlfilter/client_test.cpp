#include "sekisho/urlfilter/client.h"

#include <gtest/gtest.h>

namespace sekisho::urlfilter {
namespace {

Client client(const char* address, std::uint16_t vlan = 0, MacAddress mac = {}) { return {*IpAddress::parse(address), vlan, mac}; }

TEST(ClientGroups, ByAddressNetworkVlanAndMac) {
    ClientGroups groups;
    ASSERT_EQ(*groups.add("office", {"192.168.1.0/24", "2001:db8:1::/48"}), 0u);
    ASSERT_EQ(*groups.add("guests", {"vlan 20"}), 1u);
    ASSERT_EQ(*groups.add("boss", {"mac 00:11:22:aa:BB:cc", "192.168.1.9"}), 2u);
    EXPECT_EQ(groups.groups_of(client("192.168.1.7")), 0b001u);
    EXPECT_EQ(groups.groups_of(client("2001:db8:1:2::3", 20)), 0b011u);
    EXPECT_EQ(groups.groups_of(client("192.168.1.9")), 0b101u);
    EXPECT_EQ(groups.groups_of(client("10.0.0.1", 0, {{0x00, 0x11, 0x22, 0xaa, 0xbb, 0xcc}})), 0b100u);
    EXPECT_EQ(groups.groups_of(client("10.0.0.1")), 0u);
    EXPECT_EQ(groups.find("guests"), 1u);
    EXPECT_EQ(groups.find("nobody"), ClientGroups::kGroupsMax);
}

TEST(ClientGroups, MistakesAreNamed) {
    ClientGroups groups;
    for (const char* bad : {"300.1.1.1", "vlan 0", "vlan 4095", "vlan x", "mac 00:11:22:33:44", "mac 00:11:22:33:44:gg", "", "host"})
        EXPECT_EQ(groups.add("g", {bad}).error().where, "g") << bad;
    ASSERT_TRUE(groups.add("g", {}));
    EXPECT_FALSE(groups.add("g", {}));
}

}  // namespace
}  // namespace sekisho::urlfilter
