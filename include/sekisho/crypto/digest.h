// Digests of bytes that come in pieces. The context lies inside the object: nothing is allocated, so that
// the packet path can use it.
#pragma once

#include <array>
#include <cstdint>

#include "sekisho/base/bytes.h"

namespace sekisho::crypto {

enum class DigestAlgorithm : std::uint8_t { md5, sha1, sha256 };

constexpr std::size_t digest_size(DigestAlgorithm algorithm) noexcept {
    return algorithm == DigestAlgorithm::md5 ? 16 : algorithm == DigestAlgorithm::sha1 ? 20 : 32;
}
constexpr std::size_t kDigestMax = 32;

/// A finished digest.
struct DigestValue {
    std::array<std::uint8_t, kDigestMax> octets{};
    std::size_t size = 0;
    Bytes bytes() const noexcept { return Bytes(octets).first(size); }
};

/// MD5 (RFC 1321) and SHA-1 (RFC 3174) name things here (JA3, fingerprints, file lists); they secure nothing.
/// @thread one at a time
class Digest {
  public:
    explicit Digest(DigestAlgorithm algorithm) noexcept { reset(algorithm); }
    void reset(DigestAlgorithm algorithm) noexcept;
    void update(Bytes bytes) noexcept;
    /// The digest of all bytes since the last reset; reset before using the object again.
    DigestValue finish() noexcept;

  private:
    alignas(8) std::array<std::uint8_t, 128> context_;
    DigestAlgorithm algorithm_ = DigestAlgorithm::md5;
};

DigestValue digest(DigestAlgorithm algorithm, Bytes bytes) noexcept;

/// Lower-case hex of `in`, two digits an octet, `separator` between octets unless it is 0.
/// @param out   at least in.size() * 3 octets
/// @return      octets written
std::size_t write_hex(Bytes in, char separator, bool upper_case, MutableBytes out) noexcept;

}  // namespace sekisho::crypto
