// Content codings: what was announced, what the bytes are, and bombs.
#include "app/http/content_decoder.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

namespace sekisho::app::http {
namespace {

constexpr int kRaw = -15;
constexpr int kZlib = 15;
constexpr int kGzip = 31;

std::string compress(std::string_view text, int window_bits) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

struct Collected : DecodedSink {
    void decoded(Bytes piece) noexcept override {
        text += as_text(piece);
        largest = std::max(largest, piece.size());
    }
    void fault(DecodeFault what) noexcept override { faults.push_back(what); }
    std::string text;
    std::size_t largest = 0;
    std::vector<DecodeFault> faults;
};

Collected decode(std::string_view coding, std::string_view body, std::size_t piece = 1 << 20) {
    ContentDecoder decoder;
    Collected out;
    decoder.start(coding);
    for (std::size_t at = 0; at < body.size(); at += piece) decoder.write(as_bytes(body.substr(at, piece)), out);
    decoder.finish(out);
    return out;
}

const std::string kText = "The quick brown fox jumps over the lazy dog. The quick brown fox jumps again.";

TEST(ContentDecoder, EachCodingInAnyPieces) {
    const std::pair<std::string_view, std::string> cases[] = {
        {"gzip", compress(kText, kGzip)},
        {"x-gzip", compress(kText, kGzip)},
        {"deflate", compress(kText, kRaw)},
        {"deflate", compress(kText, kZlib)},
        {"gzip, deflate", compress(compress(kText, kGzip), kRaw)},
        {"deflate,identity,gzip", compress(compress(kText, kZlib), kGzip)},
    };
    for (const auto& [coding, body] : cases)
        for (const std::size_t piece : {1u, 3u, 1000u}) {
            const auto out = decode(coding, body, piece);
            EXPECT_EQ(out.text, kText) << coding << " by " << piece;
            EXPECT_TRUE(out.faults.empty());
        }
}

TEST(ContentDecoder, Brotli) {
    EXPECT_EQ(decode("br", std::string("\x0b\x02\x80hello\x03", 9)).text, "hello");
    const auto broken = decode("br", "hello, no brotli at all \xff\xff");
    EXPECT_EQ(broken.faults.size(), 1u);
}

TEST(ContentDecoder, WhatIsNotCompressedGoesOnAsItIs) {
    for (const auto coding : {"gzip", "deflate", "gzip, gzip", "deflate, gzip"})
        for (const std::size_t piece : {1u, 1000u}) EXPECT_EQ(decode(coding, "X plain text", piece).text, "X plain text");
    EXPECT_EQ(decode("gzip", "X").text, "X");
}

TEST(ContentDecoder, DeclaredOneWayAndSentAnother) {
    EXPECT_EQ(decode("deflate", compress(kText, kGzip)).text, kText);
    EXPECT_EQ(decode("gzip, deflate", compress(kText, kGzip)).text, kText);
    EXPECT_EQ(decode("gzip", compress(kText, kGzip) + compress(kText, kGzip)).text, kText + kText);
}

TEST(ContentDecoder, ChecksumsAndReservedFlagsDoNotMatter) {
    std::string body = compress(kText, kGzip);
    body[3] = '\x40';
    body[body.size() - 5] ^= 0x55;
    EXPECT_EQ(decode("gzip", body).text, kText);
}

TEST(ContentDecoder, OptionalGzipParts) {
    const std::string plain = compress(kText, kGzip);
    std::string body = plain.substr(0, 10) + std::string("\x03\x00" "ext" "name\0" "comment\0" "\0\0", 20) + plain.substr(10);
    body[3] = 0x04 | 0x08 | 0x10 | 0x02;
    for (const std::size_t piece : {1u, 4u, 1000u}) EXPECT_EQ(decode("gzip", body, piece).text, kText);
}

TEST(ContentDecoder, TruncatedBodyGivesWhatIsThere) {
    const std::string body = compress(kText, kGzip);
    const auto out = decode("gzip", std::string_view(body).substr(0, body.size() - 20));
    EXPECT_TRUE(kText.starts_with(out.text));
    EXPECT_FALSE(out.text.empty());
}

TEST(ContentDecoder, PiecesAreBoundedAndBombsAreStopped) {
    const std::string zeros(MiB(8), '\0');
    const std::string once = compress(zeros, kGzip);
    const auto large = decode("gzip", once);
    EXPECT_EQ(large.text.size(), zeros.size());
    EXPECT_LE(large.largest, kHttpDecodedPieceMax);
    const auto bomb = decode("gzip,gzip", compress(once, kGzip));
    ASSERT_EQ(bomb.faults.size(), 1u);
    EXPECT_EQ(bomb.faults[0], DecodeFault::bomb);
    EXPECT_LE(bomb.text.size(), kHttpBombFloor + kHttpBombRatio * once.size());
}

TEST(ContentDecoder, LayersBeyondTheLimitAreTold) {
    ContentDecoder decoder;
    EXPECT_TRUE(decoder.start("gzip,gzip,gzip,gzip").too_many);
    EXPECT_TRUE(decoder.start("compress").unknown);
    EXPECT_FALSE(decoder.active());
}

}  // namespace
}  // namespace sekisho::app::http
