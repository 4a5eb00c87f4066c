// Orders of the SOC.
#include "config/keys/keys.h"
#include "config/keys/slots.h"

#include <array>

namespace sekisho::config {
namespace {

constexpr std::array kKeys{
    Key{.path = "orders.key_file",
        .slot = SEKISHO_AT(orders.key_file),
        .help = "The SOC's public key (PEM, Ed25519). Empty: no order is obeyed.",
        .shape = &kPathOrNone},
    Key{.path = "orders.state_file",
        .slot = SEKISHO_AT(orders.state_file),
        .help = "Sequence of the last order that was obeyed: none is obeyed twice.",
        .shape = &kPath},
    Key{.path = "orders.never",
        .slot = SEKISHO_AT(orders.never),
        .help = "Who is never cut off by an order: the gateway, name and mail servers. The SOC's "
                "address, trusted proxies and this box are spared anyhow.",
        .range = {0, 256},
        .shape = &kNetwork,
        .example = "[192.168.1.1]"},
    Key{.path = "orders.window_minutes",
        .slot = SEKISHO_AT(orders.window_minutes),
        .help = "An order older than that is refused.",
        .range = {1, 1440}, .unit = "minutes"},
    Key{.path = "orders.longest_hours",
        .slot = SEKISHO_AT(orders.longest_hours),
        .help = "How long an order may cut a host off.",
        .range = {1, 8784}, .unit = "hours"},
    Key{.path = "orders.hosts_max",
        .slot = SEKISHO_AT(orders.hosts_max),
        .help = "Hosts that orders may hold cut off at the same time.",
        .range = {1, 1024}, .unit = "hosts"},
};

}  // namespace

std::span<const Key> orders_keys() noexcept { return kKeys; }

}  // namespace sekisho::config
