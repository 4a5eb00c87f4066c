#include "compile_rule.h"

#include <algorithm>
#include <cmath>

#include "literal_choice.h"

namespace sekisho::signature {
namespace {

using app::Field;
using app::FieldDirection;
using app::FieldKind;

bool is_message_field(Field field) { return app::info(field).kind != FieldKind::packet; }

/// ip_proto and l3_proto say of a rule what its header might: all packets of a flow agree on them.
bool is_of_header(const PacketTest& test) { return test.keyword == "ip_proto" || test.keyword == "l3_proto"; }

/// A rule on its header alone: addresses, ports and protocols of IP.
bool is_header_only(const Rule& rule) {
    const Header& h = rule.header;
    const FlowTest& f = rule.flow;
    const bool state = f.established || f.not_established || f.stateless || f.only_stream || f.no_stream || f.only_frag ||
                       f.no_frag;
    return !state && h.protocol == app::Protocol::unknown && rule.buffers.empty() &&
           std::all_of(rule.packet_tests.begin(), rule.packet_tests.end(), is_of_header) &&
           rule.fact_tests.empty() && rule.file_tests.empty() && rule.stream_sizes.empty() && rule.app_events.empty() &&
           rule.stream_events.empty() && rule.flow_events == 0 && rule.flow_numbers.empty() &&
           rule.countries.empty() && rule.applications.empty() &&
           rule.flow_risks.empty() && rule.flow_ints.empty() && !rule.same_ip && !h.packet_only && !h.stream_only;
}

/// Looked up once per flow and direction, as users of Suricata know it.
bool is_ip_only(const Rule& rule) {
    return is_header_only(rule) && rule.flow.direction == FlowDirection::any && rule.app_protocols.empty() &&
           !rule.header.source.negated && !rule.header.destination.negated;
}

bool has_place_from_start(const BufferTests& buffer) {
    return std::any_of(buffer.tests.begin(), buffer.tests.end(), [](const Test& test) {
        const auto* content = std::get_if<Content>(&test);
        return content != nullptr && (content->offset || content->depth || content->startswith);
    });
}

bool has_dsize(const Rule& rule) {
    return std::any_of(rule.packet_tests.begin(), rule.packet_tests.end(),
                       [](const PacketTest& test) { return test.keyword == "dsize"; });
}

/// Directions that a set of fields allows: a to_server field keeps a rule out of to_client messages.
void restrict_directions(CompiledRule& compiled) {
    const Rule& rule = compiled.rule;
    if (rule.flow.direction == FlowDirection::to_server) compiled.to_client = false;
    if (rule.flow.direction == FlowDirection::to_client) compiled.to_server = false;
    if (rule.header.exchange) return;
    for (const BufferTests& buffer : rule.buffers) {
        if (app::info(buffer.field).direction == FieldDirection::to_server) compiled.to_client = false;
        if (app::info(buffer.field).direction == FieldDirection::to_client) compiled.to_server = false;
    }
}

/// How a field is scanned: typical octets per message, and what one more literal in its database costs,
/// counted in candidate verifications per message.
struct FieldCost {
    double octets;
    double literal_cost;
};

FieldCost cost_of(Field field) {
    switch (field) {
        case Field::payload: return {8000, 0.08};
        case Field::file_data:
        case Field::http_response_body: return {8000, 0.05};
        case Field::http_request_body: return {500, 0.004};
        case Field::http_header:
        case Field::http_header_raw:
        case Field::http_start: return {500, 0.003};
        case Field::tls_certs: return {1500, 0.003};
        case Field::http_header_names: return {150, 0.002};
        case Field::http_uri:
        case Field::http_uri_raw:
        case Field::http_request_line: return {60, 0.001};
        default: return app::info(field).kind == FieldKind::frame ? FieldCost{1000, 0.004} : FieldCost{30, 0.001};
    }
}

/// The prefilter reads the field as sent; a transform may only be looked through when the literal surely
/// stands there too.
struct LookThrough {
    bool possible = true;
    bool nocase = false;
    std::size_t skip_first = 0;
};

LookThrough look_through(const BufferTests& buffer, const Content& content) {
    LookThrough view;
    for (const Transform& transform : buffer.transforms) {
        switch (transform.kind) {
            case TransformKind::dotprefix:
                if (content.bytes.starts_with('.')) view.skip_first = 1;
                break;
            case TransformKind::to_lowercase:
            case TransformKind::to_uppercase:
            case TransformKind::header_lowercase: view.nocase = true; break;
            default: view.possible = false;
        }
    }
    return view;
}

/// The largest payload that dsize admits.
std::uint32_t largest_payload(const Rule& rule) {
    std::uint64_t largest = ~0u;
    for (const PacketTest& test : rule.packet_tests) {
        if (test.keyword != "dsize" || test.outside) continue;
        if (test.op == Compare::eq || test.op == Compare::le) largest = std::min(largest, test.a);
        if (test.op == Compare::lt && test.a > 0) largest = std::min(largest, test.a - 1);
        if (test.op == Compare::range && test.b > 0) largest = std::min(largest, test.b - 1);
    }
    return static_cast<std::uint32_t>(largest);
}

/// A bounded span of places for a content of `size` octets that begins at `first` or later and ends `most` later at most.
std::pair<std::uint32_t, std::uint32_t> span_of(std::int64_t first, std::int64_t most, std::size_t size) {
    const std::int64_t last = first + most - static_cast<std::int64_t>(size);
    return {static_cast<std::uint32_t>(std::max<std::int64_t>(0, first)), static_cast<std::uint32_t>(std::max<std::int64_t>(0, last))};
}

/// Whether a relative content counts from the start of its message field, as nothing goes before it.
bool counts_from_start(const BufferTests& buffer, const Content& content) {
    return buffer.field != Field::payload && &content == std::get_if<Content>(&buffer.tests.front()) && !content.depth && !content.offset &&
           content.within && !content.within->is_variable && !(content.distance && content.distance->is_variable);
}

/// Where a content that counts from the buffer's start may begin. Transforms move bytes: then anywhere.
std::pair<std::uint32_t, std::uint32_t> places_of(const BufferTests& buffer, const Content& content) {
    std::pair<std::uint32_t, std::uint32_t> places{0, ~0u};
    if (buffer.transforms.empty() && counts_from_start(buffer, content))
        return span_of(content.distance ? content.distance->value : 0, content.within->value, content.bytes.size());
    const bool variable = (content.offset && content.offset->is_variable) || (content.depth && content.depth->is_variable);
    if (content.relative() || variable || !buffer.transforms.empty()) return places;
    const std::int64_t offset = content.offset ? content.offset->value : 0;
    places.first = static_cast<std::uint32_t>(std::max<std::int64_t>(0, offset));
    if (content.startswith) places.second = 0;
    if (content.depth) places.second = span_of(offset, content.depth->value, content.bytes.size()).second;
    return places;
}

constexpr double kLongField = 1000;        // octets; longer ones come in pieces
constexpr double kEverydayHits = 0.3;      // of a message header field: a common word stands there often
constexpr double kWorthlessHits = 60;      // more candidates a message than that: no prefilter
constexpr double kBodyVisits = 8;          // a rule that waits for a body or payload is tried with so many pieces of it
constexpr double kRejectionCost = 0.02;    // of a literal whose surroundings are not the content, in verifications
constexpr double kFastPatternBonus = 0.5;  // the author knows the protocol: halves the estimate

/// Candidates a message, each to be verified; and a share for literals that the comparison with the content rejects.
double expected_hits(const LiteralChoice& choice, const FieldCost& cost) {
    const double hits = cost.octets * std::exp2(-choice.content_bits);
    const bool long_field = cost.octets >= kLongField;
    const double candidates = choice.everyday && !long_field ? std::max(hits, kEverydayHits) : hits;
    return candidates + kRejectionCost * cost.octets * std::exp2(-choice.bits);
}

}  // namespace

bool is_file_field(Field field) noexcept {
    return field == Field::file_data || field == Field::file_name || field == Field::file_magic;
}

void classify(CompiledRule& compiled) {
    Rule& rule = compiled.rule;
    restrict_directions(compiled);
    compiled.thresholded = !rule.thresholds.empty();
    bool payload = false, message = false;
    for (const BufferTests& buffer : rule.buffers) {
        payload = payload || buffer.field == Field::payload;
        message = message || is_message_field(buffer.field);
        compiled.has_body = compiled.has_body || app::info(buffer.field).kind == FieldKind::body;
        compiled.each_way = compiled.each_way || (is_message_field(buffer.field) && app::info(buffer.field).direction == app::FieldDirection::both);
        compiled.on_frame = compiled.on_frame || app::info(buffer.field).kind == FieldKind::frame;
    }
    message = message || !rule.fact_tests.empty() || !rule.app_events.empty() || !rule.file_tests.empty();
    compiled.needs_file = !rule.file_tests.empty();
    for (const BufferTests& buffer : rule.buffers) {
        compiled.on_file = compiled.on_file || is_file_field(buffer.field);
        compiled.needs_file = compiled.needs_file || (is_file_field(buffer.field) && buffer.field != Field::file_data);
    }
    compiled.on_file = compiled.on_file || compiled.needs_file;
    const auto of_server = [](const auto& test) { return test.side == FlowDirection::to_client; };
    const bool server_file = std::any_of(rule.file_tests.begin(), rule.file_tests.end(), of_server) ||
                             std::any_of(rule.buffers.begin(), rule.buffers.end(), [&](const BufferTests& buffer) {
                                 return is_file_field(buffer.field) && of_server(buffer);
                             });
    if (server_file) compiled.files_side = app::Direction::to_client;
    compiled.has_payload = payload;
    if (message) {
        compiled.kind = RuleKind::message;
    } else if (payload) {
        compiled.kind = RuleKind::payload;
        const bool tcp_stream = rule.header.transport == Transport::tcp || rule.header.transport == Transport::ip;
        const bool packet_only = rule.header.packet_only || rule.flow.no_stream || has_dsize(rule);
        compiled.on_stream = tcp_stream && !packet_only;
        compiled.on_packet = !compiled.on_stream ||
                             (!rule.header.stream_only && !rule.flow.only_stream &&
                              std::any_of(rule.buffers.begin(), rule.buffers.end(), has_place_from_start));
    } else {
        compiled.kind = is_ip_only(rule) ? RuleKind::ip_only : RuleKind::packet;
        compiled.on_recognition = is_header_only(rule) && !rule.app_protocols.empty();
    }
    rule.ip_only = compiled.kind == RuleKind::ip_only;
    // A group with a "!" in it is told for each packet, and acts on the flow, like other rules on addresses.
    const bool like_ip_only = is_header_only(rule) && rule.flow.direction == FlowDirection::any;
    compiled.flow_scope = compiled.kind == RuleKind::message || like_ip_only ||
                          rule.header.protocol != app::Protocol::unknown || !rule.app_protocols.empty() ||
                          !rule.applications.empty() || !rule.flow_risks.empty();
}

std::optional<Prefilter> choose_prefilter(const CompiledRule& compiled) {
    std::optional<Prefilter> best;
    double best_cost = 0;
    const std::uint32_t largest = largest_payload(compiled.rule);
    const bool waits = compiled.kind == RuleKind::message && (compiled.has_body || compiled.has_payload);
    for (const BufferTests& buffer : compiled.rule.buffers) {
        // A message rule may be found by its payload part, too: the literal then wakes the rule for the messages at hand.
        const bool usable = buffer.field == Field::payload ||
                            (compiled.kind == RuleKind::message && is_message_field(buffer.field));
        if (!usable || buffer.absence != Absence::fails) continue;
        const FieldCost cost = cost_of(buffer.field);
        for (const Test& test : buffer.tests) {
            const auto* content = std::get_if<Content>(&test);
            if (content == nullptr || content->negated || content->bytes.empty()) continue;
            const LookThrough view = look_through(buffer, *content);
            if (!view.possible) continue;
            const bool nocase = content->nocase || view.nocase;
            const LiteralChoice choice = choose_literal(content->bytes, nocase, view.skip_first);
            if (choice.size == 0) continue;
            double hits = expected_hits(choice, cost);
            if (hits > kWorthlessHits) continue;
            if (content->fast_pattern) hits *= kFastPatternBonus;
            if (waits && cost.octets < kLongField) hits *= kBodyVisits;
            if (!best || hits + cost.literal_cost < best_cost) {
                best_cost = hits + cost.literal_cost;
                auto places = places_of(buffer, *content);
                if (buffer.field == Field::payload && largest != ~0u)
                    places.second = std::min(places.second, largest - std::min<std::uint32_t>(largest, static_cast<std::uint32_t>(content->bytes.size())));
                best = Prefilter{buffer.field, content, choice.offset, view.skip_first, places, hits,
                                 buffer.transforms.empty(),
                                 Literal{content->bytes.substr(choice.offset, choice.size), nocase}};
            }
        }
    }
    return best;
}

std::optional<Expression> choose_expression(const CompiledRule& compiled) {
    if (compiled.kind != RuleKind::payload) return std::nullopt;
    for (const BufferTests& buffer : compiled.rule.buffers) {
        if (buffer.field != Field::payload || !buffer.transforms.empty()) continue;
        for (const Test& test : buffer.tests) {
            const auto* pcre = std::get_if<Pcre>(&test);
            if (pcre == nullptr || pcre->negated || pcre->relative) continue;
            const auto first = pcre->text.find('/'), last = pcre->text.rfind('/');
            if (first == std::string::npos || last <= first) continue;
            const std::string flags = pcre->text.substr(last + 1);
            if (flags.find_first_of("xAEG") != std::string::npos) continue;
            const Expression expression{pcre->text.substr(first + 1, last - first - 1),
                                        flags.find('i') != std::string::npos, flags.find('s') != std::string::npos,
                                        flags.find('m') != std::string::npos};
            if (PatternDb::admits(expression)) return expression;
        }
    }
    return std::nullopt;
}

}  // namespace sekisho::signature
