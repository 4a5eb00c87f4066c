#include "judge/behaviour/behaviour.h"

#include <array>

namespace sekisho::judge {
namespace {

// A TCP segment without data has 40 octets in IPv4, 60 in IPv6, and 12 more where timestamps are in use (RFC
// 7323); a flow whose segments are on average no longer has carried nothing worth the name.
constexpr std::uint64_t kBareV4 = 52, kBareV6 = 72;
constexpr std::uint8_t kTcp = 6;

constexpr std::array<std::string_view, static_cast<std::size_t>(Behaviour::count_)> kClasstypes{
    "sekisho-scan",   "sekisho-sweep",  "sekisho-worm",        "sekisho-brute-force",
    "sekisho-beacon", "sekisho-volume", "sekisho-new-service", "sekisho-end-of-support"};

}  // namespace

std::string_view classtype_of(Behaviour behaviour) noexcept { return kClasstypes[static_cast<std::size_t>(behaviour)]; }

bool spoke_back(const event::Event& flow) noexcept {
    if (flow.packets_to_client == 0) return false;
    if (flow.ip_protocol != kTcp) return true;
    return flow.bytes_to_client > flow.packets_to_client * (flow.server.is_v4() ? kBareV4 : kBareV6);
}

FlowView::FlowView(const event::Event& event, const HomeNet& home) noexcept
    : e(event),
      client_ours(home.contains(event.client)),
      server_ours(home.contains(event.server)),
      answered(spoke_back(event)),
      start(event.flow_start_ns != 0 ? event.flow_start_ns : event.time_ns) {}

event::Event event_of(const Sighting& sighting, const event::Event& cause) noexcept {
    event::Event e;
    e.kind = event::Kind::alert;
    e.time_ns = cause.time_ns;
    e.flow_id = cause.flow_id;
    e.ip_protocol = cause.ip_protocol;
    e.src = e.client = cause.client;
    e.dst = e.server = cause.server;
    e.src_port = e.client_port = cause.client_port;
    e.dst_port = e.server_port = cause.server_port;
    e.src_mac = cause.src_mac;
    e.dst_mac = cause.dst_mac;
    e.packets_to_client = cause.packets_to_client;
    e.gid = kBehaviourGid;
    e.sid = 1 + static_cast<std::uint32_t>(sighting.what);
    e.rev = 1;
    e.set(event::Text::classtype, classtype_of(sighting.what));
    e.set(event::Text::signature, sighting.text);
    e.set(event::Text::app, cause.get(event::Text::app));
    if ((cause.flags & event::Event::kReported) != 0) {
        e.flags = event::Event::kReported;
        e.set(event::Text::list, cause.get(event::Text::list));
    }
    return e;
}

}  // namespace sekisho::judge
