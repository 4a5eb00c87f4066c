// NFS versions 2 to 4 over ONC RPC (RFC 5531): a call and its reply are one transaction, a file's content is another. Over
// TCP messages come as records; only the head of one is waited for, contents are taken as they come, and what follows a
// content in a compound of version 4 is waited for like a head.
#include "app/rpc/nfs.h"

#include <algorithm>
#include <array>

#include "app/make_parser.h"
#include "app/rpc/follower.h"
#include "app/rpc/message.h"
#include "app/rpc/record.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"

namespace sekisho::app {
namespace {

struct Waiting {
    TxId tx = 0;
    std::uint32_t xid = 0;
    bool used = false;
};

/// What comes next in a record.
enum class Part : std::uint8_t {
    head,     ///< of the message; also between two records
    content,  ///< of a file
    behind,   ///< operations that follow a content
    passed,   ///< nothing of interest
};

struct Side {
    rpc::RecordPlace place;
    std::uint32_t waiting = 0;  ///< octets that wait for more
    Part part = Part::head;
    rpc::Rest rest;
};

struct State {
    std::array<Waiting, kRpcCallsMax> calls{};
    std::uint8_t next = 0;
    Side sides[2];
    rpc::Follower follower;
    bool ended[2] = {false, false};
};
static_assert(sizeof(State) <= KiB(8));  // one block of the engine's pool for each connection

void finish(Waiting& call, FieldSink& out) noexcept {
    out.stage(call.tx, Direction::to_client, Stage::complete);
    out.close(call.tx);
    call.used = false;
}

Waiting& place_for(State& state, std::uint32_t xid) noexcept {
    Waiting* place = nullptr;
    for (Waiting& known : state.calls)
        if (known.used && known.xid == xid) place = &known;
    for (Waiting& known : state.calls)
        if (place == nullptr && !known.used) place = &known;
    if (place == nullptr) {
        place = &state.calls[state.next];
        state.next = static_cast<std::uint8_t>((state.next + 1) % state.calls.size());
    }
    return *place;
}

rpc::Rest on_call(State& state, Bytes message, FieldSink& out) noexcept {
    const auto call = rpc::read_call(message);
    if (!call || call->program != rpc::kNfsProgram) return {};
    Waiting& place = place_for(state, call->xid);
    if (place.used) finish(place, out);
    place = {out.open(), call->xid, true};
    const rpc::Rest rest = state.follower.take_call(place.tx, *call, out);
    if (call->version < 2 || call->version > 4) out.event(place.tx, AppEvent::nfs_unsupported_version);
    out.stage(place.tx, Direction::to_server, Stage::complete);
    return rest;
}

rpc::Rest on_message(State& state, Direction direction, Bytes message, FieldSink& out) noexcept {
    if (direction == Direction::to_server) return on_call(state, message, out);
    const auto reply = rpc::read_reply(message);
    if (!reply) return {};
    for (Waiting& known : state.calls)
        if (known.used && known.xid == reply->xid) finish(known, out);
    return state.follower.take_reply(*reply, out);
}

/// What comes behind the octets that were taken.
Part next_part(const Side& side) noexcept {
    if (!side.place.inside()) return Part::head;
    if (side.rest.region.left != 0) return Part::content;
    return side.rest.cursor.left != 0 ? Part::behind : Part::passed;
}

Step take_gathered(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Side& side = state.sides[static_cast<std::size_t>(direction)];
    rpc::GatherRoom room;
    const rpc::Gathered found = rpc::gather(side.place, in, room);
    if (found.kind == rpc::Gathered::Kind::broken) return Step::broken(Fault::bad_length);
    if (found.kind == rpc::Gathered::Kind::need_more) {
        side.waiting = static_cast<std::uint32_t>(in.size());
        return Step::need_more();
    }
    side.rest = side.part == Part::head ? on_message(state, direction, found.message, out)
                                        : state.follower.go_on(direction, side.rest.cursor, found.message, out);
    side.place = found.behind;
    side.part = next_part(side);
    return Step::consumed(found.octets);
}

Step take_mark(Side& side, Bytes in) noexcept {
    if (in.size() < rpc::kMark) {
        side.waiting = static_cast<std::uint32_t>(in.size());
        return Step::need_more();
    }
    if (!rpc::take_mark(side.place, in)) return Step::broken(Fault::bad_length);
    if (!side.place.inside()) side.part = Part::head;
    return Step::consumed(rpc::kMark);
}

Step parse_stream(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Side& side = state.sides[static_cast<std::size_t>(direction)];
    side.waiting = 0;
    if (side.place.left == 0) return take_mark(side, in);
    if (side.part == Part::head || side.part == Part::behind) return take_gathered(state, direction, in, out);
    Bytes piece = in.first(std::min<std::size_t>(in.size(), side.place.left));
    if (side.part == Part::content) piece = piece.first(state.follower.put(side.rest.region, piece, out));
    side.place.left -= static_cast<std::uint32_t>(piece.size());
    side.part = next_part(side);
    return Step::consumed(piece.size());
}

/// The rest of the fragment is stepped over; where the next one begins behind a longer gap is not known.
bool gap_stream(State& state, Direction direction, std::uint64_t octets, FieldSink& out) noexcept {
    Side& side = state.sides[static_cast<std::size_t>(direction)];
    const std::uint64_t lost = octets + side.waiting;
    side.waiting = 0;
    if (lost > side.place.left) return false;
    side.place.left -= static_cast<std::uint32_t>(lost);
    const bool within = side.part == Part::content && lost <= side.rest.region.left;
    state.follower.lose(side.rest.region, lost, out);
    if (!within) side.rest = {};  // what a lost head was about is not known
    side.part = next_part(side);
    return true;
}

Step parse_datagram(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    on_message(state, direction, in, out);
    return Step::consumed(in.size());
}

bool gap_datagram(State&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }

void end(State& state, Direction direction, FieldSink& out) noexcept {
    state.ended[static_cast<std::size_t>(direction)] = true;
    if (direction == Direction::to_client)
        for (Waiting& call : state.calls)
            if (call.used) finish(call, out);
    if (state.ended[0] && state.ended[1]) state.follower.finish(out);
}

Probe is_nfs_call(Bytes message) noexcept {
    const auto call = rpc::read_call(message);
    return call && call->program == rpc::kNfsProgram ? Probe::yes : Probe::no;
}

Probe probe_stream(const ProbeInput& input) noexcept {
    const Bytes in = input.to_server;
    if (in.size() < 28) return !in.empty() && (in[0] & 0x7f) == 0 && input.server_port == 2049 ? Probe::maybe : Probe::no;
    return (in[0] & 0x7f) == 0 ? is_nfs_call(in.subspan(rpc::kMark)) : Probe::no;
}

Probe probe_datagram(const ProbeInput& input) noexcept { return is_nfs_call(input.to_server); }

}  // namespace

constinit const Parser kNfsTcp =
    make_parser<State, &probe_stream, &parse_stream, &gap_stream, &end>(Protocol::nfs, Transport::tcp);
constinit const Parser kNfsUdp =
    make_parser<State, &probe_datagram, &parse_datagram, &gap_datagram, &end>(Protocol::nfs, Transport::udp);

}  // namespace sekisho::app
