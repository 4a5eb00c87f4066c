// Logs of other makers.
#include "config/keys/keys.h"
#include "config/keys/slots.h"

#include <array>

namespace sekisho::config {
namespace {

constexpr std::array kKeys{
    Key{.path = "logs.udp",
        .slot = SEKISHO_AT(logs.udp),
        .help = "Address and port for syslog over UDP (RFC 5426). Empty: not.",
        .shape = &kEndpointOrNone,
        .example = "192.168.1.250:514"},
    Key{.path = "logs.tcp",
        .slot = SEKISHO_AT(logs.tcp),
        .help = "Address and port for syslog over TCP (RFC 6587, octet counts and line ends). Empty: "
                "not.",
        .shape = &kEndpointOrNone},
    Key{.path = "logs.tls",
        .slot = SEKISHO_AT(logs.tls),
        .help = "Address and port for syslog over TLS (RFC 5425). Empty: not.",
        .shape = &kEndpointOrNone},
    Key{.path = "logs.senders",
        .slot = SEKISHO_ITEMS(logs.senders),
        .help = "Who may send; everybody else is refused and counted.",
        .range = {0, 64},
        .example = "[{network: 192.168.1.254, maker: watchguard}]"},
    Key{.path = "logs.senders[].network",
        .slot = SEKISHO_ITEM(logs.senders, network),
        .help = "Its address, or the network it is in.",
        .shape = &kNetwork,
        .required = true},
    Key{.path = "logs.senders[].maker",
        .slot = SEKISHO_ITEM(logs.senders, maker),
        .help = "Its maker, as the table of makers names it. Empty: guessed from each line.",
        .shape = &kNameOrNone},
    Key{.path = "logs.senders[].traffic",
        .slot = SEKISHO_ITEM(logs.senders, traffic),
        .help = "Whether its records of connections and requests are looked at as well (scans, "
                "regular calls, volume). Only where this box does not see the same traffic."},
    Key{.path = "logs.makers",
        .slot = SEKISHO_AT(logs.makers),
        .help = "Table of makers: how their lines are laid out and what their fields mean.",
        .shape = &kPath},
    Key{.path = "logs.certificate_file",
        .slot = SEKISHO_AT(logs.certificate_file),
        .help = "tls: our certificate (PEM).",
        .shape = &kPathOrNone},
    Key{.path = "logs.key_file",
        .slot = SEKISHO_AT(logs.key_file),
        .help = "tls: its private key (PEM).",
        .shape = &kPathOrNone},
    Key{.path = "logs.ca_file",
        .slot = SEKISHO_AT(logs.ca_file),
        .help = "tls: certificates (PEM) of those who may sign the senders'. Empty: senders need "
                "none, their address counts.",
        .shape = &kPathOrNone},
    Key{.path = "logs.connections",
        .slot = SEKISHO_AT(logs.connections),
        .help = "Connections at once; further ones are closed and counted.",
        .range = {1, 1024}, .unit = "connections"},
    Key{.path = "logs.rate",
        .slot = SEKISHO_AT(logs.rate),
        .help = "Messages a second of one sender; more are thrown away and counted.",
        .range = {1, 1'000'000}, .unit = "messages"},
};

}  // namespace

std::span<const Key> logs_keys() noexcept { return kKeys; }

}  // namespace sekisho::config
