#include "sekisho/flow/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "sekisho/packet/decode.h"
#include "support/packet_builder.h"

namespace sekisho::flow {
namespace {

using packet::Packet;
using testing::Octets;
using testing::PacketBuilder;

struct TableRig {
    explicit TableRig(TableConfig config = {.capacity = 64})
        : table(config, [this](Flow& flow, FlowEnd why) { ended.emplace_back(flow.id, why); }) {}

    Packet decoded(const Octets& frame) {
        bytes = frame;
        Packet p;
        packet::decode(packet::Frame{.bytes = bytes, .time_ns = now}, p);
        return p;
    }
    Flow* udp(unsigned client_port) {
        return table.find_or_add(decoded(PacketBuilder().udp(client_port, 53).build()));
    }
    void advance(std::uint32_t seconds) {
        now += seconds * kSecondNs;
        table.expire(now, 1000);
    }

    std::vector<std::pair<std::uint64_t, FlowEnd>> ended;
    Table table;
    Octets bytes;
    TimeNs now = 1000 * kSecondNs;
};

TEST(FlowTable, BothDirectionsAreOneFlow) {
    TableRig rig;
    const Packet up = rig.decoded(PacketBuilder().ip("192.0.2.1", "192.0.2.2").tcp(40000, 80).flags(testing::kSyn).build());
    Flow* flow = rig.table.find_or_add(up);
    const Packet down = rig.decoded(PacketBuilder().ip("192.0.2.2", "192.0.2.1").tcp(80, 40000).build());
    EXPECT_EQ(rig.table.find_or_add(down), flow);
    EXPECT_EQ(flow->direction_of(up), Direction::to_server);
    EXPECT_EQ(flow->direction_of(down), Direction::to_client);
    EXPECT_EQ(flow->client.to_string(), "192.0.2.1");
    EXPECT_EQ(rig.table.size(), 1u);
}

TEST(FlowTable, SynAckFirstComesFromTheServer) {
    TableRig rig;
    const Flow* flow = rig.table.find_or_add(rig.decoded(
        PacketBuilder().ip("192.0.2.2", "192.0.2.1").tcp(80, 40000).flags(testing::kSyn | testing::kAck).build()));
    EXPECT_EQ(flow->client_port, 40000);
}

TEST(FlowTable, WhatDiffersKeepsApart) {
    TableRig rig;
    std::set<const Flow*> flows;
    for (const Octets& frame : {
             PacketBuilder().tcp(1, 2).build(), PacketBuilder().udp(1, 2).build(), PacketBuilder().tcp(1, 3).build(),
             PacketBuilder().vlan(5).tcp(1, 2).build(), PacketBuilder().vlan(5).vlan(6).tcp(1, 2).build(),
             PacketBuilder().ip("2001:db8::1", "2001:db8::2").tcp(1, 2).build(), PacketBuilder().icmp(8, 0, 1 << 16).build(),
             PacketBuilder().icmp(8, 0, 2 << 16).build(), PacketBuilder().icmp(3, 1).payload(std::string(28, 'E')).build()})
        flows.insert(rig.table.find_or_add(rig.decoded(frame)));
    EXPECT_EQ(flows.size(), 9u);
}

TEST(FlowTable, EchoAndReplyAreOneFlow) {
    TableRig rig;
    Flow* flow = rig.table.find_or_add(rig.decoded(PacketBuilder().ip("192.0.2.1", "192.0.2.2").icmp(8, 0, 7 << 16).build()));
    EXPECT_EQ(rig.table.find(rig.decoded(PacketBuilder().ip("192.0.2.2", "192.0.2.1").icmp(0, 0, 7 << 16).build())), flow);
}

TEST(FlowTable, CountsAndEstablishes) {
    TableRig rig;
    const Packet up = rig.decoded(PacketBuilder().udp(1, 53).payload("abc").build());
    Flow* flow = rig.table.find_or_add(up);
    flow->count(up, Direction::to_server);
    EXPECT_EQ(flow->state, FlowState::fresh);
    flow->count(up, Direction::to_client);
    EXPECT_EQ(flow->state, FlowState::established);
    EXPECT_EQ(flow->bytes[0], 31u);
}

TEST(FlowTable, IdleFlowsEnd) {
    TableRig rig;
    Flow* flow = rig.udp(1000);
    rig.advance(29);
    EXPECT_EQ(rig.table.size(), 1u);
    rig.table.touch(*flow, rig.now);  // costs nothing: the wheel re-files it
    rig.advance(29);
    EXPECT_EQ(rig.table.size(), 1u);
    rig.advance(2);
    EXPECT_EQ(rig.table.size(), 0u);
    EXPECT_EQ(rig.ended.at(0).second, FlowEnd::timeout);
}

TEST(FlowTable, StateSetsTheTimeout) {
    TableRig rig;
    Flow* flow = rig.table.find_or_add(rig.decoded(PacketBuilder().tcp(1, 2).flags(testing::kSyn).build()));
    flow->state = FlowState::established;
    rig.table.touch(*flow, rig.now);
    rig.advance(599);
    EXPECT_EQ(rig.table.size(), 1u);
    flow->state = FlowState::closed;
    rig.table.touch(*flow, rig.now);  // an earlier deadline takes effect at once
    rig.advance(61);
    EXPECT_EQ(rig.table.size(), 0u);
    EXPECT_EQ(rig.ended.at(0).second, FlowEnd::tcp_closed);
}

TEST(FlowTable, TimeoutsBeyondTheWheel) {
    TableRig rig({.capacity = 4, .timeouts = {.udp_new = 5000}});
    rig.udp(1);
    for (int i = 0; i < 499; ++i) rig.advance(10);
    EXPECT_EQ(rig.table.size(), 1u);
    rig.advance(11);
    EXPECT_EQ(rig.table.size(), 0u);
    rig.udp(2);
    rig.advance(100000);  // one jump over many turns
    EXPECT_EQ(rig.table.size(), 0u);
}

TEST(FlowTable, BudgetIsKeptAndWorkGoesOn) {
    TableRig rig;
    for (unsigned port = 1; port <= 50; ++port) rig.udp(port);
    rig.now += 60 * kSecondNs;
    for (std::size_t left = 50; left > 0; left -= 10) {
        EXPECT_EQ(rig.table.size(), left);
        rig.table.expire(rig.now, 10);
    }
    EXPECT_EQ(rig.table.size(), 0u);
}

TEST(FlowTable, FullTableEvictsOnlyWhatMayGo) {
    TableRig rig({.capacity = 8});
    for (unsigned port = 1; port <= 8; ++port) {
        Flow* flow = rig.udp(port);
        flow->state = FlowState::established;
        rig.table.touch(*flow, rig.now);
    }
    EXPECT_EQ(rig.udp(99), nullptr);
    EXPECT_EQ(rig.table.counters().get(TableCounter::refused_full), 1u);
    rig.udp(3)->state = FlowState::fresh;
    rig.now += 2 * kSecondNs;
    EXPECT_NE(rig.udp(99), nullptr);
    EXPECT_EQ(rig.table.counters().get(TableCounter::evicted), 1u);
    EXPECT_EQ(rig.ended.at(0).second, FlowEnd::evicted);
    EXPECT_EQ(rig.table.size(), 8u);
}

TEST(FlowTable, IdsAreUniqueAndFitJson) {
    TableRig rig({.capacity = 1000, .worker = 255});
    std::set<std::uint64_t> ids;
    for (unsigned port = 1; port <= 1000; ++port) ids.insert(rig.udp(port)->id);
    EXPECT_EQ(ids.size(), 1000u);
    EXPECT_LT(*ids.rbegin(), std::uint64_t{1} << 53);
}

TEST(FlowTable, ClearEndsAll) {
    TableRig rig;
    for (unsigned port = 1; port <= 20; ++port) rig.udp(port);
    rig.table.clear(FlowEnd::shutdown);
    EXPECT_EQ(rig.ended.size(), 20u);
    EXPECT_EQ(rig.table.size(), 0u);
    EXPECT_NE(rig.udp(1), nullptr);
}

}  // namespace
}  // namespace sekisho::flow
