// Probes of recognised-only protocols: see recognise.h. Each looks once at the first bytes of a side.
#include "app/recognise/recognise.h"

#include <initializer_list>
#include <string_view>

#include "app/ber.h"
#include "app/make_parser.h"
#include "sekisho/base/byte_reader.h"
#include "sekisho/base/text.h"

namespace sekisho::app {
namespace {

std::string_view client(const ProbeInput& input) noexcept { return as_text(input.to_server); }
std::string_view server(const ProbeInput& input) noexcept { return as_text(input.to_client); }

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> starts) noexcept {
    for (const auto start : starts)
        if (starts_with_nocase(text, start)) return true;
    return false;
}
Probe when(bool yes) noexcept { return yes ? Probe::yes : Probe::no; }
bool port_is(const ProbeInput& input, std::initializer_list<std::uint16_t> ports) noexcept {
    for (const auto port : ports)
        if (input.server_port == port) return true;
    return false;
}
Probe http2(const ProbeInput& input) noexcept { return when(client(input).starts_with("PRI * HTTP/2.0\r\n")); }

// Option negotiation: IAC WILL/WONT/DO/DONT (RFC 854).
Probe telnet(const ProbeInput& input) noexcept {
    for (const Bytes in : {input.to_server, input.to_client})
        if (in.size() >= 3 && in[0] == 0xff && in[1] >= 0xfb && in[1] <= 0xfe) return Probe::yes;
    return Probe::no;
}

}

// ISAKMP header: initiator cookie, version 1.0 or 2.0, length of the datagram (RFC 7296 section 3.1).
Probe ike(const ProbeInput& input) noexcept {
    for (Bytes in : {input.to_server, input.to_client}) {
        if (in.size() >= 32 && in[0] == 0 && in[1] == 0 && in[2] == 0 && in[3] == 0) in = in.subspan(4);
        if (in.size() < 28 || (in[17] != 0x10 && in[17] != 0x20)) continue;
        ByteReader reader(in.subspan(24));
        if (reader.u32() == in.size()) return Probe::yes;
    }
    return Probe::no;
}

// A long header with the fixed bit and a version that exists (RFC 9000 section 17.2, RFC 9369).
Probe quic(const ProbeInput& input) noexcept {
    const Bytes in = input.to_server;
    if (in.size() < 7 || (in[0] & 0xc0) != 0xc0) return Probe::no;
    ByteReader reader(in.subspan(1));
    const std::uint32_t version = reader.u32();
    const bool known = version == 1 || version == 0x6b3343cf || (version >> 8) == 0xff0000 || (version >> 24) == 'Q';
    return when(known && in[5] <= 20);
}

// LDAPMessage ::= SEQUENCE { messageID INTEGER, protocolOp } (RFC 4511 section 4.1.1): bind, search, their answers.
Probe ldap(const ProbeInput& input) noexcept {
    for (const Bytes in : {input.to_server, input.to_client}) {
        const auto message = ber::read(in);
        if (!message.ok || message.tag != ber::kSequence) continue;
        ber::Walk walk(message.content);
        const auto id = walk.next();
        const auto operation = walk.next();
        if (!id.ok || id.tag != ber::kInteger || id.content.size() > 4 || !operation.ok) continue;
        const unsigned number = operation.tag & 0x1fu;
        if ((operation.tag & 0xc0) == 0x40 && (number <= 16 || (number >= 19 && number <= 25))) return Probe::yes;
    }
    return Probe::no;
}

// A question or registration with a name in its 32-letter form (RFC 1002 section 4.2).
Probe netbios_name(const ProbeInput& input) noexcept {
    if (!port_is(input, {137}) && input.client_port != 137) return Probe::no;
    for (const auto in : {client(input), server(input)}) {
        if (in.size() < 12 + 34 || in[12] != 32) continue;
        const auto name = in.substr(13, 32);
        if (name.find_first_not_of("ABCDEFGHIJKLMNOP") == std::string_view::npos) return Probe::yes;
    }
    return Probe::no;
}

// Bencoded query or answer of the DHT (BEP 5).
Probe bittorrent_dht(const ProbeInput& input) noexcept {
    return when(starts_with_any(client(input), {"d1:ad2:id20:", "d1:rd2:id20:", "d1:eli20", "d2:ip", "d1:el"}));
}

}  // namespace

#define SEKISHO_RECOGNISED_DEFINE(id, transport) \
    constinit const Parser kRecognised_##id = recognised(Protocol::id, Transport::transport, &id);
SEKISHO_RECOGNISED(SEKISHO_RECOGNISED_DEFINE)
#undef SEKISHO_RECOGNISED_DEFINE

}  // namespace sekisho::app
