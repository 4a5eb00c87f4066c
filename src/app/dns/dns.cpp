// DNS over UDP and TCP (RFC 1035, 7766), multicast DNS (RFC 6762) and LLMNR (RFC 4795), which speak the same
// messages. Each message is a transaction of its own: what a rule asks of a query must not wait for an answer.
// NetBIOS names are left to their own port.
#include "app/dns/dns.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "app/detail.h"
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

/// Where names go that rules may look for.
struct Names {
    TxId tx;
    FieldSink& out;
    bool response;

    void put(Field field, std::string_view name) const noexcept {
        out.put(tx, field, as_bytes(name));
        if (response) out.put(tx, Field::dns_response_rrname, as_bytes(name));
    }
};

// False when the questions do not end inside the message.
bool put_questions(const Names& names, const Header& header, Bytes message, ByteReader& reader, Name& first) noexcept {
    FieldSink& out = names.out;
    Name name;
    for (std::size_t i = 0; i < std::min<std::size_t>(header.questions, kDnsRecordsMax); ++i) {
        const NameFault fault = name.read(message, reader);
        put_fault(names.tx, fault, out);
        if (fault == NameFault::cut) return false;
        out.put(names.tx, Field::dns_query, as_bytes(name.text()));
        names.put(Field::dns_queries_rrname, name.text());
        if (i == 0) first = name;
        if (fault != NameFault::none) return false;  // the cursor is somewhere in the name
        const std::uint16_t type = reader.u16();
        reader.skip(2);
        if (!reader.ok()) {
            out.event(names.tx, AppEvent::dns_malformed_data);
            return false;
        }
        out.fact(names.tx, Fact::dns_type, type);
    }
    return true;
}

struct Record {
    std::uint16_t type = 0;
    std::uint32_t ttl = 0;
    std::size_t data_at = 0;
    std::size_t data_size = 0;
};

/// @return what is wrong with it; `cut` when it does not end inside the message
NameFault read_record(Bytes message, ByteReader& reader, Name& owner, Record& record) noexcept {
    const NameFault fault = owner.read(message, reader);
    if (fault != NameFault::none) return fault;
    record.type = reader.u16();
    reader.skip(2);
    record.ttl = reader.u32();
    record.data_size = reader.u16();
    record.data_at = reader.position();
    return reader.skip(record.data_size) ? NameFault::none : NameFault::cut;
}

/// The name that a record points to belongs to the names of the response.
void put_target(const Names& names, Bytes message, const Record& record) noexcept {
    if (!names.response || !points_to_name(record.type)) return;
    constexpr std::uint16_t kMx = 15;
    ByteReader reader(message.first(record.data_at + record.data_size));
    reader.skip(record.data_at + (record.type == kMx ? 2 : 0));
    Name target;
    if (target.read(message, reader) != NameFault::cut) names.out.put(names.tx, Field::dns_response_rrname, as_bytes(target.text()));
}

/// "owner TAB ttl TAB type rdata", the owner only where it is not the question's name.
void put_answer_text(const Names& names, Bytes message, const Record& record, const Name& owner, const Name& asked) noexcept {
    std::array<std::uint8_t, 1024> text;
    std::size_t used = 0;
    const auto put = [&](char c) { text[used++] = static_cast<std::uint8_t>(c); };
    if (owner.text() != asked.text())
        for (const char c : owner.text()) put(c > ' ' ? c : '.');
    put('\t');
    char digits[12];
    const auto end = std::to_chars(digits, digits + sizeof digits, record.ttl).ptr;
    for (const char* c = digits; c != end; ++c) put(*c);
    put('\t');
    used += write_record(message, record.type, record.data_at, record.data_size, MutableBytes(text).subspan(used));
    names.out.put(names.tx, Field::dns_answer, Bytes(text).first(used));
}

/// False when the section does not end inside the message, or not soundly.
bool put_answers(const Names& names, std::size_t count, Bytes message, ByteReader& reader, const Name& asked) noexcept {
    Name owner;
    Record record;
    for (std::size_t i = 0; i < std::min(count, kDnsRecordsMax); ++i) {
        const NameFault fault = read_record(message, reader, owner, record);
        if (fault != NameFault::none) {
            put_fault(names.tx, fault, names.out);
            return false;
        }
        names.put(Field::dns_answers_rrname, owner.text());
        put_target(names, message, record);
        put_answer_text(names, message, record, owner, asked);
    }
    return count <= kDnsRecordsMax;
}

/// Authority and additional records: their names, and an event where they do not fit.
bool put_further(const Names& names, std::size_t count, Bytes message, ByteReader& reader, Field field, AppEvent fault) noexcept {
    Name owner;
    Record record;
    for (std::size_t i = 0; i < std::min(count, kDnsRecordsMax); ++i) {
        if (read_record(message, reader, owner, record) != NameFault::none) {
            names.out.event(names.tx, fault);
            return false;
        }
        if (owner.text().empty()) continue;  // the root: EDNS
        names.put(field, owner.text());
        put_target(names, message, record);
    }
    return count <= kDnsRecordsMax;
}

