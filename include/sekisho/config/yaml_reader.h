// A YAML file as a plain tree that remembers its lines: what rooms with tables of their own (severity,
// messages) read. The settings go through config/load.h instead. The only way to yaml-cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sekisho/base/result.h"

namespace sekisho::config {

class YamlNode {
  public:
    enum class Kind { null, scalar, list, map };
    using Entry = std::pair<std::string, YamlNode>;

    Kind kind() const noexcept { return kind_; }
    bool is_null() const noexcept { return kind_ == Kind::null; }
    bool is_scalar() const noexcept { return kind_ == Kind::scalar; }
    bool is_list() const noexcept { return kind_ == Kind::list; }
    bool is_map() const noexcept { return kind_ == Kind::map; }

    /// "file:line" of this node, 1-based.
    std::string where() const { return file_ + ":" + std::to_string(line_); }
    std::uint32_t line() const noexcept { return line_; }

    /// The scalar as written, without quotes; empty for other kinds.
    const std::string& scalar() const noexcept { return scalar_; }
    /// Children of a list, in order; empty for other kinds.
    const std::vector<YamlNode>& items() const noexcept { return items_; }
    /// Children of a map, in the file's order; keys are unique.
    const std::vector<Entry>& entries() const noexcept { return entries_; }
    /// The child of that key, or nullptr.
    const YamlNode* find(std::string_view key) const noexcept;

    /// The value as a type, with an error that names file and line.
    Result<std::string> as_text() const;
    Result<bool> as_bool() const;                                       ///< true / false, yes / no, on / off
    Result<std::int64_t> as_int(std::int64_t min, std::int64_t max) const;
    /// A list of scalars; a single scalar stands for a list of one.
    Result<std::vector<std::string>> as_texts() const;

  private:
    friend class YamlTreeBuilder;

    Kind kind_ = Kind::null;
    std::uint32_t line_ = 0;
    std::string file_;
    std::string scalar_;
    std::vector<YamlNode> items_;
    std::vector<Entry> entries_;
};

constexpr std::size_t kYamlFileMaxBytes = 16U << 20;
constexpr std::size_t kYamlMaxDepth = 32;
constexpr std::size_t kYamlMaxNodes = 200'000;  ///< an alias counts as often as it is used

/// Reads one YAML document. Keys must be scalars and unique.
/// @param name  what errors call it
/// @error invalid with file:line; limit for a document too large or too deep
Result<YamlNode> parse_yaml(const std::string& text, const std::string& name);

/// The same from a file.  @error as parse_yaml; not_found, io
Result<YamlNode> parse_yaml_file(const std::string& path);

}  // namespace sekisho::config
