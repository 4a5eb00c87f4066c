// From hits and URL decisions to a verdict, its causes and its events.
#include <algorithm>

#include "ambiguity.h"
#include "pipeline_impl.h"
#include "policy_scratch.h"
#include "sekisho/packet/limits.h"
#include "sekisho/signature/compiled_set.h"

namespace sekisho::engine {

using flow::Direction;
using packet::Packet;
using signature::Action;

namespace {

constexpr int weight(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::pass: return 0;
        case Verdict::hold: return 1;
        case Verdict::drop: return 2;
        case Verdict::reset: return 3;
        case Verdict::answer: return 4;
        case Verdict::count_: break;
    }
    return 0;
}

event::Action told_as(Action action, bool enforce) noexcept {
    if (!enforce) return event::Action::allowed;
    switch (action) {
        case Action::drop: return event::Action::blocked;
        case Action::reject:
        case Action::reject_dst:
        case Action::reject_both: return event::Action::rejected;
        default: return event::Action::allowed;
    }
}

}  // namespace

/// The strongest verdict counts; the first cause of that strength is kept.
void Pipeline::Impl::block(Judgement& judgement, Verdict verdict, Cause cause) noexcept {
    if (weight(verdict) <= weight(judgement.verdict)) return;
    judgement.verdict = verdict;
    judgement.cause = cause;
}

void Pipeline::Impl::settle(flow::Flow& flow, Verdict verdict) noexcept {
    flow.settled = true;
    flow.verdict = static_cast<std::uint8_t>(verdict);
}

void Pipeline::Impl::match_alone(Packet& packet, const Policy& policy, Judgement& judgement) noexcept {
    detect::PacketContext context;
    context.packet = &packet;
    context.now = packet.time_ns;
    context.ip_only_due = packet.is_ip();
    matcher.begin(policy.rules(), policy.scratch(config.worker).patterns, context);
    matcher.finish();
    decide(packet, nullptr, nullptr, Direction::to_server, policy, judgement);
}

void Pipeline::Impl::overloaded(const Policy& policy, Cause cause, Judgement& judgement) noexcept {
    // Passing uninspected is the default for a box at the edge; either way it is counted by cause.
    if (enforce && (config.drop_on_overload || policy.drop_on_overload())) {
        block(judgement, Verdict::drop, cause);
        return tell_drop(nullptr, 0, judgement);
    }
    if (judgement.cause == Cause::none) judgement.cause = cause;
}

bool Pipeline::Impl::midstream(const Packet& packet, flow::Flow& flow, bool tracked, Judgement& judgement) noexcept {
    using namespace packet::tcp_flag;
    const bool first = flow.packets[0] + flow.packets[1] == 1;
    const bool opens = (packet.tcp_flags & (syn | ack)) == syn, ends = (packet.tcp_flags & (rst | fin)) != 0;
    if (opens || ends || (!first && tracked)) return false;
    return except(packet, flow, config.midstream_policy, Cause::no_handshake, judgement);
}

bool Pipeline::Impl::except(const Packet& packet, flow::Flow& flow, ExceptionPolicy policy, Cause cause,
                            Judgement& judgement) noexcept {
    using enum ExceptionPolicy;
    if (policy == ignore) return false;
    if (policy == pass_flow || policy == pass_packet) {
        if (policy == pass_flow) settle(flow, Verdict::pass);
        if (judgement.cause == Cause::none) judgement.cause = cause;
        return true;
    }
    if (!enforce) return false;
    if (policy != drop_packet) settle(flow, Verdict::drop);
    block(judgement, Verdict::drop, cause);
    if (policy == reject && answers.reset(packet, true, judgement.answers))
        block(judgement, Verdict::reset, cause);
    tell_drop(&flow, 0, judgement);
    return true;
}

