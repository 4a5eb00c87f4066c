// A group of SOC targets that stand in for each other: messages go to one of them, the first that is well. The
// senders' outboxes say what happened and when; safe for any thread.
//
// The one whose turn it is gives the turn away itself, between two batches, so that two never send at once:
//   - its certificate is refused, nothing came back for the sender's patience, or it cannot be reached (a link that
//     broke may be made anew once): the first that is well has the turn, else the next in the list not tried yet;
//   - one before it in the list has stood connected for `settled`: that one has the turn again.
// When all have failed nobody has the turn: all are called, and the first that answers gets it.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sekisho/soc/sender.h"

namespace sekisho::soc {

struct GroupStatus {
    std::string name;
    std::string active;          ///< whose turn it is; empty: nobody answers
    std::uint64_t switches = 0;  ///< how often another took over since start; the first of the list is where it begins
    std::string last_switch;     ///< who, from whom, why
    /// Since when messages wait that nobody takes; nothing while somebody does.
    std::optional<std::chrono::steady_clock::time_point> undelivered_since;
};

class FailOver {
  public:
    using SteadyTime = std::chrono::steady_clock::time_point;

    /// @param members  names, the preferred one first; not empty
    /// @param settled  how long one must have been well before it gets its turn back. Doubles, to at most an hour, for one
    ///                 that fails again within that time.
    FailOver(std::string name, std::vector<std::string> members, std::chrono::seconds settled);

    /// Whether this member may send now; hands the turn back to one before it that is well again.
    bool has_turn(std::size_t member, SteadyTime now);
    /// Those up to the one whose turn it is are called, so that it is known when they are well.
    Standing standing(std::size_t member) const;
    /// Its link stands, and what it had to send is confirmed.
    void well(std::size_t member, SteadyTime now);
    void failed(std::size_t member, const Failure& failure, SteadyTime now);
    GroupStatus status() const;

  private:
    struct Member {
        std::string name;
        std::optional<SteadyTime> well_since;
        bool has_failed = false;  ///< since it was well or had not been called yet
    };
    void give_turn(std::size_t member);
    std::optional<std::size_t> stand_in(std::size_t failed) const;

    const std::string name_;
    const std::chrono::seconds settled_;

    mutable std::mutex mutex_;
    std::vector<Member> members_;
    std::optional<std::size_t> turn_ = 0;
    std::size_t serving_ = 0;  ///< who was well last while it had the turn
    std::string reason_;       ///< why the turn went on
    std::chrono::seconds settled_now_;
    std::optional<SteadyTime> returned_at_;
    GroupStatus status_;
};

}  // namespace sekisho::soc
