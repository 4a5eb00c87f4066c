// The way of a packet, station by station. What each station does is in its room; what the verdict is made of
// is in judgement.cpp.
#include "sekisho/engine/pipeline.h"

#include "ambiguity.h"
#include "pipeline_impl.h"
#include "sekisho/engine/limits.h"

namespace sekisho::engine {
namespace {

Cause cause_of(const stream::SegmentResult& refused) noexcept {
    if (refused.no_room) return Cause::stream_no_room;
    return refused.accepted ? Cause::stream_conflict : Cause::stream_out_of_place;
}

}  // namespace

using flow::Direction;
using packet::Packet;

Pipeline::Impl::Impl(const PipelineConfig& c, event::Sink& sink, event::Sink* evidence_sink)
    : config(c),
      enforce(c.enforcement == Enforcement::enforce),
      defrag(defrag_config(c)),
      flows(table_config(c), [this](flow::Flow& f, flow::FlowEnd why) { release(f, why); }),
      streams(tcp_config(c)),
      memory(c.stream_memory_bytes / 4),
      sessions(c.flows),
      transactions(memory),
      matcher(c.flows),
      records(sink, c.write_protocol_events, c.worker),
      signs(c.home, records),
      own_names(c.names == nullptr ? std::make_unique<urlfilter::AddressNames>(kOwnAddressNames) : nullptr),
      evidence(evidence_sink),
      gate(records, c.names == nullptr ? *own_names : *c.names),
      applications(c.application_flows),
      expectations(c.expectations != nullptr ? c.expectations : std::make_shared<Expectations>()),
      app(transactions, matcher, records, gate, *expectations, config.protocols) {}

Judgement Pipeline::inspect(const packet::Frame& frame, const Policy& policy) noexcept {
    Impl& p = *impl_;
    p.count(PipelineCounter::frames);
    p.count(PipelineCounter::octets, frame.bytes.size());
    p.now = frame.time_ns;
    p.policy_at_hand = &policy;
    p.ethernet = frame.link == packet::Frame::Link::ethernet;
    p.answers.start();
    p.drop_told = false;
    p.made_whole = 0;
    Judgement judgement;

    Packet packet;
    decode(frame, packet, p.config.decode);                                                // decode
    p.trace_decode(packet);
    p.inspect_packet(packet, policy, judgement);
    Packet outer = packet;
    for (unsigned depth = 0; depth < kTunnelsInspected; ++depth) {        // tunnels: the packet inside
        Packet inner;
        if (judgement.verdict == Verdict::drop || !decode_inner(outer, inner)) break;
        p.count(PipelineCounter::tunnels);
        p.trace_decode(inner);
        p.inspect_packet(inner, policy, judgement);
        outer = inner;
    }

    p.condemn_pieces(judgement);
    p.note(judgement);
    return judgement;
}

void Pipeline::Impl::inspect_packet(Packet& packet, const Policy& policy, Judgement& judgement) noexcept {
    records.begin(&packet);
    if (config.verify_checksums && packet.is_ip()) verify_checksums(packet);
    if (enforce && is_beyond_bounds(packet)) block(judgement, Verdict::drop, Cause::malformed);
    if (!packet.is_ip()) {
        count(packet.events.empty() ? PipelineCounter::not_ip : PipelineCounter::malformed);
        if (!packet.events.empty()) match_alone(packet, policy, judgement);
        return;                                                           // ARP, LLDP: pass
    }
    if (quarantine != nullptr && isolate(packet, judgement)) return;      // a host that is cut off
    if (packet.has(Packet::kFragment) && packet.has(Packet::kBadChecksum)) {
        // No host keeps it (RFC 1122 section 3.2.1.2): its bytes must not stand in the way of others.
        count(PipelineCounter::fragments);
        if (enforce) block(judgement, Verdict::drop, Cause::bad_checksum);
        return match_alone(packet, policy, judgement);
    }
    const std::uint64_t without_room = defrag.counters().get(packet::DefragCounter::refused_full);
    switch (defrag.accept(packet)) {                                      // defrag
        case packet::Defragmenter::Outcome::not_fragment: break;
        case packet::Defragmenter::Outcome::whole:
            made_whole |= static_cast<std::uint8_t>(1u << packet.tunnel_depth);
            if (config.verify_checksums) verify_checksums(packet);        // of what its pieces make
            if (enforce && is_beyond_bounds(packet)) block(judgement, Verdict::drop, Cause::malformed);
            break;
        case packet::Defragmenter::Outcome::held:
            count(PipelineCounter::fragments);
            if (judgement.verdict == Verdict::pass) judgement.verdict = Verdict::hold;
            match_alone(packet, policy, judgement);
            return;
        case packet::Defragmenter::Outcome::refused:
            count(PipelineCounter::fragments);
            if (defrag.counters().get(packet::DefragCounter::refused_full) != without_room)
                overloaded(policy, Cause::memory_full, judgement);
            else if (enforce)
                block(judgement, Verdict::drop, Cause::stream_conflict);
            return match_alone(packet, policy, judgement);
    }
    decode_counts(packet);
    flow::Flow* flow = flow_of(packet);                                   // flow
    if (flow == nullptr) return overloaded(policy, Cause::flow_table_full, judgement);
    if (config.midstream && app.begins_with_answer(packet, *flow)) flow->reverse();
    Direction direction = flow->direction_of(packet);
    note_packet(*flow, packet, direction);
    if (signs.wanted(packet, *flow)) signs.see(packet, *flow);            // who is it: names, systems
    evidence.remember(packet, *flow);
    if (flow->settled) {
        if (settled(*flow, packet, direction, judgement)) return;
        flows.remove(*flow, flow::FlowEnd::tcp_closed);
        return inspect_packet(packet, policy, judgement);
    }
    flow::Session* session = session_of(*flow);
    if (session == nullptr) return overloaded(policy, Cause::memory_full, judgement);

    begin(packet, *flow, *session, direction, policy);
    more_waits = false;
    if (packet.is_tcp() && !packet.has(Packet::kBadChecksum)) {           // stream, app, detect
        if (!tcp(packet, *flow, *session, direction, policy, judgement)) return;
    } else {
        datagram(packet, *flow, direction, policy);
        direction = flow->direction_of(packet);                           // an answer may have come first
    }
    const bool named = recognise(packet, *session, direction, policy);    // application
    if (app.refused() && except(packet, *flow, config.app_error_policy, Cause::app_error, judgement)) return app.reap();
    matcher.finish();                                                     // detect: packet rules, waiting rules
    decide(packet, flow, session, direction, policy, judgement);          // verdict, events
    if (named) judge_application(packet, *flow, *session, direction, policy, judgement);
    evidence.follow(packet, *flow, *session);
    app.reap();
    if (more_waits) judge_waiting(packet, *flow, *session, direction, policy, judgement);
}

/// The packet has filled a hole, and behind it waited more than one window holds. Its receiver gets all of it with
/// this packet, so all of it is judged now, a window at a time.
void Pipeline::Impl::judge_waiting(Packet& packet, flow::Flow& flow, flow::Session& session, Direction direction,
                                   const Policy& policy, Judgement& judgement) noexcept {
    while (more_waits && !flow.settled) {
        matcher.next_part();
        const stream::SegmentResult part = streams.go_on(flow, packet, direction);
        trace_stream(part, direction);
        take_segment(part, flow, session, direction);
        judge_ambiguous(packet, flow, session, judgement);
        matcher.finish_stream();
        decide(packet, &flow, &session, direction, policy, judgement);
        app.reap();
    }
}

/// Gives false when the packet is judged: it began a new conversation on the same ends, or the midstream policy spoke.
bool Pipeline::Impl::tcp(Packet& packet, flow::Flow& flow, flow::Session& session, Direction direction,
                         const Policy& policy, Judgement& judgement) noexcept {
    const bool fresh = flow.state == flow::FlowState::fresh;
    stream::SegmentResult segment = streams.accept(flow, packet, direction);
    // The bare ACK that ends the handshake still belongs to it: rules say "established" of what follows.
    if (fresh && packet.payload_size == 0) segment.established = false;
    if (segment.restart) {
        flows.remove(flow, flow::FlowEnd::tcp_closed);
        inspect_packet(packet, policy, judgement);
        return false;
    }
    flows.touch(flow, now);
    trace_stream(segment, direction);
    if (segment.refuse && enforce) block(judgement, Verdict::drop, cause_of(segment));
    if (midstream(packet, flow, segment.tracked, judgement)) return false;

    take_segment(segment, flow, session, direction);
    judge_ambiguous(packet, flow, session, judgement);
    // A payload that did not become stream bytes just now is looked at as a packet.
    if (!matcher.context().payload_in_stream && packet.payload_size != 0)
        scan_packet_payload(packet, flow, direction, policy);
    return true;
}

/// What a segment has brought about goes to parsers and rules.
void Pipeline::Impl::take_segment(const stream::SegmentResult& segment, flow::Flow& flow, flow::Session& session,
                                  Direction direction) noexcept {
    more_waits = segment.more;
    detect::PacketContext& context = matcher.context();
    context.established = segment.established;
    context.has_stream = segment.tracked;
    context.payload_in_stream = segment.added && segment.fresh[flow::index(direction)];
    for (std::size_t i = 0; i < segment.events.size(); ++i) stream_events[i] = static_cast<std::uint8_t>(segment.events[i]);
    context.stream_events = Bytes(stream_events).first(segment.events.size());
    if (segment.tracked) {
        for (const Direction d : {Direction::to_server, Direction::to_client}) {
            stream::Window& window = streams.window(flow, d);
            app.see(d, window);
            context.stream_sizes[flow::index(d)] = streams.stream_size(flow, d);
            context.streams[flow::index(d)] = {window.all(), window.begin(), false, true, true};
            context.fresh_from[flow::index(d)] = segment.fresh_from[flow::index(d)];
        }
    }
    // The direction whose bytes this packet settled by its ACK comes first: its bytes were sent earlier.
    for (const Direction d : {flow::opposite(direction), direction}) {
        if (segment.gap_bytes[flow::index(d)] != 0)
            app.on_gap(d, segment.gap_bytes[flow::index(d)], segment.fresh_from[flow::index(d)]);
        if (segment.fresh[flow::index(d)]) app.on_stream(d, streams.window(flow, d));
        if (segment.closed[flow::index(d)]) app.on_end(d);
    }
    note_protocol(session, direction);
}

/// One datagram that no parser knows decides for rules (Suricata); we look at some more before we give up.
void Pipeline::Impl::note_decided(const flow::Session& session, detect::PacketContext& context) noexcept {
    const bool unknown_datagram = session.app_state == AppState::probing && session.probes != 0 && context.packet->is_udp();
    context.protocol = unknown_datagram ? app::Protocol::failed : protocol_of(session);
    context.protocol_decided = unknown_datagram || session.app_state != AppState::probing;
}

/// What the packet has told of the flow's protocol goes to the rules.
void Pipeline::Impl::note_protocol(flow::Session& session, Direction direction) noexcept {
    detect::PacketContext& context = matcher.context();
    context.protocol_by_direction = session.protocol_by_direction;
    note_decided(session, context);
    context.flow_events |= app.flow_events();
    // Who only listens learns the protocol of TCP when the bytes are acknowledged (Suricata): with the next packet.
    if (enforce || !context.packet->is_tcp()) context.header_protocol = session.protocol;
    if (!context.protocol_decided) return;
    // Rules on the protocol alone speak once in each direction that has said something, and for each datagram of a known
    // protocol (Suricata).
    const detect::BufferView& said = context.streams[flow::index(direction)];
    if (context.packet->payload_size == 0 && said.base + said.bytes.size() == 0) return;
    const bool searching = session.app_state == AppState::probing;
    const auto side = static_cast<std::uint8_t>(1u << (flow::index(direction) + (searching ? 2 : 0)));
    context.tells_protocol = (session.recognition_told & side) == 0 || (context.packet->is_udp() && !searching);
    session.recognition_told |= side;
}

void Pipeline::Impl::datagram(Packet& packet, flow::Flow& flow, Direction direction, const Policy& policy) noexcept {
    detect::PacketContext& context = matcher.context();
    if (packet.is_tcp()) {
        scan_packet_payload(packet, flow, direction, policy);
        return;
    }
    flow.state = flow.seen == 3 ? flow::FlowState::established : flow::FlowState::fresh;
    context.established = flow.state == flow::FlowState::established;
    flows.touch(flow, now);
    if (packet.payload_size == 0) return;
    if (packet.is_udp()) {
        app.on_datagram(direction, packet.payload_bytes());
        note_protocol(*flow.session, direction);
        return;
    }
    scan_packet_payload(packet, flow, direction, policy);
}

Pipeline::Pipeline(const PipelineConfig& config, event::Sink& sink, event::Sink* evidence)
    : impl_(std::make_unique<Impl>(config, sink, evidence)) {}

void Pipeline::isolate(const Quarantine* hosts) noexcept { impl_->quarantine = hosts != nullptr && !hosts->empty() ? hosts : nullptr; }

Pipeline::~Pipeline() {
    impl_->finishing = true;
    impl_->flows.clear(flow::FlowEnd::shutdown);
}

void Pipeline::tick(TimeNs now, const Policy& policy) noexcept {
    impl_->now = now;
    impl_->policy_at_hand = &policy;
    impl_->records.begin(nullptr);
    impl_->flows.expire(now, kExpireBudget);
    impl_->defrag.expire(now, kExpireBudget);
}

void Pipeline::finish(const Policy& policy) noexcept {
    impl_->records.begin(nullptr);
    impl_->policy_at_hand = &policy;
    impl_->flows.clear(flow::FlowEnd::shutdown);
    impl_->policy_at_hand = nullptr;
}

std::size_t Pipeline::flows() const noexcept { return impl_->flows.size(); }
const Counters<PipelineCounter>& Pipeline::counters() const noexcept { return impl_->counters; }
std::uint64_t Pipeline::judged(Verdict verdict, Cause cause) const noexcept {
    return impl_->judged[static_cast<std::size_t>(verdict)][static_cast<std::size_t>(cause)].load(
        std::memory_order_relaxed);
}
void Pipeline::set_profile(detect::RuleProfile* profile) noexcept { impl_->matcher.set_profile(profile); }
void Pipeline::set_trace(Trace trace) { impl_->trace = std::move(trace); }

}  // namespace sekisho::engine