/// Gives false where the packet is the first of another conversation on the same ends: nothing was decided about that.
bool Pipeline::Impl::settled(flow::Flow& flow, const Packet& packet, Direction direction, Judgement& judgement) noexcept {
    const auto verdict = static_cast<Verdict>(flow.verdict);
    if (packet.is_tcp()) {
        // A connection that was cut is over for its ends, though its FINs were never seen here.
        if (enforce && verdict != Verdict::pass && streams.is_another_syn(flow, packet, direction)) return false;
        if (streams.accept(flow, packet, direction).restart) return false;
    }
    flows.touch(flow, now);
    if (verdict == Verdict::pass) {
        if (judgement.cause == Cause::none) judgement.cause = Cause::pass_rule;
        return true;
    }
    if (!enforce) return true;
    block(judgement, Verdict::drop, Cause::flow_settled);
    // The client was told and its connection closed in the server's name: what it still sends is answered, so
    // that it does not wait and retransmit.
    const bool speaks = packet.payload_size != 0 || (packet.tcp_flags & packet::tcp_flag::fin) != 0;
    const bool told = flow.session != nullptr && flow.session->reset_on_sight;
    if (told && packet.is_tcp() && direction == Direction::to_server && speaks &&
        answers.reset(packet, true, judgement.answers))
        judgement.verdict = Verdict::reset;
    tell_drop(&flow, 0, judgement);
    return true;
}

void Pipeline::Impl::judge_ambiguous(const Packet& packet, flow::Flow& flow, const flow::Session& session,
                                     Judgement& judgement) noexcept {
    if (is_ambiguous_urgent(packet, flow, session.protocol)) {
        // Sent again without the mark it means one thing only, so the flow goes on.
        records.anomaly(&flow, session.protocol, "urgent_data");
        if (enforce) block(judgement, Verdict::drop, Cause::ambiguous);
    }
    if (!app.ambiguous() || !enforce) return;  // the parser's event was told
    settle(flow, Verdict::drop);
    block(judgement, Verdict::drop, Cause::ambiguous);
}

void Pipeline::Impl::condemn_pieces(const Judgement& judgement) noexcept {
    if (made_whole == 0 || judgement.verdict == Verdict::pass || judgement.verdict == Verdict::hold) return;
    for (std::uint8_t depth = 0; depth <= packet::kTunnelDepthMax; ++depth)
        if (made_whole >> depth & 1) defrag.condemn(depth);
}

void Pipeline::Impl::tell_drop(const flow::Flow* flow, std::uint32_t sid, const Judgement& judgement) noexcept {
    const bool forwarded = judgement.verdict == Verdict::pass || judgement.verdict == Verdict::hold;
    if (forwarded || drop_told || !config.write_drop_events) return;
    drop_told = true;
    records.drop(flow, judgement.cause, sid);
}

void Pipeline::Impl::carry_out(Action action, bool flow_scope, const Packet& packet, flow::Flow* flow,
                               Judgement& judgement) noexcept {
    if (action == Action::alert || !enforce) return;
    if (action == Action::pass) {
        if (flow != nullptr && flow_scope && !flow->settled) settle(*flow, Verdict::pass);
        return;
    }
    if (flow != nullptr && flow_scope) settle(*flow, Verdict::drop);
    block(judgement, Verdict::drop, Cause::rule);
    if (action == Action::drop || !judgement.answers.empty()) return;
    const bool to_sender = action != Action::reject_dst;
    const bool made = packet.is_tcp() ? (action == Action::reject_both ? answers.reset_both(packet, judgement.answers)
                                                                       : answers.reset(packet, to_sender, judgement.answers))
                                      : answers.unreachable(packet, judgement.answers);
    if (made) block(judgement, Verdict::reset, Cause::rule);
}

void Pipeline::Impl::block_url(const Packet& packet, flow::Flow& flow, flow::Session& session,
                               Judgement& judgement) noexcept {
    if (!enforce) return;
    judgement.answers.clear();
    answers.start();
    const bool told = gate.answer(packet, answers, judgement.answers);
    block(judgement, told ? Verdict::answer : Verdict::drop, Cause::url);
    // A DNS client asks again on the same ports: each query is judged by itself.
    if (gate.protocol() == app::Protocol::dns && packet.is_udp()) return;
    settle(flow, Verdict::drop);
    session.reset_on_sight = told;
}

