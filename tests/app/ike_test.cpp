// IKE messages of both versions.
#include "app/ike/ike.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "sekisho/app/record.h"

namespace sekisho::app {
namespace {

using ::testing::Contains;

std::string number(ike_record::Kind kind, std::uint16_t id, std::uint32_t value) {
    std::string out;
    for (const std::uint32_t octet : {std::uint32_t{kind}, std::uint32_t{id} >> 8, id & 255u, value >> 24, value >> 16 & 255, value >> 8 & 255, value & 255})
        out += static_cast<char>(octet);
    return out;
}

TEST(Ike, MainModeOfVersion1) {
    const auto sink = run_to_end(kIke, "ike/v1");
    ASSERT_EQ(sink.transactions.size(), 4u);
    EXPECT_EQ(sink.value(0, Field::ike_init_spi), "e47a494e49540001");
    EXPECT_EQ(sink.value(0, Field::ike_vendor), "4a131c81070358455c5728f20e95452f");
    const auto& proposed = sink.transactions[0].fields.at(Field::ike_message);
    EXPECT_THAT(proposed, Contains(number(ike_record::exchange, 0, 2)));
    EXPECT_THAT(proposed, ::testing::Not(Contains(number(ike_record::attribute, 1, 7))));  // offered, not chosen
    const auto& chosen = sink.transactions[1].fields.at(Field::ike_message);
    EXPECT_THAT(chosen, Contains(number(ike_record::attribute, 1, 7)));
    EXPECT_THAT(chosen, Contains(number(ike_record::attribute, 12, 86400)));
    EXPECT_EQ(sink.value(2, Field::ike_key_exchange_payload), std::string(128, 'K'));
    EXPECT_EQ(sink.value(2, Field::ike_nonce_payload), std::string(20, 'N'));
    EXPECT_THAT(sink.transactions[2].fields.at(Field::ike_message), Contains(number(ike_record::nonce_size, 0, 20)));
    EXPECT_FALSE(sink.has(3, Field::ike_key_exchange_payload));  // encrypted, behind the marker of port 4500
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.events.empty());
}

TEST(Ike, InitialExchangeOfVersion2) {
    const auto sink = run_to_end(kIke, "ike/v2");
    ASSERT_EQ(sink.transactions.size(), 3u);
    EXPECT_EQ(sink.value(1, Field::ike_key_exchange_payload), std::string(256, 'k'));
    const auto& chosen = sink.transactions[1].fields.at(Field::ike_message);
    EXPECT_THAT(chosen, Contains(number(ike_record::attribute, 257, 12)));
    EXPECT_THAT(chosen, Contains(number(ike_record::attribute, 14, 256)));
    EXPECT_THAT(chosen, Contains(number(ike_record::attribute, 260, 14)));
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.events.empty());
}

TEST(Ike, WhatIsCutIsAnEvent) {
    const auto sink = run_to_end(kIke, "ike/bad");
    EXPECT_TRUE(sink.has_event(0, AppEvent::ike_malformed_data));
    EXPECT_TRUE(sink.has_event(1, AppEvent::ike_payload_extra_data));
    EXPECT_TRUE(sink.has_event(2, AppEvent::ike_malformed_data));
}

}  // namespace
}  // namespace sekisho::app
