// Lists as text, as tests hand them over.
#pragma once

#include <string>
#include <utility>

#include "sekisho/urlfilter/list.h"

namespace sekisho::urlfilter {

inline ListSource text_list(std::string name, std::string category, std::string text) {
    ListSource source;
    source.name = std::move(name);
    source.category = std::move(category);
    source.text = std::move(text);
    return source;
}

}  // namespace sekisho::urlfilter
