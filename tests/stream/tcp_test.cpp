#include "sekisho/stream/tcp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stream/tcp_rig.h"

namespace sekisho::stream {
namespace {

using testing::kAck;
using testing::kFin;
using testing::kPsh;
using testing::kRst;
using testing::kSyn;

TEST(Tcp, HandshakeEstablishes) {
    TcpRig rig;
    EXPECT_FALSE(rig.send(kUp, kSyn, 1000, 0).established);
    EXPECT_FALSE(rig.send(kDown, kSyn | kAck, 5000, 1001).established);
    const auto result = rig.send(kUp, kAck, 1001, 5001);
    EXPECT_TRUE(result.established);
    EXPECT_TRUE(result.accepted);
    EXPECT_EQ(rig.flow->state, flow::FlowState::established);
}

TEST(Tcp, AckCapturedBeforeItsSynAckEndsTheHandshake) {
    TcpRig rig;
    rig.send(kUp, kSyn, 1000, 0);
    EXPECT_TRUE(rig.send(kUp, kAck, 1001, 5001).accepted);
    EXPECT_TRUE(rig.send(kDown, kSyn | kAck, 5000, 1001).accepted);
    EXPECT_EQ(rig.flow->state, flow::FlowState::established);
    EXPECT_TRUE(rig.send(kDown, kPsh | kAck, 5001, 1001, "220 ready").fresh[1]);
    EXPECT_EQ(rig.bytes(kDown), "220 ready");
}

TEST(Tcp, AnAckOfAnotherAnswerDoesNotEndTheHandshake) {
    TcpRig rig;
    rig.send(kUp, kSyn, 1000, 0);
    rig.send(kUp, kAck, 1001, 7777);
    rig.send(kDown, kSyn | kAck, 5000, 1001);
    EXPECT_EQ(rig.flow->state, flow::FlowState::fresh);
    rig.send(kUp, kAck, 1001, 5001);
    EXPECT_EQ(rig.flow->state, flow::FlowState::established);
}

TEST(Tcp, InlineNothingIsConfirmedThatHasNotPassed) {
    TcpRig rig({.enforce = true});
    rig.send(kUp, kSyn, 1000, 0);
    rig.send(kUp, kAck, 1001, 5001);
    rig.send(kDown, kSyn | kAck, 5000, 1001);
    EXPECT_EQ(rig.flow->state, flow::FlowState::fresh);
    EXPECT_FALSE(rig.send(kDown, kPsh | kAck, 5001, 1001, "220 ready").fresh[1]);
}

TEST(Tcp, InOrderDataIsFreshAtOnce) {
    TcpRig rig;
    rig.open();
    const auto result = rig.send(kUp, kPsh | kAck, 1001, 5001, "hello ");
    ASSERT_TRUE(result.fresh[0]);
    EXPECT_EQ(result.fresh_from[0], 0u);
    EXPECT_EQ(rig.send(kUp, kPsh | kAck, 1007, 5001, "world").fresh_from[0], 6u);
    EXPECT_EQ(rig.bytes(kUp), "hello world");
}

TEST(Tcp, OutOfOrderDataWaits) {
    TcpRig rig;
    rig.open();
    const auto late = rig.send(kUp, kAck, 1007, 5001, "world");
    EXPECT_FALSE(late.fresh[0]);
    EXPECT_TRUE(late.added);
    EXPECT_TRUE(rig.send(kUp, kAck, 1001, 5001, "hello ").fresh[0]);
    EXPECT_EQ(rig.bytes(kUp), "hello world");
}

TEST(Tcp, FirstCopyWinsAndConflictIsTold) {
    TcpRig rig;
    rig.open();
    rig.send(kUp, kAck, 1004, 5001, "DEF");
    const auto result = rig.send(kUp, kAck, 1001, 5001, "abcdefghi");
    EXPECT_THAT(rig.events(result), ::testing::Contains("reassembly_overlap_different_data"));
    EXPECT_FALSE(result.refuse);
    EXPECT_EQ(rig.bytes(kUp), "abcDEFghi");
}

TEST(Tcp, EnforcingRefusesConflict) {
    TcpRig rig({.enforce = true});
    rig.open();
    rig.send(kUp, kAck, 1001, 5001, "GET /good");
    const auto result = rig.send(kUp, kAck, 1001, 5001, "GET /evil");
    EXPECT_TRUE(result.refuse);
    EXPECT_EQ(rig.bytes(kUp), "GET /good");
    EXPECT_FALSE(rig.send(kUp, kAck, 1001, 5001, "GET /good").refuse);
}

TEST(Tcp, SequenceNumbersWrap) {
    TcpRig rig;
    rig.open(0xfffffffcu, 5000);
    rig.send(kUp, kAck, 0xfffffffdu, 5001, "abcdef");
    rig.send(kUp, kAck, 6, 5001, "jkl");
    rig.send(kUp, kAck, 3, 5001, "ghi");
    EXPECT_EQ(rig.bytes(kUp), "abcdefghijkl");
    EXPECT_EQ(rig.reassembler.stream_size(*rig.flow, kUp), 13u);
}

TEST(Tcp, AckedHoleIsSkipped) {
    TcpRig rig;
    rig.open();
    rig.send(kUp, kAck, 1001, 5001, "abc");
    rig.send(kUp, kAck, 1014, 5001, "xyz");
    EXPECT_EQ(rig.bytes(kUp), "abc");
    const auto result = rig.send(kDown, kAck, 5001, 1017);
    EXPECT_EQ(result.gap_bytes[0], 10u);
    EXPECT_TRUE(result.fresh[0]);
    EXPECT_EQ(result.fresh_from[0], 13u);
    EXPECT_EQ(rig.bytes(kUp), "xyz");
    EXPECT_THAT(rig.events(result), ::testing::Contains("reassembly_seq_gap"));
}

TEST(Tcp, FullHoldSkipsWhenObservingAndRefusesWhenEnforcing) {
    for (const bool enforce : {false, true}) {
        TcpRig rig({.enforce = enforce, .held_per_direction_bytes = 2 * kHeldBlockBytes});
        rig.open();
        const std::string piece(1000, 'x');
        SegmentResult last;
        for (std::uint32_t i = 0; i < 5; ++i) last = rig.send(kUp, kAck, 1101 + i * 1000, 5001, piece);
        EXPECT_EQ(last.refuse, enforce);
        EXPECT_EQ(last.no_room, enforce);
        EXPECT_EQ(last.gap_bytes[0], enforce ? 0u : 100u);
    }
}

TEST(Tcp, WhatFollowsOnBeyondTheWindowComesInParts) {
    TcpRig rig({.depth_bytes = 0, .held_pool_bytes = MiB(1)});
    rig.options = testing::option_window_scale(7);
    rig.open();
    rig.options.clear();
    rig.send(kDown, kAck, 5001, 1001);
    std::string sent = "x";
    for (std::uint32_t at = 1; at < 400'000; at += 1000) {
        sent += std::string(1000, static_cast<char>('a' + at / 1000 % 26));
        EXPECT_FALSE(rig.send(kUp, kAck, 1001 + at, 5001, std::string_view(sent).substr(at)).more);
    }
    SegmentResult part = rig.send(kUp, kAck, 1001, 5001, "x");
    std::string got;
    for (int parts = 0; parts < 20; ++parts) {
        ASSERT_TRUE(part.fresh[0]);
        EXPECT_EQ(part.gap_bytes[0], 0u);
        Window& window = rig.reassembler.window(*rig.flow, kUp);
        got += as_text(window.from(part.fresh_from[0]));
        window.keep_from(window.end());
        if (!part.more) break;
        part = rig.reassembler.go_on(*rig.flow, rig.packet, kUp);
    }
    EXPECT_EQ(got, sent);
}

TEST(Tcp, BehindAResetOnlyConfirmedDataMayComeAgain) {
    TcpRig rig({.enforce = true});
    rig.open();
    rig.send(kUp, kAck, 1001, 5001, "abc");
    rig.send(kDown, kAck, 5001, 1004);
    rig.send(kUp, kAck, 1104, 5001, "z");
    rig.send(kUp, kRst | kAck, 1105, 5001);
    EXPECT_FALSE(rig.send(kUp, kAck, 1001, 5001, "abc").refuse);
    EXPECT_TRUE(rig.send(kUp, kAck, 1004, 5001, "unseen").refuse);
}

TEST(Tcp, SegmentAcrossTheWindowIsTakenWatchingAndRefusedInline) {
    for (const bool enforce : {false, true}) {
        TcpRig rig({.enforce = enforce});
        rig.window = 10;
        rig.open();
        const auto result = rig.send(kUp, kAck, 1001, 5001, "twelve octet");
        EXPECT_EQ(result.refuse, enforce);
        EXPECT_EQ(rig.bytes(kUp), enforce ? "" : "twelve octet");
        EXPECT_FALSE(rig.send(kUp, kAck, 1101, 5001, "beyond").accepted);
    }
}

TEST(Tcp, DataThatConfirmsTheUnsentIsRefusedInline) {
    TcpRig rig({.enforce = true});
    rig.open();
    EXPECT_TRUE(rig.send(kUp, kAck, 1001, 5002, "junk").refuse);
    EXPECT_FALSE(rig.send(kUp, kAck, 1001, 5001, "data").refuse);
}

TEST(Tcp, FinClosesInOrder) {
    TcpRig rig;
    rig.open();
    const auto fin = rig.send(kUp, kFin | kAck, 1001, 5001, "bye");
    EXPECT_TRUE(fin.closed[0]);
    EXPECT_EQ(rig.flow->state, flow::FlowState::closing);
    EXPECT_TRUE(rig.send(kDown, kFin | kAck, 5001, 1005).closed[1]);
    rig.send(kUp, kAck, 1005, 5002);
    EXPECT_EQ(rig.flow->state, flow::FlowState::closed);
}

TEST(Tcp, FinAheadOfDataClosesWhenDataIsThere) {
    TcpRig rig;
    rig.open();
    EXPECT_FALSE(rig.send(kUp, kFin | kAck, 1004, 5001, "def").closed[0]);
    EXPECT_TRUE(rig.send(kUp, kAck, 1001, 5001, "abc").closed[0]);
    EXPECT_EQ(rig.bytes(kUp), "abcdef");
}

TEST(Tcp, ForgedFinDoesNotBlindTheObserver) {
    TcpRig rig;
    rig.open();
    rig.send(kUp, kFin | kAck, 1001, 5001);
    rig.send(kUp, kAck, 1001, 5001, "still here");
    EXPECT_EQ(rig.bytes(kUp), "still here");
    EXPECT_EQ(rig.flow->state, flow::FlowState::established);
}

TEST(Tcp, ResetMustFit) {
    TcpRig rig({.enforce = true});
    rig.open();
    const auto blind = rig.send(kUp, kRst, 1001 + 30000, 0);
    EXPECT_TRUE(blind.refuse);
    EXPECT_NE(rig.flow->state, flow::FlowState::closed);
    EXPECT_TRUE(rig.send(kUp, kRst, 1001, 0).closed[1]);
    EXPECT_EQ(rig.flow->state, flow::FlowState::closed);
}

TEST(Tcp, ForgedResetIsUndoneByData) {
    TcpRig rig;
    rig.open();
    rig.send(kUp, kRst, 1001, 0);
    const auto result = rig.send(kUp, kAck, 1001, 5001, "abc");
    EXPECT_THAT(rig.events(result), ::testing::ElementsAre("suspected_rst_inject"));
    EXPECT_EQ(rig.bytes(kUp), "abc");
}

TEST(Tcp, RefusedConnectionCloses) {
    TcpRig rig;
    rig.send(kUp, kSyn, 1000, 0);
    EXPECT_TRUE(rig.send(kDown, kRst | kAck, 0, 1001).accepted);
    EXPECT_EQ(rig.flow->state, flow::FlowState::closed);
}

TEST(Tcp, OldTimestampIsNotTaken) {
    TcpRig rig;
    rig.options = testing::option_timestamps(100, 0);
    rig.open();
    rig.options = testing::option_timestamps(200, 0);
    rig.send(kUp, kAck, 1001, 5001, "new");
    rig.options = testing::option_timestamps(150, 0);
    const auto result = rig.send(kUp, kAck, 1004, 5001, "old");
    EXPECT_THAT(rig.events(result), ::testing::Contains("pkt_invalid_timestamp"));
    EXPECT_EQ(rig.bytes(kUp), "new");
}

TEST(Tcp, WindowScaleCounts) {
    TcpRig rig;
    rig.options = testing::option_window_scale(3);
    rig.open();
    rig.options = {};
    rig.window = 1000;
    rig.send(kDown, kAck, 5001, 1001);  // 8000 octets from 1001; the SYN+ACK's 65535 stay granted
    EXPECT_TRUE(rig.send(kUp, kAck, 1001 + 65000, 5001, "x").accepted);
    const auto beyond = rig.send(kUp, kAck, 1001 + 66000, 5001, "x");
    EXPECT_FALSE(beyond.accepted);
    EXPECT_THAT(rig.events(beyond), ::testing::Contains("est_packet_out_of_window"));
}

TEST(Tcp, MidstreamOnlyWhenWanted) {
    TcpRig off;
    EXPECT_FALSE(off.send(kUp, kAck, 7000, 8000, "abc").tracked);
    TcpRig on({.midstream = true});
    const auto result = on.send(kUp, kAck, 7000, 8000, "abc");
    EXPECT_TRUE(result.established);
    EXPECT_EQ(on.bytes(kUp), "abc");
    on.send(kDown, kAck, 8000, 7003, "xyz");
    EXPECT_EQ(on.bytes(kDown), "xyz");
}

TEST(Tcp, MidstreamFromSynAck) {
    TcpRig rig({.midstream = true});
    rig.send(kDown, kSyn | kAck, 0x90000000u, 1001);
    EXPECT_TRUE(rig.send(kUp, kAck, 1001, 0x90000001u).established);
    rig.send(kDown, kAck, 0x90000001u, 1001, "data");
    EXPECT_EQ(rig.bytes(kDown), "data");
}

TEST(Tcp, OneSideOnly) {
    TcpRig rig({.async_oneside = true});
    rig.send(kUp, kSyn, 1000, 0);
    EXPECT_TRUE(rig.send(kUp, kAck, 1001, 5001).established);
    rig.send(kUp, kAck, 1001, 5001, "only me");
    EXPECT_EQ(rig.bytes(kUp), "only me");
}

TEST(Tcp, SimultaneousOpen) {
    TcpRig rig;
    rig.send(kUp, kSyn, 1000, 0);
    rig.send(kDown, kSyn, 5000, 0);
    rig.send(kUp, kSyn | kAck, 1000, 5001);
    EXPECT_TRUE(rig.send(kDown, kSyn | kAck, 5000, 1001).established);
    rig.send(kUp, kAck, 1001, 5001, "both");
    EXPECT_EQ(rig.bytes(kUp), "both");
}

TEST(Tcp, FastOpenDataInSyn) {
    TcpRig rig;
    rig.options = {34, 10, 1, 2, 3, 4, 5, 6, 7, 8};
    const auto syn = rig.send(kUp, kSyn, 1000, 0, "GET");
    EXPECT_TRUE(syn.fresh[0]);
    rig.options = {};
    rig.send(kDown, kSyn | kAck, 5000, 1004);
    rig.send(kDown, kAck, 5001, 1004, "OK");
    EXPECT_TRUE(rig.send(kUp, kAck, 1004, 5003).established);
    EXPECT_EQ(rig.bytes(kUp), "GET");
    EXPECT_EQ(rig.bytes(kDown), "OK");
}

TEST(Tcp, SynDataWithoutCookieWaitsForTheAnswer) {
    for (const bool taken : {true, false}) {
        TcpRig rig;
        EXPECT_FALSE(rig.send(kUp, kSyn, 1000, 0, "GET").fresh[0]);
        const auto answer = rig.send(kDown, kSyn | kAck, 5000, taken ? 1004 : 1001);
        EXPECT_TRUE(answer.accepted);
        EXPECT_EQ(answer.fresh[0], taken);
        rig.send(kUp, kAck, taken ? 1004 : 1001, 5001, "PUT");
        EXPECT_EQ(rig.bytes(kUp), taken ? "GETPUT" : "PUT");
    }
}

TEST(Tcp, ForgedEchoDoesNotEndTheHandshake) {
    TcpRig rig;
    rig.options = testing::option_timestamps(5000, 0);
    rig.send(kUp, kSyn, 1000, 0);
    rig.options = testing::option_timestamps(100, 100);
    EXPECT_THAT(rig.events(rig.send(kDown, kRst | kAck, 0, 1001)), ::testing::ElementsAre("pkt_invalid_timestamp"));
    rig.options = {};
    rig.send(kUp, kRst, 1001, 0);
    rig.options = testing::option_timestamps(700, 5000);
    rig.send(kDown, kSyn | kAck, 9000, 1001);
    rig.options = testing::option_timestamps(5001, 700);
    EXPECT_TRUE(rig.send(kUp, kAck, 1001, 9001, "GET").established);
    EXPECT_EQ(rig.bytes(kUp), "GET");
}

TEST(Tcp, InlineASegmentThatWasOvertakenHasAnOlderClock) {
    TcpRig rig({.enforce = true});
    rig.options = testing::option_timestamps(100, 0);
    rig.send(kUp, kSyn, 1000, 0);
    rig.options = testing::option_timestamps(700, 100);
    rig.send(kDown, kSyn | kAck, 5000, 1001);
    rig.options = testing::option_timestamps(100, 700);
    rig.send(kUp, kAck, 1001, 5001);
    rig.options = testing::option_timestamps(102, 700);
    EXPECT_FALSE(rig.send(kUp, kAck, 1004, 5001, "def").refuse);
    rig.options = testing::option_timestamps(103, 700);
    EXPECT_FALSE(rig.send(kUp, kAck, 1007, 5001, "ghi").refuse);
    rig.options = testing::option_timestamps(101, 700);
    EXPECT_FALSE(rig.send(kUp, kAck, 1001, 5001, "abc").refuse);
    EXPECT_EQ(rig.bytes(kUp), "abcdefghi");
    rig.options = testing::option_timestamps(99, 700);
    EXPECT_TRUE(rig.send(kUp, kAck, 1010, 5001, "old").refuse) << "older than what came in order";
}

TEST(Tcp, ServerDataBeforeHandshakeIsSuspect) {
    TcpRig rig({.enforce = true});
    rig.send(kUp, kSyn, 1000, 0);
    rig.send(kDown, kSyn | kAck, 5000, 1001);
    const auto result = rig.send(kDown, kAck, 5001, 1001, "inject");
    EXPECT_TRUE(result.refuse);
    EXPECT_THAT(rig.events(result), ::testing::ElementsAre("3whs_ack_data_inject"));
}

TEST(Tcp, PortReuseAsksForRestart) {
    TcpRig rig;
    rig.open();
    rig.send(kUp, kFin | kAck, 1001, 5001);
    rig.send(kDown, kFin | kAck, 5001, 1002);
    rig.send(kUp, kAck, 1002, 5002);
    EXPECT_TRUE(rig.send(kUp, kSyn, 99000, 0).restart);
}

TEST(Tcp, SynInEstablishedIsNoRestart) {
    TcpRig rig;
    rig.open();
    const auto result = rig.send(kUp, kSyn, 99000, 0);
    EXPECT_FALSE(result.restart);
    EXPECT_THAT(rig.events(result), ::testing::ElementsAre("est_syn_resend_diff_seq"));
}

TEST(Tcp, KeepaliveIsNoConflict) {
    TcpRig rig({.enforce = true});
    rig.open();
    rig.send(kUp, kAck, 1001, 5001, "abc");
    rig.send(kDown, kAck, 5001, 1004);
    const auto probe = rig.send(kUp, kAck, 1003, 5001, std::string_view("\0", 1));
    EXPECT_FALSE(probe.refuse);
    EXPECT_TRUE(probe.accepted);
    EXPECT_TRUE(probe.events.empty());
}

TEST(Tcp, DepthEndsReassembly) {
    TcpRig rig({.depth_bytes = 10});
    rig.open();
    rig.send(kUp, kAck, 1001, 5001, "12345678");
    const auto result = rig.send(kUp, kAck, 1009, 5001, "90abc");
    EXPECT_THAT(rig.events(result), ::testing::Contains("reassembly_depth_reached"));
    EXPECT_EQ(rig.bytes(kUp), "1234567890");
    EXPECT_FALSE(rig.send(kUp, kAck, 1014, 5001, "more").fresh[0]);
}

TEST(Tcp, SegmentWithoutAckIsNotTaken) {
    TcpRig rig({.enforce = true});
    rig.open();
    const auto result = rig.send(kUp, kPsh, 1001, 0, "sly");
    EXPECT_TRUE(result.refuse);
    EXPECT_FALSE(result.added);
}

TEST(Tcp, BadChecksumIsNotTaken) {
    TcpRig rig;
    rig.open();
    rig.bad_checksum = true;
    EXPECT_FALSE(rig.send(kUp, kAck, 1001, 5001, "junk").accepted);
    EXPECT_EQ(rig.reassembler.counters().get(TcpCounter::segments_bad_checksum), 1u);
}

TEST(Tcp, SessionsAreBounded) {
    TcpRig rig({.sessions = 1});
    rig.open();
    flow::Flow other;
    packet::Packet p;
    p.tcp_flags = kSyn;
    EXPECT_FALSE(rig.reassembler.accept(other, p, kUp).tracked);
    rig.reassembler.release(*rig.flow);
    EXPECT_TRUE(rig.reassembler.accept(other, p, kUp).tracked);
}

}  // namespace
}  // namespace sekisho::stream
