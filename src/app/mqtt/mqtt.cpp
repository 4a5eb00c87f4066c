// MQTT 3.1, 3.1.1 and 5.0 over TCP. A transaction is a message with those that answer it: CONNECT and CONNACK, PUBLISH
// and its acknowledgements, SUBSCRIBE and SUBACK; what needs no answer is one alone.
#include "app/mqtt/mqtt.h"

#include <algorithm>

#include "app/make_parser.h"
#include "app/mqtt/message.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/frame.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/fixed_vector.h"

namespace sekisho::app {
namespace {

using namespace mqtt;

constexpr std::uint16_t kPort = 1883;
constexpr std::uint32_t kConnectId = 0x10000;  // no message id: the CONNECT that waits

struct Open {
    TxId tx = 0;
    std::uint32_t id = 0;
};

struct State {
    FixedVector<Open, kMqttOpenMax> open;
    std::size_t skip[2] = {0, 0};
    std::uint8_t version = 0;
    bool connected = false;
};

void finish(TxId tx, FieldSink& out) noexcept {
    out.stage(tx, Direction::to_server, Stage::complete);
    out.stage(tx, Direction::to_client, Stage::complete);
    out.close(tx);
}

/// The newest waiting transaction with this id.
Open* find(State& state, std::uint32_t id) noexcept {
    for (std::size_t i = state.open.size(); i > 0; --i)
        if (state.open[i - 1].id == id) return &state.open[i - 1];
    return nullptr;
}

void forget(State& state, const Open* entry) noexcept {
    std::copy(entry + 1, static_cast<const Open*>(state.open.end()), state.open.begin() + (entry - state.open.begin()));
    state.open.erase_unordered(state.open.size() - 1);
}

void keep_open(State& state, TxId tx, std::uint32_t id, FieldSink& out) noexcept {
    if (state.open.full()) {
        const TxId oldest = state.open[0].tx;
        forget(state, &state.open[0]);
        out.event(oldest, AppEvent::mqtt_too_many_transactions);
        finish(oldest, out);
    }
    state.open.push_back({tx, id});
}

/// What answers which message, and what it is called when that is missing.
struct Answer {
    std::uint8_t type;
    bool last;  ///< the transaction is complete
    AppEvent missing;
};
constexpr Answer kAnswers[] = {
    {Type::connack, true, AppEvent::mqtt_missing_connect},     {Type::puback, true, AppEvent::mqtt_missing_publish},
    {Type::pubrec, false, AppEvent::mqtt_missing_publish},     {Type::pubrel, false, AppEvent::mqtt_missing_publish},
    {Type::pubcomp, true, AppEvent::mqtt_missing_publish},     {Type::suback, true, AppEvent::mqtt_missing_subscribe},
    {Type::unsuback, true, AppEvent::mqtt_missing_unsubscribe},
};

const Answer* answer_of(std::uint8_t type) noexcept {
    const auto* found = std::find_if(std::begin(kAnswers), std::end(kAnswers), [type](const Answer& a) { return a.type == type; });
    return found == std::end(kAnswers) ? nullptr : found;
}

/// Message id of an answer, without putting anything; kConnectId for CONNACK.
std::uint32_t answered_id(const FixedHeader& header, Bytes payload) noexcept {
    if (header.type == Type::connack) return kConnectId;
    ByteReader reader(payload);
    return reader.u16();
}

bool take_answer(State& state, const Answer& answer, const FixedHeader& header, Bytes payload, bool whole, FieldSink& out) noexcept {
    const Open* waiting = find(state, answered_id(header, payload));
    const TxId tx = waiting != nullptr ? waiting->tx : out.open();
    const Message message = put_message(tx, header, state.version, payload, whole, out);
    if (header.type == Type::connack) state.connected = true;
    if (!message.sound) out.event(tx, AppEvent::mqtt_malformed_traffic);
    if (waiting == nullptr) {
        out.event(tx, answer.missing);
        finish(tx, out);
    } else if (answer.last || !message.sound) {
        forget(state, waiting);
        finish(tx, out);
    }
    return message.sound;
}

/// A message that begins a transaction. @return false when it is malformed
bool take_first(State& state, const FixedHeader& header, Bytes payload, bool whole, FieldSink& out) noexcept {
    const TxId tx = out.open();
    const Message message = put_message(tx, header, state.version, payload, whole, out);
    if (!message.sound) out.event(tx, AppEvent::mqtt_malformed_traffic);
    bool waits = false;
    std::uint32_t id = message.id;
    if (header.type == Type::connect) {
        state.version = message.version;
        if (state.connected) out.event(tx, AppEvent::mqtt_double_connect);
        waits = true;
        id = kConnectId;
    } else if (header.type == Type::unassigned) {
        out.event(tx, AppEvent::mqtt_unassigned_msg_type);
    } else {
        if (!state.connected) out.event(tx, AppEvent::mqtt_unintroduced_message);
        waits = message.has_id;
        if (header.qos() == 3) {
            out.event(tx, AppEvent::mqtt_invalid_qos_level);
            waits = false;
        } else if (header.type == Type::publish && header.qos() != 0 && !message.has_id && whole) {
            out.event(tx, AppEvent::mqtt_missing_msg_id);
        }
    }
    if (waits && message.sound) keep_open(state, tx, id, out);
    else finish(tx, out);
    return message.sound;
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    std::size_t& skip = state.skip[static_cast<std::size_t>(direction)];
    if (skip != 0) {
        const std::size_t now = std::min(skip, in.size());
        skip -= now;
        return Step::consumed(now);
    }
    FixedHeader header;
    const HeaderResult result = read_header(in, header);
    if (result == HeaderResult::need_more) return Step::need_more();
    if (result == HeaderResult::bad) return Step::broken(Fault::bad_length);
    const std::size_t wanted = std::min(header.length, kMqttMessageMax);
    if (in.size() < header.size + wanted) return Step::need_more();
    const Bytes payload = in.subspan(header.size, wanted);
    const bool whole = wanted == header.length;
    put_unit_frames(out, direction, {Field::frame_mqtt_pdu, Field::frame_mqtt_header, Field::frame_mqtt_data}, in,
                    header.size + header.length, header.size);
    const Answer* answer = answer_of(header.type);
    const bool sound = answer != nullptr ? take_answer(state, *answer, header, payload, whole, out)
                                         : take_first(state, header, payload, whole, out);
    if (!sound) return Step::broken(Fault::bad_syntax);
    skip = header.length - wanted;
    return Step::consumed(header.size + wanted);
}

bool gap(State&, Direction, std::uint64_t, FieldSink&) noexcept { return false; }

/// What still waits when one side has nothing more to say gets no answer from it.
void end(State& state, Direction direction, FieldSink& out) noexcept {
    if (direction == Direction::to_server) return;
    for (const Open& waiting : state.open) finish(waiting.tx, out);
    state.open.clear();
}

bool is_connect(Bytes in) noexcept {
    FixedHeader header;
    if (read_header(in, header) != HeaderResult::good || header.type != Type::connect || header.flags != 0) return false;
    const std::string_view text = as_text(in.subspan(header.size));
    return text.starts_with(std::string_view("\0\4MQTT", 6)) || text.starts_with(std::string_view("\0\6MQIsdp", 8));
}

// On its own port a message that is whole counts as well: the CONNECT may not have been seen.
bool is_whole_message(Bytes in) noexcept {
    FixedHeader header;
    if (read_header(in, header) != HeaderResult::good || header.type == Type::unassigned) return false;
    const bool has_flags = header.type == Type::publish || header.type == Type::pubrel || header.type == Type::subscribe ||
                           header.type == Type::unsubscribe;
    return (has_flags || header.flags == 0) && in.size() >= header.size + header.length;
}

Probe probe(const ProbeInput& input) noexcept {
    if (is_connect(input.to_server)) return Probe::yes;
    if (input.server_port != kPort) return Probe::no;
    return is_whole_message(input.to_server) || is_whole_message(input.to_client) ? Probe::yes : Probe::no;
}

}  // namespace

constinit const Parser kMqtt = make_parser<State, &probe, &parse, &gap, &end>(Protocol::mqtt, Transport::tcp);

}  // namespace sekisho::app
