// The protocols of factories: Modbus, DNP3, EtherNet/IP with CIP.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "app/dnp3/dnp3.h"
#include "app/dnp3/link.h"
#include "app/enip/enip.h"
#include "app/modbus/modbus.h"
#include "sekisho/app/record.h"

namespace sekisho::app {
namespace {

using namespace std::string_view_literals;
using sekisho::testing::RecordingSink;
using ::testing::Contains;
using ::testing::ElementsAre;

/// A number of a record, as a keyword reads it.
unsigned at(const std::string& record, RecordNumber place) {
    unsigned value = 0;
    for (std::size_t i = place.offset; i < place.offset + std::size_t{place.size}; ++i)
        value = value << 8 | static_cast<unsigned char>(record.at(i));
    return value;
}

TEST(Modbus, RequestsAndTheirAddresses) {
    using namespace modbus_record;
    const auto sink = run_to_end(kModbus, "modbus/reads");
    ASSERT_EQ(sink.transactions.size(), 2u);
    const auto holding_read = sink.value(0, Field::modbus_message);
    EXPECT_EQ(at(holding_read, kFunction), 3u);
    EXPECT_EQ(at(holding_read, kAccess), unsigned{read | holding});
    EXPECT_EQ(at(holding_read, kCategory), unsigned{public_assigned});
    EXPECT_EQ(at(holding_read, kFirst), 11u);
    EXPECT_EQ(at(holding_read, kLast), 12u);
    EXPECT_EQ(at(sink.value(1, Field::modbus_message), kUnit), 17u);
    EXPECT_THAT(sink.transactions[1].fields.at(Field::detail), Contains("exception:2"));
}

TEST(Modbus, WrittenValues) {
    const auto sink = run_to_end(kModbus, "modbus/writes");
    ASSERT_EQ(sink.transactions.size(), 6u);
    EXPECT_THAT(sink.transactions[0].fields.at(Field::modbus_value), ElementsAre("\0\4\xff\0"sv));
    EXPECT_THAT(sink.transactions[1].fields.at(Field::modbus_value), ElementsAre("\0\x10\0\7"sv, "\0\x11\1\0"sv));
    EXPECT_EQ(sink.transactions[2].fields.at(Field::modbus_value).size(), 10u);
    EXPECT_EQ(sink.transactions[2].fields.at(Field::modbus_value)[2], "\0\3\0\1"sv);
    EXPECT_THAT(sink.transactions[3].fields.at(Field::modbus_value), ElementsAre("\0\6\0\x63"sv));
    EXPECT_EQ(at(sink.value(4, Field::modbus_message), modbus_record::kFirst), 5u);
    EXPECT_EQ(at(sink.value(5, Field::modbus_message), modbus_record::kSubfunction), 4u);
}

TEST(Modbus, WhatIsWrongIsAnEvent) {
    const auto sink = run_to_end(kModbus, "modbus/odd");
    ASSERT_EQ(sink.transactions.size(), 5u);
    EXPECT_TRUE(sink.has_event(0, AppEvent::modbus_unsolicited_response));
    EXPECT_TRUE(sink.has_event(1, AppEvent::modbus_invalid_protocol_id));
    EXPECT_TRUE(sink.has_event(1, AppEvent::modbus_invalid_value));
    EXPECT_TRUE(sink.has_event(1, AppEvent::modbus_value_mismatch));
    EXPECT_TRUE(sink.has_event(2, AppEvent::modbus_invalid_length));
    EXPECT_TRUE(sink.has_event(3, AppEvent::modbus_invalid_function_code));
    EXPECT_TRUE(sink.has_event(4, AppEvent::modbus_invalid_length));
}

TEST(Modbus, TooManyRequestsAreAFlood) {
    RecordingSink sink;
    testing::ParserRun run(kModbus, sink);
    for (char id = 0; id < 70; ++id) run.feed(Direction::to_server, std::string("\0", 1) + id + std::string("\0\0\0\6\1\3\0\0\0\1", 10));
    EXPECT_TRUE(sink.has_event(0, AppEvent::modbus_flooded));
    EXPECT_TRUE(sink.transactions[5].closed);
    EXPECT_FALSE(sink.transactions[6].closed);
}

TEST(Dnp3, ChecksumOfTheStandardsExample) {
    // IEEE 1815 section 9.2.8.1: a request for the link status.
    const std::string_view header = "\x05\x64\x05\xc9\x01\x00\x00\x04"sv;
    const std::uint16_t crc = dnp3::checksum(as_bytes(header));
    std::string frame(header);
    frame += {static_cast<char>(crc), static_cast<char>(crc >> 8)};
    EXPECT_TRUE(dnp3::intact(as_bytes(frame)));
    frame[3] ^= 1;
    EXPECT_FALSE(dnp3::intact(as_bytes(frame)));
}

TEST(Dnp3, FunctionsIndicationsAndObjects) {
    const auto sink = run_to_end(kDnp3Tcp, "dnp3/read");
    ASSERT_EQ(sink.transactions.size(), 3u);
    EXPECT_EQ(at(sink.value(0, Field::dnp3_message), dnp3_record::kFunction), 1u);
    EXPECT_THAT(sink.transactions[0].fields.at(Field::dnp3_object), ElementsAre("\x3c\x02"sv, "\x3c\x03"sv));
    EXPECT_EQ(at(sink.value(1, Field::dnp3_message), dnp3_record::kFunction), 129u);
    EXPECT_EQ(at(sink.value(1, Field::dnp3_message), dnp3_record::kIndications), 0x8002u);
    EXPECT_THAT(sink.transactions[1].fields.at(Field::dnp3_object), ElementsAre("\x01\x02"sv, "\x1e\x01"sv));
    EXPECT_THAT(sink.transactions[2].fields.at(Field::dnp3_object), ElementsAre("\x0c\x01"sv));
    EXPECT_EQ(sink.value(0, Field::dnp3_data), "\xc1\x01\x3c\x02\x06\x3c\x03\x06"sv);
}

TEST(Dnp3, FragmentsArePutTogether) {
    const auto sink = run_to_end(kDnp3Tcp, "dnp3/fragments");
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(sink.value(0, Field::dnp3_data).size(), 409u);
    EXPECT_TRUE(sink.transactions[0].events.empty());
}

TEST(Dnp3, WhatIsWrongIsAnEvent) {
    const auto sink = run_to_end(kDnp3Tcp, "dnp3/bad");
    ASSERT_EQ(sink.transactions.size(), 5u);
    EXPECT_TRUE(sink.has_event(0, AppEvent::dnp3_bad_link_crc));
    EXPECT_TRUE(sink.has_event(1, AppEvent::dnp3_bad_transport_crc));
    EXPECT_TRUE(sink.has_event(2, AppEvent::dnp3_unknown_object));
    EXPECT_TRUE(sink.has_event(3, AppEvent::dnp3_too_many_points));
    EXPECT_TRUE(sink.has_event(4, AppEvent::dnp3_len_too_small));
}

TEST(Enip, CommandsAndServices) {
    using namespace enip_record;
    const auto sink = run_to_end(kEnipTcp, "enip/session");
    ASSERT_EQ(sink.transactions.size(), 5u);
    EXPECT_EQ(at(sink.value(0, Field::enip_message), kCommand), 0x65u);
    const auto& services = sink.transactions[2].fields.at(Field::cip_service);
    ASSERT_EQ(services.size(), 5u);  // the packet, one service, a list and its two attributes
    EXPECT_EQ(at(services[0], kService), 0x0au);
    EXPECT_EQ(at(services[1], kService), 0x0eu);
    EXPECT_EQ(at(services[1], kClass), 1u);
    EXPECT_EQ(at(services[1], kInstance), 1u);
    EXPECT_EQ(at(services[1], kAttribute), 5u);
    EXPECT_EQ(at(services[4], kAttribute), 2u);
    const auto reply = sink.value(3, Field::cip_service);
    EXPECT_EQ(at(reply, kResponse), 1u);
    EXPECT_EQ(at(reply, kServiceStatus), 5u);
    EXPECT_EQ(at(reply, kExtended), 0x2011u);
    EXPECT_EQ(at(sink.value(4, Field::cip_service), kService), 0x0eu);
}

TEST(Enip, IdentityOfADevice) {
    using namespace enip_record;
    const auto sink = run_to_end(kEnipTcp, "enip/identity");
    ASSERT_EQ(sink.transactions.size(), 3u);
    const auto identity = sink.value(1, Field::enip_identity);
    EXPECT_EQ(at(identity, kVendor), 1u);
    EXPECT_EQ(at(identity, kDeviceType), 12u);
    EXPECT_EQ(at(identity, kProductCode), 58u);
    EXPECT_EQ(at(identity, kRevision), 0x0403u);
    EXPECT_EQ(at(identity, kSerial), 0x524d8eu);
    EXPECT_EQ(at(identity, kState), 3u);
    EXPECT_EQ(sink.value(1, Field::enip_product_name), "1756-ENBT/A");
    EXPECT_EQ(sink.value(2, Field::enip_service_name), "Communications");
}

TEST(Enip, WhatIsWrongIsAnEventOrTheEnd) {
    const auto sink = run_to_end(kEnipTcp, "enip/odd");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_TRUE(sink.has_event(0, AppEvent::enip_invalid_pdu));
    EXPECT_TRUE(sink.has_event(1, AppEvent::enip_invalid_pdu));
}

}  // namespace
}  // namespace sekisho::app
