// Directions are told from the flow's initiator and not from the packet: an attack on our server stays
// inbound when the rule matches on the server's answer. The one exception is `fetched`: our client called,
// and the stranger's answer is what the rule caught.
#include "judge/facts.h"

#include "sekisho/base/text.h"

namespace sekisho::judge {
namespace {

using event::Bearing;
using event::Event;
using event::Outcome;

constexpr std::uint32_t kFirstRefusal = 400;  // HTTP status: client and server errors

Bearing bearing_of(const Event& e, bool client_ours, bool server_ours) noexcept {
    if (client_ours && server_ours) return Bearing::lateral;
    if (client_ours) return e.direction == event::Direction::to_client ? Bearing::fetched : Bearing::outbound;
    return server_ours ? Bearing::inbound : Bearing::transit;
}

/// What came of it, when the box let it by. Evidence of an answer differs by direction: our machine calling
/// out has succeeded when the other end answered; an attack on us when our server did not refuse it.
Outcome outcome_of(const Event& e, Bearing bearing, const ClassFacts& cls) noexcept {
    if (e.action != event::Action::allowed || (e.flags & Event::kDropped) != 0) return Outcome::blocked;
    if (cls.succeeds_by_name || bearing == Bearing::fetched) return Outcome::succeeded;
    if (e.status >= kFirstRefusal && e.get(event::Text::app) == "http") return Outcome::attempted;
    if (bearing == Bearing::outbound && e.kind == event::Kind::alert)
        return e.packets_to_client != 0 ? Outcome::succeeded : Outcome::attempted;
    return Outcome::unknown;
}

/// The machine behind our proxy: the first of ours that X-Forwarded-For or Forwarded (RFC 7239) names.
/// Only a client of ours is asked, and only one of our addresses is taken: a stranger cannot point at us.
std::optional<IpAddress> forwarded_for(std::string_view header, const HomeNet& home) noexcept {
    while (!header.empty()) {
        const std::size_t end = header.find_first_of(",; =\"[]");
        const auto ip = IpAddress::parse(header.substr(0, end));
        if (ip && home.contains(*ip)) return ip;
        if (end == std::string_view::npos) break;
        header.remove_prefix(end + 1);
    }
    return std::nullopt;
}

}  // namespace

Facts facts_of(const Event& e, const HomeNet& home, const ClassFacts& cls) noexcept {
    const bool flow_known = e.client != IpAddress{};
    const IpAddress& client = flow_known ? e.client : e.src;
    const IpAddress& server = flow_known ? e.server : e.dst;
    const bool client_ours = home.contains(client);
    Facts facts;
    facts.bearing = bearing_of(e, client_ours, home.contains(server));
    facts.outcome = outcome_of(e, facts.bearing, cls);
    facts.host = client_ours ? client : server;
    facts.peer = client_ours ? server : client;
    if (client_ours && !e.get(event::Text::forwarded).empty()) {
        if (const auto behind = forwarded_for(e.get(event::Text::forwarded), home); behind && *behind != client) {
            facts.via = client;
            facts.host = *behind;
        }
    }
    return facts;
}

}  // namespace sekisho::judge
