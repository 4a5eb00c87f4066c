// Open stories by key, bounded: an intrusive list in order of last event tells who was silent longest.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "sekisho/base/hash.h"
#include "sekisho/event/alert.h"
#include "sekisho/judge/severity_table.h"

namespace sekisho::judge {

/// Same machine, same cause, same way.
struct StoryKey {
    IpAddress host;
    std::uint64_t cause = 0;  ///< hash of what Cause::signature adds; 0 for Cause::cls
    ClassId cls = 0;
    event::Bearing bearing = event::Bearing::inbound;

    bool operator==(const StoryKey&) const = default;
};

struct StoryKeyHash {
    std::uint64_t seed;
    std::size_t operator()(const StoryKey& key) const noexcept {
        const std::uint64_t small = key.cause ^ (static_cast<std::uint64_t>(key.cls) << 8 | static_cast<std::uint64_t>(key.bearing));
        return hash_bytes(key.host.octets, seed ^ hash_mix(small, 0x9e3779b97f4a7c15ULL));
    }
};

/// What followed on the story's conversations, beyond what the alert counts.
struct Aftermath {
    std::array<std::uint64_t, static_cast<std::size_t>(event::Outcome::count_)> outcomes{};  ///< events by outcome
    std::uint32_t status = 0;      ///< of the latest HTTP answer; 0: none
    std::uint64_t octets = 0;      ///< its body
    bool called_back = false;      ///< our machine then called the attacker
    bool ended_by_box = false;     ///< a later packet of the conversation was dropped
};

struct Story {
    StoryKey key;
    event::Alert alert;
    Aftermath after;
    std::optional<std::uint32_t> row;  ///< of the severity table; none: restored, its reason stays as it was
    std::optional<event::Severity> hint;
    bool changed = false;  ///< since the journal last heard
    Story* older = nullptr;
    Story* newer = nullptr;
};

class StoryTable {
  public:
    explicit StoryTable(std::size_t max) : max_(max), by_key_(16, StoryKeyHash{process_hash_seed()}) {}

    std::size_t size() const noexcept { return by_key_.size(); }
    bool full() const noexcept { return by_key_.size() >= max_; }
    Story* oldest() const noexcept { return oldest_; }

    Story* find(const StoryKey& key) noexcept {
        const auto found = by_key_.find(key);
        return found == by_key_.end() ? nullptr : &found->second;
    }
    /// The caller made room and looked that the key is new. Pointers stay valid until erase().
    Story& add(const StoryKey& key) {
        Story& story = by_key_[key];
        story.key = key;
        link(story);
        return story;
    }
    /// Marks the story as the one heard of last.
    void touch(Story& story) noexcept {
        if (&story == newest_) return;
        unlink(story);
        link(story);
    }
    void erase(Story& story) {
        unlink(story);
        const StoryKey key = story.key;
        by_key_.erase(key);
    }

  private:
    void link(Story& story) noexcept {
        story.older = newest_;
        story.newer = nullptr;
        (newest_ != nullptr ? newest_->newer : oldest_) = &story;
        newest_ = &story;
    }
    void unlink(Story& story) noexcept {
        (story.older != nullptr ? story.older->newer : oldest_) = story.newer;
        (story.newer != nullptr ? story.newer->older : newest_) = story.older;
    }

    std::size_t max_;
    std::unordered_map<StoryKey, Story, StoryKeyHash> by_key_;
    Story* oldest_ = nullptr;
    Story* newest_ = nullptr;
};

}  // namespace sekisho::judge
