// DNS over UDP and TCP (RFC 1035, 7766), multicast DNS (RFC 6762) and LLMNR (RFC 4795), which speak the same
// messages. Each message is a transaction of its own: what a rule asks of a query must not wait for an answer.
// NetBIOS names are left to their own port.
#include "app/dns/dns.h"

#include <algorithm>

#include "app/detail.h"
#include "app/dns/message.h"
#include "app/dns/tell.h"
#include "app/make_parser.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"

namespace sekisho::app {
namespace {

using namespace dns;

constexpr std::uint16_t kPort = 53;
constexpr std::size_t kLengthSize = 2;

struct NoState {};

enum class Service : std::uint8_t { dns, mdns, llmnr };

/// The record of a local name service: who is looked for, or what was answered.
void put_details(TxId tx, const Header& header, std::string_view name, FieldSink& out) noexcept {
    put_detail(out, tx, "type", header.is_answer() ? "response" : "request");
    put_detail(out, tx, "id", header.id);
    put_detail(out, tx, "rrname", name);
    put_detail(out, tx, "answers", header.answers);
}

void read_message(Service service, Direction direction, Bytes message, FieldSink& out) noexcept {
    const TxId tx = out.open();
    const bool to_server = direction == Direction::to_server;
    Name asked;
    if (const auto header = tell_message(tx, message, asked, out)) {
        // In multicast DNS everybody sends to the same group and port.
        const bool has_roles = service != Service::mdns;
        if (has_roles && to_server && header->is_answer()) out.event(tx, AppEvent::dns_not_a_request);
        if (has_roles && !to_server && !header->is_answer()) out.event(tx, AppEvent::dns_not_a_response);
        if (service != Service::dns) put_details(tx, *header, asked.text(), out);
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
