// Header and chunks of an SCTP packet (RFC 9260 section 3), where they lie in a decoded packet.
#pragma once

#include <algorithm>

#include "sekisho/base/bytes.h"
#include "sekisho/packet/packet.h"

namespace sekisho::packet {

struct SctpChunk {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    Bytes value;   ///< behind the chunk's 4 octets of head
};

/// The 12 octets of the common header; empty when the packet is not SCTP.
inline Bytes sctp_header(const Packet& packet) noexcept {
    constexpr std::size_t kHeader = 12;
    if (packet.ip_protocol != ip_proto::sctp || packet.has(Packet::kNoTransport | Packet::kFragment)) return {};
    const Bytes whole = packet.l4_bytes();
    return whole.size() < kHeader ? Bytes{} : whole.first(kHeader);
}

/// Calls `take` with each whole chunk, in order. @cost linear, no allocation    @thread any
template <class Take>
void for_each_sctp_chunk(const Packet& packet, Take&& take) noexcept {
    constexpr std::size_t kChunkHead = 4;
    if (sctp_header(packet).empty()) return;
    for (Bytes rest = packet.payload_bytes(); rest.size() >= kChunkHead;) {
        const std::size_t length = static_cast<std::size_t>(rest[2]) << 8 | rest[3];
        if (length < kChunkHead || length > rest.size()) return;
        take(SctpChunk{rest[0], rest[1], rest.subspan(kChunkHead, length - kChunkHead)});
        rest = rest.subspan(std::min((length + 3) & ~std::size_t{3}, rest.size()));
    }
}

}  // namespace sekisho::packet
