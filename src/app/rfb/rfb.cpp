// The opening of RFB, VNC's protocol (RFC 6143 section 7): versions, security type and its result, desktop name. What
// follows (screens and keys) is passed over. One transaction per connection.
#include "app/rfb/rfb.h"

#include <algorithm>

#include "app/detail.h"
#include "app/make_parser.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app {
namespace {

constexpr std::size_t kVersionSize = 12;  // "RFB 003.008\n"
constexpr std::string_view kMark = "RFB ";

enum SecurityType : std::uint32_t { failed = 0, none = 1, vnc = 2, apple = 30 };

/// Whose turn it is, and what comes. The conversation is strictly in turns.
enum class Turn : std::uint8_t {
    server_version, client_version, security_types, security_choice, challenge, challenge_answer, apple_keys, apple_answer,
    result, failure_reason, client_init, server_init, over,
};

struct State {
    TxId tx = 0;
    Turn turn = Turn::server_version;
    bool opened = false;
    bool closed = false;
    std::uint8_t minor = 8;          ///< of the client's version 3.x
    std::uint32_t security = 0;
    std::uint16_t key_size = 0;      ///< apple
};

bool is_servers(Turn turn) noexcept {
    switch (turn) {
        case Turn::client_version:
        case Turn::security_choice:
        case Turn::challenge_answer:
        case Turn::apple_answer:
        case Turn::client_init: return false;
        default: return true;
    }
}

void finish(State& state, FieldSink& out) noexcept {
    state.turn = Turn::over;
    if (!state.opened || state.closed) return;
    state.closed = true;
    out.stage(state.tx, Direction::to_server, Stage::complete);
    out.stage(state.tx, Direction::to_client, Stage::complete);
    out.close(state.tx);
}

/// What is known so far is looked at.
void told(State& state, FieldSink& out) noexcept {
    out.stage(state.tx, Direction::to_server, Stage::headers);
    out.stage(state.tx, Direction::to_client, Stage::headers);
}

void choose(State& state, std::uint32_t type, FieldSink& out) noexcept {
    state.security = type;
    out.fact(state.tx, Fact::rfb_security_type, type);
    put_detail(out, state.tx, "authentication.security_type", type);
    told(state, out);
    switch (type) {
        case SecurityType::failed: state.turn = Turn::failure_reason; break;
        case SecurityType::none: state.turn = state.minor >= 8 ? Turn::result : Turn::client_init; break;
        case SecurityType::vnc: state.turn = Turn::challenge; break;
        case SecurityType::apple: state.turn = Turn::apple_keys; break;
        default:
            out.event(state.tx, AppEvent::rfb_unimplemented_security_type);
            finish(state, out);
    }
}

Step take_version(State& state, Bytes in, FieldSink& out) noexcept {
    if (in.size() < kVersionSize) return Step::need_more();
    const std::string_view text = as_text(in.first(kVersionSize));
    if (!text.starts_with(kMark) || text[7] != '.' || text.back() != '\n') {
        out.event(state.tx, AppEvent::rfb_malformed_message);
        finish(state, out);
        return Step::broken(Fault::bad_syntax);
    }
    const bool server = state.turn == Turn::server_version;
    put_detail(out, state.tx, server ? "server_protocol_version" : "client_protocol_version", text.substr(4, 7));
    if (!server) state.minor = static_cast<std::uint8_t>(text[10] >= '0' && text[10] <= '9' ? text[10] - '0' : 8);
    state.turn = server ? Turn::client_version : Turn::security_types;
    return Step::consumed(kVersionSize);
}

Step take_security_types(State& state, Bytes in, FieldSink& out) noexcept {
    if (state.minor < 7) {  // the server decides
        if (in.size() < 4) return Step::need_more();
        ByteReader reader(in);
        choose(state, reader.u32(), out);
        return Step::consumed(4);
    }
    const std::size_t size = 1 + std::size_t{in[0]};
    if (in.size() < size) return Step::need_more();
    state.turn = size == 1 ? Turn::failure_reason : Turn::security_choice;
    return Step::consumed(size);
}

Step take_result(State& state, Bytes in, FieldSink& out) noexcept {
    if (in.size() < 4) return Step::need_more();
    constexpr std::uint32_t kTooMany = 2, kUnknown = 3;
    ByteReader reader(in);
    const std::uint32_t result = reader.u32();
    if (result > kTooMany) out.event(state.tx, AppEvent::rfb_unknown_security_result);
    out.fact(state.tx, Fact::rfb_security_result, std::min(result, kUnknown));
    constexpr std::string_view kNames[] = {"OK", "FAIL", "TOOMANY", "UNKNOWN"};
    put_detail(out, state.tx, "authentication.security_result", kNames[std::min(result, kUnknown)]);
    told(state, out);
    if (result == 0) state.turn = Turn::client_init;
    else if (state.minor >= 8) state.turn = Turn::failure_reason;
    else finish(state, out);
    return Step::consumed(4);
}

/// A text behind its length; a long one is read as far as the limit, the rest is passed over at the end.
Step take_text(State& state, std::size_t length_at, Bytes in, FieldSink& out) noexcept {
    if (in.size() < length_at + 4) return Step::need_more();
    ByteReader reader(in.subspan(length_at));
    const std::size_t size = std::min<std::size_t>(reader.u32(), kRfbTextMax);
    if (reader.remaining() < size) return Step::need_more();
    const Bytes text = reader.bytes(size);
    if (state.turn == Turn::server_init) {
        out.put(state.tx, Field::rfb_name, text);
        put_detail(out, state.tx, "framebuffer.name", as_text(text));
        put_detail(out, state.tx, "framebuffer.width", static_cast<std::uint64_t>(in[0] << 8 | in[1]));
        put_detail(out, state.tx, "framebuffer.height", static_cast<std::uint64_t>(in[2] << 8 | in[3]));
    } else {
        put_detail(out, state.tx, "authentication.failure_reason", as_text(text));
    }
    finish(state, out);
    return Step::consumed(length_at + 4 + size);
}

/// Octets without meaning for us, then the next turn.
Step pass(State& state, std::size_t size, Turn next, Bytes in) noexcept {
    if (in.size() < size) return Step::need_more();
    state.turn = next;
    return Step::consumed(size);
}

Step take(State& state, Bytes in, FieldSink& out) noexcept {
    constexpr std::size_t kChallenge = 16, kAppleCredentials = 128, kNameLengthAt = 20;
    switch (state.turn) {
        case Turn::server_version:
        case Turn::client_version: return take_version(state, in, out);
        case Turn::security_types: return take_security_types(state, in, out);
        case Turn::security_choice: choose(state, in[0], out); return Step::consumed(1);
        case Turn::challenge: return pass(state, kChallenge, Turn::challenge_answer, in);
        case Turn::challenge_answer: return pass(state, kChallenge, Turn::result, in);
        case Turn::apple_keys: {
            if (in.size() < 4) return Step::need_more();
            state.key_size = std::min<std::uint16_t>(static_cast<std::uint16_t>(in[2] << 8 | in[3]), kRfbTextMax);
            return pass(state, 4 + std::size_t{state.key_size} * 2, Turn::apple_answer, in);
        }
        case Turn::apple_answer: return pass(state, kAppleCredentials + state.key_size, Turn::result, in);
        case Turn::result: return take_result(state, in, out);
        case Turn::failure_reason: return take_text(state, 0, in, out);
        case Turn::client_init: return pass(state, 1, Turn::server_init, in);
        case Turn::server_init: return take_text(state, kNameLengthAt, in, out);
        case Turn::over: break;
    }
    return Step::consumed(in.size());
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (state.turn == Turn::over) return Step::consumed(in.size());
    if (!state.opened) {
        state.tx = out.open();
        state.opened = true;
    }
    if (is_servers(state.turn) == (direction == Direction::to_client)) return take(state, in, out);
    out.event(state.tx, AppEvent::rfb_confused_state);
    finish(state, out);
    return Step::broken(Fault::bad_syntax);
}

bool gap(State& state, Direction, std::uint64_t, FieldSink& out) noexcept {
    finish(state, out);
    return true;
}
void end(State& state, Direction, FieldSink& out) noexcept { finish(state, out); }

Probe probe(const ProbeInput& input) noexcept {
    for (const Bytes side : {input.to_client, input.to_server})
        if (as_text(side).starts_with("RFB 00")) return Probe::yes;
    return Probe::no;
}

}  // namespace

constinit const Parser kRfb = make_parser<State, &probe, &parse, &gap, &end>(Protocol::rfb, Transport::tcp);

}  // namespace sekisho::app
