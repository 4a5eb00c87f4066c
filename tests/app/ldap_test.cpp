// LDAP: operations and what belongs together, results, limits, what ends or hides a conversation, first bytes.
#include "app/ldap/ldap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "sekisho/app/ldap_words.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/record.h"

namespace sekisho::app {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using sekisho::testing::ParserRun;
using sekisho::testing::RecordedTx;
using sekisho::testing::RecordingSink;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Op = LdapOperation;

std::uint64_t number(const std::string& record, RecordNumber place) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < place.size; ++i) value = value << 8 | static_cast<std::uint8_t>(record.at(place.offset + i));
    return value;
}

Op operation(const RecordedTx& tx) { return static_cast<Op>(tx.facts.at(Fact::ldap_request_operation)); }
std::uint64_t responses(const RecordedTx& tx) { return tx.facts.at(Fact::ldap_responses_count); }
/// Result of the last response.
std::uint64_t result(const RecordedTx& tx) { return number(tx.fields.at(Field::ldap_outcome).front(), ldap_record::kOutcomeResult); }

TEST(Ldap, EveryOperationOfADirectory) {
    const auto sink = run_to_end(kLdapTcp, "ldap/directory");
    ASSERT_EQ(sink.transactions.size(), 10u);
    const Op expected[] = {Op::bind_request, Op::search_request, Op::modify_request, Op::add_request, Op::compare_request,
                           Op::mod_dn_request, Op::del_request, Op::search_request, Op::abandon_request, Op::unbind_request};
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        EXPECT_EQ(operation(sink.transactions[i]), expected[i]);
        EXPECT_THAT(sink.transactions[i].events, IsEmpty());
    }
    EXPECT_EQ(sink.value(0, Field::ldap_request_dn), "cn=admin,dc=example,dc=test");
    EXPECT_EQ(sink.value(1, Field::ldap_request_dn), "ou=People,dc=example,dc=test");
    const auto types = [&](std::size_t tx) { return sink.transactions[tx].fields.at(Field::ldap_request_attribute_type); };
    EXPECT_THAT(types(1), ElementsAre("cn", "mail", "userPassword"));
    EXPECT_THAT(types(2), ElementsAre("mail", "description"));
    EXPECT_THAT(types(3), ElementsAre("objectClass", "sn"));
    EXPECT_THAT(types(4), ElementsAre("cn"));
    EXPECT_EQ(sink.value(5, Field::ldap_request_dn), "uid=b,ou=People,dc=example,dc=test");
    EXPECT_EQ(sink.value(6, Field::ldap_request_dn), "uid=d,ou=People,dc=example,dc=test");
}

TEST(Ldap, ResponsesBelongToTheirRequest) {
    const auto sink = run_to_end(kLdapTcp, "ldap/directory");
    const auto& search = sink.transactions[1];
    EXPECT_EQ(responses(search), 4u);
    EXPECT_THAT(search.fields.at(Field::ldap_responses_dn), ElementsAre("uid=a,ou=People,dc=example,dc=test", "uid=b,ou=People,dc=example,dc=test", ""));
    EXPECT_THAT(search.fields.at(Field::ldap_responses_attribute_type), ElementsAre("cn", "mail", "cn"));
    const auto& told = search.fields.at(Field::ldap_response);
    ASSERT_EQ(told.size(), 4u);
    EXPECT_EQ(number(told[1], ldap_record::kPlace), 1u);
    EXPECT_EQ(number(told[1], ldap_record::kOperation), static_cast<unsigned>(Op::search_result_entry));
    EXPECT_EQ(number(told[1], ldap_record::kHasResult), 0u);
    EXPECT_EQ(number(told[2], ldap_record::kOperation), static_cast<unsigned>(Op::search_result_reference));
    EXPECT_EQ(number(told[3], ldap_record::kHasResult), 1u);
    const auto& outcome = search.fields.at(Field::ldap_outcome).front();
    EXPECT_EQ(number(outcome, ldap_record::kOperations), 1u << 4 | 1u << 5 | 1u << 19);
    EXPECT_EQ(outcome.substr(ldap_record::kLastOperation.offset, 5), "\x05\x13\x04\x04\xff");
    EXPECT_EQ(result(sink.transactions[2]), 50u);
    EXPECT_EQ(sink.value(2, Field::ldap_responses_message), "no write access");
    EXPECT_EQ(result(sink.transactions[4]), 6u);
    EXPECT_EQ(sink.value(6, Field::ldap_responses_dn), "ou=People,dc=example,dc=test");
    EXPECT_EQ(responses(sink.transactions[7]), 0u) << "abandoned";
    EXPECT_EQ(responses(sink.transactions[9]), 0u);
    EXPECT_FALSE(sink.has(9, Field::ldap_outcome));
}

