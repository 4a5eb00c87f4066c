// The options of a TCP segment (RFC 9293 section 3.2, RFC 7323, RFC 2018, RFC 7413), read where they lie.
#pragma once

#include <cstdint>
#include <optional>

#include "sekisho/packet/packet.h"

namespace sekisho::packet {

struct TcpTimestamps {
    std::uint32_t value = 0;
    std::uint32_t echo = 0;
};

struct TcpOptions {
    std::optional<TcpTimestamps> timestamps;
    std::optional<std::uint16_t> mss;
    std::optional<std::uint8_t> window_scale;  ///< shift count, at most 14 (RFC 7323 section 2.3)
    std::optional<std::uint8_t> sent_window_scale;  ///< the same without that bound
    bool sack_permitted = false;
    bool sack = false;
    bool fast_open = false;       ///< TFO option, cookie or request
    bool fast_open_cookie = false;
};

/// The option octets of a TCP packet; empty when it has none or is not TCP.
Bytes tcp_option_bytes(const Packet& packet) noexcept;

/// Reads all options in one walk; malformed ones and all that follows a broken length are left out.
TcpOptions read_tcp_options(const Packet& packet) noexcept;

/// Only the timestamps: what each segment of an established conversation needs. The layout that all
/// current stacks send (NOP NOP TS) is recognised without a walk.
std::optional<TcpTimestamps> read_tcp_timestamps(const Packet& packet) noexcept;

}  // namespace sekisho::packet
