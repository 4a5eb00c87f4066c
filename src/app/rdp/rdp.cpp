// RDP until encryption begins (MS-RDPBCGR sections 2.2.1.1 to 2.2.1.4): TPKT (RFC 1006), the X.224 connection request
// with its cookie and the protocols it offers, the confirm with the one that is chosen, and the client's name in the
// MCS connect-initial where no TLS was agreed. One transaction a connection. With TLS agreed what follows is another
// protocol.
#include "app/rdp/rdp.h"

#include <algorithm>
#include <string_view>

#include "app/detail.h"
#include "app/make_parser.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"
#include "sekisho/base/text.h"

namespace sekisho::app {
namespace {

constexpr std::uint8_t kTpktVersion = 3;
constexpr std::uint8_t kRequest = 0xe0, kConfirm = 0xd0;
constexpr std::size_t kTpkt = 4, kX224Fixed = 7;
constexpr std::size_t kPacketsRead = 16;  ///< of each side; what the handshake says stands in the first ones
constexpr std::string_view kCookie = "Cookie: mstshash=";
constexpr std::uint8_t kNegotiationRequest = 1, kNegotiationResponse = 2, kNegotiationFailure = 3;

struct State {
    TxId tx = 0;
    std::uint8_t packets[2] = {0, 0};
    bool opened = false, closed = false;
    bool done[2] = {false, false};
};

TxId transaction(State& state, FieldSink& out) noexcept {
    if (!state.opened) state.tx = out.open();
    state.opened = true;
    return state.tx;
}

void finish(State& state, Direction direction, FieldSink& out) noexcept {
    bool& done = state.done[static_cast<std::size_t>(direction)];
    if (done || !state.opened) return;
    done = true;
    out.stage(state.tx, direction, Stage::complete);
    if (!state.done[0] || !state.done[1] || state.closed) return;
    state.closed = true;
    out.close(state.tx);
}

std::string_view protocol_name(std::uint32_t selected) noexcept {
    switch (selected) {
        case 0: return "rdp";
        case 1: return "tls";
        case 2: return "credssp";
        case 4: return "rdstls";
        case 8: return "credssp_early_auth";
        default: return "unknown";
    }
}

void on_request(State& state, Bytes variable, FieldSink& out) noexcept {
    const TxId tx = transaction(state, out);
    const std::string_view text = as_text(variable);
    std::size_t at = 0;
    if (starts_with_nocase(text, kCookie)) {
        const std::size_t end = std::min(text.find("\r\n"), text.size());
        const auto cookie = text.substr(kCookie.size(), end - kCookie.size());
        out.put(tx, Field::rdp_cookie, as_bytes(cookie));
        put_detail(out, tx, "cookie", cookie);
        at = std::min(end + 2, text.size());
    }
    ByteReader reader(variable.subspan(at));
    const std::uint8_t type = reader.u8();
    reader.skip(3);
    const std::uint32_t offered = reader.u32_le();
    if (reader.ok() && type == kNegotiationRequest) put_detail(out, tx, "requested_protocols", offered);
    put_detail(out, tx, "event_type", "initial_request");
    finish(state, Direction::to_server, out);
}

/// True when the two sides go on in TLS.
bool on_confirm(State& state, Bytes variable, FieldSink& out) noexcept {
    const TxId tx = transaction(state, out);
    ByteReader reader(variable);
    const std::uint8_t type = reader.u8();
    reader.skip(3);
    const std::uint32_t value = reader.u32_le();
    const bool answered = reader.ok();
    if (answered && type == kNegotiationResponse) put_detail(out, tx, "protocol", protocol_name(value));
    if (answered && type == kNegotiationFailure) put_detail(out, tx, "error_code", value);
    finish(state, Direction::to_server, out);
    finish(state, Direction::to_client, out);
    return answered && type == kNegotiationResponse && value != 0;
}

bool gap(State&, Direction, std::uint64_t, FieldSink&) noexcept { return false; }

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    const auto side = static_cast<std::size_t>(direction);
    if (state.packets[side] >= kPacketsRead) return Step::consumed(in.size());
    ByteReader reader(in);
    const std::uint8_t version = reader.u8();
    if (!reader.ok()) return Step::need_more();
    if (version == 0x16) return Step::broken(Fault::none);  // the confirm was lost, or TLS came at once
    // Fast-path packets (MS-RDPBCGR section 2.2.9.1.2) begin otherwise and come when the handshake is over.
    if (version != kTpktVersion)
        return state.packets[side] == 0 ? Step::broken(Fault::not_this_protocol) : Step::broken(Fault::none);
    reader.skip(1);
    const std::size_t length = reader.u16();
    if (!reader.ok()) return Step::need_more();
    if (length < kTpkt + 1) return Step::broken(Fault::bad_length);
    if (in.size() < length) return Step::need_more();
    ++state.packets[side];
    const Bytes packet = in.subspan(kTpkt, length - kTpkt);
    if (packet.size() >= kX224Fixed) {
        const Bytes variable = packet.subspan(kX224Fixed);
        if (packet[1] == kRequest && direction == Direction::to_server) on_request(state, variable, out);
        if (packet[1] == kConfirm && direction == Direction::to_client && on_confirm(state, variable, out))
            return Step::broken(Fault::none);
    }
    return Step::consumed(length);
}

void end(State& state, Direction direction, FieldSink& out) noexcept { finish(state, direction, out); }

Probe probe(const ProbeInput& input) noexcept {
    for (const Bytes in : {input.to_server, input.to_client}) {
        if (in.empty()) continue;
        if (in.size() < kTpkt + 2) return in[0] == kTpktVersion && (in.size() < 2 || in[1] == 0) ? Probe::maybe : Probe::no;
        const unsigned length = static_cast<unsigned>(in[2] << 8 | in[3]);
        const bool connects = in[5] == kRequest || in[5] == kConfirm;
        return in[0] == kTpktVersion && in[1] == 0 && connects && in[4] + kTpkt + 1u == length ? Probe::yes : Probe::no;
    }
    return Probe::no;
}

}  // namespace

constinit const Parser kRdp = make_parser<State, &probe, &parse, &gap, &end>(Protocol::rdp, Transport::tcp);

}  // namespace sekisho::app
