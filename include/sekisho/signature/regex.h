// A compiled PCRE2 pattern with JIT. The only door to PCRE2. Bounded: match and recursion limits are set, a
// pattern that runs into them counts as no match.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sekisho/base/bytes.h"
#include "sekisho/base/result.h"

namespace sekisho::signature {

/// Memory that a match needs: one per worker, any pattern.
class RegexScratch {
  public:
    RegexScratch();
    ~RegexScratch();
    RegexScratch(const RegexScratch&) = delete;
    RegexScratch& operator=(const RegexScratch&) = delete;

  private:
    friend class Regex;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

struct RegexMatch {
    std::size_t begin = 0, end = 0;                ///< of the whole match
    std::size_t group_begin = 0, group_end = 0;    ///< of the first capture group; both 0 when it took no part
    bool has_group = false;
    bool may_come = true;  ///< no match, but more octets may complete one
};

/// Every match of `pattern` in `text` replaced; \1 to \9 in the replacement are groups. Control plane.
/// @error invalid: PCRE2's words
Result<std::string> replace_all(std::string_view pattern, std::string_view replacement, std::string_view text);

class Regex {
  public:
    /// @param options  PCRE letters without the buffer letters: "ismxAEGO"
    /// @param goes_on  it is searched in buffers that grow: `RegexMatch::may_come` is to be exact where the pattern
    ///                 must begin at its start point
    /// @error invalid: PCRE2's words and the place in the pattern
    static Result<std::shared_ptr<const Regex>> compile(std::string_view pattern, std::string_view options,
                                                        bool goes_on = false);
    ~Regex();
    Regex(const Regex&) = delete;
    Regex& operator=(const Regex&) = delete;

    /// First match at or after `from`. No allocation. @thread any, one scratch each
    bool search(Bytes bytes, std::size_t from, RegexScratch& scratch, RegexMatch& match) const noexcept;

  private:
    Regex();
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sekisho::signature
