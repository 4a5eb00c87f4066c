// Kerberos over TCP and UDP: names, error codes, encryption.
#include "app/krb5/krb5.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"


namespace sekisho::app {
namespace {

using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;

TEST(Krb5, EachMessageIsATransaction) {
    const auto sink = run(kKrb5Tcp, "krb5/exchange");
    std::vector<std::uint64_t> types;
    for (const auto& tx : sink.transactions) {
        types.push_back(tx.facts.at(Fact::krb5_message_type));
        EXPECT_TRUE(tx.closed);
    }
    EXPECT_THAT(types, ElementsAre(10u, 30u, 10u, 11u, 12u, 13u));
}

TEST(Krb5, NamesAreTheirParts) {
    const auto sink = run(kKrb5Tcp, "krb5/exchange");
    EXPECT_THAT(sink.transactions[0].fields.at(Field::krb5_cname), ElementsAre("hanako"));
    EXPECT_THAT(sink.transactions[0].fields.at(Field::krb5_sname), ElementsAre("krbtgt", "EXAMPLE.TEST"));
    EXPECT_THAT(sink.transactions[5].fields.at(Field::krb5_sname), ElementsAre("cifs", "files"));
}

TEST(Krb5, ErrorsAndEncryption) {
    const auto sink = run(kKrb5Tcp, "krb5/exchange");
    EXPECT_EQ(sink.transactions[1].facts.at(Fact::krb5_error_code), 25u);
    EXPECT_EQ(sink.transactions[3].facts.at(Fact::krb5_ticket_encryption), 18u);
    EXPECT_FALSE(sink.has_event(3, AppEvent::krb5_weak_encryption));
    EXPECT_EQ(sink.transactions[5].facts.at(Fact::krb5_ticket_encryption), 23u);
    EXPECT_TRUE(sink.has_event(5, AppEvent::krb5_weak_encryption));
}

TEST(Krb5, MalformedMessagesAreEvents) {
    const auto sink = run(kKrb5Tcp, "krb5/malformed");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_TRUE(sink.has_event(0, AppEvent::krb5_malformed_data));
    EXPECT_TRUE(sink.has_event(1, AppEvent::krb5_malformed_data));
}

TEST(Krb5, ATornMessageIsPassedOver) {
    const auto segments = corpus("krb5/exchange");
    RecordingSink sink;
    testing::ParserRun run(kKrb5Tcp, sink);
    const std::string& request = segments[0].bytes;
    run.feed(Direction::to_server, request.substr(0, 20));
    EXPECT_TRUE(run.gap(Direction::to_server, 10));
    run.feed(Direction::to_server, request.substr(30) + segments[4].bytes);
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::krb5_message_type), 12u);
}

TEST(Krb5Udp, DatagramsAreMessages) {
    const auto sink = run(kKrb5Udp, "krb5_udp/exchange");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.transactions[1].facts.at(Fact::krb5_error_code), 6u);
}

}  // namespace
}  // namespace sekisho::app
