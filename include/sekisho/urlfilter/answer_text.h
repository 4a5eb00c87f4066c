// What the filter says of a name, as the JSON that `sekisho url test` and `url categories` show.
#pragma once

#include <string>

#include "sekisho/urlfilter/filter.h"

namespace sekisho::urlfilter {

/// Name, action, the category, rule, list and line that decide, since when, and every other line that names it.
std::string answer_json(const Filter& filter, const Query& query);

/// One object a line: category, action, lines, date of its newest list.
std::string categories_json(const Filter& filter);

struct UrlParts {
    std::string host, path;
};
/// "https://host/path" or "host/path" or "host".
UrlParts cut_url(std::string name);

}  // namespace sekisho::urlfilter
