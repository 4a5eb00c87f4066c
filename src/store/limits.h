// Limits of the store: number, unit, reason and what happens at the limit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sekisho::store {

/// History rows kept per alert: tellings are few, this bounds a bug. Older ones go.
constexpr std::int64_t kHistoryMax = 64;

/// Rows removed in one retention step, so that a step never holds the journal for long.
constexpr std::int64_t kRetireStep = 5000;

/// Rows a query may give back; the caller pages on.
constexpr std::size_t kListMax = 1000;

/// How long a statement waits for another process that holds the file (the CLI reading).
constexpr int kBusyMs = 5000;

}  // namespace sekisho::store
