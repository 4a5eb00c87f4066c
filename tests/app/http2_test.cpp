// HTTP/2 connections, whole and cut; limits.
#include "app/http2/http2.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "app/http/http.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/record.h"

namespace sekisho::app {
namespace {

using sekisho::testing::RecordingSink;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string number(http2_record::Kind kind, std::uint32_t value, std::uint16_t id = 0) {
    std::string out;
    for (const std::uint32_t octet : {std::uint32_t{kind}, std::uint32_t{id} >> 8, id & 255u, value >> 24, value >> 16 & 255, value >> 8 & 255, value & 255})
        out += static_cast<char>(octet);
    return out;
}

const testing::RecordedTx& stream_of(const RecordingSink& sink, std::string_view uri) {
    for (const auto& tx : sink.transactions)
        if (const auto found = tx.fields.find(Field::http_uri); found != tx.fields.end() && found->second.front() == uri) return tx;
    ADD_FAILURE() << "no stream for " << uri;
    return sink.transactions.front();
}

std::string first(const testing::RecordedTx& tx, Field field) { return tx.fields.contains(field) ? tx.fields.at(field).front() : ""; }

TEST(Http2, StreamsInTheWordsOfHttp1) {
    const auto sink = run_to_end(kHttp2, "http2/get");
    const auto& tx = stream_of(sink, "/a/index.html?q=1");
    EXPECT_EQ(first(tx, Field::http_method), "GET");
    EXPECT_EQ(first(tx, Field::http_uri_raw), "/a%2Fb/../index.html?q=1");
    EXPECT_EQ(first(tx, Field::http_host), "www.example.jp");
    EXPECT_EQ(first(tx, Field::http_host_raw), "www.example.jp:8080");
    EXPECT_EQ(first(tx, Field::http_user_agent), "agent/1.0");
    EXPECT_EQ(first(tx, Field::http_cookie), "a=1; b=2");
    EXPECT_EQ(first(tx, Field::http_request_line), "GET /a%2Fb/../index.html?q=1 HTTP/2\r\n");
    EXPECT_THAT(tx.fields.at(Field::http2_header), Contains("x-note: one:: two"));
    EXPECT_THAT(tx.fields.at(Field::http2_header_name), Contains(":path"));
    EXPECT_THAT(tx.fields.at(Field::http_request_header), Contains("x-note: one: two"));
    EXPECT_EQ(first(tx, Field::http_response_line), "HTTP/2 200\r\n");
    EXPECT_EQ(first(tx, Field::http_server), "box");
    EXPECT_EQ(first(tx, Field::http_stat_msg), "");
    EXPECT_EQ(tx.facts.at(Fact::http_status), 200u);
    EXPECT_EQ(tx.bodies.at({Direction::to_client, Field::http_response_body}).front(), "<html>hello from a stream</html>");
    EXPECT_THAT(tx.fields.at(Field::http2_frame), Contains(number(http2_record::priority, 200)));
}

TEST(Http2, LaterStreamsUseTheTable) {
    const auto sink = run_to_end(kHttp2, "http2/get");
    const auto& tx = stream_of(sink, "/second");
    EXPECT_EQ(first(tx, Field::http_host), "www.example.jp");
    EXPECT_EQ(first(tx, Field::http_user_agent), "agent/1.0");
    EXPECT_EQ(first(tx, Field::http_cookie), "a=1");
    EXPECT_EQ(first(tx, Field::http_stat_code), "404");
}

TEST(Http2, FramesOfTheConnectionAreTransactions) {
    const auto sink = run_to_end(kHttp2, "http2/get");
    std::vector<std::string> records;
    for (const auto& tx : sink.transactions)
        if (tx.fields.contains(Field::http2_frame))
            records.insert(records.end(), tx.fields.at(Field::http2_frame).begin(), tx.fields.at(Field::http2_frame).end());
    EXPECT_THAT(records, Contains(number(http2_record::setting, 4096, 1)));
    EXPECT_THAT(records, Contains(number(http2_record::window, 1073676289)));
    EXPECT_THAT(records, Contains(number(http2_record::frame_type, 7)));
    EXPECT_THAT(records, Contains(number(http2_record::error_code, 0)));
}

TEST(Http2, ContinuationsTrailersAndWhatIsOddAboutHosts) {
    const auto sink = run_to_end(kHttp2, "http2/post");
    const auto& tx = stream_of(sink, "/upload");
    EXPECT_EQ(first(tx, Field::http_host), "www.example.jp");
    EXPECT_THAT(tx.events, ::testing::IsSupersetOf({AppEvent::http2_userinfo_in_uri, AppEvent::http2_authority_host_mismatch}));
    EXPECT_EQ(tx.bodies.at({Direction::to_server, Field::http_request_body}).front(), "first second");
    EXPECT_EQ(tx.bodies.at({Direction::to_client, Field::http_response_body}).front(), "ok");
    EXPECT_THAT(tx.fields.at(Field::http2_header), Contains("x-sum: 7"));
}

TEST(Http2, ATableThatIsWrongEndsTheConnection) {
    EXPECT_TRUE(run_to_end(kHttp2, "http2/bad_table").has_event(0, AppEvent::http2_invalid_header));
    EXPECT_TRUE(run_to_end(kHttp2, "http2/bad_magic").has_event(0, AppEvent::http2_invalid_client_magic));
}

TEST(Http2, FloodsAndBombsAreBounded) {
    EXPECT_TRUE(run_to_end(kHttp2, "http2/flood").has_event(0, AppEvent::http2_reassembly_limit_reached));
    EXPECT_TRUE(run_to_end(kHttp2, "http2/bomb").has_event(0, AppEvent::http2_reassembly_limit_reached));
}

TEST(Http2, OddFramesArePassedOver) {
    const auto sink = run_to_end(kHttp2, "http2/odd");
    const auto& tx = stream_of(sink, "/");
    EXPECT_THAT(tx.fields.at(Field::http2_frame), Contains(number(http2_record::size_update, 5000)));
    std::vector<AppEvent> events;
    for (const auto& other : sink.transactions) events.insert(events.end(), other.events.begin(), other.events.end());
    EXPECT_THAT(events, ::testing::IsSupersetOf({AppEvent::http2_invalid_frame_length, AppEvent::http2_invalid_frame_data,
                                                 AppEvent::http2_long_frame_data}));
}

TEST(Http2, AnUpgradedRequestIsThatOfStreamOne) {
    RecordingSink before;
    testing::ParserRun http(kHttp, before);
    http.feed(Direction::to_server, "GET /a/%62 HTTP/1.1\r\nHost: e.example\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n");
    http.feed(Direction::to_client, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nx");
    ASSERT_TRUE(http.broken());
    ASSERT_EQ(http.next(), Protocol::http2);
    EXPECT_EQ(http.left(), "GET\n/a/%62\ne.example");

    RecordingSink sink;
    std::vector<std::uint64_t> memory(kHttp2.state_size / 8 + 1);
    kHttp2.init(memory.data());
    kHttp2.inherit(memory.data(), as_bytes(http.left()), sink);
    const std::string response("\0\0\1\1\5\0\0\0\1\x88", 10);   // HEADERS, END_STREAM and END_HEADERS, stream 1: status 200
    kHttp2.parse(memory.data(), Direction::to_client, as_bytes(response), sink);
    kHttp2.destroy(memory.data());
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(sink.value(0, Field::http_uri), "/a/b");
    EXPECT_EQ(sink.value(0, Field::http_host), "e.example");
    EXPECT_EQ(sink.value(0, Field::http_stat_code), "200");
    EXPECT_TRUE(sink.transactions[0].closed);
}

TEST(Http2, NothingIsLeftByOtherUpgrades) {
    RecordingSink sink;
    testing::ParserRun http(kHttp, sink);
    http.feed(Direction::to_server, "GET /" + std::string(kInheritedMax, 'a') + " HTTP/1.1\r\nHost: e\r\nUpgrade: h2c\r\n\r\n");
    http.feed(Direction::to_client, "HTTP/1.1 101 x\r\nUpgrade: h2c\r\n\r\nx");
    EXPECT_EQ(http.next(), Protocol::http2);
    EXPECT_EQ(http.left(), "");   // too long
}

}  // namespace
}  // namespace sekisho::app
