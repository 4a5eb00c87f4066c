// IPv4 (RFC 791) with its options, IPv6 (RFC 8200) up to the extension headers, ARP's fixed part (RFC 826).
#include <cstring>

#include "packet/extension_headers.h"
#include "packet/layers.h"

namespace sekisho::packet {
namespace {

constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;

IpAddress load_v4(const std::uint8_t* p) noexcept {
    IpAddress ip;
    ip.octets[10] = ip.octets[11] = 0xff;
    std::memcpy(ip.octets.data() + 12, p, 4);
    return ip;
}
IpAddress load_v6(const std::uint8_t* p) noexcept {
    IpAddress ip;
    std::memcpy(ip.octets.data(), p, 16);
    return ip;
}

// IPv4 options that are in use, with the sizes they may have (RFC 791 section 3.1, 1108, 1393, 2113, 4782).
struct OptionRule {
    std::uint8_t type, size_min, size_max;
};
constexpr OptionRule kIpv4Options[] = {
    {7, 3, 39},    // record route
    {25, 8, 8},    // quick start
    {68, 4, 40},   // timestamp
    {82, 12, 12},  // traceroute
    {130, 3, 11},  // security
    {131, 3, 39},  // loose source route
    {133, 3, 34},  // extended security
    {134, 6, 40},  // commercial security
    {136, 4, 4},   // stream id
    {137, 3, 39},  // strict source route
    {148, 4, 4},   // router alert
};

const OptionRule* find_option(std::uint8_t type) noexcept {
    for (const auto& rule : kIpv4Options)
        if (rule.type == type) return &rule;
    return nullptr;
}

/// A route or timestamp option points at its next free slot: the pointer must lie in the option.
bool pointer_is_sound(std::uint8_t type, Bytes option) noexcept {
    const bool route = type == 7 || type == 131 || type == 137;
    if (!route && type != 68) return true;
    const std::uint8_t pointer = option[2];
    if (pointer > option.size() + 1) return false;
    return route ? pointer >= 4 && pointer % 4 == 0 : pointer >= 5;
}

void check_ipv4_options(Packet& packet, Bytes options) noexcept {
    std::uint64_t seen[4]{};
    std::size_t at = 0;
    while (at < options.size()) {
        const std::uint8_t type = options[at];
        if (type == 0) return;  // end of list; what follows is padding
        if (type == 1) {
            if (++at == options.size()) return;
            continue;
        }
        if (options.size() - at < 2) return raise(packet, DecodeEvent::ipv4_opt_invalid_len);
        const std::size_t size = options[at + 1];
        if (size < 2 || size > options.size() - at) return raise(packet, DecodeEvent::ipv4_opt_invalid_len);
        const OptionRule* rule = find_option(type);
        if (!rule) {
            raise(packet, DecodeEvent::ipv4_opt_unknown);
        } else if (size < rule->size_min || size > rule->size_max) {
            raise(packet, DecodeEvent::ipv4_opt_invalid_len);
        } else if (!pointer_is_sound(type, options.subspan(at, size))) {
            raise(packet, DecodeEvent::ipv4_opt_malformed);
        }
        std::uint64_t& word = seen[type / 64];
        if (word >> type % 64 & 1) raise(packet, DecodeEvent::ipv4_opt_duplicate);
        word |= std::uint64_t{1} << type % 64;
        at += size;
    }
}

}  // namespace

void decode_raw_ip(Packet& packet, std::size_t at) noexcept {
    const unsigned version = at < packet.data.size() ? packet.data[at] >> 4 : 0u;
    if (version == 4) {
        packet.ether_type = ether_type::ipv4;
        decode_ipv4(packet, at);
    } else if (version == 6) {
        packet.ether_type = ether_type::ipv6;
        decode_ipv6(packet, at);
    } else {
        raise(packet, DecodeEvent::ipraw_invalid_ip_version);
    }
}

void decode_ipv4(Packet& packet, std::size_t at) noexcept {
    const std::size_t left = packet.data.size() - at;
    if (left < kIpv4Header || at + kIpv4Header > kOffsetMax - 64) return raise(packet, DecodeEvent::ipv4_pkt_too_small);
    const std::uint8_t* header = packet.data.data() + at;
    if (header[0] >> 4 != 4) return raise(packet, DecodeEvent::ipv4_wrong_ip_version);
    const std::size_t header_size = static_cast<std::size_t>(header[0] & 0x0f) * 4;
    const std::size_t total = load16(header + 2);
    if (header_size < kIpv4Header) return raise(packet, DecodeEvent::ipv4_hlen_too_small);
    if (total < header_size) return raise(packet, DecodeEvent::ipv4_iplen_smaller_than_hlen);
    if (left < total) return raise(packet, DecodeEvent::ipv4_trunc_pkt);

    packet.ip_version = 4;
    packet.l3 = offset16(at);
    packet.ttl = header[8];
    packet.ip_protocol = header[9];
    packet.src = load_v4(header + 12);
    packet.dst = load_v4(header + 16);
    if (header_size > kIpv4Header)
        check_ipv4_options(packet, packet.data.subspan(at + kIpv4Header, header_size - kIpv4Header));

    const std::size_t body = at + header_size;
    const std::uint16_t fragment = load16(header + 6);
    if (fragment & 0x3fff) {  // more fragments, or an offset
        packet.flags |= Packet::kFragment;
        if (fragment & 0x2000) packet.flags |= Packet::kMoreFragments;
        packet.fragment_id = load16(header + 4);
        packet.fragment_offset = static_cast<std::uint16_t>((fragment & 0x1fff) << 3);
        packet.l4 = packet.payload = offset16(body);
        packet.payload_size = offset16(total - header_size);
        return;
    }
    decode_transport(packet, header[9], body, at + total);
}

void decode_ipv6(Packet& packet, std::size_t at) noexcept {
    const std::size_t left = packet.data.size() - at;
    if (left < kIpv6Header || at + kIpv6Header > kOffsetMax - 64) return raise(packet, DecodeEvent::ipv6_pkt_too_small);
    const std::uint8_t* header = packet.data.data() + at;
    if (header[0] >> 4 != 6) return raise(packet, DecodeEvent::ipv6_wrong_ip_version);
    const std::size_t body_size = load16(header + 4);
    if (left - kIpv6Header < body_size) return raise(packet, DecodeEvent::ipv6_trunc_pkt);

    packet.ip_version = 6;
    packet.l3 = offset16(at);
    packet.ttl = header[7];
    packet.src = load_v6(header + 8);
    packet.dst = load_v6(header + 24);
    const std::size_t body = at + kIpv6Header;
    const Upper upper = walk_extension_headers(packet, header[6], at + 6, body, body + body_size);
    packet.ip_protocol = upper.protocol;
    if (upper.found) return decode_transport(packet, upper.protocol, upper.at, body + body_size);
    // A fragment, a broken chain, or nothing behind it: the rest is the payload.
    packet.l4 = packet.payload = offset16(upper.at);
    packet.payload_size = offset16(body + body_size - upper.at);
    if (!packet.has(Packet::kFragment)) packet.flags |= Packet::kNoTransport;
}

void decode_arp(Packet& packet, std::size_t at) noexcept {
    ByteReader in(packet.data.subspan(at));
    const std::uint16_t hardware = in.u16();
    const std::uint16_t protocol = in.u16();
    const std::uint8_t hardware_size = in.u8();
    const std::uint8_t protocol_size = in.u8();
    const std::uint16_t operation = in.u16();
    if (!in.ok()) return raise(packet, DecodeEvent::arp_pkt_too_small);
    if (hardware != 1) return raise(packet, DecodeEvent::arp_unsupported_hardware);
    if (protocol != ether_type::ipv4) return raise(packet, DecodeEvent::arp_unsupported_protocol);
    if (hardware_size != 6) return raise(packet, DecodeEvent::arp_invalid_hardware_size);
    if (protocol_size != 4) return raise(packet, DecodeEvent::arp_invalid_protocol_size);
    if (in.remaining() < 20) return raise(packet, DecodeEvent::arp_invalid_pkt);
    if (operation < 1 || operation > 10) raise(packet, DecodeEvent::arp_unsupported_opcode);
}

}  // namespace sekisho::packet
