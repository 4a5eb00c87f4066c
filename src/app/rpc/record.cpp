#include "app/rpc/record.h"

#include <algorithm>

#include "sekisho/base/byte_reader.h"

namespace sekisho::app::rpc {
namespace {

constexpr std::uint32_t kLastFragment = 0x80000000;
constexpr std::uint32_t kFragmentMax = MiB(16);
constexpr std::size_t kGatherMax = 2 * kRpcHeadMax;  ///< with marks; smaller fragments are not put together further

}  // namespace

bool take_mark(RecordPlace& place, Bytes mark) noexcept {
    const std::uint32_t word = ByteReader(mark).u32();
    place = {word & ~kLastFragment, (word & kLastFragment) != 0};
    return place.left <= kFragmentMax;
}

Gathered gather(RecordPlace place, Bytes in, GatherRoom& room) noexcept {
    Gathered found;
    for (;;) {
        const std::size_t n = std::min({std::size_t{place.left}, kRpcHeadMax - found.message.size(), kGatherMax - found.octets});
        if (in.size() - found.octets < n) return {Gathered::Kind::need_more, {}, 0, {}};
        const Bytes piece = in.subspan(found.octets, n);
        if (found.message.empty()) {
            found.message = piece;  // most records have one fragment: nothing is copied
        } else if (n != 0) {
            if (found.message.data() != room.data()) std::copy(found.message.begin(), found.message.end(), room.begin());
            std::copy(piece.begin(), piece.end(), room.begin() + static_cast<std::ptrdiff_t>(found.message.size()));
            found.message = Bytes(room).first(found.message.size() + n);
        }
        found.octets += n;
        place.left -= static_cast<std::uint32_t>(n);
        const bool full = found.message.size() == kRpcHeadMax || kGatherMax - found.octets < kMark;
        if (place.left != 0 || place.last || full) break;
        if (in.size() - found.octets < kMark) return {Gathered::Kind::need_more, {}, 0, {}};
        if (!take_mark(place, in.subspan(found.octets, kMark))) return {Gathered::Kind::broken, {}, 0, {}};
        found.octets += kMark;
    }
    found.behind = place;
    return found;
}

}  // namespace sekisho::app::rpc
