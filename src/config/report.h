// The mistakes found in one settings text, each with its line.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"

namespace sekisho::config {

constexpr std::size_t kMistakesMax =
    200;  ///< a file of nonsense need not be explained line by line

class Report {
  public:
    /// @param name  what errors call the text; empty: settings that came from no text, told without
    /// lines
    /// @param text  not owned
    Report(std::string name, std::string_view text);

    /// The line where `key:` stands, for a value that begins at `value_line` (a block begins below
    /// its key).
    std::uint32_t line_of_key(std::string_view key, std::uint32_t value_line) const;

    void add(std::uint32_t line, std::string_view path, std::string what);
    /// At the line remembered for that path, or for what it is part of.
    void add(std::string_view path, std::string what);
    void remember(const std::string& path, std::uint32_t line) {
        lines_by_path_.emplace(path, line);
    }

    bool empty() const noexcept { return found_.empty(); }
    /// In the order of the lines.
    std::vector<Error> take();

  private:
    struct Found {
        std::uint32_t line;
        Error error;
    };
    std::string name_;
    std::vector<std::string_view> lines_;
    std::map<std::string, std::uint32_t, std::less<>> lines_by_path_;
    std::vector<Found> found_;
};

}  // namespace sekisho::config
