// The way in: which decoder is first. The layers themselves are in decode_link.cpp (and link_shims.cpp),
// decode_ip.cpp, extension_headers.cpp, decode_transport.cpp and tunnel.cpp.
#include "sekisho/packet/decode.h"

#include "packet/layers.h"

namespace sekisho::packet {

namespace {
const DecodeConfig kUsual;
}

void decode(const Frame& frame, Packet& packet) noexcept { decode(frame, packet, kUsual); }

void decode(const Frame& frame, Packet& packet, const DecodeConfig& config) noexcept {
    packet = Packet{};
    packet.config = &config;
    packet.data = frame.bytes;
    packet.time_ns = frame.time_ns;
    packet.number = frame.number;
    packet.port = frame.port;
    if (frame.checksums_verified) packet.flags = Packet::kChecksumsVerified;
    decode_link(packet, frame.link, 0);
}

void decode_again(Packet& packet, Bytes datagram) noexcept {
    Packet again;
    again.data = datagram;
    again.time_ns = packet.time_ns;
    again.number = packet.number;
    again.port = packet.port;
    again.vlan = packet.vlan;
    again.ether_type = packet.ether_type;
    again.tunnel_depth = packet.tunnel_depth;
    again.events = packet.events;
    again.config = packet.config;
    again.flags = Packet::kReassembled;
    packet = again;
    decode_raw_ip(packet, 0);
}

bool decode_inner(const Packet& outer, Packet& inner) noexcept {
    inner = Packet{};
    if (!outer.has(Packet::kHasTunnel) || outer.tunnel_depth >= kTunnelDepthMax) return false;
    // What follows the carrier's payload is not the inner packet's.
    inner.data = outer.data.first(static_cast<std::size_t>(outer.payload) + outer.payload_size);
    inner.time_ns = outer.time_ns;
    inner.number = outer.number;
    inner.port = outer.port;
    inner.vlan = outer.vlan;
    inner.config = outer.config;
    inner.tunnel_depth = static_cast<std::uint8_t>(outer.tunnel_depth + 1);
    if (outer.tunnel_type == ether_type::transparent_bridging) {
        inner.vlan = {};  // the inner frame has tags of its own
        decode_ethernet(inner, outer.tunnel);
    } else {
        decode_ether_type(inner, outer.tunnel_type, outer.tunnel, 0);
    }
    return true;
}

}  // namespace sekisho::packet
