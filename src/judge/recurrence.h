// How often a cause came back: days in a row, and events over all its stories. Outlives the stories; bounded.
#pragma once

#include <cstdint>

#include "judge/limits.h"
#include "judge/recent_table.h"
#include "judge/story_table.h"

namespace sekisho::judge {

class Recurrence {
  public:
    struct Record {
        std::uint32_t day = 0;    ///< local days since the epoch, of the latest event
        std::uint32_t run = 0;    ///< days in a row up to it
        std::uint64_t total = 0;  ///< events
    };

    /// @param day_offset_ns  local time minus UTC
    explicit Recurrence(std::int64_t day_offset_ns) : records_(kRecurrencesMax), offset_(day_offset_ns) {}

    std::uint32_t day_of(TimeNs time) const noexcept {
        return static_cast<std::uint32_t>((static_cast<std::int64_t>(time) + offset_) / static_cast<std::int64_t>(kDayNs));
    }
    const Record& count(const StoryKey& key, TimeNs time) noexcept {
        Record& record = records_.at(hash_of(key), time);
        enter(record, day_of(time), 1);
        ++record.total;
        return record;
    }
    /// From an alert of a life before.
    void remember(const StoryKey& key, TimeNs last, std::uint32_t run, std::uint64_t total) noexcept {
        Record& record = records_.at(hash_of(key), last);
        if (day_of(last) >= record.day) record = {day_of(last), run, std::max(record.total, total)};
    }

  private:
    static void enter(Record& record, std::uint32_t day, std::uint32_t first) noexcept {
        if (record.run == 0 || day > record.day + 1) record.run = first;
        else if (day == record.day + 1) ++record.run;
        record.day = std::max(record.day, day);
    }
    std::uint64_t hash_of(const StoryKey& key) const noexcept { return StoryKeyHash{process_hash_seed()}(key) | 1U << 31; }

    RecentTable<Record> records_;
    std::int64_t offset_;
};

}  // namespace sekisho::judge