void Pipeline::Impl::decide(const Packet& packet, flow::Flow* flow, flow::Session* session, Direction direction,
                            const Policy& policy, Judgement& judgement) noexcept {
    const auto& rules = policy.rules();
    std::array<const detect::Hit*, detect::kHitsMax> order;
    std::size_t count_hits = 0;
    for (const detect::Hit& hit : matcher.hits()) order[count_hits++] = &hit;
    std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count_hits),
              [&](const auto* a, const auto* b) { return rules.rule(a->rule).rank < rules.rule(b->rule).rank; });
    last_sid = 0;
    std::size_t told = 0;
    for (std::size_t i = 0; i < count_hits; ++i) {
        const detect::Hit& hit = *order[i];
        const signature::CompiledRule& rule = rules.rule(hit.rule);
        if (trace) tell("detect", "hit " + std::to_string(rule.rule.sid) + " " + rule.rule.msg);
        const bool flow_scope = rule.flow_scope || hit.in_stream;
        carry_out(hit.action, flow_scope, packet, flow, judgement);
        if (hit.action != Action::alert && last_sid == 0) last_sid = rule.rule.sid;
        const bool silent = hit.silent || (hit.action == Action::pass && !rule.rule.tells_pass);
        if (!silent && told == config.alerts_per_packet) {
            count(PipelineCounter::alerts_untold);
        } else if (!silent) {
            ++told;
            count(PipelineCounter::alerts);
            if (session != nullptr) ++session->alerts;
            records.alert(rule, hit, flow, session, direction, told_as(hit.action, enforce));
            if (flow != nullptr && session != nullptr) evidence.match(packet, *flow, *session, rule.rule.sid);
        }
        if (rule.rule.bypass && flow != nullptr && !flow->settled) settle(*flow, Verdict::pass);
        // A pass rule exempts the packet from all that ranks below it; in observe mode the flow as well.
        if (hit.action != Action::pass) continue;
        if (flow != nullptr && flow_scope && !flow->settled) settle(*flow, Verdict::pass);
        break;
    }
    if (flow != nullptr && session != nullptr && gate.blocked()) block_url(packet, *flow, *session, judgement);
    tell_drop(flow, last_sid, judgement);
    if (trace) tell("verdict", std::string(to_string(judgement.verdict)) + ", cause " + std::string(to_string(judgement.cause)));
}

void Pipeline::Impl::judge_application(const Packet& packet, flow::Flow& flow, flow::Session& session, Direction direction,
                                       const Policy& policy, Judgement& judgement) noexcept {
    const appid::Answer& answer = session.application;
    // A guess by port or address is good enough for a record, not for a verdict. A pass rule exempts, as it does from all.
    if (answer.guessed || flow.settled || policy.applications() == nullptr) return;
    const ApplicationControl::Rule rule = policy.applications()->of(answer);
    if (rule.action == config::ApplicationAction::allow) return;
    const bool blocked = rule.action == config::ApplicationAction::block && enforce;
    const auto groups = appid::groups();
    const std::string_view group = rule.group < groups.size() ? groups[rule.group].name : std::string_view{};
    count(PipelineCounter::alerts);
    ++session.alerts;
    records.application(flow, direction, answer.application != 0 ? answer.application : answer.protocol, applications.name(answer),
                        group, blocked ? event::Action::blocked : event::Action::allowed);
    if (!blocked) return;
    settle(flow, Verdict::drop);
    block(judgement, Verdict::drop, Cause::application);
    if (packet.is_tcp() && judgement.answers.empty() && answers.reset_both(packet, judgement.answers))
        block(judgement, Verdict::reset, Cause::application);
    if (config.write_drop_events) records.drop(&flow, Cause::application, 0);
}

void Pipeline::Impl::note(const Judgement& judgement) noexcept {
    auto& word = judged[static_cast<std::size_t>(judgement.verdict)][static_cast<std::size_t>(judgement.cause)];
    word.store(word.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace sekisho::engine
