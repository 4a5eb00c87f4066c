// HKDF and the keys of RFC 9001 appendix A; AES-128-GCM against itself and a changed octet.
#include "sekisho/crypto/hkdf.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sekisho/crypto/aes.h"

namespace sekisho::crypto {
namespace {

std::vector<std::uint8_t> bytes_of(std::string_view hex) {
    std::vector<std::uint8_t> out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out.push_back(static_cast<std::uint8_t>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    return out;
}

template <std::size_t N>
std::vector<std::uint8_t> expand(Bytes secret, std::string_view label) {
    std::vector<std::uint8_t> out(N);
    hkdf_expand_label(secret, label, out);
    return out;
}

TEST(Hkdf, KeysOfQuicsFirstPacket) {
    const auto salt = bytes_of("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
    const auto id = bytes_of("8394c8f03e515708");
    const auto initial = hkdf_extract(salt, id);
    EXPECT_EQ(std::vector(initial.bytes().begin(), initial.bytes().end()),
              bytes_of("7db5df06e7a69e432496adedb00851923595221596ae2ae9fb8115c1e9ed0a44"));
    const auto client = expand<32>(initial.bytes(), "client in");
    EXPECT_EQ(client, bytes_of("c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea"));
    EXPECT_EQ(expand<16>(client, "quic key"), bytes_of("1f369613dd76d5467730efcbe3b1a22d"));
    EXPECT_EQ(expand<12>(client, "quic iv"), bytes_of("fa044b2f42a3fd3b46fb255c"));
    EXPECT_EQ(expand<16>(client, "quic hp"), bytes_of("9f50449e04a0e810283a1e9933adedd2"));
}

TEST(Hkdf, LongKeysAreHashedFirst) {
    const std::vector<std::uint8_t> key(131, 0xaa);  // RFC 4231 test case 6
    const auto mac = hmac_sha256(key, as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"));
    EXPECT_EQ(std::vector(mac.bytes().begin(), mac.bytes().end()),
              bytes_of("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
}

TEST(Gcm, OpensWhatWasSealedAndNothingElse) {
    const Aes128 key(bytes_of("00112233445566778899aabbccddeeff"));
    const std::vector<std::uint8_t> nonce(kGcmNonce, 7);
    const Bytes plain = as_bytes("a message of more than one block of sixteen");
    std::vector<std::uint8_t> sealed(plain.size() + kGcmTag), opened(plain.size());
    ASSERT_TRUE(gcm_seal(key, nonce, as_bytes("head"), plain, sealed));
    ASSERT_TRUE(gcm_open(key, nonce, as_bytes("head"), sealed, opened));
    EXPECT_EQ(as_text(opened), as_text(plain));
    EXPECT_FALSE(gcm_open(key, nonce, as_bytes("heat"), sealed, opened));
    sealed[3] ^= 1;
    EXPECT_FALSE(gcm_open(key, nonce, as_bytes("head"), sealed, opened));
    EXPECT_FALSE(gcm_open(key, nonce, as_bytes("head"), Bytes(sealed).first(kGcmTag - 1), opened));
}

}  // namespace
}  // namespace sekisho::crypto
