// SIP messages and session descriptions.
#include "app/sip/sip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"


namespace sekisho::app {
namespace {

using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;

TEST(Sip, RequestAndResponse) {
    const auto sink = run(kSipUdp, "sip/call");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.value(0, Field::sip_method), "INVITE");
    EXPECT_EQ(sink.value(0, Field::sip_uri), "sip:bob@example.com");
    EXPECT_EQ(sink.value(0, Field::sip_protocol), "SIP/2.0");
    EXPECT_EQ(sink.value(0, Field::sip_request_line), "INVITE sip:bob@example.com SIP/2.0");
    EXPECT_EQ(sink.value(1, Field::sip_stat_code), "200");
    EXPECT_EQ(sink.value(1, Field::sip_stat_msg), "All right");
    EXPECT_EQ(sink.value(1, Field::sip_response_line), "SIP/2.0 200 All right");
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.closed);
}

TEST(Sip, HeadersCompactAndFolded) {
    const auto sink = run(kSipUdp, "sip/call");
    EXPECT_THAT(sink.transactions[0].fields.at(Field::sip_via), ElementsAre("SIP/2.0/UDP a.example", "SIP/2.0/UDP b.example"));
    EXPECT_EQ(sink.value(0, Field::sip_from), "<sip:alice@example.com>\r\n ;tag=1");
    EXPECT_EQ(sink.value(0, Field::sip_to), "<sip:bob@example.com>");
    EXPECT_EQ(sink.value(0, Field::sip_user_agent), "phone/1");
    EXPECT_EQ(sink.value(1, Field::sip_content_length), "0");
}

TEST(Sip, SessionDescription) {
    const auto sink = run(kSipUdp, "sip/call");
    EXPECT_EQ(sink.value(0, Field::sdp_session_info), "about");
    EXPECT_EQ(sink.value(0, Field::sdp_media_info), "title");
    EXPECT_EQ(sink.value(0, Field::sdp_connection_data), "IN IP4 192.0.2.1");
    EXPECT_EQ(sink.value(0, Field::sdp_media_connection_data), "IN IP4 192.0.2.9");
    EXPECT_EQ(sink.value(0, Field::sdp_media), "audio 4000 RTP/AVP 0");
    EXPECT_THAT(sink.transactions[0].fields.at(Field::sdp_attribute), ElementsAre("sendrecv", "ptime:20"));
}

TEST(Sip, WhatIsWrongIsAnEvent) {
    const auto sink = run(kSipUdp, "sip/odd");
    ASSERT_EQ(sink.transactions.size(), 3u);  // the keep-alive is none
    EXPECT_TRUE(sink.has_event(0, AppEvent::sip_invalid_data));
    EXPECT_TRUE(sink.has_event(1, AppEvent::sip_invalid_data));
}

TEST(Sip, OverTcpByContentLength) {
    const auto segments = corpus("sip_tcp/call");
    testing::check_cuts(kSipTcp, segments);
    RecordingSink sink;
    testing::run_segments(kSipTcp, segments, 0, sink);
    ASSERT_EQ(sink.transactions.size(), 3u);
    EXPECT_EQ(sink.value(1, Field::sdp_session_name), "talk");
}

TEST(Sip, LongBodiesArePassedOverAndLongHeadsEnd) {
    RecordingSink sink;
    testing::ParserRun run(kSipTcp, sink);
    EXPECT_TRUE(run.feed(Direction::to_server, "MESSAGE sip:x SIP/2.0\r\nContent-Length: 40000\r\n\r\n" + std::string(40000, 'a') + "BYE sip:x SIP/2.0\r\n\r\n"));
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.value(1, Field::sip_method), "BYE");
    EXPECT_FALSE(run.feed(Direction::to_server, "BYE " + std::string(20000, 'x')));
}

}  // namespace
}  // namespace sekisho::app
