// Urgent octets: what a program reads is what rules see, wherever the octet and its pointer come from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "sekisho/stream/tcp.h"
#include "stream/tcp_rig.h"

namespace sekisho::stream {
namespace {

using testing::kAck;
using ::testing::Contains;
using ::testing::Not;

constexpr const char* kConflict = "reassembly_overlap_different_data";

struct Opened : TcpRig {
    Opened() { open(); }
    SegmentResult say(std::uint32_t seq, std::string_view data) { return send(kUp, kAck, seq, 5001, data); }
    std::string heard() { return bytes(kUp); }
};

TEST(Urgent, TheOctetIsLeftOutOfTheStream) {
    Opened rig;
    rig.say(1001, "GET /malic");
    const auto alone = rig.mark(1011, 1, "X");
    EXPECT_TRUE(alone.accepted);
    EXPECT_FALSE(alone.fresh[0]);
    const auto next = rig.say(1012, "ious");
    EXPECT_EQ(next.fresh_from[0], 10u);
    EXPECT_EQ(next.gap_bytes[0], 0u);
    EXPECT_EQ(rig.heard(), "GET /malicious");
}

TEST(Urgent, OnlyTheLastOctetBeforeThePointer) {
    Opened rig;
    rig.say(1001, "malic");
    const auto both = rig.mark(1006, 2, "XY");
    EXPECT_TRUE(both.fresh[0]);
    EXPECT_EQ(both.fresh_from[0], 5u);
    rig.say(1008, "ious");
    EXPECT_EQ(rig.heard(), "malicXious");
}

TEST(Urgent, WithinASegmentAndWithAPointerOfZero) {
    Opened rig;
    const auto result = rig.mark(1001, 4, "abcXdef");
    EXPECT_EQ(result.fresh_from[0], 0u);
    EXPECT_EQ(rig.heard(), "abcdef");
    rig.mark(1008, 0, "Yghi");
    EXPECT_EQ(rig.heard(), "abcdefghi");
}

TEST(Urgent, ToldAheadByAnEmptySegment) {
    Opened rig;
    rig.mark(1001, 4, "");
    rig.say(1001, "ab");
    rig.say(1003, "cXdef");
    EXPECT_EQ(rig.heard(), "abcdef");
}

TEST(Urgent, OfTwoPointersTheHigherOneCounts) {
    Opened rig;
    rig.mark(1001, 6, "");
    rig.mark(1001, 3, "");
    rig.say(1001, "abcdeXf");
    EXPECT_EQ(rig.heard(), "abcdef");
    rig.mark(1003, 1, "c");
    rig.say(1008, "g");
    EXPECT_EQ(rig.heard(), "abcdefg") << "an octet that was read is past";
}

TEST(Urgent, BehindAHoleThatIsFilledLater) {
    Opened rig;
    rig.mark(1004, 2, "dXef");
    rig.say(1008, "ghi");
    const auto filled = rig.say(1001, "abc");
    EXPECT_EQ(filled.fresh_from[0], 0u);
    EXPECT_EQ(rig.heard(), "abcdefghi");
    rig.say(1011, "jkl");
    EXPECT_EQ(rig.heard(), "abcdefghijkl");
}

TEST(Urgent, MarkedWhenTheOctetWaitsAlready) {
    Opened rig;
    rig.say(1004, "dXef");
    rig.mark(1001, 5, "abc");
    EXPECT_EQ(rig.heard(), "abcdef");
}

TEST(Urgent, SegmentsSentAgainAreHeldAgainstTheRightPlace) {
    Opened rig;
    rig.mark(1001, 3, "abXcd");
    rig.mark(1006, 2, "eYf");
    EXPECT_EQ(rig.heard(), "abcdef");
    for (const auto& [seq, data] : {std::pair{1001u, "abXcdeYf"}, {1002u, "bX"}, {1004u, "cdeY"}, {1006u, "eYf"}, {1008u, "f"}})
        EXPECT_THAT(rig.events(rig.say(seq, data)), Not(Contains(kConflict))) << data;
    EXPECT_THAT(rig.events(rig.say(1001, "ab?cd!")), Contains(kConflict)) << "other data in place of e";
    EXPECT_THAT(rig.events(rig.say(1001, "aB")), Contains(kConflict));
    rig.say(1008, "fgh");
    EXPECT_EQ(rig.heard(), "abcdefgh");
}

TEST(Urgent, TerminalsReadItInLine) {
    TcpRig rig;
    rig.server_port = rig.storage.server_port = 23;
    rig.open();
    rig.mark(1001, 2, "aXb");
    EXPECT_EQ(rig.bytes(kUp), "aXb");
}

TEST(Urgent, BothWays) {
    Opened rig;
    rig.urgent = 3;
    rig.send(kDown, kAck | testing::kUrg, 5001, 1001, "heX");
    rig.urgent = 0;
    rig.send(kDown, kAck, 5004, 1001, "llo");
    EXPECT_EQ(rig.bytes(kDown), "hello");
    rig.mark(1001, 2, "aXb");
    EXPECT_EQ(rig.heard(), "aXb") << "the second side is taken in line";
}

TEST(Urgent, AHoleAcrossTheOctetIsAGapLikeAnyOther) {
    Opened rig;
    rig.mark(1001, 6, "abc");
    rig.say(1010, "jkl");
    const auto acked = rig.send(kDown, kAck, 5001, 1013);
    EXPECT_EQ(acked.gap_bytes[0], 6u);
    EXPECT_EQ(rig.heard(), "jkl");
}

/// Cuts, orders and repetitions must not change what is read: each octet once, the urgent one not at all.
TEST(Urgent, AnyCutAnyOrder) {
    std::mt19937 random(7);
    const std::string sent = "GET /malicXious?a=b HTTP/1.1";
    const std::size_t marked = sent.find('X');
    std::string read = sent;
    read.erase(marked, 1);
    for (int round = 0; round < 2000; ++round) {
        Opened rig;
        std::vector<std::pair<std::size_t, std::size_t>> pieces;
        for (std::size_t at = 0; at < sent.size();) {
            const std::size_t size = std::min<std::size_t>(1 + random() % 9, sent.size() - at);
            pieces.emplace_back(at, size);
            if (random() % 4 == 0) pieces.emplace_back(at, size);
            at += size;
        }
        std::shuffle(pieces.begin(), pieces.end(), random);
        // The pointer comes before any octet that a program could have read at its place.
        rig.mark(1001, static_cast<unsigned>(marked) + 1, "");
        for (const auto& [at, size] : pieces) {
            const auto result = rig.say(1001 + static_cast<std::uint32_t>(at), std::string_view(sent).substr(at, size));
            EXPECT_THAT(rig.events(result), Not(Contains(kConflict)));
            EXPECT_EQ(result.gap_bytes[0], 0u);
        }
        ASSERT_EQ(rig.heard(), read) << round;
    }
}

}  // namespace
}  // namespace sekisho::stream
