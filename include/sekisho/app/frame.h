// Frames by name, and how a parser announces the usual three: a unit, its head, and what follows that.
#pragma once

#include <optional>
#include <string_view>

#include "sekisho/app/parser.h"

namespace sekisho::app {

struct FrameInfo {
    Field field;
    Protocol protocol;          ///< unknown: any
    std::string_view prefix;
    std::string_view name;
};

inline constexpr FrameInfo kFrames[] = {
#define SEKISHO_FRAME_INFO(id, protocol, prefix, name, help) {Field::id, Protocol::protocol, prefix, name},
    SEKISHO_FRAMES(SEKISHO_FRAME_INFO)
#undef SEKISHO_FRAME_INFO
};

/// The frame that a rule about `rule` means by `name`: with its prefix, or without where `rule` is its protocol.
/// "stream" needs a protocol: http1.stream, or stream under `alert smtp`.
struct NamedFrame {
    Field field;
    Protocol protocol;
};
std::optional<NamedFrame> find_frame(std::string_view name, Protocol rule) noexcept;

/// Octets of a frame whose end is not known when it begins; FieldSink::frame_ends tells it.
constexpr std::uint64_t kFrameOpen = ~std::uint64_t{0};

struct UnitFrames {
    Field whole, head, data;
};

/// Announces a unit of `octets` that begins with `in`, its head and the rest.
/// @param in  at least the head's octets, a sub-view of what the parser was given
inline void put_unit_frames(FieldSink& out, Direction direction, UnitFrames frames, Bytes in, std::uint64_t octets,
                            std::size_t head) noexcept {
    out.frame(direction, frames.whole, in, octets);
    out.frame(direction, frames.head, in, head);
    out.frame(direction, frames.data, in.subspan(head), octets - head);
}

}  // namespace sekisho::app
