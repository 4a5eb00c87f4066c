// DNS messages over both transports.
#include "app/dns/dns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"


namespace sekisho::app {
namespace {

using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;

TEST(Dns, QueryAndAnswerAreTransactionsOfTheirOwn) {
    const auto sink = run(kDnsUdp, "dns/pair");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.value(0, Field::dns_query), "www.example.com");
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::dns_id), 7u);
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::dns_type), 1u);
    EXPECT_EQ(sink.transactions[0].stage[0], Stage::complete);
    EXPECT_EQ(sink.transactions[1].facts.at(Fact::dns_is_answer), 1u);
    EXPECT_THAT(sink.transactions[1].fields.at(Field::dns_answer),
                ElementsAre("\t60\tA 192.0.2.1", "\t60\tAAAA 2001:0db8:0000:0000:0000:0000:0000:0001",
                            "\t60\tCNAME www.www.example.com", "\t60\tMX 10 mail.www.example.com", "\t60\tTXT helloworld",
                            "\t60\tSRV 1 2 5222 sip.www.example.com", "\t60\tSOA ns.www.example.com root.www.example.com 0 0 0 0 0",
                            "\t60\tHTTPS 1 .", "\t60\tRRSIG 616263"));
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.closed);
}

TEST(Dns, RecordsWithParts) {
    const auto sink = run(kDnsUdp, "dns/records");
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_THAT(sink.transactions[0].fields.at(Field::dns_answer),
                ElementsAre("\t300\tHTTPS 1 . alpn=h2,h3 port=443 ipv4hint=192.0.2.1 dohpath=/q key4660=ff", "\t60\tSSHFP 1 2 abcd",
                            "\t60\tSOA ns.example.com root.example.com 1 2 3 4 5",
                            "other.example\t60\tNAPTR 1 2 u sip  www.example.com", "\t60\tCAA 0 issue ca.example", "\t60\tURI 1 2 http://x"));
}

TEST(Dns, NamesOfAllSections) {
    const auto sink = run(kDnsUdp, "dns/records");
    const auto& fields = sink.transactions[0].fields;
    EXPECT_THAT(fields.at(Field::dns_queries_rrname), ElementsAre("www.example.com"));
    EXPECT_EQ(fields.at(Field::dns_answers_rrname).size(), 6u);
    EXPECT_THAT(fields.at(Field::dns_authorities_rrname), ElementsAre("example.com"));
    EXPECT_FALSE(fields.contains(Field::dns_additionals_rrname));  // EDNS has the root's name
    EXPECT_THAT(fields.at(Field::dns_response_rrname), ::testing::IsSupersetOf({"ns.example.com", "ns1.example.com", "other.example"}));
    EXPECT_TRUE(run(kDnsUdp, "dns/bad_additional").has_event(0, AppEvent::dns_invalid_additionals));
}

TEST(Dns, AnswersThatComeFirstShowTheFlowReversed) {
    const auto answer = corpus("dns/records")[0].bytes;
    const Bytes bytes = as_bytes(answer);
    EXPECT_EQ(kDnsUdp.probe({bytes, {}, 40000, 53}), Probe::reversed);
    EXPECT_EQ(kDnsUdp.probe({{}, bytes, 53, 40000}), Probe::yes);
    EXPECT_EQ(kLlmnr.probe({bytes, {}, 40000, 5355}), Probe::reversed);
    EXPECT_EQ(kMdns.probe({bytes, {}, 5353, 5353}), Probe::yes);
    EXPECT_EQ(kDnsUdp.probe({bytes, {}, 5353, 5353}), Probe::no);
}

TEST(Dns, LocalServicesTellTheirOwnRecord) {
    RecordingSink sink;
    testing::run_segments(kMdns, corpus("dns/pair"), 0, sink);
    EXPECT_THAT(sink.transactions[0].fields.at(Field::detail), ::testing::Contains("rrname=www.example.com"));
    EXPECT_THAT(sink.transactions[1].fields.at(Field::detail), ::testing::Contains("type=response"));
}

TEST(Dns, StreamsAreCutIntoMessages) {
    EXPECT_EQ(run(kDnsTcp, "dns_tcp/pair").transactions.size(), 3u);
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
    const auto segments = corpus("dns/pair");
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
