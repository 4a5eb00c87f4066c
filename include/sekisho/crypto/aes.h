// AES-128 with GCM (NIST SP 800-38D) for one short message and the bare block function, as QUIC's packet and header
// protection need them (RFC 9001 sections 5.3 and 5.4).
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "sekisho/base/bytes.h"

namespace sekisho::crypto {

constexpr std::size_t kAesBlock = 16;
constexpr std::size_t kAesKey = 16;
constexpr std::size_t kGcmNonce = 12;
constexpr std::size_t kGcmTag = 16;

/// A key schedule. It lies in the object: no allocation.
/// @thread one at a time
class Aes128 {
  public:
    Aes128() noexcept = default;
    explicit Aes128(Bytes key) noexcept { set_key(key); }
    /// @param key  16 octets
    void set_key(Bytes key) noexcept;
    std::array<std::uint8_t, kAesBlock> encrypt(Bytes block) const noexcept;
    const void* schedule() const noexcept { return schedule_.data(); }

  private:
    alignas(8) std::array<std::uint8_t, 256> schedule_{};
};

/// Opens one sealed message. The tag is checked before anything is given.
/// @param nonce   12 octets
/// @param sealed  ciphertext and the tag of 16 octets
/// @param out     at least sealed.size() - 16 octets; may begin where `sealed` begins
/// @return        false when the tag is wrong or there is no memory for the context (about 400 octets, given back at
///                once: OpenSSL keeps its layout to itself)
bool gcm_open(const Aes128& key, Bytes nonce, Bytes associated, Bytes sealed, MutableBytes out) noexcept;
/// The inverse, for tests. @param out  plain.size() + 16 octets
bool gcm_seal(const Aes128& key, Bytes nonce, Bytes associated, Bytes plain, MutableBytes out) noexcept;

}  // namespace sekisho::crypto
