// Protocol detection and feeding of parsers. Where the fields go is in app_fields.cpp.
#include "app_layer.h"

#include <algorithm>
#include <array>

#include "sekisho/app/limits.h"
#include "sekisho/signature/compiled_set.h"

namespace sekisho::engine {
namespace {

using app::Step;
using flow::Direction;

constexpr unsigned kStateOrderMin = 10;  // the pool's smallest block

unsigned order_for(std::size_t size) noexcept {
    unsigned order = kStateOrderMin;
    while (std::size_t{1} << order < size) ++order;
    return order;
}

Bytes head_of(const stream::Window* window, std::uint64_t from) noexcept {
    if (window == nullptr || window->begin() > from || window->end() < from) return {};
    const Bytes all = window->from(from);
    return all.first(std::min(all.size(), kProbeBytes));
}

std::string_view fault_name(app::Fault fault) noexcept {
    constexpr std::string_view kNames[] = {"none", "not_this_protocol", "too_long", "bad_length",
                                           "bad_syntax", "too_many", "compression"};
    return kNames[static_cast<std::size_t>(fault)];
}

}  // namespace

void AppLayer::begin(const Policy& policy, flow::Flow& flow, flow::Session& session) noexcept {
    policy_ = &policy;
    flow_ = &flow;
    session_ = &session;
    windows_ = {};
    any_closed_ = ambiguous_ = refused_ = false;
    flow_events_ = 0;
    if (session.rules.policy != policy.version()) adopt_policy();
}

/// Rules were exchanged under this flow: rule numbers mean something else now. What is kept of its open
/// transactions is looked at anew; the bits and integers of rules stay.
void AppLayer::adopt_policy() noexcept {
    detect::FlowRuleState& rules = session_->rules;
    if (rules.memory != nullptr) rules.memory->forget_rules();
    rules.forget_sets();
    rules.policy = policy_->version();
    for (Transaction* tx = session_->newest; tx != nullptr; tx = tx->older) {
        tx->message.hits.clear();
        tx->message.pending.clear();
        for (detect::FieldValue& value : tx->message.fields) value.scanned = 0;
    }
    give_frames(*session_);
}

/// The window may have moved since the last packet: views of bodies in it follow.
void AppLayer::refresh_bodies(Direction direction, const stream::Window& window) noexcept {
    for (Transaction* tx = session_->newest; tx != nullptr; tx = tx->older) {
        for (std::size_t i = 0; i < tx->bodies.size(); ++i) {
            const BodyStore& store = tx->bodies[i];
            detect::BodySlot& slot = tx->message.bodies[i];
            if (!store.in_stream || static_cast<std::size_t>(slot.direction) != flow::index(direction)) continue;
            const std::uint64_t end = store.stream_begin + store.octets;
            const std::uint64_t begin = std::clamp(store.stream_begin, window.begin(), std::max(window.begin(), end));
            slot.view.base = begin - store.stream_begin;
            slot.view.bytes = end > begin ? window.from(begin).first(static_cast<std::size_t>(end - begin)) : Bytes{};
        }
    }
}

void AppLayer::settle_protocol(const app::Parser& parser) noexcept {
    flow::Session& s = *session_;
    ++counters_.recognised;
    s.protocol = parser.protocol;
    s.protocol_by_direction = {parser.protocol, parser.protocol};
    if (!parsers_.parses(parser, transport())) {
        s.app_state = AppState::recognised;
        return;
    }
    const unsigned order = order_for(parser.state_size);
    s.parser_state = transactions_.memory().take(order);
    if (s.parser_state == nullptr) {
        s.app_state = AppState::failed;
        ++counters_.transactions_dropped;
        return;
    }
    s.parser_state_order = static_cast<std::uint8_t>(order);
    std::fill_n(static_cast<std::uint8_t*>(s.parser_state), parser.state_size, std::uint8_t{0});
    s.parser = &parser;
    s.app_state = AppState::parsing;
    parser.init(s.parser_state);
    if (parser.transport != app::Transport::udp) begin_stream_frames();
}

void AppLayer::probe_stream(std::array<stream::Window*, 2> windows) noexcept {
    flow::Session& s = *session_;
    if (s.probes == 0 && meet_expected()) return;
    const app::ProbeInput input{head_of(windows[0], s.probe_from[0]), head_of(windows[1], s.probe_from[1]), flow_->server_port, flow_->client_port};
    bool maybe = false;
    for (const app::Parser* parser : parsers_.asked(app::Transport::tcp)) {
        const app::Probe answer = parser->probe(input);
        if (answer == app::Probe::yes) return settle_protocol(*parser);
        maybe = maybe || answer == app::Probe::maybe;
    }
    const bool one_sided = input.to_server.empty() || input.to_client.empty();
    // Looks at a few octets are not counted: else the smallest segments would wear them out.
    const bool counted = std::max(input.to_server.size(), input.to_client.size()) >= kProbeOctetsFree;
    if (counted) ++s.probes;
    const bool exhausted = s.probes >= kProbesMax || input.to_server.size() >= kProbeBytes ||
                           input.to_client.size() >= kProbeBytes;
    if (exhausted || (!maybe && !one_sided)) {
        s.app_state = AppState::failed;
        ++counters_.unknown;
    }
}

/// Whether the conversation was announced: then its protocol is known before it speaks. Which end has begun it is not
/// sure where its start was not seen.
bool AppLayer::meet_expected() noexcept {
    const TimeNs now = matcher_.context().now;
    if (!expectations_.any(now)) return false;
    const std::uint8_t protocol = flow_->ip_protocol;
    auto met = expectations_.take({flow_->server, flow_->client, flow_->server_port, protocol}, now);
    if (!met) met = expectations_.take({flow_->client, flow_->server, flow_->client_port, protocol}, now);
    if (!met) return false;
    const app::Parser* parser = parsers_.find(met->protocol, transport());
    if (parser == nullptr) return false;
    settle_protocol(*parser);
    if (session_->app_state == AppState::parsing && parser->announced != nullptr)
        parser->announced(session_->parser_state, {met->protocol, {}, met->ends.port, met->file_name(), met->command});
    return true;
}

void AppLayer::end_parser(Direction first) noexcept {
    flow::Session& s = *session_;
    for (const Direction d : {first, flow::opposite(first)}) {
        if (s.ended[flow::index(d)]) continue;
        s.ended[flow::index(d)] = true;
        s.parser->end(s.parser_state, static_cast<app::Direction>(d), *this);
        complete_frames(d);
    }
}

void AppLayer::release_parser(flow::Session& session) noexcept {
    if (session.parser == nullptr) return;
    if (session.parser->destroy != nullptr) session.parser->destroy(session.parser_state);
    transactions_.memory().give(static_cast<std::uint8_t*>(session.parser_state), session.parser_state_order);
    session.parser = nullptr;
    session.parser_state = nullptr;
}

void AppLayer::fail(Direction direction, app::Fault fault) noexcept {
    ++counters_.broken;
    refused_ = true;
    session_->app_state = AppState::failed;
    if (fault != app::Fault::not_this_protocol) records_.anomaly(flow_, session_->protocol, fault_name(fault));
    end_parser(direction);
}

/// The parser has done its part (CONNECT, STARTTLS): what follows is another protocol, the one that was agreed on or to
/// be found.
void AppLayer::hand_over(Direction direction, app::Protocol next) noexcept {
    flow::Session& s = *session_;
    const Bytes left = s.parser->leave != nullptr ? s.parser->leave(s.parser_state) : Bytes{};
    std::array<std::uint8_t, app::kInheritedMax> inherited;
    const std::size_t size = std::min(left.size(), inherited.size());
    std::copy_n(left.begin(), size, inherited.begin());
    end_parser(direction);
    matcher_.settle();
    release_parser(s);
    s.ended = {};
    s.app_state = AppState::probing;
    s.recognition_told = 0;
    s.probes = 1;  // what is announced begins with its connection, never inside another
    s.probe_from = s.parsed;
    ++counters_.handed_over;
    const app::Parser* parser = next == app::Protocol::unknown ? nullptr : parsers_.find(next, app::Transport::tcp);
    if (parser == nullptr) return;
    settle_protocol(*parser);
    if (size != 0 && s.app_state == AppState::parsing && parser->inherit != nullptr)
        parser->inherit(s.parser_state, Bytes(inherited).first(size), *this);
}

void AppLayer::parse(Direction direction, stream::Window& window) noexcept {
    flow::Session& s = *session_;
    std::uint64_t& at = s.parsed[flow::index(direction)];
    parsing_ = direction;
    at = std::max(at, window.begin());
    while (s.app_state == AppState::parsing && at < window.end()) {
        const Bytes in = window.from(at);
        const Step step = s.parser->parse(s.parser_state, static_cast<app::Direction>(direction), in, *this);
        if (step.kind == Step::Kind::broken)
            return step.fault == app::Fault::none ? hand_over(direction, step.next) : fail(direction, step.fault);
        // A unit that fills the whole window will never be whole here.
        if (step.kind == Step::Kind::need_more) {
            if (in.size() >= stream::kWindowMax - stream::kWindowHistory) fail(direction, app::Fault::too_long);
            return;
        }
        if (step.octets == 0) return;
        at += std::min(step.octets, in.size());
        if (s.frames != nullptr) end_frames_at(at);
    }
}

void AppLayer::scan_payload(Direction direction, const stream::Window& window, std::uint64_t up_to) noexcept {
    std::uint64_t& scanned = session_->scanned[flow::index(direction)];
    scanned = std::max(scanned, window.begin());
    if (scanned >= up_to || direction != matcher_.context().direction) return;
    const auto* group = policy_->rules().payload_group(signature::Transport::tcp, static_cast<app::Direction>(direction),
                                                       server_port());
    if (group != nullptr) {
        const auto end = static_cast<std::size_t>(up_to - window.begin());
        matcher_.scan_payload(*group, window.all().first(end), static_cast<std::size_t>(scanned - window.begin()),
                              window.begin());
    }
    scanned = up_to;
}

/// Whether the first bytes of a side are those of another protocol than the connection's.
void AppLayer::compare_sides(Direction direction, const stream::Window& window) noexcept {
    flow::Session& s = *session_;
    const auto side = static_cast<std::uint8_t>(1u << flow::index(direction));
    if (s.protocol == app::Protocol::unknown || (s.sides_compared & side) != 0) return;
    s.sides_compared |= side;
    app::ProbeInput input{{}, {}, flow_->server_port, flow_->client_port};
    (direction == Direction::to_server ? input.to_server : input.to_client) = head_of(&window, s.probe_from[flow::index(direction)]);
    bool nobody = true;
    for (const app::Parser* parser : parsers_.asked(app::Transport::tcp)) {
        const app::Probe answer = parser->probe(input);
        nobody = nobody && answer == app::Probe::no;
        if (answer != app::Probe::yes) continue;
        if (!app::covers(parser->protocol, s.protocol))
            flow_events_ |= 1u << static_cast<unsigned>(app::FlowEvent::mismatch_protocol_both_directions);
        return;
    }
    // Of other protocols not every side is known by its first bytes: only HTTP's answers are missed.
    if (nobody && s.protocol == app::Protocol::http) flow_events_ |= 1u << static_cast<unsigned>(app::FlowEvent::detect_protocol_only_one_direction);
}

void AppLayer::recognise_and_parse(Direction direction, stream::Window& window) noexcept {
    flow::Session& s = *session_;
    if (s.app_state == AppState::probing) {
        probe_stream(windows_);
        // What the other side has said before may wait for its parser.
        stream::Window* other = windows_[flow::index(flow::opposite(direction))];
        if (s.app_state == AppState::parsing && other != nullptr) parse(flow::opposite(direction), *other);
    }
    if (policy_->rules().asks_flow_events()) compare_sides(direction, window);
    if (s.app_state == AppState::parsing) parse(direction, window);
}

void AppLayer::on_stream(Direction direction, stream::Window& window) noexcept {
    flow::Session& s = *session_;
    windows_[flow::index(direction)] = &window;
    refresh_bodies(direction, window);
    const std::uint64_t handed_over = counters_.handed_over;
    recognise_and_parse(direction, window);
    // The bytes that ended one protocol may begin the next.
    if (counters_.handed_over != handed_over) recognise_and_parse(direction, window);
    if (s.frames != nullptr) follow_frames(direction, window);
    scan_payload(direction, window, window.end());
    try_woken();
    const bool waiting = s.app_state == AppState::probing || s.app_state == AppState::parsing;
    std::uint64_t& parsed = s.parsed[flow::index(direction)];
    if (s.app_state == AppState::failed || s.app_state == AppState::recognised) parsed = window.end();
    window.keep_from(std::min(waiting ? parsed : window.end(), s.scanned[flow::index(direction)]));
}

void AppLayer::on_gap(Direction direction, std::uint64_t octets, std::uint64_t resume_at) noexcept {
    flow::Session& s = *session_;
    ++counters_.gaps;
    if (s.app_state == AppState::probing) s.app_state = AppState::failed;
    if (s.app_state == AppState::parsing &&
        !s.parser->gap(s.parser_state, static_cast<app::Direction>(direction), octets, *this))
        fail(direction, app::Fault::not_this_protocol);
    s.parsed[flow::index(direction)] = resume_at;
    s.scanned[flow::index(direction)] = std::max(s.scanned[flow::index(direction)], resume_at);
}

void AppLayer::on_end(Direction direction) noexcept {
    flow::Session& s = *session_;
    if (s.parser == nullptr || s.ended[flow::index(direction)] || s.app_state != AppState::parsing) return;
    s.ended[flow::index(direction)] = true;
    const stream::Window* window = windows_[flow::index(direction)];
    if (s.parser->rest != nullptr && window != nullptr) {
        std::uint64_t& at = s.parsed[flow::index(direction)];
        at = std::max(at, window->begin());
        if (at < window->end()) {
            parsing_ = direction;
            s.parser->rest(s.parser_state, static_cast<app::Direction>(direction), window->from(at), *this);
            at = window->end();
        }
    }
    s.parser->end(s.parser_state, static_cast<app::Direction>(direction), *this);
    complete_frames(direction);
}

/// Of a connection whose opening was not seen the sender of the first packet counts as the client, unless a parser knows
/// what it says for an answer.
bool AppLayer::begins_with_answer(const packet::Packet& packet, const flow::Flow& flow) const noexcept {
    const bool first = flow.packets[0] + flow.packets[1] == 0;
    if (!first || !packet.is_tcp() || (packet.tcp_flags & packet::tcp_flag::syn) != 0 || packet.payload_size == 0) return false;
    const app::ProbeInput input{packet.payload_bytes(), {}, flow.server_port, flow.client_port};
    const auto asked = parsers_.asked(app::Transport::tcp);
    return std::any_of(asked.begin(), asked.end(), [&input](const app::Parser* parser) { return parser->probe(input) == app::Probe::reversed; });
}

/// The flow's ends change places; what rules remember of the ends' addresses is looked up anew.
Direction AppLayer::reverse_flow(Direction direction) noexcept {
    flow_->reverse();
    session_->rules.forget_sets();
    matcher_.context().direction = flow::opposite(direction);
    return flow::opposite(direction);
}

void AppLayer::on_datagram(Direction direction, Bytes payload) noexcept {
    flow::Session& s = *session_;
    if (s.app_state == AppState::probing && s.probes == 0 && meet_expected()) s.probes = 1;
    if (s.app_state == AppState::probing) {
        app::ProbeInput input{{}, {}, flow_->server_port, flow_->client_port};
        (direction == Direction::to_server ? input.to_server : input.to_client) = payload;
        for (const app::Parser* parser : parsers_.asked(app::Transport::udp)) {
            const app::Probe answer = parser->probe(input);
            if (answer == app::Probe::reversed) direction = reverse_flow(direction);
            if (answer != app::Probe::yes && answer != app::Probe::reversed) continue;
            settle_protocol(*parser);
            break;
        }
        if (s.app_state == AppState::probing && ++s.probes >= 4) {
            s.app_state = AppState::failed;
            ++counters_.unknown;
        }
    }
    if (s.app_state == AppState::parsing) {
        parsing_ = direction;
        datagram_ = payload;
        // A malformed datagram says nothing about the next one: the flow keeps its protocol.
        const Step step = s.parser->parse(s.parser_state, static_cast<app::Direction>(direction), payload, *this);
        refused_ = refused_ || (step.kind == Step::Kind::broken && step.fault != app::Fault::none);
        // Of a parser that has done its part (QUIC's handshake) the memory is given back.
        if (step.kind == Step::Kind::broken && step.fault == app::Fault::none) {
            release_parser(s);
            s.app_state = AppState::recognised;
        }
    }
    const auto* group = policy_->rules().payload_group(signature::Transport::udp, static_cast<app::Direction>(direction),
                                                       server_port());
    if (group != nullptr) matcher_.scan_payload(*group, payload, 0, 0);
    try_woken();
}

/// Message rules with a payload part that this packet's bytes have woken: for every message that is still here.
void AppLayer::try_woken() noexcept {
    if (!matcher_.any_woken()) return;
    for (Transaction* tx = session_->newest; tx != nullptr; tx = tx->older) matcher_.add_woken(tx->message);
}

void AppLayer::reap() noexcept {
    if (!any_closed_) return;
    Transaction* tx = session_->newest;
    while (tx != nullptr) {
        Transaction* older = tx->older;
        if (tx->closed) transactions_.free(*session_, *tx);
        tx = older;
    }
    any_closed_ = false;
}

void AppLayer::release(const flow::Flow& flow, flow::Session& session, TimeNs now) noexcept {
    while (Transaction* tx = transactions_.oldest(session)) {
        if (!tx->closed) records_.transaction(flow, tx->message, now);
        transactions_.free(session, *tx);
    }
    release_parser(session);
    give_frames(session);
}

}  // namespace sekisho::engine
