// The chain of IPv6 extension headers (RFC 8200 section 4).
#pragma once

#include "packet/layers.h"

namespace sekisho::packet {

/// Where the chain ended. `found` false: a fragment, a broken chain, or no next header; the rest from `at`
/// on is opaque.
struct Upper {
    std::uint8_t protocol = 0;
    std::size_t at = 0;
    bool found = false;
};

/// Walks [at, end). `link` is the offset of the octet that names the first header as type `next`.
Upper walk_extension_headers(Packet& packet, std::uint8_t next, std::size_t link, std::size_t at,
                             std::size_t end) noexcept;

}  // namespace sekisho::packet
