// The bytes of a compiled database. All sections are arrays of fixed records at 64-octet borders, in host
// (little-endian) order; offsets count from the start of the image.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sekisho/base/bytes.h"
#include "sekisho/base/result.h"

namespace sekisho::urlfilter {

static_assert(std::endian::native == std::endian::little, "images are little-endian and not converted");

/// The value kept with a key: the number of the line it came from, or of a group of lines, and three flags.
namespace value {
constexpr std::uint32_t kGroup = std::uint32_t{1} << 31;       ///< index into groups, not a line
constexpr std::uint32_t kMoreBelow = std::uint32_t{1} << 30;  ///< this host has entries with a path or a scope
constexpr std::uint32_t kSpread = std::uint32_t{1} << 29;     ///< longer hosts stand in buckets of their own
constexpr std::uint32_t kNumberMask = kSpread - 1;
constexpr std::uint32_t kFlags = kMoreBelow | kSpread;
constexpr std::uint32_t kNoLine = kNumberMask;  ///< a host without lines of its own, kept for a flag
constexpr std::uint32_t kAbsent = ~std::uint32_t{0};
}  // namespace value

/// Six keys and their values in one cache line. A host of three labels or more stands in the bucket of its last two
/// ("x.example.com" with "example.com"), so that most names cost one line; where many names share two labels
/// ("co.jp"), those two are marked kSpread and the longer ones stand by themselves.
///
///   0        24           36       60      61         64
///   | low x6 | high x6    | values | count | overflow |
struct alignas(64) Bucket {
    static constexpr std::size_t kSlots = 6;
    std::array<std::uint32_t, kSlots> low;   // bits 0..31 of the hash
    std::array<std::uint16_t, kSlots> high;  // bits 32..47 of the hash; the upper 32 choose the bucket
    std::array<std::uint32_t, kSlots> values;
    std::uint8_t count;     // slots in use
    std::uint8_t overflow;  // 1: keys of this bucket stand in the next one too
    std::array<std::uint8_t, 2> zero;
};
static_assert(sizeof(Bucket) == 64);

struct SourceRecord {
    std::uint32_t first_line;  // number of its line 1 over all sources
    std::uint32_t lines;
    std::uint32_t name_offset;  // into names
    std::uint16_t name_size;
    std::uint16_t category;
    std::uint32_t date_s;  // of the list, seconds since 1970; 0: not known
};
static_assert(sizeof(SourceRecord) == 20);

struct CategoryRecord {
    std::uint32_t name_offset;
    std::uint32_t name_size;
};

struct ExpressionRecord {
    std::uint32_t line;
    std::uint32_t text_offset;  // into names
    std::uint32_t text_size;
};
static_assert(sizeof(ExpressionRecord) == 12);

struct Section {
    std::uint64_t offset;
    std::uint64_t count;  // records
};

/// Set in Header::flags.
constexpr std::uint32_t kTopLevelEntries = 1;  // some key is of a single label, or of an address

/// Head (header, sources, categories, names, expressions) and body (buckets, groups) have a checksum each: a
/// file is opened by its head alone, and read to the end only where it is made.
struct Header {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t header_bytes;
    std::uint64_t image_bytes;
    std::uint64_t head_checksum;  // of the head (this field as 0)
    std::uint64_t body_checksum;
    std::uint64_t seed;           // of the keys' hash
    std::uint64_t entries;        // distinct names and URLs
    std::uint64_t made_s;         // seconds since 1970
    std::uint32_t flags;
    std::uint32_t longest_run;    // buckets that a look-up may have to read
    Section sources;              // SourceRecord, ascending first_line, no gaps
    Section categories;           // CategoryRecord
    Section names;                // char
    Section expressions;          // ExpressionRecord
    Section buckets;
    Section groups;               // u32: size, then that many line numbers
    std::array<std::uint64_t, 3> reserved;
};
static_assert(sizeof(Header) == 192);

/// Typed views into an image whose soundness was checked.
struct ImageView {
    const Header* header = nullptr;
    std::span<const Bucket> buckets;
    std::span<const std::uint32_t> groups;
    std::span<const SourceRecord> sources;
    std::span<const CategoryRecord> categories;
    std::span<const ExpressionRecord> expressions;
    std::string_view names;
};

/// Bucket that a key begins in: its own hash, or that of its last two labels.
inline std::size_t bucket_of(std::uint64_t key, std::size_t buckets) noexcept {
    return static_cast<std::size_t>(((key >> 32) * buckets) >> 32);
}

/// How much of an image is read before it is believed.
enum class Check : std::uint8_t {
    head,   ///< header, sources, names: milliseconds, whatever the size
    whole,  ///< every octet
};

/// Fills in both checksums. @pre sections are set
void seal_image(MutableBytes image, Header& header) noexcept;

/// Checks lengths, order and references. With Check::head the buckets and groups are taken as they are: look-ups
/// stay inside the image whatever they hold.
/// @pre 64-octet aligned     @error invalid, naming what is wrong
Result<ImageView> view_image(Bytes image, Check check);

}  // namespace sekisho::urlfilter
