// From a frame to a Packet: link layers (Ethernet, 802.1Q / 802.1ad, 802.1ah, VN-Tag, FabricPath, MPLS,
// PPPoE, PPP, NSH, loopback, Linux cooked), IPv4 (RFC 791), IPv6 with extension headers (RFC 8200), TCP
// (RFC 9293), UDP (RFC 768), SCTP ports (RFC 9260), ICMP (RFC 792, RFC 4443), IGMP (RFC 3376), and packets
// inside packets: GRE (RFC 2784, 2890, 2637, ERSPAN), IP in IP (RFC 2003, 4213, 2473), Teredo (RFC 4380),
// VXLAN (RFC 7348), Geneve (RFC 8926). Nothing is copied; everything odd becomes a decode event.
#pragma once

#include "sekisho/packet/decode_event.h"
#include "sekisho/packet/packet.h"

namespace sekisho::packet {

/// UDP ports on which a tunnel is looked for; none: nowhere.
struct TunnelPorts {
    static constexpr std::size_t kMax = 8;
    FixedVector<std::uint16_t, kMax> ports;
    bool any = false;

    TunnelPorts() = default;
    explicit TunnelPorts(std::uint16_t port) { ports.push_back(port); }
    bool has(std::uint16_t port) const noexcept {
        if (any) return true;
        for (const std::uint16_t known : ports)
            if (known == port) return true;
        return false;
    }
};

struct DecodeConfig {
    TunnelPorts teredo{3544};  ///< RFC 4380 section 2.7
    TunnelPorts vxlan{4789};   ///< RFC 7348 section 5
    TunnelPorts geneve{6081};  ///< RFC 8926 section 3.3
};

/// Decodes `frame` into `packet` (whatever was in it before is forgotten). A header that is cut or
/// contradicts itself ends the decoding with an event: is_ip() is false when no sound IP header was found,
/// kNoTransport is set when the IP header was sound but the transport header is not.
/// @param config  lives as long as the packet
/// @cost no allocation; work is bounded by kExtensionsMax and kLinkLayersMax   @thread any
void decode(const Frame& frame, Packet& packet, const DecodeConfig& config) noexcept;
void decode(const Frame& frame, Packet& packet) noexcept;  ///< with the usual ports

/// Decodes the packet inside `outer` (kHasTunnel). The bytes stay outer's; tunnel_depth is one more.
/// @return false: nothing inside, or kTunnelDepthMax reached; `inner` is then not an IP packet
bool decode_inner(const Packet& outer, Packet& inner) noexcept;

/// Decodes again from the IP header at data[0], as after reassembly; time, number, port, VLANs stay.
void decode_again(Packet& packet, Bytes datagram) noexcept;

/// Sums IPv4 header and transport checksums and sets kBadChecksum when one is wrong. Nothing is summed for
/// fragments, for kChecksumsVerified, and for UDP over IPv4 without a checksum.
void verify_checksums(Packet& packet) noexcept;

enum class ChecksumLayer : std::uint8_t { ip, transport };
/// Whether one layer's checksum is right (rule keywords ipv4-csum, tcpv4-csum, ...); true where there is none.
bool checksum_ok(const Packet& packet, ChecksumLayer layer) noexcept;

}  // namespace sekisho::packet
