// HPACK (RFC 7541): header fields out of a header block, with the table that both ends build up.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "app/http/text_arena.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/bytes.h"

namespace sekisho::app::http2 {

struct HeaderText {
    std::string_view name;
    std::string_view value;
};

/// The dynamic table of one direction, newest entry first. An end may use a larger one than is kept here: then its
/// oldest entries are not known.
class DynamicTable {
  public:
    void add(HeaderText header) noexcept;
    /// @param index  0: the newest. False when it is not there.
    bool find(std::size_t index, HeaderText& header) const noexcept;
    /// The size that the encoder says it uses (section 4.2).
    void set_limit(std::uint64_t octets) noexcept;

  private:
    static constexpr std::size_t kOverhead = 32;  // of an entry, section 4.1
    static constexpr std::size_t kEntriesMax = kHttp2TableMax / kOverhead;
    static constexpr std::size_t kTextSize = kHttp2TableMax + KiB(2);  // room behind the live text, so that it moves seldom
    struct Entry {
        std::uint16_t at, name, value;
    };

    std::size_t cost(const Entry& entry) const noexcept { return std::size_t{entry.name} + entry.value + kOverhead; }
    const Entry& oldest() const noexcept { return entries_[(newest_ + count_ - 1) % kEntriesMax]; }
    void drop_oldest() noexcept;

    std::array<char, kTextSize> text_;
    std::array<Entry, kEntriesMax> entries_;
    std::size_t newest_ = 0;
    std::size_t count_ = 0;
    std::size_t used_ = 0;      ///< as section 4.1 counts
    std::size_t text_end_ = 0;
    std::size_t limit_ = KiB(4);
};

enum class HpackFault : std::uint8_t { none, bad_integer, bad_index, bad_text, cut };

/// Reads one representation after the other off a header block.
class BlockReader {
  public:
    BlockReader(Bytes block, DynamicTable& table, http::TextArena& arena) noexcept : in_(block), table_(table), arena_(arena) {}

    enum class Item : std::uint8_t { header, size_update, end, fault };
    /// `header()` is in the arena; `size_update()` is the new size.
    Item next() noexcept;
    const HeaderText& header() const noexcept { return header_; }
    std::uint32_t size_update() const noexcept { return size_update_; }
    HpackFault fault() const noexcept { return fault_; }

  private:
    bool take_integer(unsigned prefix_bits, std::uint32_t& value) noexcept;
    bool take_text(std::string_view& text) noexcept;
    bool find(std::uint32_t index, HeaderText& header) noexcept;
    Item fail(HpackFault fault) noexcept {
        fault_ = fault;
        return Item::fault;
    }

    Bytes in_;
    DynamicTable& table_;
    http::TextArena& arena_;
    HeaderText header_;
    std::uint32_t size_update_ = 0;
    HpackFault fault_ = HpackFault::none;
};

}  // namespace sekisho::app::http2
