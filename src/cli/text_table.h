// Text for people: aligned columns, and any JSON answer laid out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/json.h"

namespace sekisho::cli {

/// Columns a terminal needs for UTF-8 text: East Asian wide characters take two (Unicode TR11, the
/// blocks that occur here), combining marks none. Not UTF-8: one an octet.
std::size_t columns_of(std::string_view text) noexcept;

/// Text from the wire made safe for a terminal: control characters become '.'.
std::string printable(std::string_view text);

class TextTable {
  public:
    explicit TextTable(std::vector<std::string> head) { add(std::move(head)); }
    void add(std::vector<std::string> row);
    bool empty() const noexcept { return rows_.size() <= 1; }
    /// Rows under their head, columns two blanks apart, nothing behind the last.
    std::string text() const;

  private:
    std::vector<std::vector<std::string>> rows_;
};

/// Names before values, arrays of objects as tables, the rest indented: for answers whose layout is
/// the daemon's business.
std::string lay_out(const Json& value);

}  // namespace sekisho::cli
