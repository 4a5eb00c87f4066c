// What a candidate rule has to fulfil, cheapest test first: header, flow, state, packet, then the buffers.
#include <algorithm>

#include "sekisho/detect/matcher.h"
#include "sekisho/packet/sctp.h"
#include "sekisho/signature/compare.h"
#include "sekisho/signature/countries.h"
#include "sekisho/signature/reputation.h"
#include "sekisho/signature/dataset.h"

namespace sekisho::detect {
namespace {

using app::Field;
using app::FieldKind;
using app::Stage;
using signature::Action;
using signature::BufferTests;
using signature::CompiledRule;
using signature::FileTest;
using signature::FlowDirection;
using signature::RuleIndex;
using signature::RuleKind;
using signature::Threshold;

constexpr std::uint64_t kBodyEnough = 32768;  // so much of a body decides about contents that must be absent

bool same_side(FlowDirection wanted, app::Direction is) noexcept {
    return wanted == FlowDirection::any ||
           (wanted == FlowDirection::to_server) == (is == app::Direction::to_server);
}

bool transport_admits(signature::Transport transport, const packet::Packet& packet) noexcept {
    using enum signature::Transport;
    switch (transport) {
        case ip: return true;
        case tcp: return packet.ip_protocol == packet::ip_proto::tcp;
        case udp: return packet.ip_protocol == packet::ip_proto::udp;
        case icmp:
            return packet.ip_protocol == packet::ip_proto::icmp || packet.ip_protocol == packet::ip_proto::icmpv6;
        case icmpv6: return packet.ip_protocol == packet::ip_proto::icmpv6;
        case sctp: return packet.ip_protocol == packet::ip_proto::sctp;
        case other: return true;
    }
    return false;
}

/// What is header in an ICMP message: eight octets, and the numbers that some types have behind them (RFC 792, 950, 1256).
std::size_t icmp_header_size(Bytes message) noexcept {
    constexpr std::size_t kHeader = 8;
    if (message.size() < kHeader) return message.size();
    switch (message[0]) {
        case 9: return kHeader + std::size_t{4} * message[4] * message[5];  // router advertisement: addresses by words of each
        case 13: case 14: return 20;                                         // three timestamps
        case 17: case 18: return 12;                                         // an address mask
        default: return kHeader;
    }
}

/// The bytes of a header field of the packet.
Bytes header_bytes(Field field, const packet::Packet& packet) noexcept {
    const auto span = [&packet](std::size_t from, std::size_t to) {
        return to > from && to <= packet.data.size() ? packet.data.subspan(from, to - from) : Bytes{};
    };
    switch (field) {
        case Field::ipv4_hdr: return packet.ip_version == 4 ? span(packet.l3, packet.l4) : Bytes{};
        case Field::ipv6_hdr:  // with its extension headers
            return packet.ip_version == 6 ? span(packet.l3, std::max<std::size_t>(packet.l4, packet.l3 + 40u)) : Bytes{};
        case Field::tcp_hdr: return packet.is_tcp() ? span(packet.l4, packet.payload) : Bytes{};
        case Field::udp_hdr: return packet.is_udp() ? span(packet.l4, packet.payload) : Bytes{};
        case Field::icmpv4_hdr: {
            if (packet.ip_protocol != packet::ip_proto::icmp) return {};
            const Bytes message = packet.l4_bytes();
            return message.first(std::min(icmp_header_size(message), message.size()));
        }
        case Field::icmpv6_hdr: return packet.ip_protocol == packet::ip_proto::icmpv6 ? span(packet.l4, packet.payload) : Bytes{};
        case Field::sctp_hdr: {  // with the head of the first chunk, as Suricata's
            constexpr std::size_t kWithChunkHead = 16;
            const Bytes whole = packet::sctp_header(packet).empty() ? Bytes{} : packet.l4_bytes();
            return whole.first(std::min(whole.size(), kWithChunkHead));
        }
        case Field::igmp_hdr: return packet.ip_protocol == packet::ip_proto::igmp && !packet.has(packet::Packet::kFragment) ? packet.l4_bytes() : Bytes{};
        case Field::ip_src: return packet.src.wire();
        case Field::ip_dst: return packet.dst.wire();
        default: return {};
    }
}

/// Leaves out what stands before `offset` of the buffer.
void skip_to(BufferView& view, std::uint64_t offset) noexcept {
    if (offset <= view.base) return;
    const std::uint64_t skip = std::min<std::uint64_t>(offset - view.base, view.bytes.size());
    view.bytes = view.bytes.subspan(static_cast<std::size_t>(skip));
    view.base += skip;
}

bool fact_holds(const signature::FactTest& test, std::uint64_t value, TimeNs now) noexcept {
    const std::uint64_t low = test.versus_time ? static_cast<std::uint64_t>(now / kSecondNs) : test.low;
    if (test.any_of.empty()) return signature::compare_numbers(test.op, value, low, test.high);
    return std::any_of(test.any_of.begin(), test.any_of.end(),
                       [value](const auto& range) { return value >= range.first && value <= range.second; });
}

/// Byte order of the numbers in stub data: its sender's.
bool little_endian(const Message& message, app::Direction direction) noexcept {
    const auto order = message.facts[static_cast<std::size_t>(app::Fact::dcerpc_little_endian)];
    return (order >> static_cast<unsigned>(direction) & 1) != 0;
}

bool is_file_text(Field field) noexcept { return field == Field::file_name || field == Field::file_magic; }

/// What is known of a file so far. A size that is exceeded already need not wait for the end.
Match match_file(const FileTest& test, const FileView& file) noexcept {
    using Kind = FileTest::Kind;
    const auto as_match = [](bool yes) { return yes ? Match::yes : Match::no; };
    if (test.kind == Kind::present) return Match::yes;
    if (test.kind == Kind::size) {
        const bool beyond = test.op == signature::Compare::gt && !test.negated && file.size > test.low;
        if (!file.complete && !beyond) return Match::later;
        return as_match(signature::compare_numbers(test.op, file.size, test.low, test.high) != test.negated);
    }
    const Bytes digest = file.digests[test.algorithm];
    if (digest.empty()) return file.complete ? Match::no : Match::later;
    return as_match(test.list->contains(digest) != test.negated);
}

/// Whether a message or flow of `protocol` is what the rule's header names.
bool is_about(const signature::Header& header, app::Protocol protocol) noexcept {
    return header.protocol == app::Protocol::unknown || signature::covers(header, protocol);
}

/// Whose buffer or file a test of a rule means, when the rule is tried on what `direction` has brought.
app::Direction side_of(FlowDirection side, app::Direction direction) noexcept {
    if (side == FlowDirection::any) return direction;
    return side == FlowDirection::to_server ? app::Direction::to_server : app::Direction::to_client;
}

/// Nothing more can come of what the rule looks at.
bool is_over(const signature::Header& header, const Message& message, app::Direction direction) noexcept {
    if (!header.exchange) return message.complete(direction);
    return message.complete(app::Direction::to_server) && message.complete(app::Direction::to_client);
}

constexpr int kAnyPass = 3;
int pass_of(Field field) noexcept {
    if (field == Field::payload) return 2;
    return app::info(field).kind == FieldKind::body ? 1 : 0;
}

}  // namespace

bool Matcher::in_set(signature::SetIndex set, bool of_source) noexcept {
    if (set == 0) return true;
    const packet::Packet& packet = *context_.packet;
    const IpAddress& ip = of_source ? packet.src : packet.dst;
    FlowRuleState* state = context_.state;
    if (state == nullptr || set >= kKnownSets) return rules_->address_set(set).contains(ip);
    const bool is_client = of_source == (context_.direction == Direction::to_server);
    FlowRuleState::KnownSets& known = is_client ? state->client : state->server;
    const std::uint32_t bit = std::uint32_t{1} << set;
    if ((known.asked & bit) == 0) {
        known.asked |= bit;
        if (rules_->address_set(set).contains(ip)) known.in |= bit;
    }
    return (known.in & bit) != 0;
}

bool Matcher::addresses_match(const CompiledRule& rule, bool swapped) noexcept {
    const packet::Packet& packet = *context_.packet;
    const auto& header = rule.rule.header;
    // A piece of a datagram has no ports to compare.
    if (packet.has(packet::Packet::kFragment) && !(header.source_ports.any && header.destination_ports.any)) return false;
    const std::uint16_t source_port = swapped ? packet.dst_port : packet.src_port;
    const std::uint16_t destination_port = swapped ? packet.src_port : packet.dst_port;
    return header.destination_ports.contains(destination_port) && header.source_ports.contains(source_port) &&
           in_set(rule.source_set, !swapped) && in_set(rule.destination_set, swapped);
}

bool Matcher::header_matches(const CompiledRule& rule, app::Direction direction) noexcept {
    const packet::Packet& packet = *context_.packet;
    const auto& header = rule.rule.header;
    if (header.ip_version != 0 && header.ip_version != packet.ip_version) return false;
    if (!transport_admits(header.transport, packet)) return false;
    if (header.ip_protocol != 0 && header.ip_protocol != packet.ip_protocol) return false;
    // Bytes of the other direction may be settled by this packet's ACK: then its ends are the other way round.
    const bool swapped = static_cast<std::size_t>(direction) != flow::index(context_.direction);
    return addresses_match(rule, swapped);
}

bool Matcher::flow_allows(const signature::FlowTest& flow, app::Direction direction) const noexcept {
    if (!same_side(flow.direction, direction)) return false;
    if (flow.direction != FlowDirection::any && context_.flow == nullptr) return false;
    if (flow.established && !context_.established) return false;
    if (flow.not_established && context_.established) return false;
    const bool fragment = context_.packet->has(packet::Packet::kFragment | packet::Packet::kReassembled);
    return !(flow.only_frag && !fragment) && !(flow.no_frag && fragment);
}

/// A rule that asks for nothing but the application hits once: with the packet that nDPI decided on.
bool Matcher::application_allows(const CompiledRule& compiled) const noexcept {
    const signature::Rule& rule = compiled.rule;
    if (rule.applications.empty() && rule.flow_risks.empty()) return true;
    if (!context_.application_known || (compiled.kind == RuleKind::packet && !context_.application_fresh)) return false;
    for (const auto& test : rule.applications) {
        const auto is_one = [this](std::uint32_t name) { return name == context_.applications[0] || name == context_.applications[1]; };
        if (std::all_of(test.names.begin(), test.names.end(), is_one) == test.negated) return false;
    }
    for (const auto& test : rule.flow_risks)
        if (((context_.flow_risks & test.risks) != 0) == test.negated) return false;
    return true;
}

namespace {

using What = signature::FlowNumberTest::What;

std::uint64_t number_of(What what, const flow::Flow& flow, TimeNs now) noexcept {
    switch (what) {
        case What::age_seconds: return now > flow.first_ns ? (now - flow.first_ns) / kSecondNs : 0;
        case What::packets_to_server: return flow.packets[0];
        case What::packets_to_client: return flow.packets[1];
        case What::octets_to_server: return flow.bytes[0];
        case What::octets_to_client: return flow.bytes[1];
        case What::packets_either:
        case What::octets_either: break;
    }
    return 0;
}

bool number_holds(const signature::FlowNumberTest& test, const flow::Flow& flow, TimeNs now) noexcept {
    const auto compare = [&](What what) {
        return signature::compare_numbers(test.op, number_of(what, flow, now), test.low, test.high) != test.negated;
    };
    if (test.what == What::packets_either) return compare(What::packets_to_server) || compare(What::packets_to_client);
    if (test.what == What::octets_either) return compare(What::octets_to_server) || compare(What::octets_to_client);
    return compare(test.what);
}

/// Whether `holds` says so of the addresses that are meant.
template <class Holds>
bool addresses_hold(signature::AddressSide side, const packet::Packet& packet, Holds&& holds) noexcept {
    using Side = signature::AddressSide;
    switch (side) {
        case Side::source: return holds(packet.src);
        case Side::destination: return holds(packet.dst);
        case Side::both: return holds(packet.src) && holds(packet.dst);
        case Side::any: break;
    }
    return holds(packet.src) || holds(packet.dst);
}

bool reputation_holds(const signature::ReputationTest& test, const packet::Packet& packet) noexcept {
    return addresses_hold(test.side, packet, [&](const IpAddress& ip) noexcept {
        const auto score = test.list->score(ip);
        return score && signature::compare_numbers(test.op, *score, test.score, 0);
    });
}

bool country_holds(const signature::CountryTest& test, const packet::Packet& packet) noexcept {
    return addresses_hold(test.side, packet, [&](const IpAddress& ip) noexcept {
        const auto country = test.database->country(ip);
        if (!country) return false;
        const auto& wanted = test.countries;
        return (std::find(wanted.begin(), wanted.end(), *country) != wanted.end()) != test.negated;
    });
}

}  // namespace

bool Matcher::numbers_allow(const signature::Rule& rule) const noexcept {
    for (const auto& test : rule.flow_numbers)
        if (context_.flow == nullptr || !number_holds(test, *context_.flow, context_.now)) return false;
    for (const auto& test : rule.reputations)
        if (!reputation_holds(test, *context_.packet)) return false;
    for (const auto& test : rule.countries)
        if (!country_holds(test, *context_.packet)) return false;
    return true;
}

bool Matcher::conditions_hold(const CompiledRule& compiled, app::Direction direction) noexcept {
    const signature::Rule& rule = compiled.rule;
    if (!flow_allows(rule.flow, direction)) return false;
    if (compiled.kind != RuleKind::message &&
        !is_about(rule.header, compiled.kind == RuleKind::packet ? context_.header_protocol : context_.protocol))
        return false;
    if (compiled.on_recognition && !context_.tells_protocol) return false;
    for (const auto& wanted : rule.app_protocols) {
        const app::Protocol here = context_.protocol_by_direction[static_cast<std::size_t>(direction)];
        const bool is = context_.protocol == wanted.protocol || (here != app::Protocol::unknown && here == wanted.protocol);
        if (!context_.protocol_decided || is == wanted.negated) return false;
    }
    if (!application_allows(compiled)) return false;
    if (rule.same_ip && context_.packet->src != context_.packet->dst) return false;
    for (const auto& test : rule.packet_tests)
        if (test.match(test, *context_.packet) == test.negated) return false;
    if (!rule.stream_sizes.empty() && !context_.packet->is_tcp()) return false;
    for (const auto& test : rule.stream_sizes) {
        using Side = signature::StreamSizeTest::Side;
        const auto holds = [&](Direction side) {
            return signature::compare_numbers(test.op, context_.stream_sizes[flow::index(side)], test.size, 0);
        };
        const bool server = holds(Direction::to_client), client = holds(Direction::to_server);
        const bool ok = test.side == Side::server   ? server
                        : test.side == Side::client ? client
                        : test.side == Side::both   ? server && client
                                                    : server || client;
        if (!ok) return false;
    }
    if ((context_.flow_events & rule.flow_events) != rule.flow_events || !numbers_allow(rule)) return false;
    for (const std::uint8_t event : rule.stream_events)
        if (std::find(context_.stream_events.begin(), context_.stream_events.end(), event) ==
            context_.stream_events.end())
            return false;
    return state_allows(compiled);
}

Match Matcher::match_body(const BufferTests& buffer, const BodySlot& body, bool complete,
                          Anchor anchor) noexcept {
    BufferView view = body.view;
    if (body.fresh_from > kMessageReach) skip_to(view, body.fresh_from - kMessageReach);
    view.complete = view.complete || complete;
    view.absence_final = view.complete || view.base + view.bytes.size() >= kBodyEnough;
    return inspector_.match(buffer, view, anchor);
}

Match Matcher::match_field(const BufferTests& buffer, const Message& message, app::Direction direction,
                           const FileView* file, Anchor anchor) noexcept {
    const auto side = static_cast<std::size_t>(direction);
    const bool complete = message.complete(direction);
    const bool headers_known = message.stages[side] >= Stage::headers;
    Match best = Match::no;
    bool seen = false;
    if (file != nullptr && is_file_text(buffer.field)) {
        const Bytes text = buffer.field == Field::file_name ? file->name : file->magic;
        if (!text.empty()) return inspector_.match(buffer, {text, 0, true, true});
        return buffer.field == Field::file_name || file->complete || complete ? Match::no : Match::later;
    }
    if (file != nullptr && buffer.field == Field::file_data)
        return match_body(buffer, message.bodies[file->body], complete || file->complete, anchor);
    if (const BodySlot* body = message.find_body(buffer.field, direction)) return match_body(buffer, *body, complete, anchor);
    for (const FieldValue& value : message.fields) {
        if (value.field != buffer.field || !value.belongs_to(direction)) continue;
        seen = true;
        const bool little = buffer.field == Field::dcerpc_stub_data && little_endian(message, direction);
        best = inspector_.match(buffer, {value.bytes, 0, true, true, false, little});
        if (best == Match::yes) return best;
    }
    const FieldKind kind = app::info(buffer.field).kind;
    if (kind == FieldKind::frame) return Match::no;  // another one
    if (complete || (seen && kind == FieldKind::single)) return Match::no;
    if (kind == FieldKind::single && headers_known) return Match::no;
    return Match::later;
}

Match Matcher::match_message(const CompiledRule& compiled, const Message& message, app::Direction direction,
                             Anchor anchor) noexcept {
    const signature::Rule& rule = compiled.rule;
    if (!is_about(rule.header, message.protocol)) return Match::no;
    if (!compiled.on_file) return match_parts(compiled, message, direction, nullptr, anchor);
    const app::Direction files = rule.header.exchange ? compiled.files_side : direction;
    // All that a rule says of a file must hold for one and the same file.
    Match best = Match::no;
    bool any = false;
    for (const bool member : {false, true}) {
        const FileView& file = message.file(files, member);
        if (!file.begun) continue;
        any = true;
        const Match one = match_parts(compiled, message, direction, &file, anchor);
        if (one == Match::yes) return one;
        if (one == Match::later) best = one;
    }
    if (!any && !compiled.needs_file) return match_parts(compiled, message, direction, nullptr, anchor);
    const bool more_may_come = !any || compiled.outlives_file;
    return best == Match::no && more_may_come && !message.complete(files) ? Match::later : best;
}

Match Matcher::match_parts(const CompiledRule& compiled, const Message& message, app::Direction direction,
                           const FileView* file, Anchor anchor) noexcept {
    const signature::Rule& rule = compiled.rule;
    Match result = Match::yes;
    for (const FileTest& test : rule.file_tests) {
        const Match one = file != nullptr ? match_file(test, *file) : Match::no;
        if (one == Match::no) return one;
        if (one == Match::later) result = one;
    }
    for (const auto& test : rule.fact_tests) {
        const auto index = static_cast<std::size_t>(test.fact);
        if ((message.facts_set >> index & 1) == 0) {
            if (is_over(rule.header, message, direction)) return Match::no;
            result = Match::later;
            continue;
        }
        if (fact_holds(test, message.facts[index], context_.now) == test.negated) return Match::no;
    }
    for (const app::AppEvent event : rule.app_events) {
        if (message.events.test(static_cast<std::size_t>(event) % kAppEvents)) continue;
        if (message.complete(app::Direction::to_server) && message.complete(app::Direction::to_client)) return Match::no;
        result = Match::later;
    }
    inspector_.begin_rule();
    // Short fields first, bodies next, the stream last: most candidates fail on the cheap ones. A rule that hands a
    // number from one buffer to the next keeps its own order.
    const bool own_order = rule.variables != 0;
    for (int pass = own_order ? kAnyPass : 0; pass <= (own_order ? kAnyPass : 2); ++pass) {
        for (const BufferTests& buffer : rule.buffers) {
            if (!own_order && pass_of(buffer.field) != pass) continue;
            const Match one = match_message_buffer(buffer, message, side_of(buffer.side, direction), file, anchor);
            if (one == Match::no) return one;
            if (one == Match::later) result = Match::later;
        }
    }
    return result;
}

Match Matcher::match_message_buffer(const BufferTests& buffer, const Message& message, app::Direction direction,
                                    const FileView* file, Anchor anchor) noexcept {
    const auto side = static_cast<std::size_t>(direction);
    if (buffer.absence != signature::Absence::fails && !message.has(buffer.field, direction)) {
        const bool single = app::info(buffer.field).kind == FieldKind::single;
        return message.stages[side] >= (single ? Stage::headers : Stage::complete) ? Match::yes : Match::later;
    }
    if (buffer.absence == signature::Absence::wanted) return Match::no;
    if (buffer.field != Field::payload)
        return app::info(buffer.field).kind == FieldKind::packet ? match_header(buffer)
                                                                 : match_field(buffer, message, direction, file, anchor);
    if (!context_.has_stream) return inspector_.match(buffer, {context_.packet->payload_bytes(), 0, true, true});
    BufferView view = context_.streams[side];
    if (context_.fresh_from[side] > kMessageReach) skip_to(view, context_.fresh_from[side] - kMessageReach);
    view.complete = view.complete || message.complete(direction);
    return inspector_.match(buffer, view);
}

/// A buffer over a header of the packet. A packet without that header fails it.
Match Matcher::match_header(const BufferTests& buffer) noexcept {
    if (buffer.field == Field::sctp_chunk_data) {
        Match best = Match::no;
        packet::for_each_sctp_chunk(*context_.packet, [&](const packet::SctpChunk& chunk) noexcept {
            if (best == Match::no) best = inspector_.match(buffer, {chunk.value, 0, true, true});
        });
        return best;
    }
    const Bytes bytes = header_bytes(buffer.field, *context_.packet);
    return bytes.empty() ? Match::no : inspector_.match(buffer, {bytes, 0, true, true});
}

Match Matcher::match_packet_buffers(const CompiledRule& rule, Bytes payload) noexcept {
    inspector_.begin_rule();
    for (const BufferTests& buffer : rule.rule.buffers) {
        const bool on_payload = buffer.field == Field::payload;
        const Match one = on_payload ? inspector_.match(buffer, {payload, 0, true, true}) : match_header(buffer);
        if (one != Match::yes) return Match::no;
    }
    return Match::yes;
}

Match Matcher::match_stream(const Candidate& candidate) noexcept {
    const RuleIndex index = candidate.rule;
    const CompiledRule& rule = rules_->rule(index);
    const std::size_t side = candidate.direction;
    BufferView view = context_.streams[side];
    // A rule is tried on what is new and a stretch before it, so that each byte is looked at a bounded number of
    // times; the stretch is short where no literal has named the rule.
    const std::uint64_t reach = candidate.unfiltered ? kLookBack : kPayloadReach;
    const std::uint64_t fresh = context_.fresh_from[side];
    if (fresh > reach) skip_to(view, fresh - reach);
    if (const RuleMemory* memory = remembered()) {
        for (const LastHit& last : memory->last_hits) {
            if (last.rule == index && last.direction == side) skip_to(view, last.end);
        }
    }
    inspector_.begin_rule();
    Match result = Match::yes;
    for (const BufferTests& buffer : rule.rule.buffers) {
        const bool on_payload = buffer.field == Field::payload;
        const Match one = on_payload ? inspector_.match(buffer, view, {rule.anchor, candidate.anchor}) : match_header(buffer);
        if (one == Match::no) return one;
        if (one == Match::later) result = one;
    }
    return result;
}

Match Matcher::match_payload(const Candidate& candidate) noexcept {
    const RuleIndex index = candidate.rule;
    const auto direction = static_cast<app::Direction>(candidate.direction);
    const CompiledRule& rule = rules_->rule(index);
    Match result = Match::no;
    if (rule.on_stream && context_.has_stream && context_.payload_in_stream) {
        result = match_stream(candidate);
        if (result == Match::yes) remember_hit(index, direction);
        in_stream_ = result == Match::yes;
        if (in_stream_) return result;
    }
    const bool same_direction = static_cast<std::size_t>(direction) == flow::index(context_.direction);
    const bool packet_too = rule.on_packet || !context_.payload_in_stream || !context_.has_stream;
    const bool stream_only = rule.rule.flow.only_stream || (rule.rule.header.stream_only && context_.has_stream);
    if (!same_direction || !packet_too || stream_only) return result;
    return match_packet_buffers(rule, context_.packet->payload_bytes()) == Match::yes ? Match::yes : result;
}

MessageHit Matcher::message_hit(RuleIndex index, const Message& message, app::Direction direction) const noexcept {
    const bool each_way = rules_->rule(index).each_way || hits_each_way(message.protocol);
    return {index, each_way ? direction : app::Direction::to_server};
}

void Matcher::verify(const Candidate& candidate) noexcept {
    const CompiledRule& rule = rules_->rule(candidate.rule);
    const auto direction = static_cast<app::Direction>(candidate.direction);
    Message* message = candidate.message;
    // Of an exchange the client's way counts, whichever side has brought the last of it.
    const app::Direction way = rule.rule.header.exchange ? app::Direction::to_server : direction;
    if (message != nullptr) {
        const MessageHit hit = message_hit(candidate.rule, *message, way);
        if (std::find(message->hits.begin(), message->hits.end(), hit) != message->hits.end()) return;
    }
    if (!header_matches(rule, way) || !conditions_hold(rule, direction)) return;
    ++counters_.verified;
    in_stream_ = false;
    Match result = Match::yes;
    if (message != nullptr) {
        result = match_message(rule, *message, direction, {rule.anchor, candidate.anchor});
    } else if (rule.kind == RuleKind::payload) {
        result = match_payload(candidate);
    } else {
        result = match_packet_buffers(rule, {});
    }
    if (result == Match::later) return wait(candidate);
    if (result == Match::yes) matched(candidate.rule, message, way);
}

void Matcher::matched(RuleIndex index, Message* message, app::Direction direction) noexcept {
    const CompiledRule& compiled = rules_->rule(index);
    const signature::Rule& rule = compiled.rule;
    if (message != nullptr && !message->hits.push_back(message_hit(index, *message, direction))) ++counters_.hits_lost;
    change_state(compiled);
    for (const LearnedValues::Change& change : inspector_.changes()) learned_.apply(change);
    const Message* told = message != nullptr && message->told_as != nullptr ? message->told_as : message;
    Hit hit{index, told, rule.header.action, rule.noalert, in_stream_};
    const bool swapped = static_cast<std::size_t>(direction) != flow::index(context_.direction);
    const packet::Packet& packet = *context_.packet;
    for (const Threshold& threshold : rule.thresholds) {
        const ThresholdEnds ends = swapped ? ThresholdEnds{packet.dst, packet.src, packet.dst_port, packet.src_port}
                                           : ThresholdEnds{packet.src, packet.dst, packet.src_port, packet.dst_port};
        const auto answer = thresholds_.count(threshold, std::uint64_t{rule.gid} << 32 | rule.sid,
                                              context_.flow != nullptr ? context_.flow->id : 0, ends, context_.now);
        if (answer == ThresholdAnswer::no_match) return;
        if (answer == ThresholdAnswer::silent) hit.silent = true;
        if (answer == ThresholdAnswer::new_action) hit.action = threshold.new_action;
    }
    keep_hit(hit);
}

/// When there are too many, the least important goes: a flood of small ones must not hide a great one, nor one that
/// blocks.
void Matcher::keep_hit(const Hit& hit) noexcept {
    if (hits_.push_back(hit)) {
        ++counters_.hits;
        return;
    }
    ++counters_.hits_lost;
    const auto rank_of = [this](const Hit& h) { return rules_->rule(h.rule).rank; };
    Hit* least = &*std::max_element(hits_.begin(), hits_.end(),
                                    [&](const Hit& a, const Hit& b) { return rank_of(a) < rank_of(b); });
    if (rank_of(hit) < rank_of(*least)) *least = hit;
}

}  // namespace sekisho::detect
