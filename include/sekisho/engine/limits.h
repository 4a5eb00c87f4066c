// Limits of the engine: number, unit, reason, and what happens at the limit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sekisho/base/bytes.h"

namespace sekisho::engine {

/// Open transactions of one flow. A pipelining client gets the oldest ended (counted transactions_dropped).
constexpr std::uint16_t kTransactionsPerFlow = 64;
/// Open transactions of one worker; memory about 4 KiB each. When all are taken a new one is not kept: its
/// fields are not inspected, its stream bytes are (counted transactions_dropped).
constexpr std::size_t kTransactionsMax = 8192;
/// Octets of fields kept for one transaction. Further values are left out (counted fields_dropped).
constexpr std::size_t kTransactionBytes = KiB(128);
/// Looks at the first bytes of a flow before its protocol counts as unknown.
constexpr std::uint8_t kProbesMax = 12;
/// Looks that are not counted: while neither side has said so much. At the most twice as many as octets.
constexpr std::size_t kProbeOctetsFree = 64;
/// Octets of one direction that a probe is given at the most.
constexpr std::size_t kProbeBytes = KiB(4);
/// Tunnels within tunnels that are inspected (packet/limits.h: what the decoder goes into).
constexpr unsigned kTunnelsInspected = 4;
/// Flows ended by one tick, so that a burst stays short.
constexpr std::size_t kExpireBudget = 64;
/// Decoded body octets between two verifications of candidates: less than a window's history, so that what a
/// candidate needs is still there.
constexpr std::size_t kSettleBytes = KiB(16);

/// Frames of a flow that are not whole yet, and rules that have hit or wait in one of them; flows of a worker that have
/// such frames. Beyond: a frame is looked at as far as it is there when it is announced (counted frames_lost).
constexpr std::size_t kOpenFrames = 12;
constexpr std::size_t kFrameRules = 8;
constexpr std::size_t kFrameLists = 4096;

/// Pairs of client and address whose name is remembered by a pipeline of its own (replay, tests), and by a box; 192
/// octets each. Full: of four places the one that ends first is given up (urlfilter/address_names.h).
constexpr std::size_t kOwnAddressNames = 4096;
constexpr std::size_t kBoxAddressNames = 65536;

}  // namespace sekisho::engine
