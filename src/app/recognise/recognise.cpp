// Probes of recognised-only protocols: see recognise.h. Each looks once at the first bytes of a side.
#include "app/recognise/recognise.h"

#include <initializer_list>
#include <string_view>

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
bool speaks_first(const ProbeInput& input, std::string_view greeting) noexcept {
    return server(input).starts_with(greeting);
}

// "220 host ESMTP" and "220 FTP server ready" start alike: words and the client's first command decide.
Probe smtp(const ProbeInput& input) noexcept {
    if (starts_with_any(client(input), {"EHLO ", "HELO ", "EHLO\r", "HELO\r", "LHLO "})) return Probe::yes;
    if (!speaks_first(input, "220")) return Probe::no;
    const auto greeting = server(input).substr(0, server(input).find('\n'));
    if (greeting.find("SMTP") != std::string_view::npos) return Probe::yes;
    return port_is(input, {25, 465, 587}) ? Probe::yes : Probe::no;
}

Probe ftp(const ProbeInput& input) noexcept {
    const bool command = starts_with_any(client(input), {"USER ", "AUTH TLS", "AUTH SSL", "FEAT\r", "PASS ", "PORT ", "SYST\r"});
    if (speaks_first(input, "220") || speaks_first(input, "331")) {
        const auto greeting = server(input).substr(0, server(input).find('\n'));
        return when(command || port_is(input, {21}) || greeting.find("FTP") != std::string_view::npos);
    }
    return when(command && server(input).empty() && port_is(input, {21}));
}

Probe pop3(const ProbeInput& input) noexcept {
    const bool greeted = speaks_first(input, "+OK");
    const bool command = starts_with_any(client(input), {"USER ", "APOP ", "CAPA\r", "AUTH ", "STLS\r"});
    return when(greeted && (client(input).empty() || command));
}

Probe imap(const ProbeInput& input) noexcept {
    if (starts_with_any(server(input), {"* OK", "* PREAUTH", "* BYE"})) return Probe::yes;
    const auto line = client(input).substr(0, client(input).find('\n'));
    const auto space = line.find(' ');
    if (space == std::string_view::npos || space > 8) return Probe::no;
    return when(starts_with_any(line.substr(space + 1), {"LOGIN ", "CAPABILITY\r", "STARTTLS\r", "AUTHENTICATE "}));
}

// NetBIOS session header, then the magic of SMB 1, 2 or 3.
Probe smb(const ProbeInput& input) noexcept {
    for (const auto side : {client(input), server(input)}) {
        if (side.size() < 8 || (side[0] != 0 && side[0] != '\x81')) continue;
        const auto magic = side.substr(4, 4);
        if (magic == "\xffSMB" || magic == "\xfeSMB" || magic == "\xfdSMB") return Probe::yes;
    }
    return when(client(input).size() >= 4 && client(input)[0] == '\x81' && port_is(input, {139}));
}

// Version 5.0, a bind or request, and an integer format that exists (C706 section 12.6.3).
Probe dcerpc(const ProbeInput& input) noexcept {
    const Bytes in = input.to_server.empty() ? input.to_client : input.to_server;
    if (in.size() < 16 || in[0] != 5 || in[1] > 1) return Probe::no;
    const bool known = in[2] == 0 || in[2] == 2 || in[2] == 3 || (in[2] >= 11 && in[2] <= 19);
    return when(known && (in[4] == 0x10 || in[4] == 0x00) && in[5] == 0 && in[6] == 0 && in[7] == 0);
}

// TPKT (RFC 1006) with an X.224 connection request or confirm.
Probe rdp(const ProbeInput& input) noexcept {
    for (const Bytes in : {input.to_server, input.to_client})
        if (in.size() >= 7 && in[0] == 3 && in[1] == 0 && (in[5] == 0xe0 || in[5] == 0xd0) && in[4] + 5 == (in[2] << 8 | in[3]))
            return Probe::yes;
    return Probe::no;
}

// Option negotiation: IAC WILL/WONT/DO/DONT (RFC 854).
Probe telnet(const ProbeInput& input) noexcept {
    for (const Bytes in : {input.to_server, input.to_client})
        if (in.size() >= 3 && in[0] == 0xff && in[1] >= 0xfb && in[1] <= 0xfe) return Probe::yes;
    return Probe::no;
}

// AS-REQ, AS-REP, TGS-REQ, TGS-REP or KRB-ERROR (RFC 4120 section 5.10); over TCP behind a length.
Probe krb5(const ProbeInput& input) noexcept {
    for (Bytes in : {input.to_server, input.to_client}) {
        if (in.size() >= 8 && in[0] == 0 && in[1] == 0) in = in.subspan(4);
        if (in.size() < 12 || (in[0] < 0x6a || (in[0] > 0x6d && in[0] != 0x7e))) continue;
        const std::size_t skip = (in[1] & 0x80) ? 2u + (in[1] & 0x7f) : 2u;
        if (skip < in.size() && in[skip] == 0x30) return Probe::yes;
    }
    return Probe::no;
}

// Read or write request: name and mode end with NUL (RFC 1350 section 5).
Probe tftp(const ProbeInput& input) noexcept {
    const auto in = client(input);
    if (in.size() < 6 || in[0] != '\0' || (in[1] != 1 && in[1] != 2)) return Probe::no;
    const auto nul = in.find('\0', 2);
    return when(nul != std::string_view::npos && starts_with_any(in.substr(nul + 1), {"octet", "netascii", "mail"}));
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
