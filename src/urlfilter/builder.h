// Turns list lines into a database image: hash and line number of each entry, sorted, grouped, packed.
// Keeps no text: 24 octets an entry while it works.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/urlfilter/database.h"
#include "urlfilter/image.h"
#include "urlfilter/page_memory.h"

namespace sekisho::urlfilter {

class Builder {
  public:
    Builder(std::uint64_t seed, BuildReport& report) : seed_(seed), report_(report) {}

    /// Reads one list to its end. @error io, not_found, limit
    Status add(const ListSource& source);
    /// Packs what was added. @param image_bytes  size of the image within the memory
    PageMemory finish(std::size_t& image_bytes);

  private:
    struct Item {
        std::uint64_t key;
        std::uint64_t root;  // whose bucket it stands in
        std::uint32_t line;  // kNoLine: the host of an entry with a path or scope
        bool operator<(const Item& other) const {
            return key != other.key ? key < other.key : line < other.line;
        }
    };
    struct Key {
        std::uint64_t key;
        std::uint64_t root;
        std::uint32_t value;
    };

    Status open_source(const ListSource& source);
    void add_line(LineParser& parser, std::string_view line);
    void add_entry(const Entry& entry);
    EntryFault add_expression(const std::string& pattern);
    void reject(EntryFault fault);
    std::uint16_t category_id(const std::string& name);
    Section add_name(std::string_view name);
    std::size_t source_of(std::uint32_t line) const;
    std::vector<Key> merge_items();
    void spread_large_families(std::vector<Key>& keys) const;
    std::uint32_t merge_equal(std::span<const Item> same);

    std::uint64_t seed_;
    BuildReport& report_;
    std::vector<Item> items_;
    std::vector<SourceRecord> sources_;
    std::vector<std::string> category_names_;
    std::vector<CategoryRecord> categories_;
    std::vector<std::uint32_t> groups_;
    std::string names_;
    std::vector<ExpressionRecord> expressions_;
    std::uint32_t next_line_ = 0;
    std::size_t first_report_ = 0;  // of this builder within report_.sources
    std::uint32_t flags_ = 0;
};

}  // namespace sekisho::urlfilter
