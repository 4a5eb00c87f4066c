// Packets around a match: those before it from the history, the match itself with its rule, a bounded number
// after it; each once, in order, only of that conversation.
#include <gtest/gtest.h>

#include "engine/pipeline_rig.h"

namespace sekisho::engine {
namespace {

using namespace sekisho::engine::testing;
using sekisho::testing::kAck;
using sekisho::testing::kPsh;
using sekisho::testing::kSyn;
using sekisho::testing::Octets;
using sekisho::testing::PacketBuilder;

constexpr const char* kRule = "alert tcp any any -> any any (msg:\"m\"; content:\"evil\"; sid:7;)";

struct Bench {
    Bench() : policy(policy_of(kRule)), pipeline(small_config(), events, &packets) {}
    void feed(const Octets& frame) {
        packet::Frame in;
        in.bytes = frame;
        in.time_ns = ++number * 1'000'000;
        in.number = number;
        pipeline.inspect(in, *policy);
    }
    std::vector<std::uint64_t> numbers() const {
        std::vector<std::uint64_t> all;
        for (const auto& e : packets.events) all.push_back(e.frame_number);
        return all;
    }
    std::unique_ptr<const Policy> policy;
    EventList events, packets;
    Pipeline pipeline;
    std::uint64_t number = 0;
};

Octets segment(std::uint16_t port, bool from_client, std::uint32_t seq, std::uint32_t ack, std::uint8_t flags, const std::string& data = {}) {
    auto builder = from_client ? PacketBuilder().ip("192.168.1.5", "203.0.113.1").tcp(port, 80) : PacketBuilder().ip("203.0.113.1", "192.168.1.5").tcp(80, port);
    return builder.seq(seq).ack(ack).flags(flags).payload(data).build();
}

TEST(Evidence, KeepsPacketsAroundTheMatch) {
    Bench bench;
    bench.feed(segment(1000, true, 10, 0, kSyn));                        // 1
    bench.feed(segment(2000, true, 10, 0, kSyn));                        // 2: another conversation
    bench.feed(segment(1000, false, 50, 11, kSyn | kAck));               // 3
    bench.feed(segment(1000, true, 11, 51, kAck));                       // 4
    bench.feed(segment(1000, true, 11, 51, kPsh | kAck, "an evil word"));  // 5: the match
    bench.feed(segment(1000, false, 51, 23, kPsh | kAck, "answer"));     // 6
    bench.feed(segment(2000, true, 11, 51, kAck));                       // 7
    EXPECT_EQ(bench.numbers(), (std::vector<std::uint64_t>{1, 3, 4, 5, 6}));
    for (const auto& e : bench.packets.events) {
        EXPECT_EQ(e.kind, event::Kind::packet);
        EXPECT_EQ(e.sid, e.frame_number == 5 ? 7U : 0U);
        EXPECT_TRUE(e.sound());
        EXPECT_EQ(e.length, e.packet_octets().size());
    }
    const Octets match = segment(1000, true, 11, 51, kPsh | kAck, "an evil word");
    const Bytes kept = bench.packets.events[3].packet_octets();
    EXPECT_EQ(Octets(kept.begin(), kept.end()), match);
    std::uint32_t at = 23;
    for (int n = 0; n < 100; ++n, at += 4) bench.feed(segment(1000, true, at, 57, kPsh | kAck, "evil"));
    EXPECT_LE(bench.numbers().size(), 4U + 1U + 16U);
}

TEST(Evidence, CopiesNothingWithoutASink) {
    Rig rig(kRule);
    rig.feed(segment(1000, true, 10, 0, kSyn));
    EXPECT_TRUE(rig.events(event::Kind::packet).empty());
}

}  // namespace
}  // namespace sekisho::engine
