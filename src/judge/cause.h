// What makes events one story: as a key, and as words that an alert carries. From the words of a journalled
// alert the key is found again, so the two must say the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "judge/story_table.h"
#include "sekisho/event/event.h"
#include "sekisho/judge/severity_table.h"

namespace sekisho::judge {

/// 0 unless the class keeps signatures apart.
std::uint64_t cause_key(const event::Event& event, Cause cause) noexcept;
std::uint64_t cause_key(std::string_view words, Cause cause) noexcept;
std::string cause_words(const event::Event& event, const ClassFacts& cls);

/// The key of a story. A `site` story that came from outside belongs to no machine of ours in particular.
StoryKey story_key(const IpAddress& host, event::Bearing bearing, ClassId id, Cause cause, std::uint64_t key) noexcept;

}  // namespace sekisho::judge
