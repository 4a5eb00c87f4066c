// What the control socket says of the URL filter's decisions:
//
//   why CLIENT SITE [TIME]   decisions, one JSON object a line; TIME is seconds since 1970
//   why NUMBER               those with this incident number
//   url-stats DAYS [CLIENT]  counters, one JSON object a line
#pragma once

#include <string>
#include <vector>

#include "sekisho/control/message.h"
#include "sekisho/store/url_book.h"

namespace sekisho::slowpath {

class UrlAnswers {
  public:
    /// @param book  a connection of its own
    UrlAnswers(store::UrlBook book, std::int64_t day_offset_ns) : book_(std::move(book)), day_offset_ns_(day_offset_ns) {}
    control::Reply why(const std::vector<std::string>& words);
    control::Reply stats(const std::vector<std::string>& words);

  private:
    store::UrlBook book_;
    std::int64_t day_offset_ns_;
};

}  // namespace sekisho::slowpath
