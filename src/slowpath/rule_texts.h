// The text of a rule by its number, out of the rule files that the settings name: evidence must show what was
// looked for. Found texts are remembered for a minute, files are not.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sekisho::slowpath {

struct RuleText {
    std::string text;  ///< empty: no file has it
    std::string file;
};

class RuleTexts {
  public:
    /// @param files  paths and patterns, read in order; of several texts the last counts, as in the fast path
    explicit RuleTexts(std::vector<std::string> files) : files_(std::move(files)) {}
    RuleText find(std::uint32_t sid);

  private:
    std::vector<std::string> files_;
    std::map<std::uint32_t, RuleText> known_;
    std::chrono::steady_clock::time_point known_until_{};
};

}  // namespace sekisho::slowpath
