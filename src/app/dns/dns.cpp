// DNS over UDP and TCP (RFC 1035, 7766). Each message is a transaction of its own: what a rule asks of a query
// must not wait for an answer. Multicast DNS, LLMNR and NetBIOS names are left to their own ports.
#include "app/dns/dns.h"

#include <algorithm>
#include <array>

#include "app/dns/message.h"
#include "app/make_parser.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"

namespace sekisho::app {
namespace {

using namespace dns;

constexpr std::uint16_t kPort = 53;
constexpr std::size_t kLengthSize = 2;
constexpr unsigned kOpcodesEnd = 7;

struct NoState {};

void put_fault(TxId tx, NameFault fault, FieldSink& out) noexcept {
    switch (fault) {
        case NameFault::none: break;
        case NameFault::cut: out.event(tx, AppEvent::dns_malformed_data); break;
        case NameFault::too_long: out.event(tx, AppEvent::dns_name_too_long); break;
        case NameFault::loop: out.event(tx, AppEvent::dns_infinite_loop); break;
    }
}

// False when the questions do not end inside the message.
bool put_questions(TxId tx, const Header& header, Bytes message, ByteReader& reader, FieldSink& out) noexcept {
    Name name;
    for (std::size_t i = 0; i < std::min<std::size_t>(header.questions, kDnsRecordsMax); ++i) {
        const NameFault fault = name.read(message, reader);
        put_fault(tx, fault, out);
        if (fault == NameFault::cut) return false;
        out.put(tx, Field::dns_query, as_bytes(name.text()));
        if (fault != NameFault::none) return false;  // the cursor is somewhere in the name
        const std::uint16_t type = reader.u16();
        reader.skip(2);
        if (!reader.ok()) {
            out.event(tx, AppEvent::dns_malformed_data);
            return false;
        }
        out.fact(tx, Fact::dns_type, type);
    }
    return true;
}

void put_answers(TxId tx, const Header& header, Bytes message, ByteReader& reader, FieldSink& out) noexcept {
    std::array<std::uint8_t, 1024> text;
    Name owner;
    for (std::size_t i = 0; i < std::min<std::size_t>(header.answers, kDnsRecordsMax); ++i) {
        const NameFault fault = owner.read(message, reader);
        if (fault != NameFault::none) return put_fault(tx, fault, out);
        const std::uint16_t type = reader.u16();
        reader.skip(6);  // class, time to live
        const std::uint16_t size = reader.u16();
        const std::size_t at = reader.position();
        if (!reader.skip(size)) return out.event(tx, AppEvent::dns_malformed_data);
        const std::size_t written = write_record(message, type, at, size, text);
        out.put(tx, Field::dns_answer, Bytes(text).first(written));
    }
}

void read_message(Direction direction, Bytes message, FieldSink& out) noexcept {
    ByteReader reader(message);
    const Header header = read_header(reader);
    const TxId tx = out.open();
    const bool to_server = direction == Direction::to_server;
    if (!reader.ok()) {
        out.event(tx, AppEvent::dns_malformed_data);
    } else {
        out.fact(tx, Fact::dns_id, header.id);
        out.fact(tx, Fact::dns_flags, header.flags);
        out.fact(tx, Fact::dns_opcode, header.opcode());
        out.fact(tx, Fact::dns_rcode, header.rcode());
        out.fact(tx, Fact::dns_is_answer, header.is_answer() ? 1 : 0);
        if (header.z_flag()) out.event(tx, AppEvent::dns_z_flag_set);
        if (header.opcode() >= kOpcodesEnd) out.event(tx, AppEvent::dns_invalid_opcode);
        if (to_server && header.is_answer()) out.event(tx, AppEvent::dns_not_a_request);
        if (!to_server && !header.is_answer()) out.event(tx, AppEvent::dns_not_a_response);
        if (put_questions(tx, header, message, reader, out)) put_answers(tx, header, message, reader, out);
    }
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
}

Step parse_datagram(NoState&, Direction direction, Bytes in, FieldSink& out) noexcept {
    read_message(direction, in, out);
    return Step::consumed(in.size());
}

Step parse_stream(NoState&, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (in.size() < kLengthSize) return Step::need_more();
    const std::size_t length = static_cast<std::size_t>(in[0] << 8 | in[1]);
    if (in.size() < kLengthSize + length) return Step::need_more();
    if (length != 0) read_message(direction, in.subspan(kLengthSize, length), out);
    return Step::consumed(kLengthSize + length);
}

bool gap_datagram(NoState&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }
bool gap_stream(NoState&, Direction, std::uint64_t, FieldSink&) noexcept { return false; }
void end(NoState&, Direction, FieldSink&) noexcept {}

// A header whose counts and opcode are plausible, and a first question with a known class.
bool plausible(Bytes message, bool strict) noexcept {
    ByteReader reader(message);
    const Header header = read_header(reader);
    if (!reader.ok() || header.opcode() >= kOpcodesEnd) return false;
    if (header.questions == 0 && header.answers == 0) return !strict && header.is_answer();
    if (strict && (header.questions != 1 || header.z_flag() || (!header.is_answer() && header.answers != 0)))
        return false;
    if (header.questions == 0) return !strict;
    Name name;
    if (name.read(message, reader) == NameFault::cut) return !strict && message.size() < kHeaderSize + 6;
    const std::uint16_t type = reader.u16();
    const std::uint16_t klass = reader.u16();
    if (!reader.ok()) return !strict;
    return !strict || (!type_name(type).empty() && (klass == 1 || klass == 3 || klass == 255));
}

bool is_other_name_service(std::uint16_t port) noexcept { return port == 137 || port == 5353 || port == 5355; }

Probe probe_datagram(const ProbeInput& input) noexcept {
    if (is_other_name_service(input.server_port) || is_other_name_service(input.client_port)) return Probe::no;
    const bool strict = input.server_port != kPort && input.client_port != kPort;
    for (const Bytes side : {input.to_server, input.to_client})
        if (!side.empty() && plausible(side, strict)) return Probe::yes;
    return Probe::no;
}

Probe probe_stream(const ProbeInput& input) noexcept {
    const bool strict = input.server_port != kPort && input.client_port != kPort;
    for (const Bytes side : {input.to_server, input.to_client}) {
        if (side.empty()) continue;
        if (side.size() < kLengthSize + kHeaderSize) return strict ? Probe::no : Probe::maybe;
        const std::size_t length = static_cast<std::size_t>(side[0] << 8 | side[1]);
        if (length < kHeaderSize) continue;
        const Bytes message = side.subspan(kLengthSize, std::min(length, side.size() - kLengthSize));
        if (plausible(message, strict || message.size() == length)) return Probe::yes;
    }
    return Probe::no;
}

}  // namespace

constinit const Parser kDnsUdp = make_parser<NoState, &probe_datagram, &parse_datagram, &gap_datagram, &end>(
    Protocol::dns, Transport::udp);
constinit const Parser kDnsTcp =
    make_parser<NoState, &probe_stream, &parse_stream, &gap_stream, &end>(Protocol::dns, Transport::tcp);

}  // namespace sekisho::app
