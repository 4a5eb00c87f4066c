#include "signature/validate.h"

#include <algorithm>

namespace sekisho::signature {
namespace {

tl::unexpected<Error> wrong(std::string what) { return fail(ErrorCode::invalid, std::move(what)); }

// A rule is judged on a message of one direction: buffers of both directions can never match together.
Status check_directions(const Rule& rule) {
    FlowDirection direction = rule.flow.direction;
    std::string_view because = "flow";
    for (const BufferTests& group : rule.buffers) {
        const auto& field = app::info(group.field);
        if (field.direction == app::FieldDirection::both || field.direction == app::FieldDirection::either) continue;
        const auto needed = field.direction == app::FieldDirection::to_server ? FlowDirection::to_server
                                                                              : FlowDirection::to_client;
        if (rule.header.exchange) {
            direction = group.side;
            because = "the side that is given";
        } else if (direction == FlowDirection::any) {
            direction = needed;
            because = field.name;
        }
        if (direction != needed)
            return wrong(std::string(field.name) + " travels " +
                         (needed == FlowDirection::to_server ? "to the server" : "to the client") +
                         ", which contradicts " + std::string(because));
    }
    return {};
}

Status check_fast_pattern(const Rule& rule) {
    std::ptrdiff_t chosen = 0;
    for (const BufferTests& group : rule.buffers)
        chosen += std::count_if(group.tests.begin(), group.tests.end(), [](const Test& test) {
            const auto* content = std::get_if<Content>(&test);
            return content && content->fast_pattern;
        });
    if (chosen > 1) return wrong("fast_pattern is given for " + std::to_string(chosen) + " contents; one is allowed");
    return {};
}

Status check_host_case(const BufferTests& group) {
    if (group.field != app::Field::http_host || !group.transforms.empty()) return {};
    for (const Test& test : group.tests) {
        const auto* content = std::get_if<Content>(&test);
        if (!content) continue;
        if (content->nocase) return wrong("http.host is lower case already: nocase is not allowed");
        if (std::any_of(content->bytes.begin(), content->bytes.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
            return wrong("http.host is lower case: a content with upper-case letters never matches");
    }
    return {};
}

// bsize says how long the buffer is: a content that cannot be in it can never match.
Status check_size_against_contents(const BufferTests& group) {
    const BufferSize* size = nullptr;
    for (const Test& test : group.tests)
        if (const auto* found = std::get_if<BufferSize>(&test)) size = found;
    if (!size) return {};
    std::uint64_t most = ~std::uint64_t{0};
    if (size->op == Compare::eq || size->op == Compare::le) most = size->low;
    if (size->op == Compare::lt) most = size->low == 0 ? 0 : size->low - 1;
    if (size->op == Compare::range) most = size->high - 1;
    for (const Test& test : group.tests) {
        const auto* content = std::get_if<Content>(&test);
        if (!content || content->negated) continue;
        const std::uint64_t start = content->offset && !content->offset->is_variable && content->offset->value > 0
                                        ? static_cast<std::uint64_t>(content->offset->value) : 0;
        if (start + content->bytes.size() > most)
            return wrong("a content of " + std::to_string(content->bytes.size()) + " octets does not fit into " +
                         std::string(app::info(group.field).name) + " of the size that the rule asks for");
    }
    return {};
}

Status check_absence(const BufferTests& group) {
    if (group.absence != Absence::wanted || group.tests.empty()) return {};
    return wrong(std::string(app::info(group.field).name) + " must be absent: nothing can be tested in it (absent:or_else)");
}

Status check_exchange(const Rule& rule) {
    if (!rule.header.exchange) return {};
    if (rule.header.protocol == app::Protocol::unknown) return wrong("'=>' is about transactions: the rule must name their protocol");
    if (rule.flow.direction != FlowDirection::any) return wrong("'=>' looks at both sides; flow: to_server or to_client contradicts it");
    bool told = !rule.fact_tests.empty() || !rule.file_tests.empty() || !rule.app_events.empty();
    for (const BufferTests& group : rule.buffers) {
        const app::FieldKind kind = app::info(group.field).kind;
        if (group.field == app::Field::payload || kind == app::FieldKind::packet || kind == app::FieldKind::frame)
            return wrong("'=>' is about transactions; " + std::string(app::info(group.field).name) + " is no part of one");
        told = true;
    }
    return told ? Status{} : wrong("'=>' is about transactions, but nothing of one is tested");
}

Status check_stream(const Rule& rule) {
    if (rule.flow.only_stream && rule.flow.no_stream) return wrong("flow: only_stream contradicts no_stream");
    if (rule.header.packet_only && rule.flow.only_stream) return wrong("flow: only_stream contradicts tcp-pkt");
    if (rule.header.stream_only && rule.flow.no_stream) return wrong("flow: no_stream contradicts tcp-stream");
    return {};
}

// A frame is a stretch of the stream, not of a transaction: what else a rule says of messages cannot be asked of it.
Status check_frame(const Rule& rule) {
    const bool framed = std::any_of(rule.buffers.begin(), rule.buffers.end(), [](const BufferTests& group) {
        return app::info(group.field).kind == app::FieldKind::frame;
    });
    if (!framed) return {};
    if (rule.buffers.size() > 1 || !rule.fact_tests.empty() || !rule.file_tests.empty() || !rule.app_events.empty())
        return wrong("frame does not go together with other buffers, nor with tests of a message");
    if (rule.header.packet_only || rule.flow.no_stream) return wrong("frame looks at the stream, the rule at packets");
    return {};
}

}  // namespace

Status validate(const Rule& rule) {
    if (rule.sid == 0) return wrong("the rule has no sid");
    if (auto good = check_directions(rule); !good) return good;
    if (auto good = check_fast_pattern(rule); !good) return good;
    for (const BufferTests& group : rule.buffers) {
        if (auto good = check_host_case(group); !good) return good;
        if (auto good = check_absence(group); !good) return good;
        if (auto good = check_size_against_contents(group); !good) return good;
    }
    if (auto good = check_frame(rule); !good) return good;
    if (auto good = check_exchange(rule); !good) return good;
    return check_stream(rule);
}

}  // namespace sekisho::signature
