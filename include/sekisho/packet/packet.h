// A decoded frame. Offsets into the frame's bytes, never copies; plain data, one per frame on the stack.
#pragma once

#include <array>
#include <cstdint>

#include "sekisho/base/address.h"
#include "sekisho/base/bytes.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/fixed_vector.h"

namespace sekisho::packet {

/// A frame as a source hands it over. The bytes stay the source's; they must live through `inspect`.
struct Frame {
    Bytes bytes;
    TimeNs time_ns = 0;
    std::uint64_t number = 0;      ///< 1-based in its source; 0: not counted
    std::uint16_t port = 0;        ///< data port it came in by
    enum class Link : std::uint8_t { ethernet, raw_ip, null_loopback, linux_sll, linux_sll2, ppp, cisco_hdlc } link = Link::ethernet;
    bool checksums_verified = false;  ///< the NIC has checked them (and they were right)
};

// TCP flag bits (RFC 9293 section 3.1).
namespace tcp_flag {
constexpr std::uint8_t fin = 0x01, syn = 0x02, rst = 0x04, psh = 0x08, ack = 0x10, urg = 0x20, ece = 0x40, cwr = 0x80;
}

namespace ip_proto {
constexpr std::uint8_t icmp = 1, igmp = 2, ipip = 4, tcp = 6, udp = 17, ipv6 = 41, gre = 47, esp = 50, ah = 51,
                       icmpv6 = 58, sctp = 132;
}

/// What the decoder found odd. The names are Suricata's decode-event names (docs: rule keyword
/// decode-event), "ipv4.pkt_too_small" is ipv4_pkt_too_small. The list lives in packet/decode_event.h.
enum class DecodeEvent : std::uint8_t;

struct DecodeConfig;

struct Packet {
    Bytes data;                ///< the bytes that the offsets count in: the frame, or a reassembled datagram
    TimeNs time_ns = 0;
    std::uint64_t number = 0;  ///< of the frame
    IpAddress src;
    IpAddress dst;
    std::uint16_t src_port = 0;  ///< TCP, UDP, SCTP; otherwise 0
    std::uint16_t dst_port = 0;
    std::uint16_t l3 = 0;        ///< offset of the IP header in data
    std::uint16_t l4 = 0;        ///< offset of the transport header
    std::uint16_t payload = 0;   ///< offset of the transport payload
    std::uint16_t payload_size = 0;
    std::uint32_t tcp_seq = 0;
    std::uint32_t tcp_ack = 0;
    std::uint16_t tcp_window = 0;
    std::uint8_t tcp_flags = 0;
    std::uint8_t ip_version = 0;   ///< 4, 6, 0: not IP
    std::uint8_t ip_protocol = 0;  ///< transport protocol after extension headers
    std::uint8_t ttl = 0;          ///< or hop limit
    std::uint8_t icmp_type = 0;
    std::uint8_t icmp_code = 0;
    std::array<std::uint16_t, 2> vlan{};  ///< VLAN ids, outer first, priority tags left out; 0: none
    std::uint16_t port = 0;               ///< data port
    std::uint16_t ether_type = 0;         ///< innermost
    std::uint16_t tunnel = 0;             ///< offset of the packet inside; kHasTunnel only
    std::uint16_t tunnel_type = 0;        ///< its Ethernet type (0x6558: a whole Ethernet frame)
    std::uint32_t fragment_id = 0;        ///< IP identification; kFragment only, like the next two
    std::uint16_t fragment_offset = 0;    ///< octets before this piece in the datagram's payload
    std::uint16_t fragment_link = 0;      ///< IPv6: offset of the next-header octet that names the fragment header
    std::uint8_t flags = 0;
    std::uint8_t tunnel_depth = 0;        ///< 0: the frame itself
    std::uint8_t vlan_tags = 0;           ///< tags in the frame, of which `vlan` keeps the first two
    FixedVector<DecodeEvent, 6> events;
    const DecodeConfig* config = nullptr; ///< what decode was given; lives as long as the packet

    static constexpr std::uint8_t kBadChecksum = 0x01;  ///< IPv4, TCP, UDP or ICMP checksum is wrong
    static constexpr std::uint8_t kFragment = 0x02;     ///< of a datagram not yet whole
    static constexpr std::uint8_t kReassembled = 0x04;  ///< data is a whole datagram put together
    static constexpr std::uint8_t kHasTunnel = 0x08;    ///< the payload is another packet (decode_inner)
    static constexpr std::uint8_t kNoTransport = 0x10;  ///< transport header missing or cut
    static constexpr std::uint8_t kMoreFragments = 0x20;      ///< not the last piece; kFragment only
    static constexpr std::uint8_t kChecksumsVerified = 0x40;  ///< known to be right; nobody need sum again

    bool is_ip() const noexcept { return ip_version != 0; }
    bool is_tcp() const noexcept { return ip_protocol == ip_proto::tcp && !(flags & (kNoTransport | kFragment)); }
    bool is_udp() const noexcept { return ip_protocol == ip_proto::udp && !(flags & (kNoTransport | kFragment)); }
    bool is_icmp() const noexcept {
        return (ip_protocol == ip_proto::icmp || ip_protocol == ip_proto::icmpv6) && !(flags & (kNoTransport | kFragment));
    }
    bool has(std::uint8_t flag) const noexcept { return (flags & flag) != 0; }
    Bytes payload_bytes() const noexcept { return data.subspan(payload, payload_size); }
    Bytes l3_bytes() const noexcept { return data.subspan(l3); }   ///< from the IP header to the end of data
    Bytes l4_bytes() const noexcept { return data.subspan(l4, static_cast<std::size_t>(payload - l4) + payload_size); }
};

static_assert(sizeof(Packet) <= 160);

}  // namespace sekisho::packet
