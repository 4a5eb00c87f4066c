// How a row of the table names the member of Settings that it fills.
#pragma once

#include <cstddef>
#include <vector>

#include "config/schema.h"

namespace sekisho::config {

template <class T>
Items items_of(std::vector<T>& list) {
    return {&list, [](const void* all) { return static_cast<const std::vector<T>*>(all)->size(); },
            [](void* all, std::size_t size) { static_cast<std::vector<T>*>(all)->resize(size); }};
}

}  // namespace sekisho::config

#define SEKISHO_AT(member) [](Settings& s, std::size_t) -> Slot { return &s.member; }
#define SEKISHO_ITEM(list, member) \
    [](Settings& s, std::size_t item) -> Slot { return &s.list[item].member; }
#define SEKISHO_ITEMS(list) [](Settings& s, std::size_t) -> Slot { return items_of(s.list); }
