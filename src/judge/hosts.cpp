#include "judge/hosts.h"

#include <algorithm>

#include "sekisho/event/support_end.h"

namespace sekisho::judge {

using event::Event;
using event::Kind;
using event::Text;

namespace {

constexpr std::uint32_t kAddressesOfARouter = 4;  // a machine may have two or three of its own

}  // namespace

Hosts::Host& Hosts::host_of(const IpAddress& ip, TimeNs now, const MacAddress& mac) {
    Host& host = hosts_.at(key_of(seed_, ip), now);
    if (mac == MacAddress{} || mac == host.mac) return host;
    Distinct& addresses = cards_.at(hash_bytes(mac.octets, seed_) | 1U << 31, now);
    addresses.add(key_of(seed_, ip) >> 8);
    const bool router = addresses.count() >= kAddressesOfARouter;
    // Another card at this address is another machine, unless one of the two is a router between.
    if (host.mac != MacAddress{} && !host.shared_card && !router) host = {};
    host.mac = mac;
    host.shared_card = router;
    return host;
}

void Hosts::learn_system(Host& host, std::uint16_t system, Weight weight, std::string_view by) noexcept {
    // Equal weight: the newer one, which stands first in the table.
    if (weight < host.system_weight || (weight == host.system_weight && system >= host.system)) return;
    host.system = system;
    host.system_weight = weight;
    std::fill(std::begin(host.by), std::end(host.by), '\0');
    std::copy_n(by.begin(), std::min(by.size(), sizeof host.by - 1), host.by);
}

void Hosts::see(const Event& e, std::uint32_t day, Sightings& out) {
    if (!home_.contains(e.client)) return;
    const bool own_card = e.src == e.client && (e.kind == Kind::host || e.kind == Kind::flow || e.kind == Kind::http);
    const MacAddress mac = own_card ? MacAddress{e.src_mac} : MacAddress{};
    // Most records tell nothing new of a machine: those must not cost more than one look.
    const bool teaches = e.kind == Kind::host || e.kind == Kind::http || mac != MacAddress{};
    Host* host = teaches ? &host_of(e.client, e.time_ns, mac) : find(e.client);
    if (host == nullptr) return;
    learn(*host, e);
    if (e.kind == Kind::host || host->told_day == day || !unsupported(*host, e.time_ns) || home_.contains(e.server)) return;
    host->told_day = day;
    const bool answered = e.action == event::Action::allowed && e.packets_to_client != 0;
    out.push_back({Behaviour::end_of_support, answered ? event::Outcome::succeeded : event::Outcome::unknown,
                   "end of support: " + e.client.to_string() + " runs " + system_text(*host)});
}

void Hosts::learn(Host& host, const Event& e) {
    if (e.kind == Kind::host) {
        const auto kind = e.get(Text::reason);
        const Weight weight = kind == "tcp" ? Weight::low : kind == "dhcp" ? Weight::medium : Weight::high;
        // A name that a person gave the machine: the newest of the weightiest kind counts.
        if (const auto name = e.get(Text::name); !name.empty() && weight >= host.name_weight) {
            host.name = name;
            host.name_weight = weight;
        }
        if (const auto system = table_.by_sign(kind, e.get(Text::extra))) learn_system(host, *system, weight, kind);
        return;
    }
    if (e.kind != Kind::http) return;
    const auto user_agent = e.get(Text::user_agent);
    const std::uint64_t hash = hash_bytes(as_bytes(user_agent), seed_);
    if (user_agent.empty() || hash == host.user_agent || !e.get(Text::forwarded).empty()) return;  // a proxy speaks for others
    host.user_agent = hash;
    if (const auto system = table_.by_user_agent(user_agent)) learn_system(host, *system, Weight::medium, "User-Agent");
}

bool Hosts::unsupported(const Host& host, TimeNs now) const noexcept {
    if (host.system_weight < Weight::medium) return false;
    const auto& system = table_.system(host.system);
    return system.support_ended != 0 && now >= system.support_ended;
}

bool Hosts::unsupported(const IpAddress& ip, TimeNs now) noexcept {
    const Host* host = find(ip);
    return host != nullptr && unsupported(*host, now);
}

std::string Hosts::system_text(const Host& host) const {
    if (host.system_weight == Weight::none) return {};
    const auto& system = table_.system(host.system);
    std::string text = system.name;
    if (system.support_ended != 0) text += event::support_end_text(system.ended_on);
    return text + " (by " + host.by + (host.system_weight == Weight::low ? ", perhaps)" : ")");
}

void Hosts::describe(event::Alert& alert) {
    const Host* host = find(alert.host);
    if (host == nullptr) return;
    if (!host->name.empty()) alert.host_name = host->name;
    if (auto system = system_text(*host); !system.empty()) alert.host_os = std::move(system);
    if (host->mac != MacAddress{} && !host->shared_card) {
        alert.host_vendor = table_.vendor(host->mac);
        if (!alert.mac) alert.mac = host->mac;
    }
}

}  // namespace sekisho::judge
