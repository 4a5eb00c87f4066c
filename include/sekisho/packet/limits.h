// The bounds of the packet room: number, unit, reason, and what happens beyond.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sekisho::packet {

/// Link-level headers in one frame (tags, labels, PPPoE). Real networks stack four at the most; beyond:
/// event too_many_layers, the frame is not IP to us.
constexpr std::size_t kLinkLayersMax = 16;

/// VLAN tags in one frame. Two are kept in the packet, the third is walked over; beyond: vlan.too_many_layers.
constexpr std::size_t kVlanTagsMax = 3;

/// IPv6 extension headers in one packet. RFC 8200 section 4.1 names seven; beyond: event too_many_layers,
/// no transport.
constexpr std::size_t kExtensionsMax = 32;

/// Packets within packets. Beyond: event too_many_layers, and the payload stays opaque.
constexpr std::uint8_t kTunnelDepthMax = 4;

/// Octets of an IP datagram's payload together with its header (RFC 791 section 3.1, RFC 8200 section 3).
/// A fragment that reaches further is refused: event frag_pkt_too_large.
constexpr std::size_t kDatagramMax = 65535;

/// Pieces of one datagram. 65535 octets over links of the least IPv6 MTU make 54, over 576 octets 119;
/// beyond: the fragment is refused (frag_ignored), so that sorting it in stays cheap.
constexpr std::size_t kPiecesMax = 1024;

/// Octets of the headers in front of the fragment header that are kept for the datagram. Beyond: refused
/// (frag_ignored).
constexpr std::size_t kFragmentHeadersMax = 256;

}  // namespace sekisho::packet
