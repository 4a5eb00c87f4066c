// Link headers and the walk from one Ethernet type to the next: IEEE 802.3 / 802.1Q / 802.1ad, SNAP, MPLS
// (RFC 3032), PPPoE (RFC 2516), PPP (RFC 1661), the pcap link types NULL, LINUX_SLL and LINUX_SLL2
// (tcpdump.org/linktypes). Rarer shims are in link_shims.cpp.
#include <algorithm>
#include <iterator>

#include "packet/layers.h"
#include "packet/link_shims.h"

namespace sekisho::packet {
namespace {

constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kVlanTag = 4;
constexpr std::uint16_t kEtherTypeMin = 0x0600;  // below: a length (IEEE 802.3), with LLC behind it

/// What a shim says about the header behind it.
using Shim = Next (*)(Packet&, std::size_t at) noexcept;

Next vlan_tag(Packet& packet, std::size_t at) noexcept {
    ByteReader in(packet.data.subspan(at));
    const std::uint16_t control = in.u16();
    const std::uint16_t type = in.u16();
    if (!in.ok()) return stop(packet, DecodeEvent::vlan_header_too_small);
    if (packet.vlan_tags == kVlanTagsMax) return stop(packet, DecodeEvent::vlan_too_many_layers);
    ++packet.vlan_tags;
    note_vlan(packet, static_cast<std::uint16_t>(control & 0x0fff));
    return {type, at + kVlanTag};
}

/// An IEEE 802.3 frame: a length where the type was, LLC, and a type after all in SNAP's header (IEEE 802 clause 10,
/// RFC 1042). Many hosts take IP in it.
Next snap(Packet& packet, std::size_t at) noexcept {
    constexpr std::uint8_t kEtherTypeFollows[] = {0xaa, 0xaa, 0x03, 0, 0, 0};
    constexpr std::size_t kHeader = sizeof kEtherTypeFollows + 2;
    if (packet.data.size() < at + kHeader) return stop();
    if (!std::equal(std::begin(kEtherTypeFollows), std::end(kEtherTypeFollows), packet.data.begin() + static_cast<std::ptrdiff_t>(at)))
        return stop();
    return {load16(packet.data.data() + at + sizeof kEtherTypeFollows), at + kHeader};
}

Next mpls(Packet& packet, std::size_t at) noexcept {
    ByteReader in(packet.data.subspan(at));
    std::uint32_t label = 0;
    for (bool bottom = false; !bottom;) {
        const std::uint32_t entry = in.u32();
        if (!in.ok()) return stop(packet, DecodeEvent::mpls_header_too_small);
        label = entry >> 12;
        bottom = (entry >> 8 & 1) != 0;
        if (in.position() > kLinkLayersMax * 4) return stop(packet, DecodeEvent::too_many_layers);
    }
    const std::size_t behind = at + in.position();
    // Reserved labels (RFC 3032 section 2.1) that must not be the last one.
    if (label == 1) return stop(packet, DecodeEvent::mpls_bad_label_router_alert);
    if (label == 3) return stop(packet, DecodeEvent::mpls_bad_label_implicit_null);
    if (label == 0) return {ether_type::ipv4, behind};
    if (label == 2) return {ether_type::ipv6, behind};
    if (label >= 5 && label <= 15) raise(packet, DecodeEvent::mpls_bad_label_reserved);
    if (in.remaining() < 1) return stop(packet, DecodeEvent::mpls_pkt_too_small);
    // Nothing names the payload: the first nibble is the usual guess (RFC 4385 section 3 keeps 0 and 1
    // for pseudowires, so that it works).
    switch (packet.data[behind] >> 4) {
        case 4: return {ether_type::ipv4, behind};
        case 6: return {ether_type::ipv6, behind};
        case 0: return {ether_type::transparent_bridging, behind + 4};
        default: return stop(packet, DecodeEvent::mpls_unknown_payload_type);
    }
}

Next ppp_protocol(Packet& packet, std::uint16_t protocol, std::size_t at) noexcept {
    const std::size_t left = packet.data.size() - at;
    switch (protocol) {
        case 0x0021:
            return left < 20 ? stop(packet, DecodeEvent::ppp_ip4_pkt_too_small) : Next{ether_type::ipv4, at};
        case 0x0057:
            return left < 40 ? stop(packet, DecodeEvent::ppp_ip6_pkt_too_small) : Next{ether_type::ipv6, at};
        case 0x002f:  // Van Jacobson uncompressed TCP/IP (RFC 1144): an IPv4 header with its protocol replaced
            return stop(packet, left < 20 ? DecodeEvent::ppp_vju_pkt_too_small : DecodeEvent::ppp_unsup_proto);
        default: break;
    }
    // RFC 1661 section 2: the low octet of an assigned protocol is odd, the high one even.
    const bool assigned = (protocol & 0x0101) == 0x0001;
    return stop(packet, assigned ? DecodeEvent::ppp_unsup_proto : DecodeEvent::ppp_wrong_type);
}

Next pppoe_session(Packet& packet, std::size_t at) noexcept {
    ByteReader in(packet.data.subspan(at));
    in.u8();  // version and type
    const std::uint8_t code = in.u8();
    in.u32();  // session and length
    std::uint16_t protocol = in.u8();
    if (!in.ok()) return stop(packet, DecodeEvent::pppoe_pkt_too_small);
    if (code != 0) return stop(packet, DecodeEvent::pppoe_wrong_code);
    if (!(protocol & 1)) protocol = static_cast<std::uint16_t>(protocol << 8 | in.u8());  // else compressed
    if (!in.ok()) return stop(packet, DecodeEvent::pppoe_pkt_too_small);
    return ppp_protocol(packet, protocol, at + in.position());
}

Next pppoe_discovery(Packet& packet, std::size_t at) noexcept {
    ByteReader in(packet.data.subspan(at));
    in.u8();
    const std::uint8_t code = in.u8();
    in.u16();
    const std::uint16_t length = in.u16();
    if (!in.ok()) return stop(packet, DecodeEvent::pppoe_pkt_too_small);
    constexpr std::uint8_t kCodes[] = {0x09, 0x07, 0x19, 0x65, 0xa7};  // PADI PADO PADR PADS PADT
    bool known = false;
    for (const std::uint8_t c : kCodes) known |= c == code;
    if (!known) return stop(packet, DecodeEvent::pppoe_wrong_code);
    ByteReader tags(in.bytes(length));
    if (!in.ok()) return stop(packet, DecodeEvent::pppoe_malformed_tags);
    while (tags.remaining() > 0) {
        tags.u16();
        const std::uint16_t size = tags.u16();
        if (!tags.skip(size)) return stop(packet, DecodeEvent::pppoe_malformed_tags);
    }
    return stop();
}

Next ppp(Packet& packet, std::size_t at) noexcept {
    ByteReader in(packet.data.subspan(at));
    std::uint16_t protocol = in.u8();
    if (protocol == 0xff) {  // HDLC-like framing (RFC 1662 section 3.1): address, control
        in.u8();
        protocol = in.u8();
    }
    if (!(protocol & 1)) protocol = static_cast<std::uint16_t>(protocol << 8 | in.u8());
    if (!in.ok()) return stop(packet, DecodeEvent::ppp_pkt_too_small);
    return ppp_protocol(packet, protocol, at + in.position());
}

Next ethernet(Packet& packet, std::size_t at) noexcept {
    if (packet.data.size() < at + kEthernetHeader) return stop(packet, DecodeEvent::ethernet_pkt_too_small);
    return {load16(packet.data.data() + at + 12), at + kEthernetHeader};
}

struct ShimEntry {
    std::uint16_t type;
    Shim decode;
};
constexpr ShimEntry kShims[] = {
    {ether_type::vlan, vlan_tag},
    {ether_type::provider_vlan, vlan_tag},
    {ether_type::provider_vlan_old, vlan_tag},
    {ether_type::mpls, mpls},
    {ether_type::mpls_multicast, mpls},
    {ether_type::pppoe_session, pppoe_session},
    {ether_type::pppoe_discovery, pppoe_discovery},
    {ether_type::ppp, ppp},
    {ether_type::transparent_bridging, ethernet},
    {ether_type::provider_backbone, provider_backbone},
    {ether_type::vn_tag, vn_tag},
    {ether_type::cisco_dce, fabric_path},
    {ether_type::nsh, network_service_header},
    {ether_type::erspan2, erspan},
    {ether_type::erspan3, erspan},
};

Shim shim_of(std::uint16_t type) noexcept {
    if (type < kEtherTypeMin) return snap;
    for (const auto& [known, decode] : kShims)
        if (known == type) return decode;
    return nullptr;
}

void loopback(Packet& packet, std::size_t at) noexcept {
    ByteReader in(packet.data.subspan(at));
    const std::uint32_t family = in.u32_le();
    if (!in.ok()) return raise(packet, DecodeEvent::ltnull_pkt_too_small);
    // Host byte order of the capturing machine; address families of the BSDs, Darwin and Linux.
    const std::uint32_t value = family > 0xffff ? __builtin_bswap32(family) : family;
    switch (value) {
        case 2: return decode_ether_type(packet, ether_type::ipv4, at + 4, 0);
        case 10: case 23: case 24: case 28: case 30:
            return decode_ether_type(packet, ether_type::ipv6, at + 4, 0);
        default: return raise(packet, DecodeEvent::ltnull_unsupported_type);
    }
}

void linux_cooked(Packet& packet, std::size_t at) noexcept {
    constexpr std::size_t kHeader = 16;
    if (packet.data.size() < at + kHeader) return raise(packet, DecodeEvent::sll_pkt_too_small);
    decode_ether_type(packet, load16(packet.data.data() + at + 14), at + kHeader, 0);
}

void linux_cooked2(Packet& packet, std::size_t at) noexcept {
    constexpr std::size_t kHeader = 20;
    if (packet.data.size() < at + kHeader) return raise(packet, DecodeEvent::sll2_pkt_too_small);
    decode_ether_type(packet, load16(packet.data.data() + at), at + kHeader, 0);
}

void cisco_hdlc(Packet& packet, std::size_t at) noexcept {
    constexpr std::size_t kHeader = 4;
    if (packet.data.size() < at + kHeader) return raise(packet, DecodeEvent::chdlc_pkt_too_small);
    decode_ether_type(packet, load16(packet.data.data() + at + 2), at + kHeader, 0);
}

}  // namespace

void decode_ethernet(Packet& packet, std::size_t at) noexcept {
    const Next next = ethernet(packet, at);
    if (next.more) decode_ether_type(packet, next.type, next.at, 1);
}

void decode_ether_type(Packet& packet, std::uint16_t type, std::size_t at, std::size_t layers) noexcept {
    for (; layers <= kLinkLayersMax; ++layers) {
        packet.ether_type = type;
        if (at > packet.data.size()) return;  // a shim stood at the very end
        if (type == ether_type::ipv4) return decode_ipv4(packet, at);
        if (type == ether_type::ipv6) return decode_ipv6(packet, at);
        if (type == ether_type::arp) return decode_arp(packet, at);
        const Shim shim = shim_of(type);
        if (!shim) return;
        const Next next = shim(packet, at);
        if (!next.more) {
            if (packet.vlan_tags && type < kEtherTypeMin) raise(packet, DecodeEvent::vlan_unknown_type);
            return;
        }
        type = next.type;
        at = next.at;
    }
    raise(packet, DecodeEvent::too_many_layers);
}

void decode_link(Packet& packet, Frame::Link link, std::size_t at) noexcept {
    switch (link) {
        case Frame::Link::ethernet: return decode_ethernet(packet, at);
        case Frame::Link::raw_ip: return decode_raw_ip(packet, at);
        case Frame::Link::null_loopback: return loopback(packet, at);
        case Frame::Link::linux_sll: return linux_cooked(packet, at);
        case Frame::Link::linux_sll2: return linux_cooked2(packet, at);
        case Frame::Link::ppp: return decode_ether_type(packet, ether_type::ppp, at, 0);
        case Frame::Link::cisco_hdlc: return cisco_hdlc(packet, at);
    }
}

}  // namespace sekisho::packet
