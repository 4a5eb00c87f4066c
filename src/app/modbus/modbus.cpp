// Modbus over TCP (Modbus Messaging on TCP/IP 1.0b section 3.1.3). A transaction is a request and its response, told
// apart by the transaction id. Like its header, it has no mark to know it by: the port decides.
#include "app/modbus/modbus.h"

#include <algorithm>

#include "app/detail.h"
#include "app/make_parser.h"
#include "app/modbus/request.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"
#include "sekisho/base/fixed_vector.h"

namespace sekisho::app {
namespace {

constexpr std::uint16_t kPort = 502;
constexpr std::size_t kHeaderSize = 7;     // ids, length, unit
constexpr std::size_t kLengthFrom = 6;     // what the length counts begins with the unit
constexpr std::uint8_t kException = 0x80;

struct Open {
    TxId tx = 0;
    std::uint16_t id = 0;
    std::uint8_t function = 0;
};

struct State {
    FixedVector<Open, kModbusOpenMax> open;
    std::size_t skip[2] = {0, 0};
};

// [ transaction ][ protocol ][ length ][ unit ]
struct Header {
    std::uint16_t id = 0, protocol = 0, length = 0;
    std::uint8_t unit = 0;
};

void finish(TxId tx, FieldSink& out) noexcept {
    out.stage(tx, Direction::to_server, Stage::complete);
    out.stage(tx, Direction::to_client, Stage::complete);
    out.close(tx);
}

void remove(State& state, std::size_t index) noexcept {
    std::copy(state.open.begin() + index + 1, state.open.end(), state.open.begin() + index);
    state.open.erase_unordered(state.open.size() - 1);
}

void take_request(State& state, const Header& header, Bytes pdu, FieldSink& out) noexcept {
    const TxId tx = out.open();
    put_detail(out, tx, "id", header.id);
    if (header.protocol != 0) out.event(tx, AppEvent::modbus_invalid_protocol_id);
    if (pdu.empty()) {
        out.event(tx, AppEvent::modbus_invalid_length);
        return finish(tx, out);
    }
    modbus::put_request(tx, header.unit, pdu, out);
    out.stage(tx, Direction::to_server, Stage::complete);
    if (state.open.full()) {
        out.event(state.open[0].tx, AppEvent::modbus_flooded);
        finish(state.open[0].tx, out);
        remove(state, 0);
    }
    state.open.push_back({tx, header.id, pdu[0]});
}

void take_response(State& state, const Header& header, Bytes pdu, FieldSink& out) noexcept {
    std::size_t at = 0;
    while (at < state.open.size() && state.open[at].id != header.id) ++at;
    const bool asked = at < state.open.size();
    const TxId tx = asked ? state.open[at].tx : out.open();
    if (header.protocol != 0) out.event(tx, AppEvent::modbus_invalid_protocol_id);
    if (pdu.empty()) out.event(tx, AppEvent::modbus_invalid_length);
    if (!asked) out.event(tx, AppEvent::modbus_unsolicited_response);
    else if (!pdu.empty() && (pdu[0] & ~kException) != state.open[at].function) out.event(tx, AppEvent::modbus_value_mismatch);
    if (pdu.size() > 1 && (pdu[0] & kException) != 0) put_detail(out, tx, "exception", pdu[1]);
    if (asked) remove(state, at);
    finish(tx, out);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    std::size_t& skip = state.skip[static_cast<std::size_t>(direction)];
    if (skip != 0) {
        const std::size_t now = std::min(skip, in.size());
        skip -= now;
        return Step::consumed(now);
    }
    if (in.size() < kHeaderSize) return Step::need_more();
    ByteReader reader(in);
    Header header;
    header.id = reader.u16();
    header.protocol = reader.u16();
    header.length = reader.u16();
    header.unit = reader.u8();
    const std::size_t size = kLengthFrom + header.length;
    if (header.length == 0 || size > kModbusFrameMax) {
        const TxId tx = out.open();
        out.event(tx, AppEvent::modbus_invalid_length);
        finish(tx, out);
        skip = size > kModbusFrameMax ? size - kHeaderSize : 0;
        return Step::consumed(kHeaderSize);
    }
    if (in.size() < size) return Step::need_more();
    const Bytes pdu = in.subspan(kHeaderSize, size - kHeaderSize);
    if (direction == Direction::to_server) take_request(state, header, pdu, out);
    else take_response(state, header, pdu, out);
    return Step::consumed(size);
}

bool gap(State&, Direction, std::uint64_t, FieldSink&) noexcept { return false; }

void end(State& state, Direction direction, FieldSink& out) noexcept {
    if (direction == Direction::to_server) return;
    for (const Open& waiting : state.open) finish(waiting.tx, out);
    state.open.clear();
}

Probe probe(const ProbeInput& input) noexcept {
    if (input.server_port != kPort) return Probe::no;
    for (const Bytes in : {input.to_server, input.to_client}) {
        if (in.empty()) continue;
        if (in.size() < kHeaderSize + 1) return Probe::maybe;
        const unsigned length = static_cast<unsigned>(in[4] << 8 | in[5]);
        if (in[2] == 0 && in[3] == 0 && length >= 2 && length <= kModbusFrameMax - kLengthFrom) return Probe::yes;
    }
    return Probe::no;
}

}  // namespace

constinit const Parser kModbus = make_parser<State, &probe, &parse, &gap, &end>(Protocol::modbus, Transport::tcp);

}  // namespace sekisho::app
