// Scratch memory that belongs to a policy, one per worker.
#pragma once

#include "sekisho/signature/pattern_db.h"

namespace sekisho::engine {

/// Hyperscan scratch for every database of one policy; used by one worker.
struct WorkerScratch {
    signature::PatternScratch patterns;
};

}  // namespace sekisho::engine
