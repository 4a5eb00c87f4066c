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
