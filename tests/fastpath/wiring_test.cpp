#include "fastpath/wiring.h"

#include <gtest/gtest.h>

namespace sekisho::fastpath {
namespace {

config::FastpathSettings four_ports() {
    config::FastpathSettings settings;
    for (const char* name : {"lan", "wan", "tap", "spare"})
        settings.ports.push_back({name, "net_null" + std::to_string(settings.ports.size())});
    settings.pairs = {{"lan", "wan"}};
    settings.mirrors = {"tap", "spare"};
    return settings;
}

TEST(Wiring, PairsLeadToEachOtherAndMirrorsNowhere) {
    const auto wires = wire_ports(four_ports());
    ASSERT_TRUE(wires);
    ASSERT_EQ(wires->size(), 4u);
    EXPECT_EQ((*wires)[0].peer, 1u);
    EXPECT_EQ((*wires)[1].peer, 0u);
    EXPECT_FALSE((*wires)[0].mirror);
    EXPECT_TRUE((*wires)[2].mirror);
    EXPECT_EQ((*wires)[3].device.name, "net_null3");
}

TEST(Wiring, MistakesAreNamed) {
    const auto refused = [](auto change) {
        auto settings = four_ports();
        change(settings);
        const auto wires = wire_ports(settings);
        return wires ? std::string() : wires.error().message();
    };
    EXPECT_NE(refused([](auto& s) { s.pairs[0].outside = "nowhere"; }).find("nowhere"), std::string::npos);
    EXPECT_NE(refused([](auto& s) { s.pairs[0].outside = "lan"; }).find("twice"), std::string::npos);
    EXPECT_NE(refused([](auto& s) { s.mirrors[0] = "lan"; }).find("twice"), std::string::npos);
    EXPECT_NE(refused([](auto& s) { s.mirrors.pop_back(); }).find("spare"), std::string::npos);
    EXPECT_NE(refused([](auto& s) { s.ports.clear(); }), "");
    EXPECT_NE(refused([](auto& s) { s.ports[0].device = "eth0"; }), "");
    EXPECT_NE(refused([](auto& s) { s.workers = 0; }), "");
    EXPECT_NE(refused([](auto& s) { s.workers = 1000; }), "");
}

}  // namespace
}  // namespace sekisho::fastpath
