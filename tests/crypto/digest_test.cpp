#include "sekisho/crypto/digest.h"

#include <string>

#include <gtest/gtest.h>

namespace sekisho::crypto {
namespace {

std::string hex_of(DigestAlgorithm algorithm, std::string_view text) {
    const auto value = digest(algorithm, as_bytes(text));
    std::array<std::uint8_t, 2 * kDigestMax> hex;
    return std::string(as_text(Bytes(hex).first(write_hex(value.bytes(), '\0', false, hex))));
}

TEST(Digest, KnownAnswers) {
    EXPECT_EQ(hex_of(DigestAlgorithm::md5, ""), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(hex_of(DigestAlgorithm::md5, "abc"), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(hex_of(DigestAlgorithm::sha1, "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(hex_of(DigestAlgorithm::sha256, "abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, PiecesGiveTheSameAsTheWhole) {
    const std::string text(1000, 'x');
    for (const auto algorithm : {DigestAlgorithm::md5, DigestAlgorithm::sha1, DigestAlgorithm::sha256}) {
        Digest pieces(algorithm);
        for (std::size_t at = 0; at < text.size(); at += 37)
            pieces.update(as_bytes(std::string_view(text).substr(at, 37)));
        EXPECT_EQ(pieces.finish().octets, digest(algorithm, as_bytes(text)).octets);
    }
}

TEST(Digest, HexWithSeparatorsAndUpperCase) {
    const std::uint8_t octets[] = {0x00, 0xab, 0x1f};
    std::array<std::uint8_t, 9> out;
    EXPECT_EQ(as_text(Bytes(out).first(write_hex(octets, ':', true, out))), "00:AB:1F");
}

}  // namespace
}  // namespace sekisho::crypto
