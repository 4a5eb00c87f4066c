// HKDF with SHA-256 (RFC 5869) and the label form of TLS 1.3 (RFC 8446 section 7.1), as QUIC derives the keys of its
// Initial packets (RFC 9001 section 5). No allocation.
#pragma once

#include <string_view>

#include "sekisho/base/bytes.h"
#include "sekisho/crypto/digest.h"

namespace sekisho::crypto {

/// HMAC-SHA-256 (RFC 2104) of the parts behind one another.
/// @param key  at most 64 octets; longer ones are hashed first
DigestValue hmac_sha256(Bytes key, Bytes first, Bytes second = {}, Bytes third = {}) noexcept;

/// HKDF-Extract: 32 octets.
DigestValue hkdf_extract(Bytes salt, Bytes secret) noexcept;

/// HKDF-Expand-Label with an empty context.
/// @param label  without "tls13 ", at most 16 octets
/// @param out    at most 32 octets: one block
void hkdf_expand_label(Bytes secret, std::string_view label, MutableBytes out) noexcept;

}  // namespace sekisho::crypto
