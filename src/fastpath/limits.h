// The bounds of the fast path: number, unit, reason, and what happens beyond.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sekisho::fastpath {

/// Data ports of one box, as many as DPDK is built for. Beyond: refused at start.
constexpr std::size_t kPortsMax = 32;

/// Workers of one box: an event names its worker in one octet, and EAL is built for 128 lcores. Beyond: refused.
constexpr unsigned kWorkersMax = 64;

/// Frames taken from a queue at once; the setting is cut to it. 32 to 64 fill the caches without adding delay.
constexpr std::size_t kBurstMax = 64;

/// Octets of the longest frame that is inspected: 9,000 of MTU, Ethernet, four tags and some. A longer one can
/// only come from a port with a larger MTU than we set: dropped and counted (frames_too_long).
constexpr std::size_t kFrameMax = 9216 + 64;

/// Frame buffers' room for data: an ordinary frame with tags and the PPPoE header fits one buffer.
constexpr std::uint16_t kBufferOctets = 2048;

/// Receive and send descriptors for each queue, clamped to what the device has. 1,024 frames are 0.8 ms of
/// 10 Gbit/s in full frames: what the worker may be late by.
constexpr std::uint16_t kDescriptors = 1024;

/// Frames in the kernel's ring of an AF_PACKET port, for each queue: 4,096 frames of 2 KiB bridge 20 ms at
/// 200,000 frames/s, longer than the kernel takes the core away from a worker.
constexpr unsigned kPacketRingFrames = 4096;
constexpr unsigned kPacketRingFrameOctets = 2048;
constexpr unsigned kPacketRingBlockOctets = 65536;
/// The largest MTU such a ring carries whole: 2,048 less the ring's own header and the link layer. A larger one is
/// refused at start, because frames would be cut.
constexpr unsigned kPacketMtuMax = 1900;

/// Octets of the file of hosts that are cut off: 1,024 lines with their reasons. Longer: refused.
constexpr std::size_t kQuarantineFileMax = 1U << 20;

/// Frames on their way between two workers (software spreading only). Full: dropped, counted (inbox_full).
constexpr unsigned kInboxFrames = 4096;

/// Tries to hand a burst to a full send queue before the rest is dropped and counted (tx_full).
constexpr unsigned kSendTries = 100;

/// Rounds without a frame after which a worker sleeps, and how long. A core in use never sleeps; an idle one
/// costs a few percent and adds at most the sleep to a frame's delay.
constexpr unsigned kIdleRounds = 500;
constexpr auto kIdleSleep = std::chrono::microseconds{50};

/// Without traffic, timeouts are looked after this often.
constexpr auto kIdleTick = std::chrono::milliseconds{1};

/// A worker whose heartbeat stands still for this long is reported as stuck, and systemd is no longer told
/// that all is well.
constexpr auto kStuckAfter = std::chrono::seconds{3};

/// Mistakes of a reload told in one reply; the counts are exact.
constexpr std::size_t kErrorsShown = 50;

}  // namespace sekisho::fastpath
