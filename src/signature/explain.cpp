#include "sekisho/signature/explain.h"

#include <algorithm>
#include <cstdio>

namespace sekisho::signature {
namespace {

using app::info;

std::string plural(std::size_t count, std::string_view noun) {
    return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

/// Octets as rules write them.
std::string quoted(std::string_view bytes) {
    constexpr std::size_t kShown = 60;
    std::string text = "\"";
    bool hex = false;
    for (const char c : bytes.substr(0, kShown)) {
        const bool plain = c >= ' ' && c <= '~' && c != '"' && c != '|' && c != '\\';
        char digits[4];
        std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(c));
        if (!plain) text.append(hex ? " " : "|").append(digits);
        if (plain) text.append(hex ? "|" : "").append(1, c);
        hex = !plain;
    }
    return text + (hex ? "|" : "") + (bytes.size() > kShown ? "...\"" : "\"");
}

std::string number(const Operand& operand) {
    return operand.is_variable ? "variable " + std::to_string(operand.variable) : std::to_string(operand.value);
}

std::string of(const Content& content) {
    std::string text = std::string(content.negated ? "no content " : "content ") + quoted(content.bytes);
    if (content.nocase) text += ", any letter case";
    if (content.startswith) text += ", at the start";
    if (content.endswith) text += ", at the end";
    if (content.offset) text += ", from octet " + number(*content.offset);
    if (content.depth && !content.startswith) text += ", within " + number(*content.depth) + " octets from there";
    if (content.distance) text += ", at least " + number(*content.distance) + " behind the last match";
    if (content.within) text += ", within " + number(*content.within) + " of the last match";
    return text;
}

struct Words {
    std::string operator()(const Content& t) const { return of(t); }
    std::string operator()(const Pcre& t) const {
        return std::string(t.negated ? "no match of " : "expression ") + t.text + (t.relative ? ", from the last match" : "");
    }
    std::string operator()(const IsDataAt& t) const {
        return (t.negated ? "no octet at " : "an octet at ") + number(t.at) + (t.relative ? " from the last match" : "");
    }
    std::string operator()(const ByteTest&) const { return "a number is compared (byte_test)"; }
    std::string operator()(const ByteJump&) const { return "moves on by a number (byte_jump)"; }
    std::string operator()(const ByteExtract& t) const { return "a number is kept as variable " + std::to_string(t.variable); }
    std::string operator()(const ByteMath& t) const { return "a number is calculated as variable " + std::to_string(t.variable); }
    std::string operator()(const BufferSize&) const { return "the size is compared"; }
    std::string operator()(const Entropy&) const { return "the entropy is compared"; }
    std::string operator()(const std::shared_ptr<const Base64Decode>& t) const {
        return "base64 is decoded, then " + plural(t->tests.size(), "test");
    }
    template <class Other>
    std::string operator()(const Other&) const { return "membership in a list"; }
};

std::string kind_of(const CompiledRule& rule) {
    switch (rule.kind) {
        case RuleKind::packet: return "a packet rule: tried on the headers of each packet";
        case RuleKind::ip_only: return "an address rule: looked up once for each flow and direction";
        case RuleKind::payload:
            return std::string("a payload rule: tried on ") + (rule.on_stream ? "the reassembled stream" : "") +
                   (rule.on_stream && rule.on_packet ? " and on " : "") + (rule.on_packet ? "single packets" : "");
        case RuleKind::message: break;
    }
    if (rule.on_frame) return "a frame rule: tried on the stretches of the stream that parsers announce";
    return "a message rule: tried on the fields of each transaction" +
           std::string(rule.has_payload ? ", with a part in the payload" : "");
}

std::string ways(const CompiledRule& rule) {
    if (rule.to_server && rule.to_client) return "both directions";
    return rule.to_server ? "what the client sends" : "what the server sends";
}

}  // namespace

std::vector<std::string> explain(const CompiledRule& compiled) {
    const Rule& rule = compiled.rule;
    std::vector<std::string> lines{kind_of(compiled) + "; " + ways(compiled)};
    const bool searched = compiled.kind == RuleKind::payload || compiled.kind == RuleKind::message;
    if (searched && !compiled.prefilter_note.empty()) {
        char cost[64];
        std::snprintf(cost, sizeof cost, "%.3g", compiled.expected_candidates);
        lines.push_back("found by the literal " + compiled.prefilter_note + "; expected to be tried " + cost +
                        " times a message of everyday traffic");
    } else if (searched) {
        lines.push_back("found by no literal: tried on every message or payload that its header admits");
    }
    if (!rule.packet_tests.empty()) lines.push_back("then " + plural(rule.packet_tests.size(), "test") + " of the packet's headers");
    if (!rule.bits.empty()) lines.push_back("then " + plural(rule.bits.size(), "state bit"));
    for (const BufferTests& buffer : rule.buffers) {
        const std::string name(info(buffer.field).name);
        if (!buffer.transforms.empty()) lines.push_back(name + ": " + plural(buffer.transforms.size(), "transform"));
        for (const Test& test : buffer.tests) lines.push_back(name + ": " + std::visit(Words{}, test));
    }
    for (std::size_t i = 0; i < rule.thresholds.size(); ++i) lines.emplace_back("told under a threshold");
    if (rule.noalert) lines.emplace_back("never told: it sets state for other rules");
    return lines;
}

}  // namespace sekisho::signature
