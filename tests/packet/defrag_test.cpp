#include "sekisho/packet/defrag.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "sekisho/packet/decode.h"
#include "support/packet_builder.h"

namespace sekisho::packet {
namespace {

using Outcome = Defragmenter::Outcome;
using testing::Octets;
using testing::PacketBuilder;

struct DefragRig {
    explicit DefragRig(DefragConfig config = {.trackers = 8, .pool_bytes = 256 * 1024}) : defrag(config) {}

    Outcome send(const Octets& frame) {
        bytes = frame;
        decode(Frame{.bytes = bytes, .time_ns = now}, packet);
        return defrag.accept(packet);
    }
    Outcome piece(unsigned offset, bool more, std::string_view data, unsigned id = 1, bool v6 = false) {
        PacketBuilder builder;
        if (v6) builder.ip("2001:db8::1", "2001:db8::2");
        return send(builder.protocol(253).ip_id(id).fragment(offset, more).payload(data).build());
    }
    std::string payload() const { return std::string(as_text(packet.payload_bytes())); }
    bool noted(DecodeEvent event) const { return std::count(packet.events.begin(), packet.events.end(), event) == 1; }

    Defragmenter defrag;
    Octets bytes;
    Packet packet;
    TimeNs now = kSecondNs;
};

/// The IP payload of a UDP datagram, to be cut.
Octets udp_datagram(const std::string& text, bool v6) {
    PacketBuilder builder;
    if (v6) builder.ip("2001:db8::1", "2001:db8::2");
    const Octets whole = builder.raw().udp(4000, 53).payload(text).build();
    return {whole.begin() + (v6 ? 40 : 20), whole.end()};
}

TEST(Defrag, AnyOrderGivesTheDatagram) {
    std::mt19937 random(7);
    std::string text(5000, '\0');
    for (char& c : text) c = static_cast<char>(random());
    for (const bool v6 : {false, true}) {
        const Octets datagram = udp_datagram(text, v6);
        for (int round = 0; round < 20; ++round) {
            std::vector<std::size_t> cuts;
            for (std::size_t at = 0; at < datagram.size(); at += 8 * (1 + random() % 300)) cuts.push_back(at);
            std::shuffle(cuts.begin(), cuts.end(), random);
            DefragRig rig;
            Outcome last = Outcome::refused;
            for (const std::size_t at : cuts) {
                std::size_t end = datagram.size();
                for (const std::size_t other : cuts)
                    if (other > at) end = std::min(end, other);
                PacketBuilder builder;
                if (v6) builder.ip("2001:db8::1", "2001:db8::2");
                const Bytes piece = Bytes(datagram).subspan(at, end - at);
                last = rig.send(builder.protocol(17).ip_id(77).fragment(static_cast<unsigned>(at), end < datagram.size())
                                    .payload(piece).build());
            }
            if (cuts.size() == 1) continue;
            ASSERT_EQ(last, Outcome::whole);
            EXPECT_TRUE(rig.packet.is_udp());
            EXPECT_TRUE(rig.packet.has(Packet::kReassembled));
            EXPECT_EQ(rig.payload(), text);
            verify_checksums(rig.packet);
            EXPECT_FALSE(rig.packet.has(Packet::kBadChecksum));
            EXPECT_EQ(rig.defrag.pending(), 0u);
        }
    }
}

// The three-way cases of Novak's paper reduced to what tells the policies apart.
TEST(Defrag, PoliciesDiffer) {
    struct Case {
        OverlapPolicy policy;
        const char* result;
    };
    const Case cases[] = {
        {OverlapPolicy::first, "AAAAAAAABBBBBBBBCCCCCCCC"},
        {OverlapPolicy::last, "AAAAAAAADDDDDDDDEEEEEEEE"},
        {OverlapPolicy::bsd, "AAAAAAAABBBBBBBBDDDDDDDD"},
        {OverlapPolicy::linux_, "AAAAAAAADDDDDDDDDDDDDDDD"},
        {OverlapPolicy::bsd_right, "AAAAAAAADDDDDDDDEEEEEEEE"},
    };
    for (const auto& c : cases) {
        DefragRig rig({.trackers = 8, .pool_bytes = 65536, .overlap = c.policy});
        rig.piece(8, true, "BBBBBBBB");
        rig.piece(16, false, "CCCCCCCC");
        rig.piece(8, true, "DDDDDDDDDDDDDDDD");
        EXPECT_TRUE(rig.noted(DecodeEvent::ipv4_frag_overlap));
        rig.piece(16, false, "EEEEEEEE");
        EXPECT_EQ(rig.piece(0, true, "AAAAAAAA"), Outcome::whole);
        EXPECT_EQ(rig.payload(), c.result) << static_cast<int>(c.policy);
    }
}

/// Three pieces, the last of which begins first and covers the others.
std::string covered(const DefragConfig& config) {
    DefragRig rig(config);
    rig.piece(16, false, "CCCCCCCC");
    rig.piece(8, true, "BBBBBBBB");
    EXPECT_EQ(rig.piece(0, true, "AAAAAAAAAAAAAAAAAAAAAAAA"), Outcome::whole);
    return std::string(rig.payload());
}

TEST(Defrag, TheReceiversKindDecides) {
    struct Case {
        std::string_view host, result;
    };
    constexpr Case kCases[] = {
        {"first", "AAAAAAAABBBBBBBBCCCCCCCC"},   {"last", "AAAAAAAAAAAAAAAAAAAAAAAA"},    {"bsd", "AAAAAAAAAAAAAAAAAAAAAAAA"},
        {"bsd-right", "AAAAAAAABBBBBBBBCCCCCCCC"}, {"linux", "AAAAAAAAAAAAAAAAAAAAAAAA"}, {"windows", "AAAAAAAABBBBBBBBCCCCCCCC"},
        {"solaris", "AAAAAAAABBBBBBBBCCCCCCCC"}, {"irix", "AAAAAAAAAAAAAAAAAAAAAAAA"},    {"macos", "AAAAAAAABBBBBBBBCCCCCCCC"},
    };
    for (const Case& c : kCases) {
        DefragConfig config{.trackers = 8, .pool_bytes = 65536, .overlap = OverlapPolicy::last};
        config.hosts.add(*HostSystems::parse_row(std::string(c.host) + " 0.0.0.0/0"));
        EXPECT_EQ(covered(config), c.result) << c.host;
    }
    EXPECT_EQ(covered({.trackers = 8, .pool_bytes = 65536, .overlap = OverlapPolicy::last}), "AAAAAAAAAAAAAAAAAAAAAAAA");
}

TEST(Defrag, ConflictEndsTheDatagramInline) {
    DefragRig rig({.trackers = 8, .pool_bytes = 65536, .refuse_conflicts = true});
    rig.piece(8, true, "BBBBBBBB");
    EXPECT_EQ(rig.piece(8, true, "BBBBBBBB"), Outcome::held);  // a repetition is no conflict
    EXPECT_EQ(rig.piece(8, true, "XXXXXXXX"), Outcome::refused);
    EXPECT_EQ(rig.piece(0, true, "AAAAAAAA"), Outcome::refused);
    EXPECT_EQ(rig.piece(16, false, "C"), Outcome::refused);
}

TEST(Defrag, LengthsAreChecked) {
    DefragRig rig;
    EXPECT_EQ(rig.piece(0, true, "AAAAA", 1, true), Outcome::refused);
    EXPECT_TRUE(rig.noted(DecodeEvent::ipv6_frag_invalid_length));
    EXPECT_EQ(rig.piece(65528, false, "AAAAAAAAAA", 1), Outcome::refused);
    EXPECT_TRUE(rig.noted(DecodeEvent::ipv4_frag_pkt_too_large));
    EXPECT_EQ(rig.piece(65528, false, "AAAAAAAAAA", 1, true), Outcome::refused);
    EXPECT_TRUE(rig.noted(DecodeEvent::ipv6_frag_pkt_too_large));
    rig.piece(16, false, "end");
    EXPECT_EQ(rig.piece(24, false, "later end"), Outcome::refused);
    EXPECT_EQ(rig.piece(0, true, "AAAAAAAAxyz"), Outcome::held);  // IPv4: cut to 8
    EXPECT_EQ(rig.piece(8, true, "BBBBBBBB"), Outcome::whole);
    EXPECT_EQ(rig.payload(), "AAAAAAAABBBBBBBBend");
}

TEST(Defrag, DatagramsKeepApart) {
    DefragRig rig;
    rig.piece(0, true, "AAAAAAAA", 1);
    EXPECT_EQ(rig.piece(8, false, "BBBB", 2), Outcome::held);
    EXPECT_EQ(rig.piece(8, false, "CCCC", 1), Outcome::whole);
    EXPECT_EQ(rig.payload(), "AAAAAAAACCCC");
}

TEST(Defrag, TimeEndsThem) {
    DefragRig rig;
    rig.piece(0, true, "AAAAAAAA");
    rig.defrag.expire(rig.now + 60 * kSecondNs, 10);
    EXPECT_EQ(rig.defrag.pending(), 1u);
    rig.now += 61 * kSecondNs;
    EXPECT_EQ(rig.piece(8, false, "B"), Outcome::held);  // the old one is not completed with the new
    rig.defrag.expire(rig.now + 61 * kSecondNs, 10);
    EXPECT_EQ(rig.defrag.pending(), 0u);
}

TEST(Defrag, OldestGivesWay) {
    DefragRig rig;  // 8 at a time
    for (unsigned id = 1; id <= 9; ++id) rig.piece(0, true, "AAAAAAAA", id);
    EXPECT_EQ(rig.defrag.pending(), 8u);
    EXPECT_EQ(rig.defrag.counters().get(DefragCounter::evicted), 1u);
    EXPECT_EQ(rig.piece(8, false, "B", 9), Outcome::whole);
    EXPECT_EQ(rig.piece(8, false, "B", 1), Outcome::held);
}

TEST(Defrag, MemoryIsBounded) {
    DefragRig rig({.trackers = 64, .pool_bytes = 16 * 2048});
    for (unsigned id = 1; id <= 60; ++id) rig.piece(0, true, std::string(1400, 'A'), id);
    EXPECT_LE(rig.defrag.pending(), 16u);
    for (unsigned i = 1; i <= 40; ++i) rig.piece(i * 1400, true, std::string(1400, 'A'), 99);
    EXPECT_GT(rig.defrag.counters().get(DefragCounter::refused_full), 0u);
}

TEST(Defrag, WholeDatagramMayHoldAPacket) {
    const Octets inner = PacketBuilder().raw().tcp(1, 2).payload("inside").build();
    DefragRig rig;
    EXPECT_EQ(rig.send(PacketBuilder().protocol(4).fragment(0, true).payload(Bytes(inner).first(24)).build()), Outcome::held);
    ASSERT_EQ(rig.send(PacketBuilder().protocol(4).fragment(24, false).payload(Bytes(inner).subspan(24)).build()), Outcome::whole);
    Packet in;
    ASSERT_TRUE(decode_inner(rig.packet, in));
    EXPECT_EQ(as_text(in.payload_bytes()), "inside");
}

}  // namespace
}  // namespace sekisho::packet
