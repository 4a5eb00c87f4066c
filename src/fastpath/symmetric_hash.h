// The worker of a frame, in software, for ports that cannot spread frames themselves. Both directions of a
// conversation give the same number; so do all fragments of a datagram (which have no ports to look at).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sekisho/base/bytes.h"

namespace sekisho::fastpath {

/// @param seed  process_hash_seed(): strangers cannot aim at one worker
/// @return      equal for A -> B and B -> A; 0 for what is not IP   @cost no more than the headers' first 100 octets
std::uint32_t symmetric_hash(Bytes frame, std::uint64_t seed) noexcept;

/// For NICs: with this key repeated, the Toeplitz hash of A -> B and B -> A is the same (S. Woo, K. Park,
/// "Scalable TCP Session Monitoring with Symmetric Receive-side Scaling", 2012).
constexpr std::array<std::uint8_t, 2> kSymmetricKeyUnit{0x6d, 0x5a};

}  // namespace sekisho::fastpath