TEST(Ldap, RecordsSayWhatWasAskedAndNoPassword) {
    const auto sink = run_to_end(kLdapTcp, "ldap/directory");
    EXPECT_THAT(sink.transactions[0].fields.at(Field::detail),
                ElementsAre("operation=bind_request", "message_id:1", "version:3", "dn=cn=admin,dc=example,dc=test",
                            "authentication=simple", "result_code:0", "responses:1"));
    EXPECT_THAT(sink.transactions[2].fields.at(Field::detail), Contains("message=no write access"));
}

TEST(Ldap, WhatASecurityLayerWrapsIsPassedOver) {
    const auto sink = run_to_end(kLdapTcp, "ldap/sasl");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(result(sink.transactions[0]), 14u);
    EXPECT_EQ(result(sink.transactions[1]), 0u);
    for (const auto& tx : sink.transactions) EXPECT_THAT(tx.events, IsEmpty());
}

TEST(Ldap, WithoutASaslBindNothingIsTakenForWrapped) {
    RecordingSink sink;
    ParserRun run(kLdapTcp, sink);
    EXPECT_TRUE(run.feed(kUp, "\x30\x0c\x02\1\1\x60\7\2\1\3\4\0\x80\0"sv));
    EXPECT_TRUE(run.feed(kDown, "\x30\x0c\x02\1\1\x61\7\x0a\1\0\4\0\4\0"sv));
    EXPECT_FALSE(run.feed(kUp, "\0\0\0\x20\1\0\0\0"sv));
    EXPECT_TRUE(sink.has_event(1, AppEvent::ldap_invalid_data));
}

TEST(Ldap, StartTlsHandsOver) {
    RecordingSink sink;
    ParserRun run(kLdapTcp, sink);
    for (const auto& segment : corpus("ldap/starttls")) run.feed(segment.direction, segment.bytes);
    EXPECT_TRUE(run.broken());
    EXPECT_EQ(run.fault(), Fault::none);
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_TRUE(sink.transactions[0].closed);
    const auto refused = run_to_end(kLdapTcp, "ldap/starttls_refused");
    ASSERT_EQ(refused.transactions.size(), 2u) << "it goes on in the clear";
    EXPECT_EQ(result(refused.transactions[1]), 0u);
}

TEST(Ldap, ResponsesWithoutRequest) {
    const auto sink = run_to_end(kLdapTcp, "ldap/unasked");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_THAT(sink.transactions[0].events, ElementsAre(AppEvent::ldap_request_not_found)) << "once for all responses with that id";
    EXPECT_EQ(responses(sink.transactions[0]), 3u);
    EXPECT_THAT(sink.transactions[1].events, IsEmpty()) << "a notice of disconnection";
    EXPECT_EQ(sink.value(1, Field::ldap_responses_message), "shutting down");
}

TEST(Ldap, AMalformedMessageEndsIt) {
    const auto sink = run(kLdapTcp, "ldap/malformed");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_TRUE(sink.has_event(1, AppEvent::ldap_invalid_data));
    const auto wrong = run_to_end(kLdapTcp, "ldap/wrong_side");
    ASSERT_EQ(wrong.transactions.size(), 2u);
    EXPECT_TRUE(wrong.has_event(1, AppEvent::ldap_invalid_data)) << "a server does not search";
}

TEST(Ldap, LengthsMustBeDefinite) {
    for (const auto message : {"\x30\x80\x02\1\1\x42\0\0\0"sv, "\x30\x85\0\0\0\0\5\x02\1\1\x42\0"sv, "\x30\x05\x02\1\1\x42\x80"sv,
                               "\x30\x05\x02\1\xff\x42\0"sv, "\x30\x05\x02\1\1\x5f\0"sv, "\x31\x05\x02\1\1\x42\0"sv}) {
        RecordingSink sink;
        ParserRun run(kLdapTcp, sink);
        EXPECT_FALSE(run.feed(kUp, message));
        ASSERT_EQ(sink.transactions.size(), 1u);
        EXPECT_TRUE(sink.has_event(0, AppEvent::ldap_invalid_data));
    }
}

