// Headers behind IP: TCP (RFC 9293), UDP (RFC 768), SCTP's common header (RFC 9260 section 3.1), ICMP
// (RFC 792), ICMPv6 (RFC 4443), IGMP (RFC 3376), ESP (RFC 4303). Payloads are left to others.
#include "packet/icmp_codes.h"
#include "packet/layers.h"
#include "packet/tcp_option_check.h"

namespace sekisho::packet {
namespace {

constexpr std::size_t kTcpHeader = 20, kUdpHeader = 8, kSctpHeader = 12, kIcmpHeader = 8, kEspHeader = 8;

void broken(Packet& packet, DecodeEvent event) noexcept {
    raise(packet, event);
    packet.flags |= Packet::kNoTransport;
}

void set_payload(Packet& packet, std::size_t at, std::size_t end) noexcept {
    packet.payload = offset16(at);
    packet.payload_size = offset16(end - at);
}

void set_ports(Packet& packet, const std::uint8_t* header) noexcept {
    packet.src_port = load16(header);
    packet.dst_port = load16(header + 2);
}

void decode_tcp(Packet& packet, std::size_t at, std::size_t end) noexcept {
    if (end - at < kTcpHeader) return broken(packet, DecodeEvent::tcp_pkt_too_small);
    const std::uint8_t* header = packet.data.data() + at;
    const std::size_t size = static_cast<std::size_t>(header[12] >> 4) * 4;
    if (size < kTcpHeader) return broken(packet, DecodeEvent::tcp_hlen_too_small);
    if (size > end - at) return broken(packet, DecodeEvent::tcp_invalid_optlen);
    set_ports(packet, header);
    packet.tcp_seq = load32(header + 4);
    packet.tcp_ack = load32(header + 8);
    packet.tcp_flags = header[13];
    packet.tcp_window = load16(header + 14);
    set_payload(packet, at + size, end);
    if (size > kTcpHeader) check_tcp_options(packet, packet.data.subspan(at + kTcpHeader, size - kTcpHeader));
}

void decode_udp(Packet& packet, std::size_t at, std::size_t end) noexcept {
    if (end - at < kUdpHeader) return broken(packet, DecodeEvent::udp_pkt_too_small);
    const std::uint8_t* header = packet.data.data() + at;
    const std::size_t length = load16(header + 4);
    if (length < kUdpHeader) return broken(packet, DecodeEvent::udp_len_invalid);
    if (length > end - at) return broken(packet, DecodeEvent::udp_hlen_too_small);
    if (length < end - at) raise(packet, DecodeEvent::udp_hlen_invalid);
    set_ports(packet, header);
    set_payload(packet, at + kUdpHeader, at + length);
    find_udp_tunnel(packet, at + kUdpHeader, at + length);
}

void decode_sctp(Packet& packet, std::size_t at, std::size_t end) noexcept {
    if (end - at < kSctpHeader) return broken(packet, DecodeEvent::sctp_pkt_too_small);
    set_ports(packet, packet.data.data() + at);
    set_payload(packet, at + kSctpHeader, end);
}

/// The packet an ICMP error quotes must start with a whole header of the right version (RFC 792: header and
/// 8 octets; RFC 4443: as much as fits).
void check_quoted(Packet& packet, std::size_t at, std::size_t end, bool v6) noexcept {
    if (end - at < (v6 ? 40u : 20u))
        return raise(packet, v6 ? DecodeEvent::icmpv6_ipv6_trunc_pkt : DecodeEvent::icmpv4_ipv4_trunc_pkt);
    if (packet.data[at] >> 4 != (v6 ? 6 : 4))
        raise(packet, v6 ? DecodeEvent::icmpv6_ipv6_unknown_version : DecodeEvent::icmpv4_ipv4_unknown_ver);
}

void decode_icmp(Packet& packet, std::size_t at, std::size_t end, bool v6) noexcept {
    if (end - at < kIcmpHeader)
        return broken(packet, v6 ? DecodeEvent::icmpv6_pkt_too_small : DecodeEvent::icmpv4_pkt_too_small);
    packet.icmp_type = packet.data[at];
    packet.icmp_code = packet.data[at + 1];
    set_payload(packet, at + kIcmpHeader, end);
    if (v6) {
        check_icmpv6(packet);
        if (packet.icmp_type >= 1 && packet.icmp_type <= 4) check_quoted(packet, at + kIcmpHeader, end, true);
    } else {
        check_icmpv4(packet);
        if (is_icmpv4_error(packet.icmp_type)) check_quoted(packet, at + kIcmpHeader, end, false);
    }
}

void check_igmp(Packet& packet, std::size_t at, std::size_t end) noexcept {
    constexpr std::uint8_t kQuery = 0x11, kReport3 = 0x22;
    constexpr std::size_t kHeader = 8, kQuery3 = 12;
    const std::size_t size = end - at;
    if (size < kHeader) return broken(packet, DecodeEvent::igmp_pkt_too_small);
    const std::uint8_t* header = packet.data.data() + at;
    packet.icmp_type = header[0];
    if (header[0] != kReport3) set_payload(packet, at + kHeader, end);
    if (header[0] == kQuery && size > kHeader) {  // longer than version 2's: version 3 (RFC 3376 section 7.1)
        if (size < kQuery3) return broken(packet, DecodeEvent::igmp_v3_pkt_too_small);
        const std::size_t whole = kQuery3 + std::size_t{load16(header + 10)} * 4;
        if (whole > size) return broken(packet, DecodeEvent::igmp_malformed);
        return set_payload(packet, at + whole, end);
    }
    if (header[0] != kReport3) return;
    ByteReader records(packet.data.subspan(at + kHeader, size - kHeader));
    for (unsigned left = load16(header + 6); left > 0; --left) {
        records.u8();
        const std::size_t auxiliary = records.u8();
        const std::size_t sources = records.u16();
        records.u32();
        if (!records.skip((auxiliary + sources) * 4)) return broken(packet, DecodeEvent::igmp_malformed);
    }
    set_payload(packet, at + kHeader + records.position(), end);
}

bool is_known_protocol(std::uint8_t protocol) noexcept {
    constexpr std::uint8_t kKnown[] = {1, 2, 4, 6, 17, 41, 47, 50, 51, 58, 132};
    for (const std::uint8_t known : kKnown)
        if (known == protocol) return true;
    return false;
}

void note_foreign(Packet& packet, std::uint8_t protocol) noexcept {
    const bool v4 = packet.ip_version == 4;
    if (protocol == ip_proto::icmp && !v4) raise(packet, DecodeEvent::ipv6_icmpv4);
    else if (protocol == ip_proto::icmpv6 && v4) raise(packet, DecodeEvent::ipv4_icmpv6);
    else if (!is_known_protocol(protocol))
        raise(packet, v4 ? DecodeEvent::ipv4_unknown_protocol : DecodeEvent::ipv6_unknown_next_header);
}

}  // namespace

void decode_transport(Packet& packet, std::uint8_t protocol, std::size_t at, std::size_t end) noexcept {
    packet.l4 = offset16(at);
    set_payload(packet, at, end);
    switch (protocol) {
        case ip_proto::tcp: return decode_tcp(packet, at, end);
        case ip_proto::udp: return decode_udp(packet, at, end);
        case ip_proto::icmp:
            if (packet.ip_version == 4) return decode_icmp(packet, at, end, false);
            break;
        case ip_proto::icmpv6:
            if (packet.ip_version == 6) return decode_icmp(packet, at, end, true);
            break;
        case ip_proto::sctp: return decode_sctp(packet, at, end);
        case ip_proto::igmp: return check_igmp(packet, at, end);
        case ip_proto::gre: return find_gre(packet, at, end);
        case ip_proto::ipip: case ip_proto::ipv6: return find_ip_in_ip(packet, protocol, at, end);
        case ip_proto::esp:
            if (end - at < kEspHeader) broken(packet, DecodeEvent::esp_pkt_too_small);
            return;
        default: break;
    }
    if (protocol == ip_proto::icmp || protocol == ip_proto::icmpv6) packet.flags |= Packet::kNoTransport;
    note_foreign(packet, protocol);
}

}  // namespace sekisho::packet
