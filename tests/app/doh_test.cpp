// DNS over HTTP/2: what is told of messages in paths and bodies, and what is none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "app/corpus.h"
#include "app/http2/http2.h"

namespace sekisho::app {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const testing::RecordedTx& stream_of(const testing::RecordingSink& sink, std::string_view path) {
    for (const auto& tx : sink.transactions)
        if (const auto found = tx.fields.find(Field::http_uri); found != tx.fields.end() && found->second.front().starts_with(path)) return tx;
    ADD_FAILURE() << "no stream for " << path;
    return sink.transactions.front();
}

TEST(Doh, AQueryInAPathAndItsAnswer) {
    const auto sink = run_to_end(kHttp2, "http2/doh");
    const auto& tx = stream_of(sink, "/dns-query?");
    EXPECT_EQ(tx.protocol, Protocol::doh2);
    EXPECT_THAT(tx.fields.at(Field::dns_query), Contains("www.tunnel.example"));
    EXPECT_THAT(tx.fields.at(Field::dns_answer), ElementsAre("\t60\tA 192.0.2.7"));
    EXPECT_THAT(tx.fields.at(Field::dns_answers_rrname), ElementsAre("www.tunnel.example"));
    EXPECT_EQ(tx.facts.at(Fact::dns_is_answer), 1u);
    EXPECT_EQ(tx.fields.at(Field::http_host).front(), "dns.example");
    EXPECT_THAT(tx.events, IsEmpty());
}

TEST(Doh, AQueryThatIsPosted) {
    const auto sink = run_to_end(kHttp2, "http2/doh");
    const auto found = std::find_if(sink.transactions.begin(), sink.transactions.end(), [](const testing::RecordedTx& tx) {
        return tx.fields.contains(Field::http_method) && tx.fields.at(Field::http_method).front() == "POST";
    });
    ASSERT_NE(found, sink.transactions.end());
    EXPECT_EQ(found->protocol, Protocol::doh2);
    EXPECT_EQ(found->fields.at(Field::dns_query).front(), "post.tunnel.example");
    EXPECT_EQ(found->facts.at(Fact::dns_id), 7u);
    EXPECT_THAT(found->fields.at(Field::dns_answer), ElementsAre("\t60\tA 192.0.2.8")) << "without its padding";
    EXPECT_THAT(found->events, IsEmpty());
    EXPECT_EQ(stream_of(sink, "/plain").protocol, Protocol::unknown);
}

TEST(Doh, OtherParametersAndCompressedBodiesAreNone) {
    const auto sink = run_to_end(kHttp2, "http2/doh_other");
    for (const auto& tx : sink.transactions) {
        EXPECT_EQ(tx.protocol, Protocol::unknown);
        EXPECT_FALSE(tx.fields.contains(Field::dns_query));
    }
}

TEST(Doh, WhatIsCutOrTooLongIsAnEvent) {
    const auto sink = run_to_end(kHttp2, "http2/doh_broken");
    const auto& tx = stream_of(sink, "/dns-query");
    EXPECT_THAT(tx.events, ElementsAre(AppEvent::dns_malformed_data, AppEvent::http2_dns_response_too_long));
}

}  // namespace
}  // namespace sekisho::app
