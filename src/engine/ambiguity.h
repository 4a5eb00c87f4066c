// What hosts read in different ways, or what our own bounds hide from us: a box that lets it pass guesses. Inline it
// is not let through, watching it is told as an anomaly. Conflicting copies of bytes are the stream's and the
// defragmenter's affair.
#pragma once

#include "sekisho/app/app_event_list.h"
#include "sekisho/app/protocol.h"
#include "sekisho/flow/flow.h"
#include "sekisho/packet/decode_event.h"

namespace sekisho::engine {

/// Framing that two servers end at different places: what follows is a second request for one of them (RFC 9112 section
/// 11.2), or a second mail. No client sends it.
constexpr bool is_ambiguous(app::AppEvent event) noexcept {
    switch (event) {
        case app::AppEvent::http_invalid_request_chunk_len:
        case app::AppEvent::http_request_too_many_headers:
        case app::AppEvent::http_invalid_request_transfer_encoding:
        case app::AppEvent::http_invalid_request_content_length:
        case app::AppEvent::smtp_ambiguous_end_of_data: return true;
        default: return false;
    }
}

/// A host gives its program the octet marked as urgent within the data or apart from it, as the program asked and as
/// fast as it read (RFC 6093). Old terminal protocols interrupt with it; with others it only hides.
inline bool is_ambiguous_urgent(const packet::Packet& packet, const flow::Flow& flow, app::Protocol protocol) noexcept {
    if (!(packet.tcp_flags & packet::tcp_flag::urg) || (packet.tcp_flags & packet::tcp_flag::rst)) return false;
    if (protocol == app::Protocol::ftp || protocol == app::Protocol::telnet) return false;
    const bool known = protocol != app::Protocol::unknown && protocol != app::Protocol::failed;
    if (known) return true;
    switch (flow.server_port) {
        case 21: case 23: case 512: case 513: case 514: return false;  // FTP, Telnet, rexec, rlogin, rsh
        default: return true;
    }
}

/// Headers beyond our bounds (packet/limits.h): the packet behind them was not seen, a host may take it.
inline bool is_beyond_bounds(const packet::Packet& packet) noexcept {
    for (const packet::DecodeEvent event : packet.events)
        if (event == packet::DecodeEvent::too_many_layers || event == packet::DecodeEvent::vlan_too_many_layers)
            return true;
    return false;
}

}  // namespace sekisho::engine
