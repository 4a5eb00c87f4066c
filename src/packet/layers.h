// What the decoders of the single layers call each other. Each takes the offset at which its header should
// start in packet.data, and reads no further than packet.data (or `end`, where an IP header has set one).
#pragma once

#include <cstddef>
#include <cstdint>

#include "sekisho/base/byte_reader.h"
#include "sekisho/packet/decode_event.h"
#include "sekisho/packet/limits.h"
#include "sekisho/packet/packet.h"

namespace sekisho::packet {

namespace ether_type {
constexpr std::uint16_t ipv4 = 0x0800, arp = 0x0806, cisco_dce = 0x8903, vlan = 0x8100, transparent_bridging = 0x6558,
                        ipv6 = 0x86dd, ppp = 0x880b, mpls = 0x8847, mpls_multicast = 0x8848,
                        pppoe_discovery = 0x8863, pppoe_session = 0x8864, provider_vlan = 0x88a8,
                        provider_vlan_old = 0x9100, erspan2 = 0x88be, erspan3 = 0x22eb,
                        provider_backbone = 0x88e7, vn_tag = 0x8926, nsh = 0x894f;
}

// Link layers. `layers` counts the headers seen so far in this frame.
void decode_link(Packet& packet, Frame::Link link, std::size_t at) noexcept;
void decode_ethernet(Packet& packet, std::size_t at) noexcept;
void decode_ether_type(Packet& packet, std::uint16_t type, std::size_t at, std::size_t layers) noexcept;

/// IPv4 or IPv6, by the version nibble.
void decode_raw_ip(Packet& packet, std::size_t at) noexcept;
void decode_ipv4(Packet& packet, std::size_t at) noexcept;
void decode_ipv6(Packet& packet, std::size_t at) noexcept;
void decode_arp(Packet& packet, std::size_t at) noexcept;

/// The header behind IP. `protocol` names it, [at, end) is the IP payload.
void decode_transport(Packet& packet, std::uint8_t protocol, std::size_t at, std::size_t end) noexcept;

// Carriers of other packets: check the carrier's header, note events, set kHasTunnel.
void find_gre(Packet& packet, std::size_t at, std::size_t end) noexcept;
void find_ip_in_ip(Packet& packet, std::uint8_t protocol, std::size_t at, std::size_t end) noexcept;
void find_udp_tunnel(Packet& packet, std::size_t at, std::size_t end) noexcept;

/// Offsets fit: no IP header lies beyond 64 KiB, and the decoders check before they narrow.
constexpr std::uint16_t offset16(std::size_t offset) noexcept { return static_cast<std::uint16_t>(offset); }
constexpr std::size_t kOffsetMax = 0xffff;

// Loads for the headers that every packet has, after the size was checked once.
inline std::uint16_t load16(const std::uint8_t* p) noexcept {
    return static_cast<std::uint16_t>(p[0] << 8 | p[1]);
}
inline std::uint32_t load32(const std::uint8_t* p) noexcept {
    return static_cast<std::uint32_t>(load16(p)) << 16 | load16(p + 2);
}

}  // namespace sekisho::packet
