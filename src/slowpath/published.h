// What the main loop publishes for others to read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sekisho/judge/judge.h"
#include "slowpath/evidence.h"
#include "slowpath/foreign_logs.h"
#include "slowpath/rings.h"

namespace sekisho::slowpath {

struct Published {
    judge::JudgeCounts judge;
    std::size_t open_stories = 0;
    std::vector<std::pair<std::string, std::uint64_t>> classes;
    std::vector<RingCounts> rings;
    std::uint64_t json_lines = 0, json_refused = 0;
    EvidenceKeeper::Counts evidence;
    std::optional<foreign::ListenerCounts> logs;
    std::uint64_t retired = 0;
    std::string trouble;  ///< why tellings do not reach the queue; empty: they do
};

}  // namespace sekisho::slowpath
