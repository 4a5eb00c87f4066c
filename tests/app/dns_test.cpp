// DNS messages over both transports.
#include "app/dns/dns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/parser_segments.h"

namespace sekisho::app {
namespace {

using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;

RecordingSink run(const Parser& parser, std::string_view path, std::size_t piece = 0) {
    RecordingSink sink;
    const auto file = std::string(SEKISHO_SOURCE_DIR "/tests/app/corpus/") + std::string(path);
    testing::run_segments(parser, testing::load_segments(file), piece, sink);
    return sink;
}

TEST(Dns, QueryAndAnswerAreTransactionsOfTheirOwn) {
    const auto sink = run(kDnsUdp, "dns/pair");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.value(0, Field::dns_query), "www.example.com");
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::dns_id), 7u);
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::dns_type), 1u);
    EXPECT_EQ(sink.transactions[0].stage[0], Stage::complete);
    EXPECT_EQ(sink.transactions[1].facts.at(Fact::dns_is_answer), 1u);
    EXPECT_THAT(sink.transactions[1].fields.at(Field::dns_answer),
                ElementsAre("A 192.0.2.1", "AAAA 2001:0db8:0000:0000:0000:0000:0000:0001", "CNAME www.www.example.com",
                            "MX 10 mail.www.example.com", "TXT helloworld", "SRV 1 2 5222 sip.www.example.com",
                            "SOA ns.www.example.com root.www.example.com", "HTTPS 1 ", "RRSIG 616263"));
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.closed);
}

TEST(Dns, StreamsAreCutIntoMessages) {
    for (const std::size_t piece : {0u, 1u, 5u}) EXPECT_EQ(run(kDnsTcp, "dns_tcp/pair", piece).transactions.size(), 3u);
}

TEST(Dns, LoopsAndLongNamesAreEvents) {
    EXPECT_TRUE(run(kDnsUdp, "dns/loop").has_event(0, AppEvent::dns_infinite_loop));
    const auto sink = run(kDnsUdp, "dns/long");
    EXPECT_TRUE(sink.has_event(0, AppEvent::dns_name_too_long));
    EXPECT_LE(sink.value(0, Field::dns_query).size(), 255u);
}

TEST(Dns, Events) {
    using namespace std::string_view_literals;
    struct Case {
        std::string_view message;
        Direction direction;
        AppEvent event;
    };
    static constexpr Case cases[] = {
        {"\0\1\x80\0\0\0\0\0\0\0\0\0"sv, Direction::to_server, AppEvent::dns_not_a_request},
        {"\0\1\0\0\0\0\0\0\0\0\0\0"sv, Direction::to_client, AppEvent::dns_not_a_response},
        {"\0\1\0\x40\0\0\0\0\0\0\0\0"sv, Direction::to_server, AppEvent::dns_z_flag_set},
        {"\0\1\x78\0\0\0\0\0\0\0\0\0"sv, Direction::to_server, AppEvent::dns_invalid_opcode},
        {"\0\1\0\0\0\1\0\0\0\0\0\0\5ab"sv, Direction::to_server, AppEvent::dns_malformed_data},
        {"\0\1"sv, Direction::to_server, AppEvent::dns_malformed_data},
    };
    for (const auto& c : cases) {
        RecordingSink sink;
        testing::run_segments(kDnsUdp, {{c.direction, std::string(c.message)}}, 0, sink);
        EXPECT_TRUE(sink.has_event(0, c.event)) << to_string(c.event);
    }
}

TEST(Dns, ProbesAskTheContentAndForStrangePortsMore) {
    const auto segments = testing::load_segments(SEKISHO_SOURCE_DIR "/tests/app/corpus/dns/pair");
    const auto probe = [&](std::string_view bytes, std::uint16_t port) {
        return kDnsUdp.probe({as_bytes(bytes), {}, port, 40000});
    };
    EXPECT_EQ(probe(segments[0].bytes, 53), Probe::yes);
    EXPECT_EQ(probe(segments[0].bytes, 999), Probe::yes);
    EXPECT_EQ(probe(segments[0].bytes, 5353), Probe::no);
    EXPECT_EQ(probe("hello, this is something else", 999), Probe::no);
}

}  // namespace
}  // namespace sekisho::app
