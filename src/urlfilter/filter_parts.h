// What a filter is made of.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/urlfilter/filter.h"

namespace sekisho::urlfilter {

inline constexpr std::array<std::string_view, 4> kOwnCategories{"", "admin-allow", "admin-deny", "unlisted"};
inline constexpr std::uint16_t kFirstListed = static_cast<std::uint16_t>(kOwnCategories.size());

/// A database, and what its categories are called here.
struct Filter::Layer {
    struct End {
        std::uint32_t line;  // as the database numbers it
        std::uint64_t until_s;
    };
    Database database;
    std::vector<std::uint16_t> categories;  // by the database's own number
    std::vector<End> ends;                  // the admin's: entries that end, ascending by line
};

struct Filter::CompiledRule {
    std::string name, reason;
    ClientGroups::Set groups = 0;   // 0: every client
    std::vector<bool> categories;   // by category id
    Action action = Action::block;
    Schedule schedule;
    std::uint64_t until_s = 0;
};

}  // namespace sekisho::urlfilter