void read_sections(const Names& names, const Header& header, Bytes message, ByteReader& reader, Name& asked) noexcept {
    if (!put_questions(names, header, message, reader, asked)) return;
    if (!put_answers(names, header.answers, message, reader, asked)) return;
    if (put_further(names, header.authorities, message, reader, Field::dns_authorities_rrname, AppEvent::dns_invalid_authorities))
        put_further(names, header.additionals, message, reader, Field::dns_additionals_rrname, AppEvent::dns_invalid_additionals);
}

enum class Service : std::uint8_t { dns, mdns, llmnr };

/// The record of a local name service: who is looked for, or what was answered.
void put_details(TxId tx, const Header& header, std::string_view name, FieldSink& out) noexcept {
    put_detail(out, tx, "type", header.is_answer() ? "response" : "request");
    put_detail(out, tx, "id", header.id);
    put_detail(out, tx, "rrname", name);
    put_detail(out, tx, "answers", header.answers);
}

void read_message(Service service, Direction direction, Bytes message, FieldSink& out) noexcept {
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
        // In multicast DNS everybody sends to the same group and port.
        const bool has_roles = service != Service::mdns;
        if (has_roles && to_server && header.is_answer()) out.event(tx, AppEvent::dns_not_a_request);
        if (has_roles && !to_server && !header.is_answer()) out.event(tx, AppEvent::dns_not_a_response);
        Name asked;
        read_sections({tx, out, header.is_answer()}, header, message, reader, asked);
        if (service != Service::dns) put_details(tx, header, asked.text(), out);
    }
    out.stage(tx, direction, Stage::complete);
    out.close(tx);
}

template <Service kService>
Step parse_datagram(NoState&, Direction direction, Bytes in, FieldSink& out) noexcept {
    read_message(kService, direction, in, out);
    if (kService == Service::dns) out.frame(direction, Field::frame_dns_pdu, in, in.size());
    return Step::consumed(in.size());
}

Step parse_stream(NoState&, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (in.size() < kLengthSize) return Step::need_more();
    const std::size_t length = static_cast<std::size_t>(in[0] << 8 | in[1]);
    if (in.size() < kLengthSize + length) return Step::need_more();
    const Bytes message = in.subspan(kLengthSize, length);
    if (length != 0) read_message(Service::dns, direction, message, out);
    out.frame(direction, Field::frame_dns_pdu, message, length);
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

constexpr std::uint16_t kMdnsPort = 5353, kLlmnrPort = 5355, kNetbiosPort = 137;

bool uses_port(const ProbeInput& input, std::uint16_t port) noexcept {
    return input.server_port == port || input.client_port == port;
}
bool is_other_name_service(const ProbeInput& input) noexcept {
    return uses_port(input, kNetbiosPort) || uses_port(input, kMdnsPort) || uses_port(input, kLlmnrPort);
}

/// A flow that begins with an answer from the service's port is seen the wrong way round.
Probe service_on(std::uint16_t port, const ProbeInput& input, bool strict) noexcept {
    for (const Bytes side : {input.to_server, input.to_client}) {
        if (side.empty() || !plausible(side, strict)) continue;
        const bool answer = side.size() > 2 && (side[2] & 0x80) != 0;
        const bool from_service = input.client_port == port && input.server_port != port;
        return answer && from_service && !input.to_server.empty() ? Probe::reversed : Probe::yes;
    }
    return Probe::no;
}

Probe probe_datagram(const ProbeInput& input) noexcept {
    if (is_other_name_service(input)) return Probe::no;
    return service_on(kPort, input, !uses_port(input, kPort));
}

// Both are told by their port alone: the messages are those of DNS (RFC 6762, RFC 4795).
Probe probe_mdns(const ProbeInput& input) noexcept {
    return uses_port(input, kMdnsPort) ? service_on(kMdnsPort, input, false) : Probe::no;
}
Probe probe_llmnr(const ProbeInput& input) noexcept {
    return uses_port(input, kLlmnrPort) ? service_on(kLlmnrPort, input, false) : Probe::no;
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

constinit const Parser kDnsUdp = make_parser<NoState, &probe_datagram, &parse_datagram<Service::dns>, &gap_datagram, &end>(
    Protocol::dns, Transport::udp);
constinit const Parser kMdns =
    make_parser<NoState, &probe_mdns, &parse_datagram<Service::mdns>, &gap_datagram, &end>(Protocol::mdns, Transport::udp);
constinit const Parser kLlmnr =
    make_parser<NoState, &probe_llmnr, &parse_datagram<Service::llmnr>, &gap_datagram, &end>(Protocol::llmnr, Transport::udp);
constinit const Parser kDnsTcp =
    make_parser<NoState, &probe_stream, &parse_stream, &gap_stream, &end>(Protocol::dns, Transport::tcp);

}  // namespace sekisho::app
