#include "fastpath/symmetric_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "support/packet_builder.h"

namespace sekisho::fastpath {
namespace {

using testing::Octets;
using testing::PacketBuilder;

constexpr std::uint64_t kSeed = 42;

std::uint32_t hash(const Octets& frame) { return symmetric_hash(frame, kSeed); }

TEST(SymmetricHash, BothDirectionsMeetOnEveryLinkLayer) {
    for (const bool v6 : {false, true}) {
        for (unsigned tags = 0; tags <= 2; ++tags) {
            PacketBuilder out, back;
            out.ip(v6 ? "2001:db8::1" : "192.0.2.1", v6 ? "2001:db8::2" : "198.51.100.7").tcp(40000, 443);
            back.ip(v6 ? "2001:db8::2" : "198.51.100.7", v6 ? "2001:db8::1" : "192.0.2.1").tcp(443, 40000);
            for (unsigned i = 0; i < tags; ++i) out.vlan(i + 1), back.vlan(i + 1);
            EXPECT_EQ(hash(out.build()), hash(back.build())) << v6 << tags;
            EXPECT_NE(hash(out.build()), 0u);
        }
    }
    const Octets session{0x11, 0x00, 0x12, 0x34, 0x00, 42, 0x00, 0x21};
    const auto plain = PacketBuilder().ip("192.0.2.1", "192.0.2.2").tcp(1, 2);
    EXPECT_EQ(hash(PacketBuilder(plain).shim(0x8864, session).build()), hash(PacketBuilder(plain).build()));
}

TEST(SymmetricHash, PiecesOfADatagramMeet) {
    const auto piece = [](unsigned offset, bool more) {
        return hash(PacketBuilder().ip("192.0.2.1", "192.0.2.2").udp(1, 2).fragment(offset, more).payload("12345678").build());
    };
    EXPECT_EQ(piece(0, true), piece(8, true));
    EXPECT_EQ(piece(0, true), piece(1480, false));
}

TEST(SymmetricHash, ConversationsSpreadEvenly) {
    constexpr std::size_t kWorkers = 8, kFlows = 8000;
    std::array<std::size_t, kWorkers> load{};
    for (unsigned i = 0; i < kFlows; ++i) {
        const std::string client = "10.0." + std::to_string(i % 7) + "." + std::to_string(i % 250 + 1);
        ++load[hash(PacketBuilder().ip(client, "198.51.100.7").tcp(1024 + i, 443).build()) % kWorkers];
    }
    const auto [least, most] = std::minmax_element(load.begin(), load.end());
    EXPECT_GT(*least, kFlows / kWorkers * 8 / 10);
    EXPECT_LT(*most, kFlows / kWorkers * 12 / 10);
}

TEST(SymmetricHash, OtherThanIpStaysWithOneWorker) {
    Octets arp(60);
    arp[12] = 0x08, arp[13] = 0x06;
    EXPECT_EQ(hash(arp), 0u);
    EXPECT_EQ(hash({}), 0u);
}

TEST(SymmetricHash, CutFramesGiveSomeWorker) {
    const auto frame = PacketBuilder().vlan(1).ip("192.0.2.1", "192.0.2.2").tcp(1, 2).build();
    for (std::size_t size = 0; size <= frame.size(); ++size) hash({frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)});
}

}  // namespace
}  // namespace sekisho::fastpath
