#include "sekisho/packet/checksum.h"

#include "packet/layers.h"
#include "sekisho/packet/decode.h"

namespace sekisho::packet {
namespace {

bool ip_header_ok(const Packet& packet) noexcept {
    if (packet.ip_version != 4) return true;  // IPv6 has none
    const std::size_t size = static_cast<std::size_t>(packet.data[packet.l3] & 0x0f) * 4;
    return internet_checksum(packet.data.subspan(packet.l3, size)) == 0;
}

bool transport_ok(const Packet& packet) noexcept {
    if (packet.has(Packet::kNoTransport) || packet.has(Packet::kFragment)) return true;
    const Bytes segment = packet.l4_bytes();
    switch (packet.ip_protocol) {
        case ip_proto::udp:
            // Zero: not computed (RFC 768). RFC 6936 lets IPv6 tunnels do the same.
            if (load16(segment.data() + 6) == 0) return true;
            [[fallthrough]];
        case ip_proto::tcp: case ip_proto::icmpv6:
            return transport_checksum(packet.src, packet.dst, packet.ip_protocol, segment) == 0;
        case ip_proto::icmp: return internet_checksum(segment) == 0;
        default: return true;
    }
}

}  // namespace

bool checksum_ok(const Packet& packet, ChecksumLayer layer) noexcept {
    if (!packet.is_ip() || packet.has(Packet::kChecksumsVerified)) return true;
    // The datagram's header was written by the defragmenter; its pieces' headers were right or not.
    if (layer == ChecksumLayer::ip) return packet.has(Packet::kReassembled) || ip_header_ok(packet);
    return transport_ok(packet);
}

void verify_checksums(Packet& packet) noexcept {
    if (!checksum_ok(packet, ChecksumLayer::ip) || !checksum_ok(packet, ChecksumLayer::transport))
        packet.flags |= Packet::kBadChecksum;
}

}  // namespace sekisho::packet
