// One datagram in the making.
#pragma once

#include <array>
#include <cstdint>

#include "packet/piece_pool.h"
#include "sekisho/packet/limits.h"
#include "sekisho/packet/packet.h"

namespace sekisho::packet {

/// What fragments of one datagram have in common (RFC 791 section 3.2, RFC 8200 section 4.5). No padding, so
/// that its octets can be hashed and compared.
struct DatagramKey {
    IpAddress source;
    IpAddress destination;
    std::uint32_t id = 0;
    std::array<std::uint16_t, 2> vlan{};
    std::uint8_t version = 0;
    std::uint8_t protocol = 0;  ///< IPv4 only
    std::uint16_t tunnel_depth = 0;
    bool operator==(const DatagramKey&) const = default;
};
static_assert(sizeof(DatagramKey) == 44);

struct Datagram {
    DatagramKey key;
    TimeNs first_ns = 0;
    std::uint32_t hash = 0;
    std::uint32_t chain = 0;      ///< next in the bucket, or in the free list
    std::uint32_t older = 0;      ///< towards the oldest
    std::uint32_t younger = 0;
    std::uint32_t head = 0;       ///< pieces, by offset
    std::uint32_t tail = 0;
    std::uint32_t covered = 0;    ///< octets in pieces; with overlaps, some twice
    std::uint16_t pieces = 0;
    std::uint16_t fragments = 0;
    std::uint32_t size = 0;       ///< of the payload, once the last fragment has come; else 0
    bool overlapping = false;
    bool poisoned = false;        ///< refused as a whole: what still comes of it is refused too
    std::uint16_t headers_size = 0;  ///< 0: the first fragment has not come
    std::uint16_t link = 0;       ///< IPv6: where in the headers the fragment header was named
    std::uint8_t next_header = 0; ///< IPv6: what the fragment header named
    std::array<std::uint8_t, kFragmentHeadersMax> headers{};
};

}  // namespace sekisho::packet
