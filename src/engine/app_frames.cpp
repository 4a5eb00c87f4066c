// Frames: stretches of the stream that parsers announce, looked at as their octets come. A frame that is whole is looked
// at when it is announced; others wait in the flow's list. No rule that asks for one: nothing is kept.
#include <algorithm>

#include "app_layer.h"
#include "sekisho/app/frame.h"
#include "sekisho/signature/compiled_set.h"

namespace sekisho::engine {
namespace {

using app::Direction;
using app::Field;

template <class To, class From>
void copy_up_to(To& to, const From& from) noexcept {
    to.clear();
    for (const auto& item : from)
        if (!to.push_back(item)) return;
}

bool inside(Bytes piece, Bytes all) noexcept {
    return piece.data() >= all.data() && piece.data() + piece.size() <= all.data() + all.size();
}

}  // namespace

/// Looks at what has come of a frame: `bytes` begin at its octet `base`.
void AppLayer::inspect_frame(OpenFrame& frame, Bytes bytes, std::uint64_t base, bool complete) noexcept {
    detect::Message& message = frame_message_;
    detect::BodySlot& slot = message.bodies[0];
    const auto side = static_cast<std::size_t>(frame.direction);
    message.told_as = session_->newest != nullptr ? &session_->newest->message : nullptr;
    message.id = message.told_as != nullptr ? message.told_as->id : 0;
    message.protocol = session_->protocol;
    message.stages[side] = complete ? app::Stage::complete : app::Stage::body;
    copy_up_to(message.hits, frame.hits);
    copy_up_to(message.pending, frame.pending);
    slot.field = frame.field;
    slot.direction = frame.direction;
    slot.view = {bytes, base, complete};
    slot.fresh_from = frame.seen;
    const auto* group = policy_->rules().field_group(frame.field, frame.direction);
    const std::uint64_t from = std::max(frame.seen, base) - base;
    if (group != nullptr && from < bytes.size())
        matcher_.scan_field(*group, bytes, static_cast<std::size_t>(from), base, message, frame.direction);
    matcher_.revisit_frame(message, frame.direction, complete || !frame.looked_at);
    matcher_.settle();
    frame.seen = base + bytes.size();
    frame.looked_at = true;
    copy_up_to(frame.hits, message.hits);
    copy_up_to(frame.pending, message.pending);
}

/// The same for a frame of the stream. False when its last octet has come.
bool AppLayer::follow_frame(OpenFrame& frame, const stream::Window& window) noexcept {
    const std::uint64_t last = frame.octets == app::kFrameOpen ? ~std::uint64_t{0} : frame.begin + frame.octets;
    const std::uint64_t end = std::min(last, window.end());
    const std::uint64_t begin = std::min(std::max(frame.begin, window.begin()), end);
    const bool complete = last <= window.end();
    if (!complete && end <= frame.begin + frame.seen) return true;
    const Bytes bytes = end > begin ? window.from(begin).first(static_cast<std::size_t>(end - begin)) : Bytes{};
    inspect_frame(frame, bytes, begin - std::min(begin, frame.begin), complete);
    return !complete;
}

void AppLayer::frame(Direction direction, Field field, Bytes begin, std::uint64_t octets) noexcept {
    const bool used = policy_->rules().uses(field);
    if ((!used && session_->frames == nullptr) || octets == 0) return;
    OpenFrame fresh{.field = field, .direction = direction, .octets = octets};
    if (flow_->ip_protocol == packet::ip_proto::udp) {
        if (!used || !inside(begin, datagram_)) return;
        const auto left = static_cast<std::size_t>(datagram_.data() + datagram_.size() - begin.data());
        return inspect_frame(fresh, {begin.data(), static_cast<std::size_t>(std::min<std::uint64_t>(octets, left))}, 0, true);
    }
    const stream::Window* window = windows_[static_cast<std::size_t>(direction)];
    if (window == nullptr || !inside(begin, window->all())) return;
    fresh.begin = window->begin() + static_cast<std::uint64_t>(begin.data() - window->all().data());
    // How far an open frame reaches is known only when the parser has gone over it.
    if (octets == app::kFrameOpen && session_->frames != nullptr) end_frames_at(fresh.begin);
    if (!used) return;
    if (octets == app::kFrameOpen || follow_frame(fresh, *window)) keep_frame(fresh);
}

void AppLayer::keep_frame(const OpenFrame& frame) noexcept {
    flow::Session& s = *session_;
    if (s.frames == nullptr) s.frames = frame_lists_.take();
    if (s.frames == nullptr || !s.frames->list.push_back(frame)) ++counters_.frames_lost;
}

void AppLayer::frame_ends(Direction direction, Field field) noexcept {
    if (session_->frames == nullptr) return;
    for (OpenFrame& frame : session_->frames->list)
        if (frame.field == field && frame.direction == direction && frame.octets == app::kFrameOpen) frame.ends = true;
}

/// A step is done: what was to end with it ends at this stream offset.
void AppLayer::end_frames_at(std::uint64_t offset) noexcept {
    auto& list = session_->frames->list;
    for (std::size_t i = 0; i < list.size();) {
        OpenFrame& frame = list[i];
        const stream::Window* window = windows_[static_cast<std::size_t>(frame.direction)];
        if (!frame.ends || window == nullptr) {
            ++i;
            continue;
        }
        frame.octets = offset - std::min(offset, frame.begin);
        follow_frame(frame, *window);
        list.erase_unordered(i);
    }
}

/// Octets have come: the frames that they belong to are looked at.
void AppLayer::follow_frames(flow::Direction direction, const stream::Window& window) noexcept {
    auto& list = session_->frames->list;
    for (std::size_t i = 0; i < list.size();) {
        const bool mine = static_cast<std::size_t>(list[i].direction) == flow::index(direction);
        if (mine && !follow_frame(list[i], window)) list.erase_unordered(i);
        else ++i;
    }
}

/// Nothing more comes in this direction: what there is of its frames is all of them.
void AppLayer::complete_frames(flow::Direction direction) noexcept {
    if (session_->frames == nullptr) return;
    const stream::Window* window = windows_[flow::index(direction)];
    auto& list = session_->frames->list;
    for (std::size_t i = 0; i < list.size();) {
        OpenFrame& frame = list[i];
        if (static_cast<std::size_t>(frame.direction) != flow::index(direction)) {
            ++i;
            continue;
        }
        if (window != nullptr) {
            frame.octets = window->end() - std::min(window->end(), frame.begin);
            follow_frame(frame, *window);
        }
        list.erase_unordered(i);
    }
}

/// "stream": all that a side says from where its protocol begins.
void AppLayer::begin_stream_frames() noexcept {
    if (!policy_->rules().uses(Field::frame_stream)) return;
    for (const Direction direction : {Direction::to_server, Direction::to_client}) {
        OpenFrame whole{.field = Field::frame_stream, .direction = direction, .octets = app::kFrameOpen};
        whole.begin = session_->probe_from[static_cast<std::size_t>(direction)];
        keep_frame(whole);
    }
}

void AppLayer::give_frames(flow::Session& session) noexcept {
    if (session.frames != nullptr) frame_lists_.give(session.frames);
    session.frames = nullptr;
}

}  // namespace sekisho::engine
