// MQTT messages and what belongs together.
#include "app/mqtt/mqtt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "sekisho/app/record.h"

namespace sekisho::app {
namespace {

using sekisho::testing::RecordingSink;
using ::testing::Contains;
using ::testing::ElementsAre;

std::string number(mqtt_record::Kind kind, unsigned value) { return {static_cast<char>(kind), static_cast<char>(value)}; }

TEST(Mqtt, MessagesAndTheirAnswersAreOneTransaction) {
    const auto sink = run_to_end(kMqtt, "mqtt/v5");
    ASSERT_EQ(sink.transactions.size(), 8u);
    const auto& connect = sink.transactions[0].fields;
    EXPECT_THAT(connect.at(Field::mqtt_protocol), ElementsAre("MQTT"));
    EXPECT_THAT(connect.at(Field::mqtt_client_id), ElementsAre("me"));
    EXPECT_THAT(connect.at(Field::mqtt_will_topic), ElementsAre("last/will"));
    EXPECT_THAT(connect.at(Field::mqtt_will_message), ElementsAre("gone"));
    EXPECT_THAT(connect.at(Field::mqtt_user_name), ElementsAre("user"));
    EXPECT_THAT(connect.at(Field::mqtt_password), ElementsAre("pass"));
    for (const auto& record : {number(mqtt_record::type, 1), number(mqtt_record::type, 2), number(mqtt_record::version, 5),
                               number(mqtt_record::connect_flags, 0xc6), number(mqtt_record::session_present, 1),
                               number(mqtt_record::reason_code, 0)})
        EXPECT_THAT(connect.at(Field::mqtt_message), Contains(record));
    EXPECT_EQ(sink.value(1, Field::mqtt_publish_topic), "room/t");
    EXPECT_EQ(sink.value(1, Field::mqtt_publish_message), "21");
    EXPECT_THAT(sink.transactions[1].fields.at(Field::mqtt_message), Contains(number(mqtt_record::reason_code, 0x10)));
    EXPECT_THAT(sink.transactions[2].fields.at(Field::mqtt_subscribe_topic), ElementsAre("a/b", "#"));
    EXPECT_THAT(sink.transactions[2].fields.at(Field::mqtt_message), Contains(number(mqtt_record::reason_code, 0x87)));
    EXPECT_THAT(sink.transactions[3].fields.at(Field::mqtt_unsubscribe_topic), ElementsAre("a/b"));
    EXPECT_THAT(sink.transactions[4].fields.at(Field::mqtt_message), Contains(number(mqtt_record::type, 7)));
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.events.empty());
}

TEST(Mqtt, AnswersWithoutQuestionAndOddMessages) {
    const auto sink = run_to_end(kMqtt, "mqtt/odd");
    ASSERT_EQ(sink.transactions.size(), 5u);
    EXPECT_TRUE(sink.has_event(0, AppEvent::mqtt_missing_connect));
    EXPECT_TRUE(sink.has_event(1, AppEvent::mqtt_missing_publish));
    EXPECT_TRUE(sink.has_event(2, AppEvent::mqtt_invalid_qos_level));
    EXPECT_TRUE(sink.has_event(3, AppEvent::mqtt_unassigned_msg_type));
}

TEST(Mqtt, OldVersionAndMalformedProperties) {
    const auto old = run_to_end(kMqtt, "mqtt/v31");
    EXPECT_EQ(old.value(0, Field::mqtt_protocol), "MQIsdp");
    EXPECT_THAT(old.transactions[0].fields.at(Field::mqtt_message), Contains(number(mqtt_record::reason_code, 5)));
    EXPECT_TRUE(run_to_end(kMqtt, "mqtt/malformed").has_event(0, AppEvent::mqtt_malformed_traffic));
}

TEST(Mqtt, LongPublishIsReadAsFarAsTheLimit) {
    RecordingSink sink;
    testing::ParserRun run(kMqtt, sink);
    const std::string body = std::string("\0\1t", 3) + std::string(70'000, 'x');
    const std::string head{0x30, static_cast<char>(0x80 | body.size() % 128), static_cast<char>(0x80 | body.size() / 128 % 128),
                           static_cast<char>(body.size() / 16384)};
    EXPECT_TRUE(run.feed(Direction::to_server, head + body + std::string("\xc0\0", 2)));
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.value(0, Field::mqtt_publish_message).size(), KiB(64) - 3);
    EXPECT_THAT(sink.transactions[1].fields.at(Field::mqtt_message), Contains(number(mqtt_record::type, 12)));
}

TEST(Mqtt, TooManyOpenPublishesAreAnEvent) {
    RecordingSink sink;
    testing::ParserRun run(kMqtt, sink);
    for (char id = 0; id < 40; ++id) run.feed(Direction::to_server, std::string("\x32\5\0\1t\0", 6) + id);
    EXPECT_TRUE(sink.has_event(0, AppEvent::mqtt_too_many_transactions));
    EXPECT_TRUE(sink.transactions[0].closed);
    EXPECT_FALSE(sink.transactions[39].closed);
}

}  // namespace
}  // namespace sekisho::app
