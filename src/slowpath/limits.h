// Limits of the slow path: number, unit, reason and what happens at the limit.
#pragma once

#include <chrono>
#include <cstddef>

namespace sekisho::slowpath {

/// Rings looked for: workers of one box (16 cores) with room to grow. A worker beyond is not heard.
constexpr unsigned kRingsMax = 64;

/// Events taken between two looks at the clock: bounds what a batch holds (1 KiB a story at most), and shares
/// one fsync among many.
constexpr std::size_t kBatchEvents = 16'384;

/// Counts wait this long for the journal; something to tell never waits.
constexpr auto kFlushEvery = std::chrono::milliseconds(250);

/// Rests between looks at empty rings: grows from least to most.
constexpr auto kRestLeast = std::chrono::microseconds(50);
constexpr auto kRestMost = std::chrono::milliseconds(5);

/// How often new or replaced rings are looked for.
constexpr auto kRingLookEvery = std::chrono::milliseconds(500);

/// Closed alerts looked at after a restart to know which causes came back: the newest.
constexpr std::size_t kPastAlerts = 1000;

/// How often old alerts are retired and idle stories closed.
constexpr auto kHousekeepingEvery = std::chrono::seconds(10);

/// How often what the judge learned is written.
constexpr auto kRememberEvery = std::chrono::minutes(5);

/// Tellings moved to the SOC queue in one step.
constexpr std::size_t kTellBatch = 256;

/// Pause after the SOC queue could not be written; tellings wait in the journal.
constexpr auto kTellAgain = std::chrono::seconds(5);

}  // namespace sekisho::slowpath
