// The small protocols over UDP: SNMP, DHCP, NTP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "app/dhcp/dhcp.h"
#include "app/ntp/ntp.h"
#include "app/snmp/snmp.h"

namespace sekisho::app {
namespace {

using ::testing::Contains;

TEST(Snmp, VersionsCommunitiesAndUsers) {
    const auto sink = run_to_end(kSnmp, "snmp/versions");
    ASSERT_EQ(sink.transactions.size(), 5u);
    const auto fact = [&](TxId tx, Fact name) { return sink.transactions[tx].facts.at(name); };
    EXPECT_EQ(fact(0, Fact::snmp_version), 1u);
    EXPECT_EQ(fact(0, Fact::snmp_pdu_type), 1u);
    EXPECT_EQ(sink.value(0, Field::snmp_community), "public");
    EXPECT_EQ(fact(1, Fact::snmp_version), 2u);
    EXPECT_EQ(fact(1, Fact::snmp_pdu_type), 5u);
    EXPECT_TRUE(sink.has_event(1, AppEvent::snmp_version_mismatch));
    EXPECT_EQ(fact(2, Fact::snmp_version), 3u);
    EXPECT_EQ(fact(2, Fact::snmp_pdu_type), 0u);
    EXPECT_EQ(sink.value(2, Field::snmp_usm), "admin");
    EXPECT_EQ(sink.value(3, Field::snmp_usm), "admin");
    EXPECT_FALSE(sink.transactions[3].facts.contains(Fact::snmp_pdu_type));  // encrypted
    EXPECT_TRUE(sink.has_event(4, AppEvent::snmp_unknown_security_model));
}

TEST(Snmp, CutMessagesAreEvents) {
    const auto sink = run_to_end(kSnmp, "snmp/cut");
    for (TxId tx = 0; tx < sink.transactions.size(); ++tx) EXPECT_TRUE(sink.has_event(tx, AppEvent::snmp_malformed_data));
}

TEST(Dhcp, WhatADeviceTellsOfItself) {
    const auto sink = run_to_end(kDhcp, "dhcp/lease");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.value(0, Field::dhcp_hostname), "laptop");
    for (const std::string line : {"type=request", "dhcp_type=request", "hostname=laptop", "vendor_class_identifier=MSFT 5.0",
                                   "params=1,3,6,15", "client_mac=02:00:00:00:00:01", "client_id=01:02"})
        EXPECT_THAT(sink.transactions[0].fields.at(Field::detail), Contains(line));
    EXPECT_EQ(sink.transactions[1].facts.at(Fact::dhcp_lease_time), 3600u);
    EXPECT_EQ(sink.transactions[1].facts.at(Fact::dhcp_renewal_time), 1800u);
    EXPECT_EQ(sink.transactions[1].facts.at(Fact::dhcp_rebinding_time), 3150u);
    for (const std::string line : {"type=reply", "dhcp_type=ack", "assigned_ip=192.0.2.50", "subnet_mask=255.255.255.0"})
        EXPECT_THAT(sink.transactions[1].fields.at(Field::detail), Contains(line));
}

TEST(Dhcp, BadOptionsAreEvents) {
    const auto sink = run_to_end(kDhcp, "dhcp/bad");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_TRUE(sink.has_event(0, AppEvent::dhcp_malformed_options));
    EXPECT_TRUE(sink.has_event(0, AppEvent::dhcp_truncated_options));
    EXPECT_TRUE(sink.has_event(1, AppEvent::dhcp_truncated_options));
}

TEST(Ntp, ModesAndUnaskedAnswers) {
    const auto sink = run_to_end(kNtp, "ntp/exchange");
    ASSERT_EQ(sink.transactions.size(), 4u);
    EXPECT_THAT(sink.transactions[0].fields.at(Field::detail), Contains("mode:3"));
    EXPECT_TRUE(sink.transactions[1].events.empty());
    EXPECT_TRUE(sink.has_event(3, AppEvent::ntp_malformed_data));
    EXPECT_TRUE(run_to_end(kNtp, "ntp/unasked").has_event(0, AppEvent::ntp_unsolicited_response));
}

}  // namespace
}  // namespace sekisho::app
