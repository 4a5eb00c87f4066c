// Shims between Ethernet and IP that are rare at a supplier's edge: each reads its header and names what
// is behind it.
#pragma once

#include "packet/layers.h"

namespace sekisho::packet {

/// The header behind a shim, or the end of the walk.
struct Next {
    std::uint16_t type = 0;
    std::size_t at = 0;
    bool more = true;
};
inline Next stop() noexcept { return {0, 0, false}; }
inline Next stop(Packet& packet, DecodeEvent event) noexcept {
    raise(packet, event);
    return stop();
}

/// Keeps a tag's id. Not of a priority tag (id 0, IEEE 802.1Q section 9.6): it names no network, hosts take it off, and
/// a conversation goes on with it or without.
inline void note_vlan(Packet& packet, std::uint16_t id) noexcept {
    if (id == 0) return;
    for (std::uint16_t& place : packet.vlan) {
        if (place != 0) continue;
        place = id;
        return;
    }
}

Next provider_backbone(Packet& packet, std::size_t at) noexcept;        ///< IEEE 802.1ah I-TAG
Next vn_tag(Packet& packet, std::size_t at) noexcept;                   ///< IEEE 802.1Qbh draft
Next fabric_path(Packet& packet, std::size_t at) noexcept;              ///< Cisco FabricPath (DCE)
Next network_service_header(Packet& packet, std::size_t at) noexcept;   ///< RFC 8300
Next erspan(Packet& packet, std::size_t at) noexcept;                   ///< draft-foschiano-erspan, II and III

}  // namespace sekisho::packet
