#include "sekisho/crypto/hkdf.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace sekisho::crypto {
namespace {

constexpr std::size_t kBlock = 64;  // of SHA-256
constexpr std::string_view kPrefix = "tls13 ";
constexpr std::size_t kLabelMax = 16;

std::array<std::uint8_t, kBlock> padded(Bytes key, std::uint8_t mask) noexcept {
    std::array<std::uint8_t, kBlock> block{};
    std::copy(key.begin(), key.end(), block.begin());
    for (auto& octet : block) octet ^= mask;
    return block;
}

}  // namespace

DigestValue hmac_sha256(Bytes key, Bytes first, Bytes second, Bytes third) noexcept {
    DigestValue hashed;
    if (key.size() > kBlock) {
        hashed = digest(DigestAlgorithm::sha256, key);
        key = hashed.bytes();
    }
    Digest inner(DigestAlgorithm::sha256);
    inner.update(padded(key, 0x36));
    for (const Bytes part : {first, second, third}) inner.update(part);
    const DigestValue middle = inner.finish();
    Digest outer(DigestAlgorithm::sha256);
    outer.update(padded(key, 0x5c));
    outer.update(middle.bytes());
    return outer.finish();
}

DigestValue hkdf_extract(Bytes salt, Bytes secret) noexcept { return hmac_sha256(salt, secret); }

void hkdf_expand_label(Bytes secret, std::string_view label, MutableBytes out) noexcept {
    assert(label.size() <= kLabelMax && out.size() <= digest_size(DigestAlgorithm::sha256));
    // struct { uint16 length; opaque label<7..255>; opaque context<0..255>; }
    std::array<std::uint8_t, 4 + kPrefix.size() + kLabelMax> info{};
    std::size_t size = 0;
    info[size++] = 0;
    info[size++] = static_cast<std::uint8_t>(out.size());
    info[size++] = static_cast<std::uint8_t>(kPrefix.size() + label.size());
    for (const std::string_view part : {kPrefix, label})
        for (const char c : part) info[size++] = static_cast<std::uint8_t>(c);
    info[size++] = 0;
    const std::uint8_t block_number = 1;
    const DigestValue block = hmac_sha256(secret, Bytes(info).first(size), Bytes(&block_number, 1));
    std::copy_n(block.octets.begin(), out.size(), out.begin());
}

}  // namespace sekisho::crypto
