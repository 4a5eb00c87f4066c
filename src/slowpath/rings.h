// All event rings of the run folder, read as one: they come, are replaced, and outlive their writers.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sekisho/event/event.h"
#include "sekisho/event/ring.h"
#include "sekisho/store/journal.h"

namespace sekisho::slowpath {

struct RingCounts {
    unsigned worker = 0;
    std::uint64_t read = 0, lost = 0, damaged = 0, waiting = 0, restarts = 0;
    std::uint32_t capacity = 0;
};

class Rings {
  public:
    /// @param remembered  the journal's position of a ring, if it knows one
    Rings(std::string run_folder, std::function<std::optional<store::RingPosition>(std::uint64_t)> remembered)
        : run_folder_(std::move(run_folder)), remembered_(std::move(remembered)) {}

    /// Opens rings that came, and those that replaced a drained one. Call now and then.
    void look();

    /// Hands on up to `most` events, from all rings in turn.  @return how many
    std::size_t read(std::size_t most, const std::function<void(const event::Event&)>& take);

    /// Positions as of now, to be written with what was made of the events.
    std::map<std::uint64_t, store::RingPosition> positions() const;
    /// What was read is on disk: the writers may use its slots again.
    void commit();

    std::vector<RingCounts> counts() const;

  private:
    struct Source {
        event::RingReader reader;
        std::uint64_t read = 0;
        std::uint64_t epoch = 0;
        std::uint64_t restarts = 0;
        std::uint64_t lost_told = 0;  ///< losses the log has heard of
    };
    void open(unsigned worker);
    void watch(unsigned worker, Source& source);

    std::string run_folder_;
    std::function<std::optional<store::RingPosition>(std::uint64_t)> remembered_;
    std::map<unsigned, Source> sources_;
    std::set<unsigned> refused_;  ///< told once, until the file opens
    event::Event event_;
};

}  // namespace sekisho::slowpath
