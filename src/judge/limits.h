// Limits of the judge: number, unit, reason and what happens at the limit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sekisho::judge {

/// Open stories. One is about 1 KiB: 64 MiB in all. When full, the story that was silent longest is closed
/// (it keeps its count in the journal) and counted as `evicted`.
constexpr std::size_t kStoriesMax = 65'536;

/// Octets of a text taken from an event into an alert (URL, names): an alert is read by people.
constexpr std::size_t kTextMax = 512;

/// Length of a day.
constexpr std::uint64_t kDayNs = 24ULL * 3600 * 1'000'000'000;

/// Causes whose recurrence over days is remembered (40 octets each). In a full set of eight the one longest
/// silent is forgotten: its next event is a first day.
constexpr std::size_t kRecurrencesMax = 32'768;

/// Conversations with an alert whose further course is watched (56 octets each), and pairs of attacker and
/// attacked among whom a call back would mean success. In a full set of eight the oldest goes: its outcome
/// stays what it was.
constexpr std::size_t kWatchedFlowsMax = 16'384;
constexpr std::size_t kWatchedPairsMax = 8'192;

/// How long after an attack a call from the attacked machine to the attacker counts as its result.
constexpr std::uint64_t kCallBackNs = 10ULL * 60 * 1'000'000'000;

/// Names that machines of ours asked proxies and resolvers of ours for (48 octets each), and how long one
/// explains what the proxy then does. In a full set of eight the oldest goes: the proxy itself is named then.
constexpr std::size_t kLegsMax = 16'384;
constexpr std::uint64_t kLegNs = 60ULL * 1'000'000'000;

/// What the detectors of behaviour remember (src/judge/behaviour). In a full set of eight the entry longest
/// without news goes: what is spread over a longer time is then not seen. About 10 MiB in all.
constexpr std::size_t kScanPairsMax = 16'384;    ///< machine and machine, machine and port (64 octets each)
constexpr std::size_t kLoginPairsMax = 4'096;    ///< machine and login service
constexpr std::size_t kBeaconPairsMax = 16'384;  ///< machine of ours and stranger (232 octets each)
constexpr std::size_t kHostsMax = 16'384;        ///< machines of ours
constexpr std::size_t kServicesMax = 16'384;     ///< machine of ours and port

/// Classes of a severity table; 16 bits number them.
constexpr std::size_t kClassesMax = 256;

/// Rows of a severity table.
constexpr std::size_t kRowsMax = 1024;

}  // namespace sekisho::judge
