// Protocols that are held in turns: RFB and PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "app/pgsql/pgsql.h"
#include "app/rfb/rfb.h"

namespace sekisho::app {
namespace {

using sekisho::testing::RecordingSink;
using ::testing::Contains;

TEST(Rfb, SecurityAndDesktop) {
    const auto sink = run_to_end(kRfb, "rfb/vnc");
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::rfb_security_type), 2u);
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::rfb_security_result), 0u);
    EXPECT_EQ(sink.value(0, Field::rfb_name), "desktop");
    EXPECT_THAT(sink.transactions[0].fields.at(Field::detail), Contains("framebuffer.width:800"));
}

TEST(Rfb, OldVersionsRefusalsAndConfusion) {
    EXPECT_EQ(run_to_end(kRfb, "rfb/old").transactions[0].facts.at(Fact::rfb_security_result), 1u);
    EXPECT_THAT(run_to_end(kRfb, "rfb/refused").transactions[0].fields.at(Field::detail), Contains("authentication.failure_reason=too many!"));
    EXPECT_TRUE(run_to_end(kRfb, "rfb/unknown").has_event(0, AppEvent::rfb_unimplemented_security_type));
    EXPECT_TRUE(run_to_end(kRfb, "rfb/confused").has_event(0, AppEvent::rfb_confused_state));
}

TEST(Pgsql, QueriesAndTheirEnd) {
    const auto sink = run_to_end(kPgsql, "pgsql/queries");
    ASSERT_EQ(sink.transactions.size(), 5u);
    EXPECT_THAT(sink.transactions[0].fields.at(Field::detail), Contains("encryption=rejected"));
    EXPECT_THAT(sink.transactions[1].fields.at(Field::detail), Contains("user=joe"));
    EXPECT_EQ(sink.value(2, Field::pgsql_query), "SELECT * FROM t");
    EXPECT_THAT(sink.transactions[2].fields.at(Field::detail), Contains("command_completed=SELECT 1"));
    EXPECT_THAT(sink.transactions[3].fields.at(Field::detail), Contains("error=no such table"));
    EXPECT_THAT(sink.transactions[4].fields.at(Field::detail), Contains("request=terminate"));
}

TEST(Pgsql, EncryptionEndsTheParserAndJunkIsAnEvent) {
    RecordingSink sink;
    testing::ParserRun tls(kPgsql, sink);
    tls.feed(Direction::to_server, std::string("\0\0\0\x08\x04\xd2\x16\x2f", 8));
    EXPECT_TRUE(tls.feed(Direction::to_client, "S")) << "the letter belongs to PostgreSQL, what follows to TLS";
    EXPECT_FALSE(tls.feed(Direction::to_server, "\x16\x03\x01"));
    EXPECT_EQ(tls.fault(), Fault::none);
    EXPECT_TRUE(run_to_end(kPgsql, "pgsql/odd").has_event(0, AppEvent::pgsql_malformed_response));
}

TEST(Pgsql, LongQueriesAreReadAsFarAsTheLimit) {
    RecordingSink sink;
    testing::ParserRun run(kPgsql, sink);
    run.feed(Direction::to_server, std::string("\0\0\0\x09\0\3\0\0\0", 9));
    const std::string query(40'000, 'q');
    const std::size_t length = query.size() + 4;
    EXPECT_TRUE(run.feed(Direction::to_server, std::string{'Q', 0, 0, static_cast<char>(length >> 8), static_cast<char>(length)} + query));
    EXPECT_EQ(sink.value(1, Field::pgsql_query).size(), KiB(32));
    EXPECT_EQ(run.waiting(Direction::to_server), 0u);
}

}  // namespace
}  // namespace sekisho::app
