// What makes two packets one conversation, and its hash.
#pragma once

#include <cstring>

#include "sekisho/base/hash.h"
#include "sekisho/flow/flow.h"

namespace sekisho::flow {

/// ICMP has no ports. Queries and their answers share class and identifier (RFC 792, RFC 4443 section 4);
/// every other message stands by its type and code, apart from the flow that it may complain about.
inline std::uint32_t icmp_key(const packet::Packet& p) noexcept {
    if (!p.is_icmp()) return 0;
    const bool v6 = p.ip_protocol == packet::ip_proto::icmpv6;
    std::uint32_t query = 0;
    switch (p.icmp_type) {
        case 0: case 8: query = v6 ? 0 : 1; break;
        case 13: case 14: query = v6 ? 0 : 2; break;
        case 15: case 16: query = v6 ? 0 : 3; break;
        case 17: case 18: query = v6 ? 0 : 4; break;
        case 128: case 129: query = v6 ? 1 : 0; break;
        default: break;
    }
    constexpr std::uint32_t kByType = 0x80000000u;
    if (query == 0) return kByType | static_cast<std::uint32_t>(p.icmp_type) << 8 | p.icmp_code;
    const Bytes header = p.data.subspan(p.l4, 8);  // the decoder has seen 8 octets
    return query << 16 | static_cast<std::uint32_t>(header[4]) << 8 | header[5];
}

inline std::uint64_t hash_endpoint(const IpAddress& ip, std::uint16_t port, std::uint64_t seed) noexcept {
    std::uint64_t high, low;
    std::memcpy(&high, ip.octets.data(), 8);
    std::memcpy(&low, ip.octets.data() + 8, 8);
    return hash_mix(low ^ seed, hash_mix(high ^ port, 0xe7037ed1a0b428dbULL) ^ 0x8ebc6af09c88c6e3ULL);
}

/// The same for both directions: the ends are added, which forgets their order.
inline std::uint32_t hash_key(const packet::Packet& p, std::uint32_t icmp, bool by_vlan, std::uint64_t seed) noexcept {
    const std::uint64_t ends = hash_endpoint(p.src, p.src_port, seed) + hash_endpoint(p.dst, p.dst_port, seed);
    const std::uint64_t vlans = static_cast<std::uint64_t>(p.vlan[0]) << 48 | static_cast<std::uint64_t>(p.vlan[1]) << 32;
    const std::uint64_t rest = (by_vlan ? vlans : 0) | (icmp ^ p.ip_protocol);
    const std::uint64_t mixed = hash_mix(ends ^ rest, seed ^ 0xa0761d6478bd642fULL);
    return static_cast<std::uint32_t>(mixed ^ mixed >> 32);
}

inline bool is_of(const Flow& flow, const packet::Packet& p, std::uint32_t icmp, bool by_vlan) noexcept {
    if (flow.ip_protocol != p.ip_protocol || (by_vlan && flow.vlan != p.vlan) || flow.icmp_key != icmp) return false;
    if (flow.client_port == p.src_port && flow.server_port == p.dst_port && flow.client == p.src && flow.server == p.dst)
        return true;
    return flow.client_port == p.dst_port && flow.server_port == p.src_port && flow.client == p.dst && flow.server == p.src;
}

}  // namespace sekisho::flow
