// Small steps between stations: counters, sessions, what a flow gives back when it ends, traces.
#include <algorithm>

#include "pipeline_impl.h"
#include "policy_scratch.h"
#include "sekisho/signature/compiled_set.h"

namespace sekisho::engine {

using flow::Direction;
using packet::Packet;

namespace {

/// Of other protocols each packet stands alone: rules on addresses are told for each.
bool has_conversations(std::uint8_t protocol) noexcept {
    using namespace packet::ip_proto;
    return protocol == tcp || protocol == udp || protocol == icmp || protocol == icmpv6 || protocol == sctp || protocol == esp;
}

/// Payload that only servers begin with, in a segment that opens nothing.
bool speaks_as_server(const Packet& packet) noexcept {
    constexpr std::string_view kStatusLine = "HTTP/1.";
    return (packet.tcp_flags & packet::tcp_flag::syn) == 0 && packet.payload_size > kStatusLine.size() &&
           as_text(packet.payload_bytes().first(kStatusLine.size())) == kStatusLine;
}

}  // namespace

packet::DefragConfig Pipeline::Impl::defrag_config(const PipelineConfig& config) {
    packet::DefragConfig defrag;
    defrag.by_vlan = config.by_vlan;
    defrag.refuse_conflicts = config.enforcement == Enforcement::enforce;
    defrag.hosts = config.hosts;
    return defrag;
}

flow::TableConfig Pipeline::Impl::table_config(const PipelineConfig& config) {
    flow::TableConfig table;
    table.capacity = config.flows;
    table.by_vlan = config.by_vlan;
    table.worker = static_cast<decltype(table.worker)>(config.worker);
    return table;
}

stream::TcpConfig Pipeline::Impl::tcp_config(const PipelineConfig& config) {
    stream::TcpConfig tcp;
    tcp.enforce = config.enforcement == Enforcement::enforce;
    tcp.midstream = config.midstream;
    tcp.async_oneside = config.async_oneside;
    tcp.depth_bytes = config.stream_depth_bytes;
    tcp.window_pool_bytes = config.stream_memory_bytes / 2;
    tcp.held_pool_bytes = config.stream_memory_bytes / 4;
    tcp.sessions = config.flows;
    if (!tcp.enforce) tcp.hosts = config.hosts;
    return tcp;
}

namespace {

packet::TunnelPorts ports_of(const std::vector<unsigned>& ports) {
    packet::TunnelPorts out;
    for (const unsigned port : ports) out.ports.push_back(static_cast<std::uint16_t>(port));  // the schema holds the count
    return out;
}

}  // namespace

PipelineConfig pipeline_config(const config::Settings& settings, unsigned worker, Enforcement enforcement) {
    const config::FastpathSettings& fastpath = settings.fastpath;
    const std::uint32_t workers = std::max(1u, fastpath.workers);
    PipelineConfig config;
    config.enforcement = enforcement;
    config.worker = worker;
    config.flows = std::max(1024u, fastpath.flows / workers);
    config.stream_memory_bytes = MiB(std::max(16u, fastpath.stream_memory_mb / workers));
    config.stream_depth_bytes = fastpath.stream_depth_kb * 1024;
    config.midstream = fastpath.midstream;
    if (settings.applications.enabled) config.application_flows = std::max(64u, settings.applications.flows / workers);
    config.verify_checksums = fastpath.verify_checksums;
    config.by_vlan = fastpath.vlan_tracking;
    config.decode.teredo = ports_of(fastpath.teredo_ports);
    config.decode.vxlan = ports_of(fastpath.vxlan_ports);
    config.decode.geneve = ports_of(fastpath.geneve_ports);
    for (const std::string& text : fastpath.host_systems)
        if (const auto row = HostSystems::parse_row(text)) config.hosts.add(*row);
    for (const auto& [names, following] : {std::pair{&fastpath.protocols_off, app::Following::off},
                                           std::pair{&fastpath.protocols_recognised, app::Following::recognised}})
        for (const std::string& name : *names)
            if (const auto protocol = app::followed_protocol(name)) config.protocols.follow(*protocol, app::Transport::both, following);
    config.drop_on_overload = fastpath.on_overload == config::OnOverload::closed;
    for (const std::string& text : settings.home_net)
        if (const auto network = Network::parse(text)) config.home.push_back(*network);
    return config;
}

void Pipeline::Impl::decode_counts(const Packet& packet) noexcept {
    count(packet.is_tcp()    ? PipelineCounter::tcp
          : packet.is_udp()  ? PipelineCounter::udp
          : packet.is_icmp() ? PipelineCounter::icmp
                             : PipelineCounter::other_ip);
}

void Pipeline::Impl::note_packet(flow::Flow& flow, const Packet& packet, Direction direction) noexcept {
    // Who the ends are on the wire, for events: from the first packet each way.
    if (ethernet && flow.packets[flow::index(direction)] == 0 && packet.tunnel_depth == 0 &&
        !packet.has(Packet::kReassembled) && packet.data.size() >= 12) {
        auto& mac = direction == Direction::to_server ? flow.client_mac : flow.server_mac;
        std::copy_n(packet.data.begin() + 6, mac.size(), mac.begin());
    }
    ++flow.packets[flow::index(direction)];
    flow.bytes[flow::index(direction)] += packet.data.size() - packet.l3;
    flow.last_ns = packet.time_ns;
    flow.seen |= static_cast<std::uint8_t>(1u << flow::index(direction));
    if (trace)
        tell("flow", "id " + std::to_string(flow.id) + (direction == Direction::to_server ? " to_server" : " to_client") +
                         ", packet " + std::to_string(flow.packets[0] + flow.packets[1]));
}

bool Pipeline::Impl::recognise(const Packet& packet, flow::Session& session, Direction direction, const Policy& policy) noexcept {
    if (session.application_phase >= ApplicationPhase::known || policy.applications() == nullptr || !applications.running())
        return false;
    const bool named = applications.see(packet, direction, session);
    if (named) applications.tell(session, true, matcher.context());
    if (trace && named)
        tell("appid", std::string(applications.protocol_name(session.application)) + ", " +
                          std::string(applications.name(session.application)));
    return named;
}

flow::Flow* Pipeline::Impl::flow_of(Packet& packet) noexcept {
    if (!packet.is_tcp() || !speaks_as_server(packet)) return flows.find_or_add(packet);
    // A conversation taken up in its middle by an answer: its sender is the server.
    Packet turned = packet;
    std::swap(turned.src, turned.dst);
    std::swap(turned.src_port, turned.dst_port);
    return flows.find_or_add(turned);
}

flow::Session* Pipeline::Impl::session_of(flow::Flow& flow) noexcept {
    if (flow.session == nullptr) flow.session = sessions.take();
    return flow.session;
}

void Pipeline::Impl::begin(const Packet& packet, flow::Flow& flow, flow::Session& session, Direction direction,
                           const Policy& policy) noexcept {
    detect::PacketContext context;
    context.packet = &packet;
    context.flow = &flow;
    context.state = &session.rules;
    context.direction = direction;
    context.protocol_by_direction = session.protocol_by_direction;
    note_decided(session, context);
    context.now = packet.time_ns;
    applications.tell(session, false, context);
    const auto bit = static_cast<std::uint8_t>(1u << flow::index(direction));
    context.ip_only_due = (flow.ip_only_done & bit) == 0 || !has_conversations(packet.ip_protocol);
    context.header_protocol = session.protocol;
    flow.ip_only_done |= bit;
    matcher.begin(policy.rules(), policy.scratch(config.worker).patterns, context);
    gate.begin(policy, &flow, policy.scratch(config.worker).patterns, packet.time_ns, enforce);
    app.begin(policy, flow, session);
}

void Pipeline::Impl::scan_packet_payload(const Packet& packet, const flow::Flow& flow, Direction direction,
                                         const Policy& policy) noexcept {
    using enum signature::Transport;
    const signature::Transport transport = packet.ip_protocol == packet::ip_proto::tcp      ? tcp
                                           : packet.ip_protocol == packet::ip_proto::udp    ? udp
                                           : packet.ip_protocol == packet::ip_proto::icmp   ? icmp
                                           : packet.ip_protocol == packet::ip_proto::icmpv6 ? icmpv6
                                           : packet.ip_protocol == packet::ip_proto::sctp   ? sctp
                                                                                            : other;
    const auto* group = policy.rules().payload_group(transport, static_cast<app::Direction>(direction), flow.server_port);
    if (group != nullptr) matcher.scan_payload(*group, packet.payload_bytes(), 0, 0);
}

/// What nDPI knows of a conversation that ends, for its record.
FlowApplication Pipeline::Impl::application_of(flow::Session& session) noexcept {
    applications.end(session);
    FlowApplication told;
    if (session.application_phase != ApplicationPhase::known) return told;
    told.protocol = applications.protocol_name(session.application);
    if (session.application.application != 0) told.application = applications.name(session.application);
    told.category = applications.category_name(session.application);
    told.risks = session.application.risks;
    return told;
}

void Pipeline::Impl::release(flow::Flow& flow, flow::FlowEnd why) noexcept {
    if (!finishing) {
        const packet::Packet* at_hand = records.packet();
        records.begin(nullptr);
        if (flow.session != nullptr) {
            complete_messages(flow, *flow.session);
            app.release(flow, *flow.session, flow.last_ns);
        }
        FlowApplication application;
        if (flow.session != nullptr) application = application_of(*flow.session);
        records.flow_end(flow, flow.session, why, application);
        records.begin(at_hand);
    } else if (flow.session != nullptr && flow.session->parser != nullptr && flow.session->parser->destroy != nullptr) {
        flow.session->parser->destroy(flow.session->parser_state);  // decoders hold memory of their own
    }
    streams.release(flow);
    if (flow.session == nullptr) return;
    applications.end(*flow.session);
    matcher.forget(flow.session->rules);
    sessions.give(flow.session);
    flow.session = nullptr;
}

/// A flow ends with a request or response half told: what there is of it is judged now, on behalf of a packet
/// without payload between the flow's ends.
void Pipeline::Impl::complete_messages(flow::Flow& flow, flow::Session& session) noexcept {
    if (policy_at_hand == nullptr || session.app_state != AppState::parsing || flow.settled) return;
    Packet closing;
    closing.src = flow.client;
    closing.dst = flow.server;
    closing.src_port = flow.client_port;
    closing.dst_port = flow.server_port;
    closing.ip_version = flow.client.is_v4() ? 4 : 6;
    closing.ip_protocol = flow.ip_protocol;
    closing.vlan = flow.vlan;
    closing.time_ns = flow.last_ns;
    records.begin(&closing);
    begin(closing, flow, session, Direction::to_server, *policy_at_hand);
    matcher.context().established = flow.state != flow::FlowState::fresh;
    app.on_end(Direction::to_server);
    app.on_end(Direction::to_client);
    matcher.settle();
    Judgement judgement;
    decide(closing, &flow, &session, Direction::to_server, *policy_at_hand, judgement);
    app.reap();
    records.begin(nullptr);
}

void Pipeline::Impl::trace_decode(const Packet& packet) const {
    if (!trace) return;
    if (!packet.is_ip()) return tell("decode", "not IP, ether type " + std::to_string(packet.ether_type));
    std::string text = packet.src.to_string() + ":" + std::to_string(packet.src_port) + " -> " + packet.dst.to_string() +
                       ":" + std::to_string(packet.dst_port) + " protocol " + std::to_string(packet.ip_protocol) + ", " +
                       std::to_string(packet.payload_size) + " payload octets";
    for (const packet::DecodeEvent event : packet.events) text.append(", ").append(packet::to_string(event));
    tell("decode", text);
}

void Pipeline::Impl::trace_stream(const stream::SegmentResult& segment, Direction direction) const {
    if (!trace) return;
    std::string text = segment.accepted ? "accepted" : "ignored";
    if (segment.refuse) text += ", refused";
    if (segment.established) text += ", established";
    for (const Direction d : {Direction::to_server, Direction::to_client}) {
        const std::size_t i = flow::index(d);
        const std::string_view side = d == direction ? "its" : "the other";
        if (segment.fresh[i]) text.append(", ").append(side).append(" stream grows from ").append(std::to_string(segment.fresh_from[i]));
        if (segment.gap_bytes[i] != 0) text.append(", ").append(std::to_string(segment.gap_bytes[i])).append(" octets lost");
        if (segment.closed[i]) text.append(", ").append(side).append(" side closed");
    }
    tell("stream", text);
}

namespace {

/// Names and counters go together: one that is added without a name does not compile.
template <std::size_t N, class Name>
void tell_each(const std::string_view (&names)[N], const Counters<Name>& counters,
               const std::function<void(std::string_view, std::uint64_t)>& use) {
    static_assert(N == Counters<Name>::kCount);
    for (std::size_t i = 0; i < N; ++i) use(names[i], counters.get(static_cast<Name>(i)));
}

}  // namespace

void Pipeline::for_each_counter(const std::function<void(std::string_view, std::uint64_t)>& use) const {
    constexpr std::string_view kNames[] = {
        "engine.frames", "engine.octets", "engine.not_ip", "engine.malformed", "engine.fragments", "engine.tunnels",
        "engine.tcp", "engine.udp", "engine.icmp", "engine.other_ip", "engine.alerts", "engine.alerts_untold"};
    tell_each(kNames, impl_->counters, use);

    use("engine.events", impl_->records.written());

    constexpr std::string_view kFlow[] = {"flow.created", "flow.expired", "flow.removed", "flow.refused_full", "flow.evicted"};
    tell_each(kFlow, impl_->flows.counters(), use);

    constexpr std::string_view kStream[] = {
        "stream.sessions_refused", "stream.segments_out_of_window", "stream.segments_bad_checksum", "stream.overlaps",
        "stream.overlap_conflicts", "stream.gaps", "stream.gap_bytes", "stream.held_full", "stream.window_full",
        "stream.depth_reached", "stream.midstream_pickups"};
    tell_each(kStream, impl_->streams.counters(), use);

    constexpr std::string_view kDefrag[] = {"defrag.fragments", "defrag.whole", "defrag.overlaps", "defrag.conflicts",
                                            "defrag.too_large", "defrag.refused_full", "defrag.evicted", "defrag.expired"};
    tell_each(kDefrag, impl_->defrag.counters(), use);

    const AppCounters& a = impl_->app.counters();
    use("app.recognised", a.recognised);
    use("app.unknown", a.unknown);
    use("app.broken", a.broken);
    use("app.gaps", a.gaps);
    use("app.transactions", a.transactions);
    use("app.transactions_dropped", a.transactions_dropped);
    use("app.fields_dropped", a.fields_dropped);
    use("app.bodies_lost", a.bodies_lost);
    use("app.frames_lost", a.frames_lost);
    use("app.handed_over", a.handed_over);
    use("app.expected", impl_->expectations->announced());
    use("app.expected_met", impl_->expectations->met());
    use("app.expected_evicted", impl_->expectations->evicted());
    use("files.seen", a.files);
    use("files.untracked", a.files_untracked);
    use("files.archives", a.archives);
    use("files.archive_members", a.archive_members);
    use("files.archive_limits", a.archive_limits);

    constexpr std::string_view kApplication[] = {"appid.flows",   "appid.no_record", "appid.packets",
                                                 "appid.decided", "appid.guessed",   "appid.unknown"};
    if (const auto* counters = impl_->applications.counters()) tell_each(kApplication, *counters, use);

    const detect::MatcherCounters& d = impl_->matcher.counters();
    use("detect.scans", d.scans);
    use("detect.scanned_octets", d.scanned_octets);
    use("detect.candidates", d.candidates);
    use("detect.verified", d.verified);
    use("detect.hits", d.hits);
    use("detect.candidates_lost", d.candidates_lost);
    use("detect.hits_lost", d.hits_lost);
    use("detect.pending_lost", d.pending_lost);
    use("detect.flow_bits_lost", d.flow_bits_lost);
}

}  // namespace sekisho::engine
