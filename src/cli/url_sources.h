// The lists behind url.database: fetched, unpacked, kept. Beside the database lies a folder, <database>.d, with a folder
// a list:
//
//   <name>/good/<name>/...   files of the last good copy
//   <name>/facts             category, format, ETag, entries, as "key value" lines
//   <name>/new/...           a copy in the making
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"
#include "sekisho/urlfilter/database.h"

namespace sekisho::cli {

/// What came of one list.
struct SourceOutcome {
    std::string name;
    bool taken = false;        ///< a new copy is in place
    bool unchanged = false;    ///< the server or the file says so
    std::uint64_t entries = 0; ///< of the copy in use
    std::uint64_t before = 0;  ///< of the copy before
    std::uint64_t rejected = 0;
    std::string trouble;       ///< why the last good copy stays; empty: all is well
};

class UrlSources {
  public:
    explicit UrlSources(const config::UrlSettings& settings) : settings_(settings), folder_(settings.database + ".d") {}

    /// Fetches one list beside the one in use and takes it when it is sound and has not shrunk too much.
    SourceOutcome update(const config::UrlSource& source) const;
    /// Forgets a list. @return false when there is none of this name
    Result<bool> forget(const std::string& name) const;
    /// Lists of the good copies: those that the settings name, and those that were imported by hand.
    Result<std::vector<urlfilter::ListSource>> good_lists() const;
    std::vector<std::string> names() const;

    /// Compiles the good copies, checks the result whole and puts it in the place of the one in use.
    /// @param each_rejected  gets every line that is left out
    Result<urlfilter::BuildReport> compile(const std::function<void(const urlfilter::RejectedLine&)>& each_rejected) const;

  private:
    struct Facts;
    Facts read_facts(const std::string& name) const;
    Status write_facts(const std::string& name, const Facts& facts) const;
    Status fetch(const config::UrlSource& source, const std::string& into, Facts& facts, bool& unchanged) const;
    Result<std::vector<urlfilter::ListSource>> lists_in(const std::string& folder, const Facts& facts) const;

    const config::UrlSettings& settings_;
    std::string folder_;
};

}  // namespace sekisho::cli
