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

/// Classes of a severity table; 16 bits number them.
constexpr std::size_t kClassesMax = 256;

/// Rows of a severity table.
constexpr std::size_t kRowsMax = 1024;

}  // namespace sekisho::judge
