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

/// Packets kept of one conversation, memory for all conversations (the oldest goes), packets taken from a ring in
/// one step.
constexpr std::size_t kEvidencePacketsMax = 64;
constexpr std::size_t kEvidenceMemory = 32U << 20;
constexpr std::size_t kEvidenceBatch = 1024;

/// How long evidence waits for the packets after the match; alerts that may wait (others are passed over and
/// counted); files written in one step.
constexpr auto kEvidenceWait = std::chrono::seconds(2);
constexpr std::size_t kEvidenceWantedMax = 256;
constexpr std::size_t kEvidenceFilesAtOnce = 2;

/// One evidence file; links read in one step when the chain is checked; faults that are named, the rest counted.
constexpr std::size_t kEvidenceFileMax = 16U << 20;
constexpr std::size_t kChainStep = 500;
constexpr std::size_t kChainFaultsMax = 100;

/// Rule texts that are remembered, and for how long; the largest rule file that is read.
constexpr std::size_t kRuleTextsMax = 1024;
constexpr auto kRuleTextsFor = std::chrono::minutes(1);
constexpr std::size_t kRuleFileMax = 256U << 20;

/// Pause after the SOC queue could not be written; tellings wait in the journal.
constexpr auto kTellAgain = std::chrono::seconds(5);

/// How often the calendar is looked at for letters that are due.
constexpr auto kPlanEvery = std::chrono::seconds(10);

/// Tellings that wait in memory while the mail queue cannot be written; of more, the lowest ranks are lost and counted.
constexpr std::size_t kPostHeldMax = 256;

}  // namespace sekisho::slowpath
