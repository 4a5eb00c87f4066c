// The admin's own allow and deny entries, as the CLI edits them. The file keeps its comments and order;
// an entry stands in it once, as allow or as deny.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"

namespace sekisho::urlfilter {

enum class AdminVerb : std::uint8_t { allow, deny };

struct AdminEntry {
    AdminVerb verb;
    std::string target;  ///< normalised, "example.com" or "example.com/path"
    std::uint32_t line;  ///< 1-based
    std::uint64_t until_s = 0;  ///< seconds since 1970; 0: without end
    std::string reason;
};

class AdminList {
  public:
    /// The file's entries; a file that does not exist is an empty list. Lines that are no entry are kept
    /// and ignored. @error io, limit (beyond 16 MiB)
    static Result<AdminList> load(const std::string& path);
    static AdminList parse(std::string_view text);

    /// Adds an entry, or turns the one of this name to `verb`, with its end and reason.
    /// @param until_s  seconds since 1970; 0: without end     @param reason  one line; may be empty
    /// @return true when the list has changed     @error invalid: `target` is no host, address or URL
    Result<bool> set(AdminVerb verb, std::string_view target, std::uint64_t until_s = 0, std::string_view reason = {});
    /// Removes entries that have ended. @return how many
    std::size_t remove_ended(std::uint64_t now_s);
    /// @return true when there was such an entry     @error invalid, as above
    Result<bool> remove(std::string_view target);

    std::vector<AdminEntry> entries() const;
    std::string text() const;
    /// Replaces the file atomically. @error io
    Status save(const std::string& path) const;

  private:
    std::vector<std::string> lines_;
};

}  // namespace sekisho::urlfilter
