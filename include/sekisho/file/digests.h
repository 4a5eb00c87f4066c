// Digests of a file that passes by: only those that some rule asks for are calculated.
#pragma once

#include <array>
#include <cstdint>

#include "sekisho/crypto/digest.h"

namespace sekisho::file {

/// A set of digests, by bit: 1 << DigestAlgorithm.
using DigestSet = std::uint8_t;
constexpr DigestSet digest_bit(crypto::DigestAlgorithm algorithm) noexcept {
    return static_cast<DigestSet>(1u << static_cast<unsigned>(algorithm));
}
constexpr std::size_t kDigestKinds = 3;

/// @cost   about 2 ns an octet for each digest; no allocation  @thread one at a time
class Digests {
  public:
    void start(DigestSet wanted) noexcept;
    void update(Bytes piece) noexcept;
    /// Ends the calculation; the values stay until the next start.
    void finish() noexcept;
    /// Empty before finish, and for a digest that was not wanted.
    Bytes value(crypto::DigestAlgorithm algorithm) const noexcept;

  private:
    std::array<crypto::Digest, kDigestKinds> running_{crypto::Digest(crypto::DigestAlgorithm::md5),
                                                      crypto::Digest(crypto::DigestAlgorithm::sha1),
                                                      crypto::Digest(crypto::DigestAlgorithm::sha256)};
    std::array<std::array<std::uint8_t, crypto::kDigestMax>, kDigestKinds> values_{};
    DigestSet wanted_ = 0;
    bool finished_ = false;
};

}  // namespace sekisho::file
