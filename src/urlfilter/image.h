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

/// The value kept with a key: the number of the line it came from, or of a group of lines, and two flags.
namespace value {
constexpr std::uint32_t kGroup = std::uint32_t{1} << 31;       ///< index into groups, not a line
constexpr std::uint32_t kPathsBelow = std::uint32_t{1} << 30;  ///< this host has entries with a path
constexpr std::uint32_t kNumberMask = kPathsBelow - 1;
constexpr std::uint32_t kNoLine = kNumberMask;  ///< a host that only has paths
constexpr std::uint32_t kAbsent = ~std::uint32_t{0};
}  // namespace value

/// Six keys and their values in one cache line.
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
};
static_assert(sizeof(SourceRecord) == 16);

struct CategoryRecord {
    std::uint32_t name_offset;
    std::uint32_t name_size;
};

struct Section {
    std::uint64_t offset;
    std::uint64_t count;  // records
};

struct Header {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t header_bytes;
    std::uint64_t image_bytes;
    std::uint64_t checksum;  // of header (this field as 0) and body
    std::uint64_t seed;      // of the keys' hash
    std::uint64_t entries;   // distinct names and URLs
    Section buckets;
    Section groups;      // u32: size, then that many line numbers
    Section sources;     // SourceRecord, ascending first_line, no gaps
    Section categories;  // CategoryRecord
    Section names;       // char
};
static_assert(sizeof(Header) == 128);

/// Typed views into an image whose soundness was checked.
struct ImageView {
    const Header* header = nullptr;
    std::span<const Bucket> buckets;
    std::span<const std::uint32_t> groups;
    std::span<const SourceRecord> sources;
    std::span<const CategoryRecord> categories;
    std::string_view names;
};

/// Bucket that a key begins in.
inline std::size_t bucket_of(std::uint64_t key, std::size_t buckets) noexcept {
    return static_cast<std::size_t>(((key >> 32) * buckets) >> 32);
}

std::uint64_t image_checksum(Header header, Bytes body) noexcept;

/// Checks every length, order and reference, so that no look-up can leave the image.
/// @pre 64-octet aligned     @error invalid, naming what is wrong
Result<ImageView> view_image(Bytes image);

}  // namespace sekisho::urlfilter
