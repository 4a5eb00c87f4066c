// LDAP 3 (RFC 4511) over TCP, and connectionless over UDP (RFC 1798, as Active Directory speaks it). A transaction is a
// request with all its responses; a response without request is one, too. Messages that a security layer of SASL wraps
// (RFC 4513 section 5.2.1, RFC 4422 section 3.7) are passed over in silence.
#include "app/ldap/ldap.h"

#include <algorithm>
#include <array>

#include "app/detail.h"
#include "app/ldap/message.h"
#include "app/make_parser.h"
#include "app/unit_place.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/record.h"
#include "sekisho/base/fixed_vector.h"

namespace sekisho::app {
namespace {

using namespace ldap;

constexpr std::uint16_t kPort = 389;
constexpr std::uint8_t kTlsHandshake = 0x16;
constexpr std::uint32_t kSuccess = 0;
constexpr std::uint32_t kUnsolicited = 0;  // message id of what nobody asked for (section 4.4)

/// A request that may get (more) responses.
struct Open {
    TxId tx = 0;
    std::uint32_t id = 0;
    std::uint32_t responses = 0;
    std::uint32_t operations = 0;  ///< of the responses, a bit each
    std::uint8_t attributes = 0;   ///< of the responses, told
    bool abandoned = false;
    bool sasl = false;
    bool start_tls = false;
    std::array<std::uint8_t, kLdapPlacesFromEndMax> last = [] {  ///< operations of the last responses, newest first
        std::array<std::uint8_t, kLdapPlacesFromEndMax> none;
        none.fill(ldap_record::kNoOperation);
        return none;
    }();
};

struct State {
    FixedVector<Open, kLdapOpenMax> open;
    UnitPlace place[2];
    bool may_be_wrapped = false;  ///< a SASL bind has succeeded
    bool wrapped[2] = {false, false};
    bool start_tls_sent = false;
    bool tls = false;
};

template <std::size_t N>
void write(std::array<std::uint8_t, N>& record, RecordNumber place, std::uint64_t value) noexcept {
    for (std::size_t i = place.size; i > 0; --i, value >>= 8) record[place.offset + i - 1u] = static_cast<std::uint8_t>(value);
}

void put_response(const Open& open, const Operation& operation, const Response& response, FieldSink& out) noexcept {
    std::array<std::uint8_t, ldap_record::kSize> record{};
    write(record, ldap_record::kPlace, open.responses);
    write(record, ldap_record::kOperation, static_cast<std::uint64_t>(operation.code));
    write(record, ldap_record::kHasResult, response.result.has_value());
    write(record, ldap_record::kResult, response.result.value_or(0));
    out.put(open.tx, Field::ldap_response, Bytes(record));
}

/// No more responses will come: what can only be said of all of them is told.
void finish(const Open& open, std::optional<std::uint32_t> result, FieldSink& out) noexcept {
    std::array<std::uint8_t, ldap_record::kOutcomeSize> record{};
    write(record, ldap_record::kOperations, open.operations);
    write(record, ldap_record::kOutcomeHasResult, result.has_value());
    write(record, ldap_record::kOutcomeResult, result.value_or(0));
    std::copy(open.last.begin(), open.last.end(), record.begin() + ldap_record::kLastOperation.offset);
    if (open.responses != 0) out.put(open.tx, Field::ldap_outcome, Bytes(record));
    out.fact(open.tx, Fact::ldap_responses_count, open.responses);
    put_detail(out, open.tx, "responses", open.responses);
    out.stage(open.tx, Direction::to_server, Stage::complete);
    out.stage(open.tx, Direction::to_client, Stage::complete);
    out.close(open.tx);
}

void forget(State& state, Open* entry) noexcept {
    std::move(entry + 1, state.open.end(), entry);
    state.open.erase_unordered(state.open.size() - 1);
}

Open* find(State& state, std::uint32_t id) noexcept {
    auto* found = std::find_if(state.open.begin(), state.open.end(), [id](const Open& o) { return o.id == id; });
    return found == state.open.end() ? nullptr : found;
}

Open& keep_open(State& state, const Open& fresh, FieldSink& out) noexcept {
    if (state.open.full()) {
        auto* goes = std::find_if(state.open.begin(), state.open.end(), [](const Open& o) { return o.abandoned; });
        if (goes == state.open.end()) {
            goes = state.open.begin();
            out.event(goes->tx, AppEvent::ldap_too_many_transactions);
        }
        finish(*goes, std::nullopt, out);
        forget(state, goes);
    }
    state.open.push_back(fresh);
    return state.open.back();
}

/// Tells a message that cannot be read, as a transaction of its own.
void tell_fault(AppEvent event, FieldSink& out) noexcept {
    const TxId tx = out.open();
    out.event(tx, event);
    out.stage(tx, Direction::to_server, Stage::complete);
    out.stage(tx, Direction::to_client, Stage::complete);
    out.close(tx);
}

bool take_request(State& state, const Message& message, FieldSink& out) noexcept {
    Open fresh;
    fresh.tx = out.open();
    fresh.id = message.id;
    const Request request = tell_request(fresh.tx, message, out);
    if (!request.sound) out.event(fresh.tx, AppEvent::ldap_invalid_data);
    fresh.sasl = request.sasl;
    fresh.start_tls = request.start_tls;
    state.start_tls_sent = state.start_tls_sent || request.start_tls;
    if (Open* meant = request.abandons != 0 ? find(state, request.abandons) : nullptr) meant->abandoned = true;
    out.stage(fresh.tx, Direction::to_server, Stage::complete);
    if (message.operation->ends || !request.sound) finish(fresh, std::nullopt, out);
    else keep_open(state, fresh, out);
    return request.sound;
}

/// The transaction that a response belongs to; a new one when its request was not seen.
Open& asked_by(State& state, const Message& message, FieldSink& out) noexcept {
    if (Open* known = find(state, message.id)) return *known;
    Open fresh;
    fresh.tx = out.open();
    fresh.id = message.id;
    const bool notice = message.id == kUnsolicited && message.operation->code == LdapOperation::extended_response;
    if (!notice) out.event(fresh.tx, AppEvent::ldap_request_not_found);
    put_detail(out, fresh.tx, "operation", message.operation->name);
    put_detail(out, fresh.tx, "message_id", message.id);
    return keep_open(state, fresh, out);
}

bool take_response(State& state, const Message& message, FieldSink& out) noexcept {
    Open& open = asked_by(state, message, out);
    const Operation& operation = *message.operation;
    const std::uint32_t bit = std::uint32_t{1} << static_cast<unsigned>(operation.code);
    const bool placed = open.responses < kLdapPlacesMax;
    const Response response = tell_response(open.tx, message, placed, open.attributes, out);
    if (!response.sound) out.event(open.tx, AppEvent::ldap_invalid_data);
    if (placed || response.result || (open.operations & bit) == 0) put_response(open, operation, response, out);
    open.operations |= bit;
    ++open.responses;
    std::copy_backward(open.last.begin(), open.last.end() - 1, open.last.end());
    open.last[0] = static_cast<std::uint8_t>(operation.code);
    out.stage(open.tx, Direction::to_client, Stage::headers);
    if (!operation.ends && response.sound) return true;
    if (response.result == kSuccess) {
        state.tls = state.tls || open.start_tls;
        state.may_be_wrapped = state.may_be_wrapped || open.sasl;
    }
    if (open.start_tls) state.start_tls_sent = false;
    finish(open, response.result, out);
    forget(state, &open);
    return response.sound;
}

/// @return false when nothing more can be read of this connection
bool take_message(State& state, Direction direction, Bytes content, bool cut, FieldSink& out) noexcept {
    const auto message = read_message(content, cut);
    if (!message || message->operation->request != (direction == Direction::to_server)) {
        tell_fault(AppEvent::ldap_invalid_data, out);
        return false;
    }
    return message->operation->request ? take_request(state, *message, out) : take_response(state, *message, out);
}

/// A security layer puts each buffer behind its length, four octets of which the first is 0 (the largest is less than
/// 16 MiB); an LDAP message begins with the tag of a SEQUENCE.
bool begins_wrapped(const State& state, Bytes in) noexcept { return state.may_be_wrapped && in[0] == 0; }

Step parse_stream(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    const auto side = static_cast<std::size_t>(direction);
    UnitPlace& place = state.place[side];
    if (place.passing_over()) return Step::consumed(place.take(in.size()));
    const bool client = direction == Direction::to_server;
    if (state.tls || (client && state.start_tls_sent && in[0] == kTlsHandshake)) return Step::broken(Fault::none);
    state.wrapped[side] = state.wrapped[side] || begins_wrapped(state, in);
    if (state.wrapped[side]) return Step::consumed(in.size());

    Head head;
    const HeadResult result = read_head(in, head);
    if (result == HeadResult::bad) {
        tell_fault(AppEvent::ldap_invalid_data, out);
        return Step::broken(Fault::bad_syntax);
    }
    const std::uint64_t whole = head.size + head.length;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(head.length, kLdapMessageMax));
    if (result == HeadResult::need_more || in.size() - head.size < wanted) {
        place.waits(in.size(), result == HeadResult::good ? whole : 0);
        return Step::need_more();
    }
    place.done();
    out.frame(direction, Field::frame_ldap_pdu, in, whole);
    if (!take_message(state, direction, in.subspan(head.size, wanted), wanted != head.length, out)) return Step::broken(Fault::bad_syntax);
    place.pass_over(head.length - wanted);
    return Step::consumed(head.size + wanted);
}

/// In wrapped buffers nothing is read, so nothing is lost.
bool gap_stream(State& state, Direction direction, std::uint64_t octets, FieldSink&) noexcept {
    const auto side = static_cast<std::size_t>(direction);
    return state.wrapped[side] || state.place[side].lose(octets);
}

/// A datagram holds one or more messages, all of them whole.
Step parse_datagram(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Bytes rest = in;
    for (std::size_t i = 0; i < kLdapDatagramMessagesMax && !rest.empty(); ++i) {
        Head head;
        const HeadResult result = read_head(rest, head);
        const bool whole = result == HeadResult::good && head.length <= rest.size() - head.size;
        if (!whole) {
            tell_fault(result == HeadResult::bad ? AppEvent::ldap_invalid_data : AppEvent::ldap_incomplete_data, out);
            return Step::broken(Fault::bad_syntax);
        }
        const auto length = static_cast<std::size_t>(head.length);
        out.frame(direction, Field::frame_ldap_pdu, rest, head.size + length);
        if (!take_message(state, direction, rest.subspan(head.size, length), false, out)) return Step::broken(Fault::bad_syntax);
        rest = rest.subspan(head.size + length);
    }
    return Step::consumed(in.size());
}

bool gap_datagram(State&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }

/// What still waits when the server has nothing more to say gets no answer.
void end(State& state, Direction direction, FieldSink& out) noexcept {
    if (direction == Direction::to_server) return;
    for (const Open& open : state.open) finish(open, std::nullopt, out);
    state.open.clear();
}

Probe probe_stream(const ProbeInput& input) noexcept {
    const bool client = !input.to_server.empty();
    const Look seen = look(client ? input.to_server : input.to_client);
    if (seen.probe != Probe::yes || seen.request == client) return seen.probe;
    return client ? Probe::reversed : Probe::no;
}

/// An answer whose question was not seen turns the flow, when it comes from the service's port.
Probe probe_datagram(const ProbeInput& input) noexcept {
    const bool client = !input.to_server.empty();
    const Bytes in = client ? input.to_server : input.to_client;
    const Look seen = look(in);
    Head head;
    if (seen.probe != Probe::yes || read_head(in, head) != HeadResult::good || head.size + head.length > in.size()) return Probe::no;
    if (seen.request == client) return Probe::yes;
    return client && input.client_port == kPort ? Probe::reversed : Probe::no;
}

}  // namespace

constinit const Parser kLdapTcp = make_parser<State, &probe_stream, &parse_stream, &gap_stream, &end>(Protocol::ldap, Transport::tcp);
constinit const Parser kLdapUdp = make_parser<State, &probe_datagram, &parse_datagram, &gap_datagram, &end>(Protocol::ldap, Transport::udp);

}  // namespace sekisho::app
