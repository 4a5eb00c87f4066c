// WebSocket (RFC 6455 section 5): frames of both directions, masks taken off, messages put together from their fragments,
// compression removed (RFC 7692). A message is a transaction of its own, so is each control frame.
#include "app/websocket/websocket.h"

#include <algorithm>
#include <array>

#include "app/make_parser.h"
#include "app/websocket/inflater.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/record.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app {
namespace {

constexpr std::uint8_t kFin = 0x80, kCompressed = 0x40, kReserved = 0x30, kOpcode = 0x0f, kControl = 0x08;
constexpr std::uint8_t kMasked = 0x80, kLength = 0x7f;
constexpr std::size_t kHeadMin = 2, kMaskSize = 4, kControlMax = 125;

//  0                1                2                        then, if masked
// [fin rsv opcode ][mask  length   ][ longer length: 0, 2, 8 ][ mask ]
struct Head {
    std::uint8_t first = 0;
    bool masked = false;
    std::array<std::uint8_t, kMaskSize> mask{};
    std::uint64_t length = 0;
    std::size_t octets = 0;   ///< of the head itself

    bool fin() const noexcept { return (first & kFin) != 0; }
    bool control() const noexcept { return (first & kControl) != 0; }
    std::uint8_t opcode() const noexcept { return first & kOpcode; }
};

struct Side {
    TxId tx = 0;
    bool message = false;         ///< of a message in fragments some have come
    bool compressed = false;
    bool in_frame = false;
    bool fin = false;
    bool unreadable = false;      ///< the rest of the message cannot be inflated
    bool cut_told = false;        ///< the message was longer than what is told of it
    std::array<std::uint8_t, kMaskSize> mask{};
    std::uint64_t left = 0;       ///< octets of the frame that are still to come
    std::uint64_t at = 0;         ///< ... and that have been read
    std::size_t told = 0;         ///< octets of the message's payload that were told
    websocket::Inflater inflater;
};

struct State {
    Side sides[2];
};

/// @return false while the head is not whole
bool read_head(Bytes in, Head& head) noexcept {
    if (in.size() < kHeadMin) return false;
    ByteReader reader(in);
    head.first = reader.u8();
    const std::uint8_t second = reader.u8();
    head.masked = (second & kMasked) != 0;
    head.length = second & kLength;
    if (head.length == 126) head.length = reader.u16();
    else if (head.length == 127) head.length = reader.u64();
    if (head.masked)
        for (std::uint8_t& octet : head.mask) octet = reader.u8();
    head.octets = reader.position();
    return reader.ok();
}

void put_head(TxId tx, const Head& head, FieldSink& out) noexcept {
    using namespace websocket_record;
    const auto has_mask = static_cast<std::uint8_t>(head.masked);
    const std::uint8_t record[kSize] = {head.opcode(), static_cast<std::uint8_t>(head.first & 0xf0), has_mask,
                                        head.mask[0], head.mask[1], head.mask[2], head.mask[3]};
    out.put(tx, Field::websocket_frame, record);
}

void tell_frame(Direction direction, const Head& head, Bytes in, FieldSink& out) noexcept {
    out.frame(direction, Field::frame_websocket_header, in.first(head.octets), head.octets);
    out.frame(direction, Field::frame_websocket_pdu, in, head.octets + head.length);
    if (head.length != 0) out.frame(direction, Field::frame_websocket_data, in.subspan(head.octets), head.length);
}

/// Takes the mask off, piece by piece. @param at  place of the first octet in the frame's payload
template <class Take>
void unmask(const std::array<std::uint8_t, kMaskSize>& mask, std::uint64_t at, Bytes in, Take&& take) noexcept {
    std::array<std::uint8_t, KiB(2)> plain;
    while (!in.empty()) {
        const std::size_t size = std::min(in.size(), plain.size());
        for (std::size_t i = 0; i < size; ++i) plain[i] = in[i] ^ mask[(at + i) % kMaskSize];
        take(Bytes(plain).first(size));
        in = in.subspan(size);
        at += size;
    }
}

void tell_payload(Side& side, Bytes piece, FieldSink& out) noexcept {
    const std::size_t room = kWebSocketPayloadMax - side.told;
    if (piece.size() > room && !side.cut_told) {
        side.cut_told = true;
        out.event(side.tx, side.message ? AppEvent::websocket_reassembly_limit_reached : AppEvent::websocket_skip_end_of_payload);
    }
    piece = piece.first(std::min(piece.size(), room));
    side.told += piece.size();
    if (!piece.empty()) out.append(side.tx, Field::websocket_payload, piece);
}

void note_inflated(Side& side, bool good, FieldSink& out) noexcept {
    if (good) return;
    side.unreadable = true;
    out.event(side.tx, AppEvent::websocket_decompression_failed);
}

void tell_plain(Side& side, Bytes plain, FieldSink& out) noexcept {
    if (!side.compressed) return tell_payload(side, plain, out);
    if (side.unreadable) return;
    note_inflated(side, side.inflater.write(plain, [&](Bytes piece) noexcept { tell_payload(side, piece, out); }), out);
}

void finish(Side& side, Direction direction, FieldSink& out) noexcept {
    if (side.compressed && !side.unreadable)
        note_inflated(side, side.inflater.end_message([&](Bytes piece) noexcept { tell_payload(side, piece, out); }), out);
    out.stage(side.tx, direction, Stage::complete);
    out.close(side.tx);
    side.message = side.compressed = false;
}

/// Control frames are short and may stand between the fragments of a message: they are taken whole.
Step take_control(const Head& head, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (head.length > kControlMax) return Step::broken(Fault::bad_length);
    const std::size_t whole = head.octets + static_cast<std::size_t>(head.length);
    if (in.size() < whole) return Step::need_more();
    tell_frame(direction, head, in.first(whole), out);
    const TxId tx = out.open();
    put_head(tx, head, out);
    unmask(head.mask, 0, in.subspan(head.octets, static_cast<std::size_t>(head.length)),
           [&](Bytes piece) noexcept { out.append(tx, Field::websocket_payload, piece); });
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
    return Step::consumed(whole);
}

Step begin_frame(Side& side, const Head& head, Direction direction, Bytes in, FieldSink& out) noexcept {
    tell_frame(direction, head, in, out);
    if (!side.message) {
        side.tx = out.open();
        side.told = 0;
        side.cut_told = false;
        side.unreadable = false;
        side.compressed = (head.first & kCompressed) != 0 && side.inflater.usable();
        side.inflater.begin_message();
    }
    put_head(side.tx, head, out);
    side.message = side.message || !head.fin();
    side.fin = head.fin();
    side.mask = head.mask;
    side.left = head.length;
    side.at = 0;
    side.in_frame = side.left != 0;
    if (!side.in_frame && side.fin) finish(side, direction, out);
    return Step::consumed(head.octets);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Side& side = state.sides[static_cast<std::size_t>(direction)];
    if (side.in_frame) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(side.left, in.size()));
        unmask(side.mask, side.at, in.first(size), [&](Bytes plain) noexcept { tell_plain(side, plain, out); });
        side.at += size;
        side.left -= size;
        side.in_frame = side.left != 0;
        if (!side.in_frame && side.fin) finish(side, direction, out);
        return Step::consumed(size);
    }
    Head head;
    if (!read_head(in, head)) return Step::need_more();
    if ((head.first & kReserved) != 0) return Step::broken(Fault::bad_syntax);
    return head.control() ? take_control(head, direction, in, out) : begin_frame(side, head, direction, in, out);
}

/// Lost octets inside a payload leave the frames' borders known; a compressed message cannot be read on.
bool gap(State& state, Direction direction, std::uint64_t octets, FieldSink&) noexcept {
    Side& side = state.sides[static_cast<std::size_t>(direction)];
    if (!side.in_frame || octets >= side.left || side.compressed) return false;
    side.at += octets;
    side.left -= octets;
    return true;
}

void end(State& state, Direction direction, FieldSink& out) noexcept {
    Side& side = state.sides[static_cast<std::size_t>(direction)];
    if (side.in_frame || side.message) finish(side, direction, out);
    side.in_frame = false;
}

Probe probe(const ProbeInput&) noexcept { return Probe::no; }

}  // namespace

constinit const Parser kWebSocket = make_parser<State, &probe, &parse, &gap, &end>(Protocol::websocket, Transport::tcp);

}  // namespace sekisho::app
