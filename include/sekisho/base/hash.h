// Keyed hashing of short keys for tables that strangers can fill (flows, fragments, hosts).
// wyhash-style multiply-fold mix (public domain construction by Wang Yi) with a per-process seed, so that
// an attacker cannot choose keys that share a bucket. Not for security beyond that.
#pragma once

#include <cstdint>
#include <cstring>

#include "sekisho/base/bytes.h"

namespace sekisho {

inline std::uint64_t hash_mix(std::uint64_t a, std::uint64_t b) noexcept {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t hash_bytes(Bytes bytes, std::uint64_t seed) noexcept {
    std::uint64_t h = seed ^ 0xa0761d6478bd642fULL ^ bytes.size();
    while (bytes.size() >= 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes.data(), 8);
        h = hash_mix(h ^ word, 0xe7037ed1a0b428dbULL);
        bytes = bytes.subspan(8);
    }
    std::uint64_t tail = 0;
    if (!bytes.empty()) std::memcpy(&tail, bytes.data(), bytes.size());
    return hash_mix(h ^ tail, 0x8ebc6af09c88c6e3ULL);
}

/// A seed drawn once per process from the kernel's random source; fixed by SEKISHO_HASH_SEED for tests.
std::uint64_t process_hash_seed() noexcept;

}  // namespace sekisho
