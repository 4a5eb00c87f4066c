// Passive signs on their way through the pipeline: whose, once an hour, and only of our own networks.
#include <gtest/gtest.h>

#include "engine/pipeline_rig.h"

namespace sekisho::engine {
namespace {

using namespace sekisho::engine::testing;
using sekisho::testing::Octets;
using sekisho::testing::PacketBuilder;

Octets syn(const char* from, std::uint16_t port) {
    return PacketBuilder().ip(from, "198.51.100.7").tcp(port, 80).seq(1).flags(sekisho::testing::kSyn).tcp_options(sekisho::testing::option_mss(1460)).build();
}

TEST(HostSigns, TellsOursOnceAnHour) {
    PipelineConfig config = small_config();
    config.home = {*Network::parse("192.168.0.0/16")};
    Rig rig(policy_of(""), config);
    rig.feed(syn("192.168.1.5", 40'000));
    rig.feed(syn("192.168.1.5", 40'001));
    rig.feed(syn("203.0.113.5", 40'000));
    const auto first = rig.events(event::Kind::host);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0]->src, IpAddress::parse("192.168.1.5"));
    EXPECT_EQ(first[0]->get(event::Text::reason), "tcp");
    EXPECT_EQ(first[0]->get(event::Text::extra).substr(0, 3), "64 ");
    EXPECT_NE(MacAddress{first[0]->src_mac}, MacAddress{});
    rig.now() += 3601 * kSecondNs;
    rig.feed(syn("192.168.1.5", 40'002));
    EXPECT_EQ(rig.events(event::Kind::host).size(), 2U);
}

TEST(HostSigns, TellsNobodysWithoutHomeNetworks) {
    Rig rig(policy_of(""), small_config());
    rig.feed(syn("192.168.1.5", 40'000));
    EXPECT_TRUE(rig.events(event::Kind::host).empty());
}

}  // namespace
}  // namespace sekisho::engine
