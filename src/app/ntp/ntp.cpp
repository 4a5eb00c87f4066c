// NTP versions 1 to 4 (RFC 5905 section 7.3; control messages: RFC 9327). Each message is a transaction of its own.
#include "app/ntp/ntp.h"

#include "app/detail.h"
#include "app/make_parser.h"
#include "sekisho/app/app_event_list.h"

namespace sekisho::app {
namespace {

constexpr std::uint16_t kPort = 123;
constexpr std::size_t kHeaderSize = 48, kControlSize = 12, kPrivateSize = 8;
enum Mode : std::uint8_t { symmetric_active = 1, symmetric_passive = 2, client = 3, server = 4, broadcast = 5, control = 6, reserved = 7 };

struct State {
    bool asked = false;
};

std::size_t size_for(unsigned mode) noexcept {
    return mode == Mode::control ? kControlSize : mode == Mode::reserved ? kPrivateSize : kHeaderSize;
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    const TxId tx = out.open();
    const unsigned mode = in.empty() ? 0 : in[0] & 7u;
    if (in.empty() || in.size() < size_for(mode)) {
        out.event(tx, AppEvent::ntp_malformed_data);
    } else {
        put_detail(out, tx, "version", static_cast<std::uint64_t>(in[0] >> 3 & 7));
        put_detail(out, tx, "mode", static_cast<std::uint64_t>(mode));
        if (mode < Mode::control) put_detail(out, tx, "stratum", static_cast<std::uint64_t>(in[1]));
        if (mode == Mode::client || mode == Mode::symmetric_active) state.asked = true;
        if (mode == Mode::server && direction == Direction::to_client && !state.asked)
            out.event(tx, AppEvent::ntp_unsolicited_response);
    }
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
    return Step::consumed(in.size());
}

bool gap(State&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }
void end(State&, Direction, FieldSink&) noexcept {}

Probe probe(const ProbeInput& input) noexcept {
    if (input.server_port != kPort && input.client_port != kPort) return Probe::no;
    const Bytes in = input.to_server.empty() ? input.to_client : input.to_server;
    if (in.empty()) return Probe::no;
    const unsigned version = in[0] >> 3 & 7u, mode = in[0] & 7u;
    return version >= 1 && version <= 4 && mode != 0 && in.size() >= size_for(mode) ? Probe::yes : Probe::no;
}

}  // namespace

constinit const Parser kNtp = make_parser<State, &probe, &parse, &gap, &end>(Protocol::ntp, Transport::udp);

}  // namespace sekisho::app
