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
using event::Text;

constexpr std::uint32_t kFirstRefusal = 400, kFirstFailure = 500;  // HTTP status (RFC 9110 section 15)

Bearing bearing_of(const Event& e, bool client_ours, bool server_ours) noexcept {
    if (client_ours && server_ours) return Bearing::lateral;
    if (client_ours) return e.direction == event::Direction::to_client ? Bearing::fetched : Bearing::outbound;
    return server_ours ? Bearing::inbound : Bearing::transit;
}

/// What came of it so far, when the box let it by. Evidence of an answer differs by direction: our machine
/// calling out has succeeded when the other end answered; an attack on us when our server did not refuse it.
/// What follows on the flow says more later (follow_up.h).
Outcome outcome_of(const Event& e, Bearing bearing, const ClassFacts& cls) noexcept {
    if (e.action != event::Action::allowed || (e.flags & Event::kDropped) != 0) return Outcome::blocked;
    if (cls.succeeds_by_name || bearing == Bearing::fetched) return Outcome::succeeded;
    if (e.status != 0 && e.get(Text::app) == "http" && outcome_of_status(e.status) == Outcome::attempted) return Outcome::attempted;
    if (bearing == Bearing::outbound && e.kind == event::Kind::alert) {
        if (e.packets_to_client != 0) return Outcome::succeeded;
        // Another maker's log has no counts: that no answer is told does not mean that none came.
        return (e.flags & Event::kReported) != 0 ? Outcome::unknown : Outcome::attempted;
    }
    return Outcome::unknown;
}

}  // namespace

Outcome outcome_of_status(std::uint32_t status) noexcept {
    // A server that fails over an attack may have been hit by it.
    return status >= kFirstRefusal && status < kFirstFailure ? Outcome::attempted : Outcome::unknown;
}

Facts facts_of(const Event& e, const HomeNet& home, const ClassFacts& cls, Legs& legs) noexcept {
    const bool flow_known = e.client != IpAddress{};
    const IpAddress& client = flow_known ? e.client : e.src;
    const IpAddress& server = flow_known ? e.server : e.dst;
    const bool client_ours = home.contains(client);
    Facts facts;
    facts.bearing = bearing_of(e, client_ours, home.contains(server));
    facts.host = client_ours ? client : server;
    facts.peer = client_ours ? server : client;
    if (facts.bearing == Bearing::lateral && Legs::asks_to_forward(e) && !name_in(e).empty()) {
        // Our machine asks a proxy or resolver of ours: what counts is the call that will be made for it.
        legs.note(e);
        facts.bearing = e.direction == event::Direction::to_client ? Bearing::fetched : Bearing::outbound;
        facts.via = server;
        facts.via_how = "seen on its way to the proxy (high)";
    } else if (client_ours && facts.bearing != Bearing::lateral) {
        if (const auto behind = legs.find(e, client)) {
            facts.via = client;
            facts.via_how = behind->how;
            facts.host = behind->client;
        }
    }
    facts.outcome = outcome_of(e, facts.bearing, cls);
    facts.answered = facts.outcome != Outcome::blocked && e.packets_to_client != 0;
    return facts;
}

}  // namespace sekisho::judge
