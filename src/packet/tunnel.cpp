// Packets within packets: the carrier's header is checked here, on the outer packet; decode_inner then
// starts where it ends. GRE: RFC 2784 (version 0), RFC 2890 (key, sequence), RFC 1701 (routing),
// RFC 2637 section 4.1 (version 1, PPTP). IP in IP: RFC 2003, 4213, 2473. Teredo: RFC 4380 section 5.1.1.
// VXLAN: RFC 7348 section 5. Geneve: RFC 8926 section 3.
#include "packet/layers.h"
#include "sekisho/packet/decode.h"

namespace sekisho::packet {
namespace {

void carry(Packet& packet, std::size_t at, std::uint16_t type) noexcept {
    if (packet.tunnel_depth >= kTunnelDepthMax) return raise(packet, DecodeEvent::too_many_layers);
    packet.flags |= Packet::kHasTunnel;
    packet.tunnel = offset16(at);
    packet.tunnel_type = type;
}

void broken(Packet& packet, DecodeEvent event) noexcept {
    raise(packet, event);
    packet.flags |= Packet::kNoTransport;
}

namespace gre {
constexpr std::uint16_t checksum = 0x8000, routing = 0x4000, key = 0x2000, sequence = 0x1000,
                        strict_route = 0x0800, recursion = 0x0700, flags0 = 0x00f8, acknowledge = 0x0080,
                        flags1 = 0x0078, version = 0x0007;
}

/// Source route entries of RFC 1701, up to the one of length 0. False: cut.
bool skip_source_routes(ByteReader& in) noexcept {
    for (;;) {
        const std::uint16_t family = in.u16();
        in.u8();
        const std::uint8_t size = in.u8();
        if (!in.ok()) return false;
        if (family == 0 && size == 0) return true;
        if (size == 0 || !in.skip(size)) return false;
    }
}

bool is_carried(std::uint16_t type) noexcept {
    switch (type) {
        case ether_type::ipv4: case ether_type::ipv6: case ether_type::vlan: case ether_type::ppp:
        case ether_type::erspan2: case ether_type::erspan3: case ether_type::transparent_bridging:
        case ether_type::mpls: case ether_type::mpls_multicast: case ether_type::nsh: return true;
        default: return false;
    }
}

void gre_version0(Packet& packet, ByteReader& in, std::uint16_t flags, std::uint16_t type, std::size_t at) noexcept {
    if (flags & gre::recursion) return broken(packet, DecodeEvent::gre_version0_recur);
    if (flags & gre::flags0) return broken(packet, DecodeEvent::gre_version0_flags);
    if (flags & (gre::checksum | gre::routing)) in.u32();
    if (flags & gre::key) in.u32();
    // ERSPAN type I has no sequence number and no header of its own.
    const bool erspan1 = type == ether_type::erspan2 && !(flags & gre::sequence);
    if (flags & gre::sequence) in.u32();
    if (!in.ok()) return broken(packet, DecodeEvent::gre_version0_hdr_too_big);
    if ((flags & gre::routing) && !skip_source_routes(in))
        return broken(packet, DecodeEvent::gre_version0_malformed_sre_hdr);
    packet.payload = offset16(at + in.position());
    packet.payload_size = offset16(in.remaining());
    if (erspan1) type = ether_type::transparent_bridging;
    if (is_carried(type)) carry(packet, at + in.position(), type);
}

void gre_version1(Packet& packet, ByteReader& in, std::uint16_t flags, std::uint16_t type, std::size_t at) noexcept {
    if (flags & gre::checksum) return broken(packet, DecodeEvent::gre_version1_chksum);
    if (flags & gre::routing) return broken(packet, DecodeEvent::gre_version1_route);
    if (flags & gre::strict_route) return broken(packet, DecodeEvent::gre_version1_ssr);
    if (flags & gre::recursion) return broken(packet, DecodeEvent::gre_version1_recur);
    if (flags & gre::flags1) return broken(packet, DecodeEvent::gre_version1_flags);
    if (type != ether_type::ppp) return broken(packet, DecodeEvent::gre_version1_wrong_protocol);
    if (!(flags & gre::key)) return broken(packet, DecodeEvent::gre_version1_no_key);
    in.u32();
    if (flags & gre::sequence) in.u32();
    if (flags & gre::acknowledge) in.u32();
    if (!in.ok()) return broken(packet, DecodeEvent::gre_version1_hdr_too_big);
    packet.payload = offset16(at + in.position());
    packet.payload_size = offset16(in.remaining());
    if (in.remaining() > 0) carry(packet, at + in.position(), type);
}

void find_teredo(Packet& packet, std::size_t at, std::size_t end) noexcept {
    constexpr std::size_t kIpv6Header = 40, kOrigin = 8;
    ByteReader in(packet.data.subspan(at, end - at));
    if (in.remaining() > 2 && in.rest()[0] == 0 && in.rest()[1] == 1) {  // authentication encapsulation
        in.u16();
        const std::size_t client = in.u8(), value = in.u8();
        in.skip(client + value + 9);  // nonce and confirmation
    }
    if (in.ok() && in.remaining() > 2 && in.rest()[0] == 0 && in.rest()[1] == 0) in.skip(kOrigin);
    const Bytes inner = in.rest();
    // Any datagram may use this port; only one whose length adds up is taken as IPv6.
    if (!in.ok() || inner.size() < kIpv6Header || inner[0] >> 4 != 6) return;
    if (inner.size() != kIpv6Header + load16(inner.data() + 4)) return;
    carry(packet, at + in.position(), ether_type::ipv6);
}

void find_vxlan(Packet& packet, std::size_t at, std::size_t end) noexcept {
    constexpr std::size_t kHeader = 8;
    if (end - at < kHeader + 14) return;
    const std::uint8_t* header = packet.data.data() + at;
    if (!(header[0] & 0x08) || header[7] != 0) return;  // no valid network id
    const std::uint16_t type = load16(header + kHeader + 12);
    switch (type) {
        case ether_type::arp: case ether_type::ipv4: case ether_type::ipv6: case ether_type::vlan:
        case ether_type::provider_vlan:
            return carry(packet, at + kHeader, ether_type::transparent_bridging);
        default: raise(packet, DecodeEvent::vxlan_unknown_payload_type);
    }
}

void find_geneve(Packet& packet, std::size_t at, std::size_t end) noexcept {
    constexpr std::size_t kHeader = 8;
    if (end - at < kHeader) return;
    const std::uint8_t* header = packet.data.data() + at;
    const std::size_t size = kHeader + static_cast<std::size_t>(header[0] & 0x3f) * 4;
    if (header[0] >> 6 != 0 || (header[1] & 0x3f) != 0 || header[7] != 0 || size > end - at) return;
    const std::uint16_t type = load16(header + 2);
    switch (type) {
        case ether_type::transparent_bridging: case ether_type::ipv4: case ether_type::ipv6: case ether_type::arp:
            return carry(packet, at + size, type);
        default: raise(packet, DecodeEvent::geneve_unknown_payload_type);
    }
}

}  // namespace

void find_gre(Packet& packet, std::size_t at, std::size_t end) noexcept {
    ByteReader in(packet.data.subspan(at, end - at));
    const std::uint16_t flags = in.u16();
    const std::uint16_t type = in.u16();
    if (!in.ok()) return broken(packet, DecodeEvent::gre_pkt_too_small);
    switch (flags & gre::version) {
        case 0: return gre_version0(packet, in, flags, type, at);
        case 1: return gre_version1(packet, in, flags, type, at);
        default: return broken(packet, DecodeEvent::gre_wrong_version);
    }
}

void find_ip_in_ip(Packet& packet, std::uint8_t protocol, std::size_t at, std::size_t end) noexcept {
    const bool inner_v4 = protocol == ip_proto::ipip;
    if (packet.ip_version == 6) {
        if (end - at < (inner_v4 ? 20u : 40u))
            return raise(packet, inner_v4 ? DecodeEvent::ipv6_ipv4_in_ipv6_too_small
                                          : DecodeEvent::ipv6_ipv6_in_ipv6_too_small);
        if (packet.data[at] >> 4 != (inner_v4 ? 4 : 6))
            return raise(packet, inner_v4 ? DecodeEvent::ipv6_ipv4_in_ipv6_wrong_version
                                          : DecodeEvent::ipv6_ipv6_in_ipv6_wrong_version);
    }
    if (at < end) carry(packet, at, inner_v4 ? ether_type::ipv4 : ether_type::ipv6);
}

void find_udp_tunnel(Packet& packet, std::size_t at, std::size_t end) noexcept {
    if (packet.config == nullptr) return;
    const DecodeConfig& config = *packet.config;
    // VXLAN and Geneve answers keep the destination port; Teredo servers answer from theirs.
    if (config.vxlan.has(packet.dst_port)) find_vxlan(packet, at, end);
    else if (config.geneve.has(packet.dst_port)) find_geneve(packet, at, end);
    else if (config.teredo.has(packet.dst_port) || config.teredo.has(packet.src_port)) find_teredo(packet, at, end);
}

}  // namespace sekisho::packet
