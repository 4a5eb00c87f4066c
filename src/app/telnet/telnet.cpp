// Telnet (RFC 854, 855; RFC 1143 for how options are agreed on): lines of both sides with the negotiation taken out, so
// that a command in the midst of a word hides nothing; subnegotiations; the name that somebody logs in with. A line is a
// transaction, so is a subnegotiation. Not read: what the options ENCRYPT, START_TLS and COMPRESS make of the stream.
#include "app/telnet/telnet.h"

#include <algorithm>

#include "app/detail.h"
#include "app/make_parser.h"
#include "app/telnet/command.h"
#include "app/telnet/line.h"
#include "app/telnet/subnegotiation.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/frame.h"
#include "sekisho/base/text.h"

namespace sekisho::app {
namespace telnet {
namespace {

/// What the octet at the front belongs to.
enum class Inside : std::uint8_t { nothing, data, subnegotiation };

struct Side {
    Line line;
    Subnegotiation sub;
    Inside inside = Inside::nothing;
    bool colon = false;    ///< the last octet of the data was one: a blank ends a prompt
    bool sub_full = false;
};

struct State {
    Side sides[2];
    bool login_asked = false;  ///< the client's next line is a name
};

Side& side_of(State& state, Direction direction) noexcept { return state.sides[static_cast<std::size_t>(direction)]; }

void tell_event(Direction direction, AppEvent event, FieldSink& out) noexcept {
    const TxId tx = out.open();
    out.event(tx, event);
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
}

bool ends_with_nocase(std::string_view text, std::string_view end) noexcept {
    return text.size() >= end.size() && equals_nocase(text.substr(text.size() - end.size()), end);
}

/// "login: ", "host login: ", "Username:" as the end of what the server says before it waits.
bool asks_for_name(std::string_view text) noexcept {
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return ends_with_nocase(text, "login:") || ends_with_nocase(text, "username:");
}

/// A prompt that is known by its words ends the line, so that rules see it when it comes.
bool is_prompt(std::string_view text) noexcept {
    return text.ends_with(": ") && (asks_for_name(text) || ends_with_nocase(text, "password: "));
}

void tell_line(State& state, Direction direction, FieldSink& out) noexcept {
    Line& line = side_of(state, direction).line;
    if (line.empty()) return;
    const TxId tx = out.open();
    out.put(tx, Field::telnet_line, as_bytes(line.text()));
    if (direction == Direction::to_client) {
        state.login_asked = asks_for_name(line.text());
    } else if (state.login_asked) {
        put_detail(out, tx, "login", line.text());
        state.login_asked = false;
    }
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
    line.clear();
}

void take_octet(State& state, Direction direction, std::uint8_t octet, FieldSink& out) noexcept {
    const bool typed = direction == Direction::to_server;
    Line& line = side_of(state, direction).line;
    // Who begins to type has read what the server wrote: another prompt has no line end. NUL and LF may belong to a CR before.
    if (typed && line.empty() && octet != '\0' && octet != '\n') tell_line(state, Direction::to_client, out);
    const Line::Took took = line.take(octet, typed);
    if (took == Line::Took::more && (typed || octet != ' ' || !is_prompt(line.text()))) return;
    tell_line(state, direction, out);
    if (took == Line::Took::full) tell_event(direction, AppEvent::telnet_line_too_long, out);
}

void begin_frames(Direction direction, Field kind, Bytes in, FieldSink& out) noexcept {
    out.frame(direction, Field::frame_telnet_pdu, in, kFrameOpen);
    out.frame(direction, kind, in, kFrameOpen);
}
void end_frames(Direction direction, Field kind, FieldSink& out) noexcept {
    out.frame_ends(direction, Field::frame_telnet_pdu);
    out.frame_ends(direction, kind);
}

/// Octets up to a line's end, the end of the server's prompt, or the next command.
Step data(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Side& side = side_of(state, direction);
    if (side.inside == Inside::nothing) {
        begin_frames(direction, Field::frame_telnet_data, in, out);
        side.inside = Inside::data;
        side.colon = false;
    }
    std::size_t at = 0;
    bool ended = false;
    while (at < in.size() && !ended) {
        const std::uint8_t octet = in[at];
        if (octet == kIac) {
            const bool doubled = at + 1 < in.size() && in[at + 1] == kIac;
            if (!doubled) break;  // a command, or the second octet has not come
            ++at;
        }
        ++at;
        take_octet(state, direction, octet, out);
        ended = octet == '\n' || (direction == Direction::to_client && side.colon && octet == ' ');
        side.colon = octet == ':';
    }
    if (ended) {
        end_frames(direction, Field::frame_telnet_data, out);
        side.inside = Inside::nothing;
    }
    return Step::consumed(at);
}

/// @param cut_off  by something else than IAC SE
void end_subnegotiation(Side& side, Direction direction, bool cut_off, FieldSink& out) noexcept {
    side.inside = Inside::nothing;
    end_frames(direction, Field::frame_telnet_ctl, out);
    const TxId tx = out.open();
    out.put(tx, Field::telnet_subnegotiation, side.sub.octets());
    put_details(side.sub.octets(), tx, out);
    if (cut_off) out.event(tx, AppEvent::telnet_subnegotiation_not_ended);
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
}

/// Octets of a subnegotiation up to IAC SE. Another command ends it as well, so do the servers in use: at the front of
/// `in` nothing is consumed then.
Step subnegotiation(Side& side, Direction direction, Bytes in, FieldSink& out) noexcept {
    std::size_t at = 0;
    while (at < in.size()) {
        const std::uint8_t octet = in[at];
        if (octet == kIac) {
            if (at + 1 == in.size()) break;
            if (in[at + 1] == kSe) {
                end_subnegotiation(side, direction, false, out);
                return Step::consumed(at + 2);
            }
            if (in[at + 1] != kIac) {
                end_subnegotiation(side, direction, true, out);
                return Step::consumed(at);
            }
            ++at;
        }
        ++at;
        if (side.sub.take(octet) || side.sub_full) continue;
        side.sub_full = true;
        tell_event(direction, AppEvent::telnet_subnegotiation_too_long, out);
    }
    return at == 0 ? Step::need_more() : Step::consumed(at);
}

/// IAC and what follows it, but for IAC IAC.
Step command(Side& side, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (in[1] == kSb) {
        begin_frames(direction, Field::frame_telnet_ctl, in, out);
        side.inside = Inside::subnegotiation;
        side.sub.begin();
        side.sub_full = false;
        return Step::consumed(2);
    }
    const std::size_t size = in[1] >= kWill && in[1] <= kDont ? 3 : 2;
    if (in.size() < size) return Step::need_more();
    begin_frames(direction, Field::frame_telnet_ctl, in, out);
    end_frames(direction, Field::frame_telnet_ctl, out);
    side.inside = Inside::nothing;
    if (in[1] == kErase) side.line.erase();
    if (in[1] == kEraseLine) side.line.clear();
    return Step::consumed(size);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Side& side = side_of(state, direction);
    if (side.inside == Inside::subnegotiation) {
        const Step step = subnegotiation(side, direction, in, out);
        if (step.kind != Step::Kind::consumed || step.octets != 0) return step;
    }
    if (in[0] != kIac) return data(state, direction, in, out);
    if (in.size() < 2) return Step::need_more();
    if (in[1] == kIac) return data(state, direction, in, out);
    if (side.inside == Inside::data) end_frames(direction, Field::frame_telnet_data, out);
    return command(side, direction, in, out);
}

bool gap(State& state, Direction direction, std::uint64_t, FieldSink& out) noexcept {
    Side& side = side_of(state, direction);
    if (side.inside == Inside::subnegotiation) end_frames(direction, Field::frame_telnet_ctl, out);
    if (side.inside == Inside::data) end_frames(direction, Field::frame_telnet_data, out);
    side.inside = Inside::nothing;
    tell_line(state, direction, out);
    return true;
}

void end(State& state, Direction direction, FieldSink& out) noexcept {
    Side& side = side_of(state, direction);
    if (side.inside == Inside::subnegotiation) end_subnegotiation(side, direction, true, out);
    tell_line(state, direction, out);
}

constexpr std::uint16_t kPort = 23;
/// Options of RFC 855's registry that are in use. Elsewhere than at Telnet's port any other may be chance: UTF-16 text
/// begins with IAC DONT.
bool known_option(std::uint8_t option) noexcept { return option <= 49 || (option >= 69 && option <= 93) || option >= 138; }

/// Whether a side begins with negotiation. Commands without an option may stand before it.
Probe negotiates(Bytes in, std::uint16_t server_port) noexcept {
    constexpr std::size_t kCommandsBefore = 8;
    for (std::size_t i = 0; i < kCommandsBefore && !in.empty() && in[0] == kIac; ++i) {
        if (in.size() < 3) return Probe::maybe;
        if (in[1] >= kSb && in[1] <= kDont) return server_port == kPort || known_option(in[2]) ? Probe::yes : Probe::no;
        if (in[1] < kSe || in[1] == kIac) return Probe::no;
        in = in.subspan(2);
    }
    return Probe::no;
}

Probe probe(const ProbeInput& input) noexcept {
    Probe best = Probe::no;
    for (const Bytes side : {input.to_server, input.to_client}) best = std::max(best, negotiates(side, input.server_port));
    const bool asked = input.server_port == kPort && asks_for_name(as_text(input.to_client));
    return asked ? Probe::yes : best;
}

}  // namespace
}  // namespace telnet

constinit const Parser kTelnet =
    make_parser<telnet::State, &telnet::probe, &telnet::parse, &telnet::gap, &telnet::end>(Protocol::telnet, Transport::tcp);

}  // namespace sekisho::app
