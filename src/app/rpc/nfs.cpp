// NFS versions 2 to 4 over ONC RPC (RFC 5531): a call and its reply are one transaction. Over TCP messages come as
// record fragments (section 11); only the head of a record is waited for. Contents of files are not followed.
#include "app/rpc/nfs.h"

#include <algorithm>
#include <array>

#include "app/make_parser.h"
#include "app/rpc/message.h"
#include "app/rpc/nfs_call.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app {
namespace {

constexpr std::size_t kMark = 4;
constexpr std::uint32_t kLastFragment = 0x80000000;
constexpr std::uint32_t kRecordMax = MiB(16);  ///< servers take far less; longer marks are not RPC

struct Waiting {
    TxId tx = 0;
    std::uint32_t xid = 0;
    bool used = false;
};

struct Side {
    std::uint32_t skip = 0;       ///< octets of a fragment that are passed over
    std::uint32_t waiting = 0;    ///< octets that wait for the rest of a head
    std::uint32_t fragment = 0;   ///< of the fragment that is waited for, its mark included
    bool continues = false;       ///< the record goes on in the next fragment
};

struct State {
    std::array<Waiting, kRpcCallsMax> calls{};
    std::uint8_t next = 0;
    Side sides[2];
};

void finish(Waiting& call, FieldSink& out) noexcept {
    out.stage(call.tx, Direction::to_client, Stage::complete);
    out.close(call.tx);
    call.used = false;
}

void on_call(State& state, Bytes message, FieldSink& out) noexcept {
    const auto call = rpc::read_call(message);
    if (!call || call->program != rpc::kNfsProgram) return;
    Waiting* place = nullptr;
    for (Waiting& known : state.calls)
        if (known.used && known.xid == call->xid) place = &known;
    for (Waiting& known : state.calls)
        if (place == nullptr && !known.used) place = &known;
    if (place == nullptr) {
        place = &state.calls[state.next];
        state.next = static_cast<std::uint8_t>((state.next + 1) % state.calls.size());
    }
    if (place->used) finish(*place, out);
    *place = {out.open(), call->xid, true};
    rpc::tell_nfs_call(place->tx, *call, out);
    if (call->version < 2 || call->version > 4) out.event(place->tx, AppEvent::nfs_unsupported_version);
    out.stage(place->tx, Direction::to_server, Stage::complete);
}

void on_message(State& state, Direction direction, Bytes message, FieldSink& out) noexcept {
    if (direction == Direction::to_server) return on_call(state, message, out);
    const auto reply = rpc::read_reply(message);
    if (!reply) return;
    for (Waiting& known : state.calls)
        if (known.used && known.xid == reply->xid) finish(known, out);
}

Step parse_stream(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Side& side = state.sides[static_cast<std::size_t>(direction)];
    if (side.skip != 0) {
        const std::size_t n = std::min<std::size_t>(in.size(), side.skip);
        side.skip -= static_cast<std::uint32_t>(n);
        return Step::consumed(n);
    }
    side.waiting = static_cast<std::uint32_t>(in.size());
    side.fragment = 0;
    ByteReader reader(in);
    const std::uint32_t mark = reader.u32();
    if (!reader.ok()) return Step::need_more();
    const std::uint32_t size = mark & ~kLastFragment;
    if (size > kRecordMax) return Step::broken(Fault::bad_length);
    side.fragment = static_cast<std::uint32_t>(kMark + size);
    const std::size_t head = side.continues ? 0 : std::min<std::size_t>(size, kRpcHeadMax);
    const Bytes message = reader.bytes(head);
    if (!reader.ok()) return Step::need_more();
    if (!side.continues) on_message(state, direction, message, out);
    side.continues = (mark & kLastFragment) == 0;
    side.skip = static_cast<std::uint32_t>(size - head);
    side.waiting = 0;
    side.fragment = 0;
    return Step::consumed(kMark + head);
}

bool gap_stream(State& state, Direction direction, std::uint64_t octets, FieldSink&) noexcept {
    Side& side = state.sides[static_cast<std::size_t>(direction)];
    const std::uint64_t rest = side.skip != 0 ? side.skip : side.fragment;
    const std::uint64_t lost = octets + (side.skip != 0 ? 0 : side.waiting);
    if (rest == 0 || lost > rest) return false;  // where the next record begins is not known
    side.skip = static_cast<std::uint32_t>(rest - lost);
    side.waiting = 0;
    return true;
}

Step parse_datagram(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    on_message(state, direction, in, out);
    return Step::consumed(in.size());
}

bool gap_datagram(State&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }

void end(State& state, Direction direction, FieldSink& out) noexcept {
    if (direction != Direction::to_client) return;
    for (Waiting& call : state.calls)
        if (call.used) finish(call, out);
}

Probe is_nfs_call(Bytes message) noexcept {
    const auto call = rpc::read_call(message);
    return call && call->program == rpc::kNfsProgram ? Probe::yes : Probe::no;
}

Probe probe_stream(const ProbeInput& input) noexcept {
    const Bytes in = input.to_server;
    if (in.size() < 28) return !in.empty() && (in[0] & 0x7f) == 0 && input.server_port == 2049 ? Probe::maybe : Probe::no;
    return (in[0] & 0x7f) == 0 ? is_nfs_call(in.subspan(kMark)) : Probe::no;
}

Probe probe_datagram(const ProbeInput& input) noexcept { return is_nfs_call(input.to_server); }

}  // namespace

constinit const Parser kNfsTcp =
    make_parser<State, &probe_stream, &parse_stream, &gap_stream, &end>(Protocol::nfs, Transport::tcp);
constinit const Parser kNfsUdp =
    make_parser<State, &probe_datagram, &parse_datagram, &gap_datagram, &end>(Protocol::nfs, Transport::udp);

}  // namespace sekisho::app
