// What follows on a conversation after its alert, so that an outcome is found and not assumed: the status and
// size of the answer, bytes that came back, a later packet that the box dropped, a call from the attacked
// machine to its attacker. Flows and pairs are remembered in bounded tables.
#pragma once

#include <optional>
#include <vector>

#include "judge/facts.h"
#include "judge/limits.h"
#include "judge/recent_table.h"
#include "judge/story_table.h"

namespace sekisho::judge {

/// What was found about one event of a story.
struct Found {
    StoryKey story;
    event::Outcome from = event::Outcome::unknown;  ///< what it was taken for
    event::Outcome to = event::Outcome::unknown;
    bool answered = false;
    std::uint32_t status = 0;
    std::uint64_t octets = 0;
    bool called_back = false;
    bool ended_by_box = false;
};

class FollowUp {
  public:
    FollowUp() : flows_(kWatchedFlowsMax), pairs_(kWatchedPairsMax), seed_(process_hash_seed()) {}

    /// An event went into a story.
    void watch(const event::Event& event, const Facts& facts, const StoryKey& story) noexcept;

    /// Any event: what it tells of stories watched. At most one finding for the flow and one for the pair.
    std::optional<Found> of_flow(const event::Event& event) noexcept;
    std::optional<Found> of_pair(const event::Event& event) noexcept;

  private:
    struct Watched {
        StoryKey story;
        std::uint64_t tx_id = 0;
        event::Outcome outcome = event::Outcome::unknown;
        bool answered = false;
    };
    struct Attack {
        StoryKey story;
        TimeNs at = 0;
        event::Outcome outcome = event::Outcome::unknown;
    };
    std::uint64_t flow_key(std::uint64_t flow_id) const noexcept { return hash_mix(flow_id ^ seed_, 0xe7037ed1a0b428dbULL) | 1U << 31; }

    RecentTable<Watched> flows_;
    RecentTable<Attack> pairs_;
    std::uint64_t seed_;
};

}  // namespace sekisho::judge
