// The judge: events in, stories out. One alert per story (same machine, same cause), counted, ranked High /
// Medium / Low by the severity table, with the reason written out. Pure: no clock, no disk, no threads;
// time is the events' own, so a replay judges the same every time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/address.h"
#include "sekisho/base/clock.h"
#include "sekisho/event/alert.h"
#include "sekisho/event/event.h"
#include "sekisho/judge/host_table.h"
#include "sekisho/judge/messages.h"
#include "sekisho/judge/severity_table.h"

namespace sekisho::judge {

struct JudgeSettings {
    std::vector<Network> home;                        ///< our networks
    HostTable hosts;                                  ///< operating systems and makers
    std::vector<IpAddress> trusted_proxies;           ///< whose X-Forwarded-For is believed; empty: any of ours
    TimeNs idle_ns = 25 * 60 * 60 * kSecondNs;        ///< silence after which the same cause is a new story
    std::int64_t day_offset_ns = 0;                   ///< local time minus UTC: when a day begins
    std::uint32_t notices_per_day = 5;                ///< Low and Medium beyond are folded; High never is
    std::size_t stories_max = 0;                      ///< 0: limits.h
    std::uint64_t next_id = 1;                        ///< id of the next alert
};

/// Something a person must hear: a story opened, or became worse.
struct StoryChange {
    enum class What : std::uint8_t { opened, escalated };
    What what = What::opened;
    const event::Alert* alert = nullptr;  ///< valid until the next call on the judge
};

struct JudgeCounts {
    std::uint64_t events = 0;        ///< handed in
    std::uint64_t ignored = 0;       ///< records of what happened (http, dns, flow ...): followed, not judged
    std::uint64_t count_only = 0;    ///< of classes that never become alerts
    std::uint64_t judged = 0;        ///< went into a story
    std::uint64_t opened = 0, escalated = 0, closed = 0;
    std::uint64_t evicted = 0;       ///< of the closed: the table was full
    std::uint64_t sightings = 0;     ///< made by the detectors of behaviour, judged like rule hits
    std::uint64_t folded = 0;        ///< opened or escalated, but beyond the day's notices
};

class Judge {
  public:
    Judge(JudgeSettings settings, SeverityTable table, Messages messages);
    Judge(Judge&&) noexcept;
    ~Judge();

    /// Takes one event into its story, and looks what it tells of stories before it.
    /// @param event  sound()
    /// @return       the first of what must be told, if anything; next() gives the rest
    /// @cost         a few look-ups in fixed tables; allocates only when a story opens or is told
    std::optional<StoryChange> judge(const event::Event& event);
    std::optional<StoryChange> next();

    /// Closes stories that were silent for idle_ns before `now`. Cheap when there are none.
    void close_idle(TimeNs now);

    /// Gives each story that changed since the last call, closed ones included, and forgets the closed ones.
    void take_changed(const std::function<void(const event::Alert&)>& keep);

    /// Puts back an open story from the journal after a restart. False when it cannot be placed (unknown
    /// class): the caller closes it.
    bool restore(event::Alert alert);

    /// How often a cause came back before this life: from closed alerts of the journal.
    void remember(const event::Alert& alert);

    /// What was learned about the network (services), as text, to be given back after a restart.
    std::string memory();
    void recall(std::string_view memory);

    const JudgeCounts& counts() const noexcept;
    std::size_t open_stories() const noexcept;
    /// Events of each class, by name: what was only counted shows here.
    std::vector<std::pair<std::string, std::uint64_t>> class_counts() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sekisho::judge
