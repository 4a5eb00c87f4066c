// The settings file with its candidate and its past:
//
//   /etc/sekisho/sekisho.yaml              what the daemons read
//   /etc/sekisho/sekisho.yaml.candidate    what the admin is working on; absent: nothing is changed
//   /etc/sekisho/revisions/0007.yaml       each configuration that was committed; the last
//   kRevisionsMax
//
// Every file is replaced atomically; a crash leaves the old or the new. Two admins at once wait for
// each other (flock on revisions/.lock).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sekisho/base/clock.h"
#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"

namespace sekisho::config {

constexpr std::size_t kRevisionsMax = 50;

struct Revision {
    std::uint32_t number = 0;
    TimeNs written = 0;
    bool live = false;  ///< its text is what the daemons read now
};

struct Committed {
    std::uint32_t number = 0;
    std::vector<std::string> changed;  ///< paths of settings; empty: only comments or layout
};

class Store {
  public:
    /// @param file  the settings file; need not exist yet
    explicit Store(std::string file);

    const std::string& file() const noexcept { return file_; }
    std::string candidate_file() const { return file_ + ".candidate"; }

    /// @error not_found, io
    Result<std::string> live() const;
    /// The candidate; where there is none, what it would start from: the live text.
    Result<std::string> candidate() const;
    bool has_candidate() const;
    Result<std::string> revision(std::uint32_t number) const;
    /// Oldest first.
    Result<std::vector<Revision>> history() const;

    /// Changes one setting in the candidate; the admin's comments and order stay where that can be
    /// done.
    /// @error invalid: no such setting, or a value it does not allow; the candidate is unchanged
    /// then
    Status set(const std::string& path, const std::string& value);
    /// Replaces the candidate by a whole text, good or not.
    Status set_candidate(const std::string& text);
    Status discard();

    /// Checks the candidate as a whole and makes it the live file.
    /// @error invalid  it has mistakes (the first is told); the live file is unchanged
    ///        not_found  there is no candidate
    Result<Committed> commit();

    /// Makes an earlier revision the live file again, as a new revision. The candidate is
    /// discarded.
    /// @param number  empty: the one before the live one
    Result<Committed> rollback(std::optional<std::uint32_t> number);

  private:
    std::string folder() const;
    std::string revision_file(std::uint32_t number) const;
    Result<Committed> take(const std::string& text);
    Status prune() const;

    std::string file_;
};

/// One setting changed in a settings text. The text keeps its comments and order, except inside the
/// changed setting; a layout that cannot be edited line by line is written anew, every key
/// explained.
/// @error invalid: no such setting, or a value it does not allow
Result<std::string> edit_text(const std::string& text, const std::string& path,
                              const std::string& value);

/// The lines that differ, "-old" and "+new", with a line number: short, for people. Empty: the
/// same.
std::string diff_lines(const std::string& before, const std::string& after);

}  // namespace sekisho::config
