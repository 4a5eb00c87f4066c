// Frames that are not whole yet: what is remembered of each until its last octet has come. A flow borrows a list of them
// from the worker's pool, and only while a rule asks for frames.
#pragma once

#include <cstdint>

#include "sekisho/base/fixed_vector.h"
#include "sekisho/detect/message.h"
#include "sekisho/engine/limits.h"

namespace sekisho::engine {

struct OpenFrame {
    app::Field field = app::Field::payload;
    app::Direction direction = app::Direction::to_server;
    bool looked_at = false;        ///< rules without a literal have been tried
    bool ends = false;             ///< with the step at hand
    std::uint64_t begin = 0;       ///< stream offset
    std::uint64_t octets = 0;      ///< kFrameOpen: its end is not known
    std::uint64_t seen = 0;        ///< octets that the prefilter has seen
    FixedVector<detect::MessageHit, kFrameRules> hits{};
    FixedVector<detect::MessageCandidate, kFrameRules> pending{};
};

struct OpenFrames {
    FixedVector<OpenFrame, kOpenFrames> list;
};

}  // namespace sekisho::engine