TEST(Ldap, TooManyOpenOperationsEndTheOldest) {
    const auto sink = run_to_end(kLdapTcp, "ldap/waiting");
    ASSERT_EQ(sink.transactions.size(), 42u);
    for (std::size_t i = 0; i < 42; ++i)
        EXPECT_EQ(sink.has_event(i, AppEvent::ldap_too_many_transactions), i < 42 - kLdapOpenMax) << i;
    EXPECT_EQ(result(sink.transactions[41]), 4u);
}

TEST(Ldap, AnAbandonedOperationGivesWayFirst) {
    RecordingSink sink;
    ParserRun run(kLdapTcp, sink);
    const auto compare = [](char id) { return "\x30\x0e\x02\1"s + id + "\x6e\x09\4\1x\x30\4\4\0\4\0"s; };
    for (char id = 1; id <= 40; ++id) run.feed(kUp, compare(id));
    run.feed(kUp, "\x30\x06\x02\1\x50\x50\1\7"sv);
    run.feed(kUp, compare(60));
    EXPECT_FALSE(run.broken());
    for (const auto& tx : sink.transactions) EXPECT_THAT(tx.events, IsEmpty());
    EXPECT_TRUE(sink.transactions[6].closed);
    EXPECT_FALSE(sink.transactions[0].closed);
}

/// A value of BER with a length of four octets.
std::string value(char tag, const std::string& content) {
    const auto size = static_cast<std::uint32_t>(content.size());
    std::string out{tag, '\x84'};
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift);
    return out + content;
}
std::string attribute(const std::string& type, std::size_t octets) {
    return value('\x30', value('\4', type) + value('\x31', value('\4', std::string(octets, 'v'))));
}

TEST(Ldap, OfALargeMessageTheBeginIsRead) {
    RecordingSink sink;
    ParserRun run(kLdapTcp, sink);
    const auto attributes = attribute("cn", 1) + attribute("jpegPhoto", 60'000) + attribute("more", 9'000) + attribute("last", 1);
    const auto entry = value('\x30', "\2\1\1"s + value('\x64', value('\4', "uid=p") + value('\x30', attributes)));
    EXPECT_TRUE(run.feed(kDown, entry + "\x30\x0c\2\1\1\x65\7\x0a\1\0\4\0\4\0"s));
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_THAT(sink.transactions[0].events, ElementsAre(AppEvent::ldap_request_not_found));
    EXPECT_EQ(sink.value(0, Field::ldap_responses_dn), "uid=p");
    EXPECT_THAT(sink.transactions[0].fields.at(Field::ldap_responses_attribute_type), ElementsAre("cn", "jpegPhoto", "more"));
    EXPECT_EQ(responses(sink.transactions[0]), 2u);
}

TEST(Ldap, OfManyResponsesTheFirstAndNewKindsAreTold) {
    const auto sink = run_to_end(kLdapTcp, "ldap/many");
    ASSERT_EQ(sink.transactions.size(), 1u);
    const auto& fields = sink.transactions[0].fields;
    EXPECT_EQ(responses(sink.transactions[0]), 42u);
    EXPECT_EQ(fields.at(Field::ldap_response).size(), kLdapPlacesMax + 2) << "the intermediate response and the result";
    EXPECT_EQ(number(fields.at(Field::ldap_response).back(), ldap_record::kPlace), 41u);
    EXPECT_EQ(number(fields.at(Field::ldap_response).back(), ldap_record::kResult), 4u);
    EXPECT_EQ(fields.at(Field::ldap_responses_dn).size(), kLdapPlacesMax + 1);
    EXPECT_EQ(fields.at(Field::ldap_request_attribute_type).size(), kLdapAttributesMax);
    EXPECT_EQ(fields.at(Field::ldap_responses_attribute_type).size(), kLdapAttributesMax);
}

TEST(Ldap, AHoleInsideAMessageLosesThatMessageAlone) {
    RecordingSink sink;
    ParserRun run(kLdapTcp, sink);
    ASSERT_TRUE(run.feed(kUp, "\x30\x20\x02\1\1\x63"sv));
    EXPECT_TRUE(run.gap(kUp, 10));
    ASSERT_TRUE(run.feed(kUp, std::string(0x22 - 16, 'x') + "\x30\x05\x02\1\2\x42\0"s));
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(operation(sink.transactions[0]), Op::unbind_request);
    EXPECT_FALSE(run.gap(kUp, 1)) << "between messages a hole hides where the next one begins";
}

