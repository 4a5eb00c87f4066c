// Which of two segments that overlap with different octets a receiver takes, by its kind (Novak and Sturges 2007).
#pragma once

#include <cstdint>

#include "sekisho/base/host_system.h"

namespace sekisho::stream {

/// A segment by the stream offsets of its first octet and of the one behind its last.
struct Stretch {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Whether the octets of a later segment take the place of those that wait from an earlier one. What was in order already
/// has been handed to the receiver's program and is never replaced.
bool later_segment_wins(HostSystem system, const Stretch& later, const Stretch& earlier) noexcept;

}  // namespace sekisho::stream
