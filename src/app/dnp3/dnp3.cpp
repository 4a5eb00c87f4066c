// DNP3 over TCP and UDP (IEEE 1815). Link frames are checked, transport fragments put together; each application
// message is a transaction of its own.
#include "app/dnp3/dnp3.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "app/detail.h"
#include "app/dnp3/link.h"
#include "app/dnp3/objects.h"
#include "app/make_parser.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/record.h"

namespace sekisho::app {
namespace {

using namespace dnp3;

constexpr std::uint8_t kFinal = 0x80, kFirst = 0x40, kSequence = 0x3f;  // transport header

enum Function : std::uint8_t {
    confirm = 0, read = 1, immediate_freeze = 7, freeze_without_answer = 10, enable_unsolicited = 20, assign_class = 22, response = 129,
};

/// One direction's message in the making.
struct Assembly {
    std::array<std::uint8_t, kDnp3MessageMax> bytes;
    std::uint16_t size = 0;
    std::uint8_t next_sequence = 0;
    bool active = false;
    bool too_long = false;   ///< told once for each message
};

struct State {
    Assembly assembly[2];
};

void put_event(Direction direction, AppEvent event, FieldSink& out) noexcept {
    const TxId tx = out.open();
    out.event(tx, event);
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
}

/// Requests that only name objects: no values follow the ranges.
bool names_only(std::uint8_t function) noexcept {
    return function == Function::read || (function >= Function::immediate_freeze && function <= Function::freeze_without_answer) ||
           (function >= Function::enable_unsolicited && function <= Function::assign_class);
}

void put_message(Direction direction, Bytes message, FieldSink& out) noexcept {
    constexpr std::size_t kRequestHead = 2, kResponseHead = 4;
    if (message.size() < kRequestHead) return;
    const std::uint8_t function = message[1];
    const bool answers = function >= Function::response;
    if (answers && message.size() < kResponseHead) return;
    const TxId tx = out.open();
    const std::uint8_t record[dnp3_record::kSize] = {function, answers, answers ? message[2] : std::uint8_t{0},
                                                     answers ? message[3] : std::uint8_t{0}};
    out.put(tx, Field::dnp3_message, record);
    out.put(tx, Field::dnp3_data, message);
    put_detail(out, tx, "type", answers ? "response" : "request");
    put_detail(out, tx, "function_code", function);
    if (answers) put_detail(out, tx, "iin", static_cast<std::uint64_t>(message[2] << 8 | message[3]));
    put_objects(tx, message.subspan(answers ? kResponseHead : kRequestHead), !names_only(function), out);
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
}

/// The first octet of user data is the transport header.
void take_fragment(Assembly& assembly, Direction direction, Bytes data, FieldSink& out) noexcept {
    const std::uint8_t header = data[0];
    const std::uint8_t sequence = header & kSequence;
    data = data.subspan(1);
    if ((header & kFirst) != 0) {
        assembly.size = 0;
        assembly.active = true;
        assembly.too_long = false;
    } else if (!assembly.active || sequence != assembly.next_sequence) {
        assembly.active = false;
        return;
    }
    assembly.next_sequence = (sequence + 1) & kSequence;
    const std::size_t room = assembly.bytes.size() - assembly.size;
    if (data.size() > room && !assembly.too_long) {
        assembly.too_long = true;
        put_event(direction, AppEvent::dnp3_too_long_reassembly, out);
    }
    const std::size_t taken = std::min(room, data.size());
    std::memcpy(assembly.bytes.data() + assembly.size, data.data(), taken);
    assembly.size = static_cast<std::uint16_t>(assembly.size + taken);
    if ((header & kFinal) == 0) return;
    put_message(direction, Bytes(assembly.bytes).first(assembly.size), out);
    assembly.active = false;
}

void take_frame(State& state, Direction direction, Bytes frame, FieldSink& out) noexcept {
    if (!intact(frame.first(kHeaderSize))) return put_event(direction, AppEvent::dnp3_bad_link_crc, out);
    if (frame.size() == kHeaderSize) return;  // link service without user data
    const UserData data = user_data(frame.subspan(kHeaderSize));
    if (!data.intact) return put_event(direction, AppEvent::dnp3_bad_transport_crc, out);
    if (data.size != 0) take_fragment(state.assembly[static_cast<std::size_t>(direction)], direction, Bytes(data.bytes).first(data.size), out);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (in.size() < 3) return in.empty() || in[0] == 0x05 ? Step::need_more() : Step::broken(Fault::bad_syntax);
    if (!begins_frame(in)) return Step::broken(Fault::bad_syntax);
    if (in[2] < kLengthMin) {
        put_event(direction, AppEvent::dnp3_len_too_small, out);
        return Step::broken(Fault::bad_length);
    }
    const std::size_t size = frame_size(in[2]);
    if (in.size() < size) return Step::need_more();
    take_frame(state, direction, in.first(size), out);
    return Step::consumed(size);
}

Step parse_datagram(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    for (Bytes rest = in; !rest.empty();) {
        const Step step = parse(state, direction, rest, out);
        if (step.kind != Step::Kind::consumed) break;
        rest = rest.subspan(step.octets);
    }
    return Step::consumed(in.size());
}

// What is lost may be the end of one message and the begin of another.
bool gap(State&, Direction, std::uint64_t, FieldSink&) noexcept { return false; }
bool gap_datagram(State&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }
void end(State&, Direction, FieldSink&) noexcept {}

Probe probe(const ProbeInput& input) noexcept {
    for (const Bytes in : {input.to_server, input.to_client})
        if (in.size() >= 3 && begins_frame(in) && in[2] >= kLengthMin) return Probe::yes;
    return Probe::no;
}

}  // namespace

constinit const Parser kDnp3Tcp = make_parser<State, &probe, &parse, &gap, &end>(Protocol::dnp3, Transport::tcp);
constinit const Parser kDnp3Udp = make_parser<State, &probe, &parse_datagram, &gap_datagram, &end>(Protocol::dnp3, Transport::udp);

}  // namespace sekisho::app
