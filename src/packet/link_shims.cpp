#include "packet/link_shims.h"

namespace sekisho::packet {

Next provider_backbone(Packet& packet, std::size_t at) noexcept {
    // 4 octets I-TAG control and service id, then a customer Ethernet header.
    constexpr std::size_t kHeader = 4;
    if (packet.data.size() < at + kHeader + 14) return stop(packet, DecodeEvent::ieee8021ah_header_too_small);
    return {ether_type::transparent_bridging, at + kHeader};
}

Next vn_tag(Packet& packet, std::size_t at) noexcept {
    ByteReader in(packet.data.subspan(at));
    in.u32();
    const std::uint16_t type = in.u16();
    if (!in.ok()) return stop(packet, DecodeEvent::vntag_header_too_small);
    if (type < 0x0600) return stop(packet, DecodeEvent::vntag_unknown_type);
    return {type, at + in.position()};
}

Next fabric_path(Packet& packet, std::size_t at) noexcept {
    // The outer addresses were read as Ethernet's; 2 octets tag remain, then a whole Ethernet frame.
    constexpr std::size_t kTag = 2;
    if (packet.data.size() < at + kTag + 14) return stop(packet, DecodeEvent::dce_pkt_too_small);
    return {ether_type::transparent_bridging, at + kTag};
}

Next network_service_header(Packet& packet, std::size_t at) noexcept {
    ByteReader in(packet.data.subspan(at));
    const std::uint16_t first = in.u16();
    in.u8();  // metadata type
    const std::uint8_t protocol = in.u8();
    in.u32();  // service path
    if (!in.ok()) return stop(packet, DecodeEvent::nsh_header_too_small);
    const std::size_t size = static_cast<std::size_t>(first & 0x3f) * 4;
    if (first >> 14 != 0) return stop(packet, DecodeEvent::nsh_unsupported_version);
    if (size < 8 || at + size > packet.data.size()) return stop(packet, DecodeEvent::nsh_bad_header_length);
    switch (protocol) {  // RFC 8300 section 2.2
        case 1: return {ether_type::ipv4, at + size};
        case 2: return {ether_type::ipv6, at + size};
        case 3: return {ether_type::transparent_bridging, at + size};
        case 4: return stop(packet, DecodeEvent::nsh_unsupported_type);  // another NSH
        case 5: return {ether_type::mpls, at + size};
        case 0xfe: case 0xff: return stop(packet, DecodeEvent::nsh_reserved_type);
        default: return stop(packet, DecodeEvent::nsh_unknown_payload);
    }
}

Next erspan(Packet& packet, std::size_t at) noexcept {
    ByteReader in(packet.data.subspan(at));
    const std::uint16_t first = in.u16();
    if (!in.ok()) return stop(packet, DecodeEvent::erspan_header_too_small);
    const unsigned version = first >> 12;
    const std::uint16_t vlan = first & 0x0fff;
    // 1: type II, 8 octets. 2: type III, 12 octets and 8 more when the O bit ends them.
    if (version != 1 && version != 2) return stop(packet, DecodeEvent::erspan_unsupported_version);
    std::size_t size = version == 1 ? 8 : 12;
    if (packet.data.size() < at + size) return stop(packet, DecodeEvent::erspan_header_too_small);
    if (version == 2 && (packet.data[at + 11] & 1)) size += 8;
    if (packet.data.size() < at + size) return stop(packet, DecodeEvent::erspan_header_too_small);
    if (vlan != 0) {
        if (packet.vlan_tags >= packet.vlan.size()) return stop(packet, DecodeEvent::erspan_too_many_vlan_layers);
        ++packet.vlan_tags;
        note_vlan(packet, vlan);
    }
    return {ether_type::transparent_bridging, at + size};
}

}  // namespace sekisho::packet
