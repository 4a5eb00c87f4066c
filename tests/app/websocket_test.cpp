// WebSocket messages: masks, fragments, control frames between them, compression, limits.
#include "app/websocket/websocket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"

namespace sekisho::app {
namespace {

using sekisho::testing::RecordingSink;
using sekisho::testing::Segment;
using ::testing::ElementsAre;

std::string octets(std::initializer_list<unsigned> values) {
    std::string text;
    for (const unsigned value : values) text.push_back(static_cast<char>(value));
    return text;
}

/// A frame from the server: without mask.
std::string plain(unsigned first, std::string_view payload) {
    std::string frame = octets({first});
    if (payload.size() < 126) frame += octets({static_cast<unsigned>(payload.size())});
    else frame += octets({126, static_cast<unsigned>(payload.size() >> 8), static_cast<unsigned>(payload.size() & 0xff)});
    return frame.append(payload);
}

std::string masked(unsigned first, std::string_view payload) {
    constexpr std::array<unsigned, 4> kMask{0x11, 0x22, 0x33, 0x44};
    std::string frame = octets({first, 0x80u | static_cast<unsigned>(payload.size()), kMask[0], kMask[1], kMask[2], kMask[3]});
    for (std::size_t i = 0; i < payload.size(); ++i) frame.push_back(static_cast<char>(static_cast<unsigned char>(payload[i]) ^ kMask[i % 4]));
    return frame;
}

RecordingSink run(const std::vector<Segment>& segments) {
    testing::check_cuts(kWebSocket, segments);
    RecordingSink sink;
    testing::run_segments(kWebSocket, segments, 0, sink);
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.closed);
    return sink;
}

TEST(WebSocket, MessagesOfBothSides) {
    const auto sink = run({{kUp, masked(0x81, "hello")}, {kDown, plain(0x82, "world") + plain(0x81, "")}});
    ASSERT_EQ(sink.transactions.size(), 3u);
    EXPECT_EQ(sink.value(0, Field::websocket_payload), "hello");
    EXPECT_THAT(sink.transactions[0].fields.at(Field::websocket_frame), ElementsAre(octets({1, 0x80, 1, 0x11, 0x22, 0x33, 0x44})));
    EXPECT_EQ(sink.value(1, Field::websocket_payload), "world");
    EXPECT_THAT(sink.transactions[1].fields.at(Field::websocket_frame), ElementsAre(octets({2, 0x80, 0, 0, 0, 0, 0})));
}

TEST(WebSocket, FragmentsAreOneMessageAndControlFramesMayStandBetween) {
    const auto sink = run({{kDown, plain(0x01, "frag") + plain(0x89, "ping") + plain(0x00, "men") + plain(0x80, "ted")}});
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.value(0, Field::websocket_payload), "fragmented");
    EXPECT_EQ(sink.transactions[0].fields.at(Field::websocket_frame).size(), 3u);
    EXPECT_EQ(sink.value(1, Field::websocket_payload), "ping");
}

TEST(WebSocket, CompressionKeepsItsWindow) {
    // RFC 7692 section 7.2.3.2: "Hello" twice, the second time by reference to the first.
    const auto sink = run({{kDown, plain(0xc1, octets({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})) + plain(0xc1, octets({0xf2, 0x00, 0x11, 0x00, 0x00}))}});
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.value(0, Field::websocket_payload), "Hello");
    EXPECT_EQ(sink.value(1, Field::websocket_payload), "Hello");
}

TEST(WebSocket, WhatIsNoDeflateIsToldAndShownAsSent) {
    const auto sink = run({{kDown, plain(0xc1, octets({0xff, 0xff, 0xff})) + plain(0xc1, "next")}});
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_TRUE(sink.has_event(0, AppEvent::websocket_decompression_failed));
    EXPECT_EQ(sink.value(1, Field::websocket_payload), "next");
}

TEST(WebSocket, LongMessagesAreCut) {
    const std::string half(40000, 'x');
    const auto fragments = run({{kDown, plain(0x01, half) + plain(0x80, half) + plain(0x81, "on")}});
    ASSERT_EQ(fragments.transactions.size(), 2u);
    EXPECT_TRUE(fragments.has_event(0, AppEvent::websocket_reassembly_limit_reached));
    EXPECT_EQ(fragments.value(0, Field::websocket_payload).size(), kWebSocketPayloadMax);
    EXPECT_EQ(fragments.value(1, Field::websocket_payload), "on");
    const std::string head = octets({0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70});  // 70,000 octets
    const auto one = run({{kDown, head + std::string(35000, 'y')}, {kDown, std::string(35000, 'y')}});
    ASSERT_EQ(one.transactions.size(), 1u);
    EXPECT_TRUE(one.has_event(0, AppEvent::websocket_skip_end_of_payload));
}

TEST(WebSocket, WhatNoEndSendsBreaksOff) {
    RecordingSink reserved;
    testing::ParserRun reserved_run(kWebSocket, reserved);
    reserved_run.feed(kDown, plain(0xb1, "x"));
    reserved_run.end();
    EXPECT_TRUE(reserved.transactions.empty());
    RecordingSink control;
    testing::ParserRun control_run(kWebSocket, control);
    control_run.feed(kDown, plain(0x89, std::string(126, 'x')));
    control_run.end();
    EXPECT_TRUE(control.transactions.empty());
}

}  // namespace
}  // namespace sekisho::app
