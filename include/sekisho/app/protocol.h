// Application protocols by name, as rules name them in their header and in app-layer-protocol.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sekisho::app {

// X(id, "rule name"): parsed or at least recognised by content.
#define SEKISHO_PROTOCOLS(X)                                                                                     \
    X(unknown, "unknown")                                                                                        \
    X(failed, "failed")                                                                                          \
    X(http, "http")                                                                                              \
    X(http2, "http2")                                                                                            \
    X(tls, "tls")                                                                                                \
    X(dns, "dns")                                                                                                \
    X(ssh, "ssh")                                                                                                \
    X(smtp, "smtp")                                                                                              \
    X(ftp, "ftp")                                                                                                \
    X(ftp_data, "ftp-data")                                                                                      \
    X(pop3, "pop3")                                                                                              \
    X(imap, "imap")                                                                                              \
    X(smb, "smb")                                                                                                \
    X(dcerpc, "dcerpc")                                                                                          \
    X(telnet, "telnet")                                                                                          \
    X(rdp, "rdp")                                                                                                \
    X(rfb, "rfb")                                                                                                \
    X(sip, "sip")                                                                                                \
    X(krb5, "krb5")                                                                                              \
    X(mqtt, "mqtt")                                                                                              \
    X(modbus, "modbus")                                                                                          \
    X(dnp3, "dnp3")                                                                                              \
    X(enip, "enip")                                                                                              \
    X(nfs, "nfs")                                                                                                \
    X(ntp, "ntp")                                                                                                \
    X(snmp, "snmp")                                                                                              \
    X(dhcp, "dhcp")                                                                                              \
    X(tftp, "tftp")                                                                                              \
    X(ike, "ike")                                                                                                \
    X(quic, "quic")                                                                                              \
    X(pgsql, "pgsql")                                                                                            \
    X(bittorrent_dht, "bittorrent-dht")                                                                          \
    X(mdns, "mdns")                                                                                              \
    X(llmnr, "llmnr")                                                                           \
    X(ldap, "ldap")                                                                                              \
    X(netbios_name, "netbios-name")                                                                              \
    X(websocket, "websocket")                                                                                    \
    X(doh2, "doh2")

enum class Protocol : std::uint8_t {
#define SEKISHO_PROTOCOL_ID(id, name) id,
    SEKISHO_PROTOCOLS(SEKISHO_PROTOCOL_ID)
#undef SEKISHO_PROTOCOL_ID
    count_,
};

inline constexpr std::string_view kProtocolNames[] = {
#define SEKISHO_PROTOCOL_NAME(id, name) name,
    SEKISHO_PROTOCOLS(SEKISHO_PROTOCOL_NAME)
#undef SEKISHO_PROTOCOL_NAME
};

constexpr std::string_view to_string(Protocol p) noexcept { return kProtocolNames[static_cast<std::size_t>(p)]; }

/// Whether a rule about `rule` looks at flows that speak `flow`: the same, or one that carries it.
constexpr bool covers(Protocol rule, Protocol flow) noexcept {
    if (flow == Protocol::doh2) return rule == flow || rule == Protocol::http2 || rule == Protocol::dns;
    return rule == flow || (rule == Protocol::dcerpc && flow == Protocol::smb);
}

constexpr std::optional<Protocol> parse_protocol(std::string_view name) noexcept {
    for (std::size_t i = 0; i < static_cast<std::size_t>(Protocol::count_); ++i)
        if (kProtocolNames[i] == name) return static_cast<Protocol>(i);
    return std::nullopt;
}

}  // namespace sekisho::app
