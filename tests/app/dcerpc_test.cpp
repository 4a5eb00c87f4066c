// DCERPC over TCP and UDP: interfaces, operations, stub data, fragments.
#include "app/dcerpc/dcerpc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "sekisho/app/limits.h"

namespace sekisho::app {
namespace {

using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;

std::string iface(std::string_view uuid, char version) {
    std::string octets;
    for (std::size_t i = 0; i < uuid.size(); i += 2)
        octets.push_back(static_cast<char>(std::stoi(std::string(uuid.substr(i, 2)), nullptr, 16)));
    return octets + '\0' + version + '\1';
}

TEST(Dcerpc, ACallKnowsTheInterfaceOfItsContext) {
    const auto sink = run(kDcerpcTcp, "dcerpc/call");
    ASSERT_EQ(sink.transactions.size(), 1u);
    const auto& call = sink.transactions[0];
    // Told with the request and again with the answer, so that rules of both directions see it.
    const auto epm = iface("e1af83085d1f11c991a408002b14a0fa", 3);
    EXPECT_THAT(call.fields.at(Field::dcerpc_iface), ElementsAre(epm, epm));
    EXPECT_EQ(call.facts.at(Fact::dcerpc_opnum), 3u);
    EXPECT_EQ(call.facts.at(Fact::dcerpc_little_endian), 3u);
    EXPECT_TRUE(call.closed);
}

TEST(Dcerpc, ARefusedContextIsNoInterface) {
    testing::RecordingSink sink;
    testing::ParserRun run(kDcerpcTcp, sink);
    auto segments = corpus("dcerpc/call");
    segments[2].bytes[20] = 1;  // the context that the server has refused
    for (const auto& segment : segments) run.feed(segment.direction, segment.bytes);
    EXPECT_FALSE(sink.has(0, Field::dcerpc_iface));
}

TEST(Dcerpc, FragmentsBecomeOneStub) {
    testing::RecordingSink sink;
    testing::ParserRun run(kDcerpcTcp, sink);
    const auto segments = corpus("dcerpc/fragments");
    testing::check_cuts(kDcerpcTcp, segments);
    for (std::size_t i = 0; i < 3; ++i) run.feed(segments[i].direction, segments[i].bytes);
    EXPECT_EQ(sink.value(0, Field::dcerpc_stub_data), "first second last");
    EXPECT_EQ(sink.transactions[0].stage[0], Stage::complete);
    EXPECT_EQ(sink.transactions[0].stage[1], Stage::none);
}

TEST(Dcerpc, ByteOrderIsTheSenders) {
    const auto sink = run(kDcerpcTcp, "dcerpc/big_endian");
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::dcerpc_little_endian), 0u);
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::dcerpc_opnum), 15u);
    EXPECT_EQ(sink.value(0, Field::dcerpc_iface), iface("367abb81984435f1ad3298f038001003", 2));
}

TEST(Dcerpc, AlterContextObjectAndVerifier) {
    const auto sink = run(kDcerpcTcp, "dcerpc/alter_object_auth");
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(sink.value(0, Field::dcerpc_iface), iface("367abb81984435f1ad3298f038001003", 2));
    const auto stub = sink.value(0, Field::dcerpc_stub_data);
    EXPECT_TRUE(stub.starts_with(std::string(16, 'O') + "sealed")) << "the object comes first, as rules know it";
    EXPECT_TRUE(sink.transactions[0].closed);
}

TEST(Dcerpc, ANakLeavesNoInterface) { EXPECT_FALSE(run(kDcerpcTcp, "dcerpc/nak").has(0, Field::dcerpc_iface)); }

TEST(Dcerpc, WhatIsNoPduBreaks) {
    RecordingSink sink;
    testing::ParserRun run(kDcerpcTcp, sink);
    EXPECT_FALSE(run.feed(Direction::to_server, corpus("dcerpc/not_rpc")[0].bytes));
    EXPECT_EQ(run.fault(), Fault::bad_syntax);
}

TEST(Dcerpc, ShortPdusArePassedOver) {
    const auto sink = run(kDcerpcTcp, "dcerpc/short");
    EXPECT_TRUE(sink.transactions.empty());
}

TEST(Dcerpc, StubDataIsBounded) {
    RecordingSink sink;
    testing::ParserRun run(kDcerpcTcp, sink);
    auto segments = corpus("dcerpc/call");
    run.feed(segments[0].direction, segments[0].bytes);
    run.feed(segments[1].direction, segments[1].bytes);
    const std::string body(4000, 'x');
    std::string first = segments[2].bytes.substr(0, 24);
    first[3] = 1;
    const auto size = static_cast<std::uint16_t>(24 + body.size());
    first[8] = static_cast<char>(size & 0xff);
    first[9] = static_cast<char>(size >> 8);
    for (int i = 0; i < 20; ++i) {
        run.feed(Direction::to_server, first + body);
        first[3] = 0;  // from now on fragments in the middle
    }
    EXPECT_EQ(sink.value(0, Field::dcerpc_stub_data).size(), kDcerpcStubMax);
}

TEST(Dcerpc, AGapInsideAFragmentIsStepped) {
    RecordingSink sink;
    testing::ParserRun run(kDcerpcTcp, sink);
    const auto segments = corpus("dcerpc/fragments");
    run.feed(segments[0].direction, segments[0].bytes);
    run.feed(segments[1].direction, segments[1].bytes);
    const std::string& request = segments[2].bytes;
    run.feed(Direction::to_server, request.substr(0, 26));
    EXPECT_TRUE(run.gap(Direction::to_server, 4));
    run.feed(Direction::to_server, request.substr(30));
    EXPECT_EQ(sink.transactions[0].stage[0], Stage::complete) << "the last fragment ends the request";
    EXPECT_FALSE(run.gap(Direction::to_server, 100));
}

TEST(DcerpcUdp, DatagramsNameTheirInterface) {
    const auto sink = run(kDcerpcUdp, "dcerpc_udp/call");
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(sink.value(0, Field::dcerpc_iface), iface("367abb81984435f1ad3298f038001003", 2));
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::dcerpc_opnum), 7u);
    EXPECT_TRUE(sink.transactions[0].closed);
}

TEST(DcerpcUdp, FragmentsBecomeOneStub) {
    RecordingSink sink;
    testing::ParserRun run(kDcerpcUdp, sink);
    for (const auto& segment : corpus("dcerpc_udp/fragments")) run.feed(segment.direction, segment.bytes);
    EXPECT_EQ(sink.value(0, Field::dcerpc_stub_data), "one two");
    EXPECT_EQ(sink.transactions[0].stage[0], Stage::complete);
}

}  // namespace
}  // namespace sekisho::app
