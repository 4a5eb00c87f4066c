#include "sekisho/base/host_system.h"

#include <gtest/gtest.h>

namespace sekisho {
namespace {

TEST(HostSystem, TheSmallestNetworkCounts) {
    HostSystems hosts;
    for (const std::string_view row : {"windows 10.0.0.0/8", "old-linux 10.1.2.3", "solaris 10.1.0.0/16", "last ::/0"})
        hosts.add(*HostSystems::parse_row(row));
    const auto find = [&](std::string_view address) { return hosts.find(*IpAddress::parse(address)); };
    EXPECT_EQ(find("10.1.2.3"), HostSystem::old_linux);
    EXPECT_EQ(find("10.1.2.4"), HostSystem::solaris);
    EXPECT_EQ(find("10.2.0.1"), HostSystem::windows);
    EXPECT_EQ(find("2001:db8::1"), HostSystem::last);
    EXPECT_FALSE(HostSystems{}.find(*IpAddress::parse("10.1.2.3")));
}

TEST(HostSystem, RowsAreAKindAndANetwork) {
    EXPECT_EQ(HostSystems::parse_row("windows2k3  192.168.0.0/16")->system, HostSystem::windows_2003);
    for (const std::string_view bad : {"", "linux", "linux ", "linus 10.0.0.0/8", "linux 10.0.0.0/33", "10.0.0.0/8 linux"})
        EXPECT_FALSE(HostSystems::parse_row(bad)) << bad;
}

}  // namespace
}  // namespace sekisho
