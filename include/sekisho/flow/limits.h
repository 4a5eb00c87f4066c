// The bounds of the flow room: number, unit, reason, and what happens beyond.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sekisho::flow {

/// Slots of the timer wheel, one a second. A flow whose timeout is longer is looked at once per turn.
constexpr std::uint32_t kWheelSlots = 1024;

/// Flows looked at when a full table needs a place: bounds the price of a new flow under a flood. None of
/// them closed, over its time, or one-sided for kEvictFreshAfterSeconds: the new flow is refused (counted
/// refused_full), and the engine's policy says bypass or drop.
constexpr std::size_t kEvictScan = 16;

/// A flow whose other side has not answered for so long (seconds) may be evicted when the table is full.
/// One second is the first SYN retransmission timeout (RFC 6298 section 2.1).
constexpr std::uint32_t kEvictFreshAfterSeconds = 1;

/// Flows at the most in one table: indices have 32 bits and 0 means none; memory is 256 octets each.
constexpr std::uint32_t kFlowsMax = 1u << 26;

}  // namespace sekisho::flow
