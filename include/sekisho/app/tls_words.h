// Bits of two facts of a TLS handshake, which parser and keywords share.
#pragma once

#include <cstdint>

namespace sekisho::app {

/// Fact::tls_version_bit: one bit a version, so that a list of versions is one mask. 0: none of them.
constexpr std::uint8_t version_bit(std::uint16_t version) noexcept {
    if (version == 0x0002) return 1;  // SSL 2.0
    if (version < 0x0300 || version > 0x0304) return 0;
    return static_cast<std::uint8_t>(2u << (version & 0xff));  // SSL 3.0 to TLS 1.3
}

/// Fact::tls_state: which messages of the handshake were said so far.
constexpr std::uint8_t kSaidClientHello = 1;
constexpr std::uint8_t kSaidServerHello = 2;
constexpr std::uint8_t kSaidClientKeys = 4;
constexpr std::uint8_t kSaidServerKeys = 8;

}  // namespace sekisho::app
