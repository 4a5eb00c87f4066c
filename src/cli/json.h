// Reads the JSON (RFC 8259) that a daemon answers. Bounded in depth; the control protocol bounds
// its size.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sekisho/base/result.h"

namespace sekisho::cli {

class Json {
  public:
    enum class Kind { null, boolean, number, text, array, object };
    using Member = std::pair<std::string, Json>;

    Kind kind() const noexcept { return kind_; }
    bool is_object() const noexcept { return kind_ == Kind::object; }
    bool is_array() const noexcept { return kind_ == Kind::array; }
    /// True for values that fit into a table's cell.
    bool is_scalar() const noexcept { return kind_ < Kind::array; }

    const std::vector<Json>& items() const noexcept { return items_; }
    const std::vector<Member>& members() const noexcept { return members_; }

    /// The member of that name; a null value when there is none, so that look-ups can be chained.
    const Json& operator[](std::string_view name) const noexcept;
    bool has(std::string_view name) const noexcept;

    /// Takes a member out, if it is there.
    void remove(std::string_view name);

    /// A scalar for people: text without quotes, numbers as sent, "yes" / "no", "" for null.
    std::string text() const;
    /// @return 0 for what is no whole number
    std::int64_t number() const noexcept;

  private:
    friend class JsonParser;
    Kind kind_ = Kind::null;
    bool truth_ = false;
    std::string scalar_;
    std::vector<Json> items_;
    std::vector<Member> members_;
};

constexpr std::size_t kJsonMaxDepth = 64;

/// @error invalid: not exactly one JSON value; limit: nested too deep
Result<Json> parse_json(std::string_view text);

/// One value a line; empty lines are skipped. An array stands for its items.
Result<std::vector<Json>> parse_json_lines(std::string_view text);

}  // namespace sekisho::cli
