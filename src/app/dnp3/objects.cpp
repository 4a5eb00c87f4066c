#include "app/dnp3/objects.h"

#include <algorithm>
#include <optional>

#include "app/detail.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app::dnp3 {
namespace {

/// Octets of one point by variation, from 1 on. A group has a line for each run.
struct Sizes {
    std::uint8_t group;
    std::uint8_t first;
    std::uint8_t count;
    std::uint8_t octets[15];
};
constexpr Sizes kSizes[] = {
    {1, 2, 1, {1}}, {2, 1, 3, {1, 7, 3}}, {3, 2, 1, {1}}, {4, 1, 3, {1, 7, 3}}, {10, 2, 1, {1}}, {11, 1, 2, {1, 7}},
    {12, 1, 2, {11, 11}}, {13, 1, 2, {1, 7}}, {20, 1, 8, {5, 3, 5, 3, 4, 2, 4, 2}},
    {21, 1, 12, {5, 3, 5, 3, 11, 9, 11, 9, 4, 2, 4, 2}}, {22, 1, 8, {5, 3, 5, 3, 11, 9, 11, 9}},
    {23, 1, 8, {5, 3, 5, 3, 11, 9, 11, 9}}, {30, 1, 6, {5, 3, 4, 2, 5, 9}}, {31, 1, 8, {5, 3, 11, 9, 4, 2, 5, 9}},
    {32, 1, 8, {5, 3, 11, 9, 5, 9, 11, 15}}, {33, 1, 8, {5, 3, 11, 9, 5, 9, 11, 15}}, {34, 1, 3, {2, 4, 4}},
    {40, 1, 4, {5, 3, 5, 9}}, {41, 1, 4, {5, 3, 5, 9}}, {42, 1, 8, {5, 3, 11, 9, 5, 9, 11, 15}},
    {43, 1, 8, {5, 3, 11, 9, 5, 9, 11, 15}}, {50, 1, 4, {6, 10, 6, 11}}, {51, 1, 2, {6, 6}}, {52, 1, 2, {2, 2}},
    {60, 1, 4, {0, 0, 0, 0}}, {81, 1, 1, {3}}, {101, 1, 3, {2, 4, 8}}, {102, 1, 1, {1}}, {121, 1, 1, {7}}, {122, 1, 2, {7, 13}},
};
/// Points of fewer than eight bits stand close together.
struct Packed {
    std::uint8_t group, variation, bits;
};
constexpr Packed kPacked[] = {{1, 1, 1}, {3, 1, 2}, {10, 1, 1}, {12, 3, 1}, {80, 1, 1}};
/// Groups whose variation is the size of an octet string.
constexpr std::uint8_t kStrings[] = {110, 111, 112, 113};
/// Groups whose points tell their own size, by the qualifier that goes before them.
constexpr std::uint8_t kSelfSized[] = {0, 70, 82, 83, 85, 86, 87, 88, 90, 120};

/// Octets of `points` points, one after the other; nothing when that is not known.
std::optional<std::uint64_t> size_of(std::uint8_t group, std::uint8_t variation, std::uint64_t points) noexcept {
    for (const Packed& packed : kPacked)
        if (packed.group == group && packed.variation == variation) return (points * packed.bits + 7) / 8;
    if (std::find(std::begin(kStrings), std::end(kStrings), group) != std::end(kStrings)) return points * variation;
    for (const Sizes& sizes : kSizes)
        if (sizes.group == group && variation >= sizes.first && variation < sizes.first + sizes.count)
            return points * sizes.octets[variation - sizes.first];
    return std::nullopt;
}

bool tells_its_size(std::uint8_t group) noexcept {
    return std::find(std::begin(kSelfSized), std::end(kSelfSized), group) != std::end(kSelfSized);
}

std::uint64_t little(ByteReader& reader, std::size_t octets) noexcept {
    return octets == 1 ? reader.u8() : octets == 2 ? reader.u16_le() : octets == 4 ? reader.u32_le() : 0;
}

/// Number of points that the range of a qualifier names; nothing when there is no such range.
std::optional<std::uint64_t> points_of(unsigned range, ByteReader& reader) noexcept {
    constexpr std::size_t kOctets[] = {1, 2, 4};
    if (range <= 5) {
        const std::size_t octets = kOctets[range % 3];
        const std::uint64_t start = little(reader, octets);
        const std::uint64_t stop = little(reader, octets);
        if (!reader.ok() || stop < start) return std::nullopt;
        return stop - start + 1;
    }
    if (range == 6) return 0;
    if (range <= 9) return little(reader, kOctets[range - 7]);
    if (range == 11) return reader.u8();
    return std::nullopt;
}

/// Points with a prefix each: an index, or the size of what follows.
bool skip_prefixed(ByteReader& reader, unsigned prefix, std::uint8_t group, std::uint8_t variation, std::uint64_t points) noexcept {
    constexpr std::size_t kOctets[] = {1, 2, 4};
    const bool sized = prefix >= 4;
    const std::size_t octets = kOctets[(prefix - 1) % 3];
    const auto one = size_of(group, variation, 1);
    if (!sized && !one) return false;
    for (std::uint64_t i = 0; i < points; ++i) {
        const std::uint64_t value = little(reader, octets);
        if (!reader.skip(static_cast<std::size_t>(sized ? value : *one))) return false;
    }
    return true;
}

}  // namespace

void put_objects(TxId tx, Bytes objects, bool with_data, FieldSink& out) noexcept {
    ByteReader reader(objects);
    for (std::size_t count = 0; reader.remaining() > 0; ++count) {
        if (count == kDnp3ObjectsMax) return out.event(tx, AppEvent::dnp3_too_many_objects);
        const std::uint8_t head[] = {reader.u8(), reader.u8()};
        const std::uint8_t qualifier = reader.u8();
        if (!reader.ok()) return;
        out.put(tx, Field::dnp3_object, head);
        const auto points = points_of(qualifier & 0x0f, reader);
        const unsigned prefix = qualifier >> 4 & 7u;
        if (!points || !reader.ok()) return;
        if (*points > kDnp3PointsMax) return out.event(tx, AppEvent::dnp3_too_many_points);
        if (!with_data || *points == 0) continue;
        const auto size = size_of(head[0], head[1], *points);
        if (!size && !(tells_its_size(head[0]) && prefix >= 4)) return out.event(tx, AppEvent::dnp3_unknown_object);
        if (prefix == 0) {
            if (!reader.skip(static_cast<std::size_t>(*size))) return;
        } else if (prefix == 7 || !skip_prefixed(reader, prefix, head[0], head[1], *points)) {
            return;
        }
    }
}

}  // namespace sekisho::app::dnp3
