// SNMP v1, v2c and v3 over UDP (RFC 1157, 3416, 3412, 3414). Each message is a transaction of its own. Told are
// version, community or user, and the kind of PDU; variable bindings are not read, encrypted PDUs cannot be.
#include "app/snmp/snmp.h"

#include "app/ber.h"
#include "app/detail.h"
#include "app/make_parser.h"
#include "sekisho/app/app_event_list.h"

namespace sekisho::app {
namespace {

constexpr std::uint64_t kNone = ~std::uint64_t{0};
constexpr std::uint64_t kUserBased = 3;  // security model of RFC 3414
constexpr std::uint8_t kPduFirst = 0xa0, kPduLast = 0xa8;
constexpr std::string_view kPduNames[] = {"get_request", "get_next_request", "response",  "set_request", "trap_v1",
                                          "get_bulk_request", "inform_request", "trap_v2", "report"};

struct State {
    std::uint64_t version = 0;
};

/// The version as people say it: 1, 2 (v2c) or 3.
std::uint64_t version_of(const ber::Value& value) noexcept {
    const std::uint64_t number = ber::number(value, kNone);
    return number == 0 ? 1 : number == 1 ? 2 : number == 3 ? 3 : kNone;
}

bool put_pdu(TxId tx, const ber::Value& pdu, FieldSink& out) noexcept {
    if (!pdu.ok || pdu.tag < kPduFirst || pdu.tag > kPduLast) return false;
    const std::uint8_t type = pdu.tag & 0x1f;
    out.fact(tx, Fact::snmp_pdu_type, type);
    put_detail(out, tx, "pdu_type", kPduNames[type]);
    return true;
}

bool put_with_community(TxId tx, ByteReader& reader, FieldSink& out) noexcept {
    const ber::Value community = ber::read(reader);
    if (!community.ok || community.tag != ber::kOctetString) return false;
    out.put(tx, Field::snmp_community, community.content);
    put_detail(out, tx, "community", as_text(community.content));
    return put_pdu(tx, ber::read(reader), out);
}

/// User name of the user-based security parameters: engine id, boots, time, name.
bool put_user(TxId tx, Bytes parameters, FieldSink& out) noexcept {
    ByteReader outer(parameters);
    const ber::Value sequence = ber::read(outer);
    if (!sequence.ok || sequence.tag != ber::kSequence) return false;
    ByteReader reader(sequence.content);
    for (int i = 0; i < 3; ++i)
        if (!ber::read(reader).ok) return false;
    const ber::Value name = ber::read(reader);
    if (!name.ok || name.tag != ber::kOctetString) return false;
    out.put(tx, Field::snmp_usm, name.content);
    put_detail(out, tx, "usm", as_text(name.content));
    return true;
}

bool put_with_security(TxId tx, ByteReader& reader, FieldSink& out) noexcept {
    const ber::Value global = ber::read(reader);
    if (!global.ok || global.tag != ber::kSequence) return false;
    ByteReader inside(global.content);
    for (int i = 0; i < 3; ++i)
        if (!ber::read(inside).ok) return false;  // message id, maximum size, flags
    const std::uint64_t model = ber::number(ber::read(inside), kNone);
    const ber::Value parameters = ber::read(reader);
    if (!parameters.ok || parameters.tag != ber::kOctetString) return false;
    if (model != kUserBased) out.event(tx, AppEvent::snmp_unknown_security_model);
    else if (!put_user(tx, parameters.content, out)) return false;
    const ber::Value scoped = ber::read(reader);
    if (!scoped.ok) return false;
    if (scoped.tag != ber::kSequence) return scoped.tag == ber::kOctetString;  // encrypted
    ByteReader pdu(scoped.content);
    return ber::read(pdu).ok && ber::read(pdu).ok && put_pdu(tx, ber::read(pdu), out);
}

bool put_message(State& state, TxId tx, Bytes in, FieldSink& out) noexcept {
    ByteReader outer(in);
    const ber::Value message = ber::read(outer);
    if (!message.ok || message.tag != ber::kSequence) return false;
    ByteReader reader(message.content);
    const std::uint64_t version = version_of(ber::read(reader));
    if (version == kNone) return false;
    if (state.version != 0 && state.version != version) out.event(tx, AppEvent::snmp_version_mismatch);
    state.version = version;
    out.fact(tx, Fact::snmp_version, version);
    put_detail(out, tx, "version", version);
    return version == 3 ? put_with_security(tx, reader, out) : put_with_community(tx, reader, out);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    const TxId tx = out.open();
    if (!put_message(state, tx, in, out)) out.event(tx, AppEvent::snmp_malformed_data);
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
    return Step::consumed(in.size());
}

bool gap(State&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }
void end(State&, Direction, FieldSink&) noexcept {}

// A sequence that begins with a known version and goes on with a community or with the global data of v3.
// Not on the port of DNS: scanners send it there, and what the server answers is DNS.
Probe probe(const ProbeInput& input) noexcept {
    constexpr std::uint16_t kDnsPort = 53;
    if (input.server_port == kDnsPort || input.client_port == kDnsPort) return Probe::no;
    for (const Bytes side : {input.to_server, input.to_client}) {
        ByteReader outer(side);
        const ber::Value message = ber::read(outer);
        if (!message.ok || message.tag != ber::kSequence) continue;
        ByteReader reader(message.content);
        const std::uint64_t version = version_of(ber::read(reader));
        const ber::Value next = ber::read(reader);
        if (version != kNone && next.ok && next.tag == (version == 3 ? ber::kSequence : ber::kOctetString)) return Probe::yes;
    }
    return Probe::no;
}

}  // namespace

constinit const Parser kSnmp = make_parser<State, &probe, &parse, &gap, &end>(Protocol::snmp, Transport::udp);

}  // namespace sekisho::app
