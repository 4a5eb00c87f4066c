// QUIC handshakes: made by another implementation of the keys than ours (see the corpus), and pieces in all orders.
#include "app/quic/quic.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "app/quic/crypto_stream.h"

namespace sekisho::app {
namespace {

using ::testing::ElementsAre;

TEST(Quic, HandshakeOfVersion1) {
    const auto sink = run_to_end(kQuic, "quic/v1");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.value(0, Field::quic_sni), "plc.example.jp");
    EXPECT_EQ(sink.value(0, Field::quic_version), std::string("\0\0\0\1", 4));
    EXPECT_THAT(sink.transactions[0].fields.at(Field::tls_alpn), ElementsAre("h3"));
    EXPECT_EQ(sink.value(0, Field::ja3_string), "771,4865-4866-4867,0-16-10-13-43-51-57,29,");
    EXPECT_TRUE(sink.value(0, Field::ja4_hash).starts_with("q13d0307h3_")) << sink.value(0, Field::ja4_hash);
    EXPECT_FALSE(sink.has(0, Field::tls_sni));
    EXPECT_EQ(sink.value(1, Field::ja3s_string), "771,4865,43-51");
    EXPECT_TRUE(sink.transactions[1].events.empty());
}

TEST(Quic, EveryVersionThatHasKeys) {
    for (const auto* name : {"v2", "draft29", "draft27", "draft22", "mvfst", "q050"}) {
        const auto sink = run_to_end(kQuic, "quic/" + std::string(name));
        ASSERT_EQ(sink.transactions.size(), 1u) << name;
        EXPECT_EQ(sink.value(0, Field::quic_sni), "plc.example.jp") << name;
        EXPECT_TRUE(sink.transactions[0].events.empty()) << name;
    }
}

TEST(Quic, PiecesInAnyOrderOverPacketsAndDatagrams) {
    const auto sink = run_to_end(kQuic, "quic/pieces");
    ASSERT_EQ(sink.transactions.size(), 3u);
    EXPECT_FALSE(sink.has(0, Field::quic_sni));
    EXPECT_FALSE(sink.has(1, Field::quic_sni));
    EXPECT_EQ(sink.value(2, Field::quic_sni), "plc.example.jp");  // the packet that completes the hello
}

TEST(Quic, LargeHelloInSixteenPackets) {
    const auto sink = run_to_end(kQuic, "quic/large");
    ASSERT_EQ(sink.transactions.size(), 16u);
    EXPECT_EQ(sink.value(15, Field::quic_sni), "plc.example.jp");
}

TEST(Quic, RetryBeginsAnew) {
    const auto sink = run_to_end(kQuic, "quic/retry");
    ASSERT_EQ(sink.transactions.size(), 4u);
    EXPECT_EQ(sink.value(0, Field::quic_sni), "plc.example.jp");
    EXPECT_EQ(sink.value(2, Field::quic_sni), "retry.example.jp");
    EXPECT_TRUE(sink.has(3, Field::ja3s_string));
}

TEST(Quic, VersionNegotiation) {
    const auto sink = run_to_end(kQuic, "quic/negotiation");
    ASSERT_EQ(sink.transactions.size(), 3u);
    EXPECT_EQ(sink.transactions[1].facts.at(Fact::quic_version), 0u);
    EXPECT_EQ(sink.value(2, Field::quic_sni), "plc.example.jp");
}

TEST(Quic, WhatIsOddIsAnEvent) {
    const auto sink = run_to_end(kQuic, "quic/odd");
    ASSERT_EQ(sink.transactions.size(), 4u);
    EXPECT_TRUE(sink.has_event(0, AppEvent::quic_failed_decrypt));
    EXPECT_TRUE(sink.has_event(1, AppEvent::quic_error_on_header));
    EXPECT_TRUE(sink.has_event(2, AppEvent::quic_crypto_frag_too_long));
    EXPECT_TRUE(sink.has_event(3, AppEvent::quic_error_on_data));
}

TEST(Quic, EncryptedHelloIsAFact) {
    EXPECT_EQ(run_to_end(kQuic, "quic/ech").transactions[0].facts.at(Fact::tls_ech), 1u);
    EXPECT_FALSE(run_to_end(kQuic, "quic/v1").transactions[0].facts.contains(Fact::tls_ech));
}

TEST(Quic, GooglesHello) {
    const auto sink = run_to_end(kQuic, "quic/q046");
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(sink.value(0, Field::quic_version), "Q046");
    EXPECT_EQ(sink.value(0, Field::quic_sni), "video.example.jp");
    EXPECT_EQ(sink.value(0, Field::quic_ua), "Example/1.0");
    EXPECT_EQ(sink.value(0, Field::quic_cyu_string), "46,PAD-SNI-VER-UAID");
    EXPECT_EQ(sink.value(0, Field::quic_cyu_hash).size(), 32u);
}

TEST(Quic, GooglesOlderAndNewerHeaders) {
    const auto old = run_to_end(kQuic, "quic/q043");
    ASSERT_EQ(old.transactions.size(), 1u);
    EXPECT_EQ(old.value(0, Field::quic_version), "Q043");
    EXPECT_EQ(old.value(0, Field::quic_sni), "video.example.jp");
    const auto pieces = run_to_end(kQuic, "quic/q050_chlo");
    ASSERT_EQ(pieces.transactions.size(), 2u);
    EXPECT_FALSE(pieces.has(0, Field::quic_sni));
    EXPECT_EQ(pieces.value(1, Field::quic_sni), "video.example.jp");
    EXPECT_EQ(pieces.value(1, Field::quic_cyu_string), "50,PAD-SNI-VER-UAID");
    EXPECT_TRUE(pieces.transactions[0].events.empty() && pieces.transactions[1].events.empty());
}

TEST(CryptoStream, AnyOrderAndOverlapGivesTheSame) {
    std::vector<std::uint8_t> whole(2000);
    std::iota(whole.begin(), whole.end(), std::uint8_t{0});
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round) {
        quic::CryptoStream<2048, 64> stream;
        std::vector<std::pair<std::size_t, std::size_t>> pieces;
        for (std::size_t at = 0; at < whole.size(); at += 50) pieces.emplace_back(at, std::min<std::size_t>(at + 1 + random() % 120, whole.size()));
        for (std::size_t at = 0; at < whole.size(); at += 50) pieces.emplace_back(at, at + 50);
        std::shuffle(pieces.begin(), pieces.end(), random);
        for (const auto& [from, to] : pieces) ASSERT_TRUE(stream.add(from, Bytes(whole).subspan(from, to - from)));
        ASSERT_EQ(stream.front().size(), whole.size());
        ASSERT_TRUE(std::equal(whole.begin(), whole.end(), stream.front().begin()));
    }
}

TEST(CryptoStream, TheFirstCopyCounts) {
    quic::CryptoStream<64, 4> stream;
    EXPECT_TRUE(stream.add(2, as_bytes("cd")));
    EXPECT_TRUE(stream.add(0, as_bytes("abXYe")));
    EXPECT_EQ(as_text(stream.front()), "abcde");
    EXPECT_FALSE(stream.add(60, as_bytes("12345")));
}

TEST(CryptoStream, TooManyHolesAreRefused) {
    quic::CryptoStream<64, 4> stream;
    for (std::size_t at = 0; at < 4; ++at) EXPECT_TRUE(stream.add(at * 4, as_bytes("x")));
    EXPECT_FALSE(stream.add(20, as_bytes("x")));
    EXPECT_TRUE(stream.add(1, as_bytes("yyy")));
    EXPECT_EQ(as_text(stream.front()), "xyyyx");
}

}  // namespace
}  // namespace sekisho::app
