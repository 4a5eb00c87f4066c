// The bounds of the stream room: number, unit, reason, and what happens beyond. Pool sizes and depth are
// settings (TcpConfig); the window's sizes are in window.h.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sekisho::stream {

/// Octets of one block that holds out-of-order data, its header included. A full-sized Ethernet segment
/// fits in one. Held memory is counted in whole blocks, so that many small segments cost what they take.
constexpr std::size_t kHeldBlockBytes = 2048;

/// Window scale taken for a conversation whose SYN was not seen: the largest (RFC 7323 section 2.3), so
/// that nothing is refused for a scale we do not know.
constexpr std::uint8_t kUnknownScale = 14;

/// Idle time (seconds) after which an old timestamp no longer proves an old segment (RFC 7323 section 5.5).
constexpr std::uint32_t kPawsIdleSeconds = 24 * 24 * 3600;

// What happens when something is full (each counted by name in TcpCounter):
//   sessions           the flow is not tracked; nothing is reassembled (sessions_refused)
//   window pool        history is given up first; then the bytes are skipped as a gap (window_full)
//   one window         unparsed bytes fill kWindowMax: they are skipped as a gap (window_full)
//   held pool or cap   observing: the hole is skipped as a gap; enforcing: the segment is refused, its sender
//                      repeats it when the hole is filled (held_full)
//   depth              reassembly of the direction ends, its memory is given back (depth_reached)

}  // namespace sekisho::stream
