// Keys of Initial packets: whoever sees the client's first connection id can make them (RFC 9001 section 5.2).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "app/quic/header.h"
#include "sekisho/app/parser.h"
#include "sekisho/crypto/aes.h"

namespace sekisho::app::quic {

/// Keys of one direction.
class InitialKeys {
  public:
    /// False when the version has no keys that are known.
    bool derive(std::uint32_t version, Bytes client_destination_id, Direction direction) noexcept;

    /// Removes header and packet protection of an Initial packet.
    /// @param packet  the whole packet, header first
    /// @param out     at least packet.size() octets
    /// @return        the frames, in `out`; nothing when the tag does not fit
    std::optional<Bytes> open(Bytes packet, const Header& header, MutableBytes out) const noexcept;
    /// The inverse, for tests: protects `plain`, whose header ends with a packet number of four octets.
    /// @return octets written to `out`, which holds 16 more than `plain`; 0: failed
    std::size_t seal(Bytes plain, std::size_t number_at, MutableBytes out) const noexcept;

  private:
    crypto::Aes128 key_;
    crypto::Aes128 header_key_;
    std::array<std::uint8_t, crypto::kGcmNonce> iv_{};
};

}  // namespace sekisho::app::quic