TEST(Ldap, TheLocatorPingOverUdp) {
    const auto sink = run_to_end(kLdapUdp, "ldap_udp/ping");
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(sink.value(0, Field::ldap_request_dn), "");
    EXPECT_TRUE(sink.has(0, Field::ldap_request_dn)) << "the root's name is empty";
    EXPECT_EQ(sink.value(0, Field::ldap_request_attribute_type), "Netlogon");
    EXPECT_EQ(sink.value(0, Field::ldap_responses_attribute_type), "Netlogon");
    EXPECT_EQ(responses(sink.transactions[0]), 2u);
    const auto old = run_to_end(kLdapUdp, "ldap_udp/old");
    ASSERT_EQ(old.transactions.size(), 1u) << "with the user's name of RFC 1798";
    EXPECT_EQ(result(old.transactions[0]), 0u);
}

TEST(Ldap, DatagramsThatAreCutOrForeign) {
    RecordingSink sink;
    ParserRun run(kLdapUdp, sink);
    const auto segments = corpus("ldap_udp/cut");
    EXPECT_FALSE(run.feed(segments[0].direction, segments[0].bytes));
    EXPECT_TRUE(sink.has_event(0, AppEvent::ldap_incomplete_data));
    RecordingSink foreign;
    ParserRun other(kLdapUdp, foreign);
    EXPECT_FALSE(other.feed(segments[1].direction, segments[1].bytes));
    EXPECT_TRUE(foreign.has_event(0, AppEvent::ldap_invalid_data));
}

Probe tcp_probe(std::string_view up, std::string_view down) { return kLdapTcp.probe({as_bytes(up), as_bytes(down), 40389, 40000}); }

TEST(Ldap, FirstBytesTellOnAnyPort) {
    constexpr auto kBind = "\x30\x0c\x02\1\1\x60\7\2\1\3\4\0\x80\0"sv;
    constexpr auto kNotice = "\x30\x0c\x02\1\0\x78\7\x0a\1\x34\4\0\4\0"sv;
    EXPECT_EQ(tcp_probe(kBind, ""), Probe::yes);
    EXPECT_EQ(tcp_probe(kBind.substr(0, 8), ""), Probe::yes) << "the begin of the operation is enough";
    for (std::size_t n = 1; n < 8; ++n) EXPECT_EQ(tcp_probe(kBind.substr(0, n), ""), Probe::maybe) << n;
    EXPECT_EQ(tcp_probe("", kNotice), Probe::yes);
    EXPECT_EQ(tcp_probe(kNotice, ""), Probe::reversed);
    EXPECT_EQ(tcp_probe("", kBind), Probe::no);
    EXPECT_EQ(tcp_probe("\x30\x84\0\0\0\x11\x02\1\1\x63\x84\0\0\0\x08\4\0\x0a\1\0\x0a\1\0"sv, ""), Probe::yes) << "as Windows writes lengths";
    for (const auto other : {"\x30\x29\x02\1\0\4\6public\xa0\x1c\2\4"sv,              // SNMP
                             "\x30\x37\xa0\3\2\1\2\xa1\x30\x30"sv,                    // CredSSP
                             "0 some text that begins with a zero"sv, "\x30\x0c\x02\1\1\x60\7\4\1\3\4\0\x80\0"sv,
                             "\x30\x0c\x02\1\1\x60\x20\2\1\3\4\0\x80\0"sv, "\x30\x0d\x02\1\1\x60\7\2\1\3\4\0\x80\0\5"sv})
        EXPECT_EQ(tcp_probe(other, ""), Probe::no) << other;
}

TEST(Ldap, ADatagramFromTheServiceTurnsTheFlow) {
    constexpr auto kDone = "\x30\x0c\x02\1\1\x65\7\x0a\1\0\4\0\4\0"sv;
    EXPECT_EQ(kLdapUdp.probe({as_bytes(kDone), {}, 40000, 389}), Probe::reversed);
    EXPECT_EQ(kLdapUdp.probe({as_bytes(kDone), {}, 40000, 40001}), Probe::no);
    EXPECT_EQ(kLdapUdp.probe({as_bytes(kDone.substr(0, 12)), {}, 40000, 389}), Probe::no) << "a datagram is whole";
}

}  // namespace
}  // namespace sekisho::app
