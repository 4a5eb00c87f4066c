// Records of ONC RPC over TCP: fragments, each behind a mark of four octets (RFC 5531 section 11).
#pragma once

#include <array>
#include <cstdint>

#include "sekisho/app/limits.h"
#include "sekisho/base/bytes.h"

namespace sekisho::app::rpc {

constexpr std::size_t kMark = 4;

/// Where a side is in its record. Default: between two.
struct RecordPlace {
    std::uint32_t left = 0;  ///< octets of the fragment at hand that are not taken yet
    bool last = true;        ///< no other fragment belongs to the record

    bool inside() const noexcept { return left != 0 || !last; }
};

/// Reads a mark. @returns false when it is none: no server takes so much
bool take_mark(RecordPlace& place, Bytes mark) noexcept;

struct Gathered {
    enum class Kind : std::uint8_t { ready, need_more, broken } kind = Kind::ready;
    Bytes message;           ///< of the record from its place on, kRpcHeadMax octets at most; a view of `in` or of `room`
    std::size_t octets = 0;  ///< of `in` that hold it, marks included
    RecordPlace behind;
};
using GatherRoom = std::array<std::uint8_t, kRpcHeadMax>;

/// Puts the next octets of a record together. @param place  inside of it @param room  for those of several fragments
Gathered gather(RecordPlace place, Bytes in, GatherRoom& room) noexcept;

}  // namespace sekisho::app::rpc
