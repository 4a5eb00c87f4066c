// content and uricontent, and the modifiers that say where and how a content may match (Suricata "payload
// keywords"). A modifier means the content before it.
#include <algorithm>

#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

constexpr std::int64_t kOffsetMax = 65535;             // offset, depth: 16 bits in Suricata
constexpr std::int64_t kDistanceMax = 1024 * 1024;     // distance, within
constexpr std::size_t kContentMax = 65535;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
    return -1;
}

Result<Content*> previous(RuleBuilder& builder) {
    Content* content = builder.last_content();
    if (!content) return wrong("there is no content before it in this buffer");
    return content;
}

bool shorter(const std::optional<Operand>& room, const Content& content) {
    return room && !room->is_variable && room->value < static_cast<std::int64_t>(content.bytes.size());
}

// One content is placed either from the buffer's start or from the last match.
Status check_place(const Content& content) {
    if (content.startswith && (content.offset || content.relative()))
        return wrong("startswith already says where the content stands");
    if ((content.offset || content.depth) && content.relative())
        return wrong("offset and depth count from the buffer's start, distance and within from the last match: "
                     "one content takes either");
    const std::string size = std::to_string(content.bytes.size());
    if (shorter(content.depth, content)) return wrong("depth is smaller than the content's " + size + " octets");
    if (shorter(content.within, content)) return wrong("within is smaller than the content's " + size + " octets");
    if (content.negated && content.fast_pattern && (content.offset || content.depth || content.relative()))
        return wrong("a negated content with a place cannot be the fast_pattern");
    if (content.fast_pattern_only && (content.offset || content.depth || content.relative()))
        return wrong("fast_pattern:only does not go together with offset, depth, distance or within");
    return {};
}

Status set_place(RuleBuilder& builder, const Use& use, std::optional<Operand> Content::*place, std::int64_t min,
                 std::int64_t max) {
    auto content = previous(builder);
    if (!content) return fail(content.error());
    if ((*content)->*place) return wrong("it is given twice for one content");
    auto operand = builder.operand(use.value, min, max);
    if (!operand) return fail(operand.error());
    (*content)->*place = *operand;
    return check_place(**content);
}

}  // namespace

Result<std::string> decode_content(std::string_view text) {
    std::string bytes;
    bool in_hex = false;
    int nibble = -1;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '|') {
            if (nibble >= 0) return wrong("a |hex| octet has two digits");
            in_hex = !in_hex;
        } else if (in_hex) {
            if (c == ' ') continue;
            const int digit = hex_digit(c);
            if (digit < 0) return wrong(std::string("'") + c + "' is not a hexadecimal digit");
            if (nibble >= 0) bytes.push_back(static_cast<char>(nibble << 4 | digit));
            nibble = nibble >= 0 ? -1 : digit;
        } else if (c == '\\') {
            if (++i == text.size() || std::string_view("\\;\":|").find(text[i]) == std::string_view::npos)
                return wrong("a backslash stands only before \\ ; : | and \"");
            bytes.push_back(text[i]);
        } else if (c == '"') {
            return wrong("a double quote inside is written \\\" or |22|");
        } else {
            bytes.push_back(c);
        }
    }
    if (in_hex) return wrong("'|' is not closed");
    if (bytes.empty()) return wrong("the content is empty");
    if (bytes.size() > kContentMax) return wrong("the content is longer than " + std::to_string(kContentMax));
    return bytes;
}

Status parse_content(RuleBuilder& builder, const Use& use) {
    auto bytes = decode_content(use.value);
    if (!bytes) return fail(bytes.error());
    Content content;
    content.bytes = std::move(*bytes);
    content.negated = use.negated;
    builder.add(std::move(content));
    return {};
}

Status parse_uricontent(RuleBuilder& builder, const Use& use) {
    auto bytes = decode_content(use.value);
    if (!bytes) return fail(bytes.error());
    if (auto http = builder.require_protocol(app::Protocol::http, "uricontent"); !http) return http;
    Content content;
    content.bytes = std::move(*bytes);
    content.negated = use.negated;
    return builder.add_to(app::Field::http_uri, std::move(content), true);
}

Status parse_content_modifier(RuleBuilder& builder, const Use& use) {
    if (auto good = builder.require_protocol(app::Protocol::http, use.keyword.name); !good) return good;
    return builder.move_last_content(use.keyword.field());
}

Status parse_offset(RuleBuilder& builder, const Use& use) {
    return set_place(builder, use, &Content::offset, 0, kOffsetMax);
}
Status parse_depth(RuleBuilder& builder, const Use& use) {
    return set_place(builder, use, &Content::depth, 0, kOffsetMax);
}
Status parse_distance(RuleBuilder& builder, const Use& use) {
    return set_place(builder, use, &Content::distance, -kDistanceMax, kDistanceMax);
}
Status parse_within(RuleBuilder& builder, const Use& use) {
    return set_place(builder, use, &Content::within, -kDistanceMax, kDistanceMax);
}

Status parse_startswith(RuleBuilder& builder, const Use&) {
    auto content = previous(builder);
    if (!content) return fail(content.error());
    Content& c = **content;
    if (c.startswith) return wrong("it is given twice for one content");
    if (c.depth || c.offset || c.relative())
        return wrong("it does not go together with offset, depth, distance or within");
    c.startswith = true;
    c.depth = Operand{false, 0, static_cast<std::int64_t>(c.bytes.size())};
    return check_place(c);
}

Status parse_endswith(RuleBuilder& builder, const Use&) {
    auto content = previous(builder);
    if (!content) return fail(content.error());
    if ((*content)->endswith) return wrong("it is given twice for one content");
    (*content)->endswith = true;
    return {};
}

Status parse_nocase(RuleBuilder& builder, const Use&) {
    auto content = previous(builder);
    if (!content) return fail(content.error());
    if ((*content)->nocase) return wrong("it is given twice for one content");
    (*content)->nocase = true;
    return {};
}

Status parse_rawbytes(RuleBuilder& builder, const Use&) {
    auto content = previous(builder);
    if (!content) return fail(content.error());
    if (builder.sticky()) return wrong("rawbytes means the payload; it does not go together with a buffer");
    if ((*content)->rawbytes) return wrong("it is given twice for one content");
    (*content)->rawbytes = true;
    return {};
}

Status parse_fast_pattern(RuleBuilder& builder, const Use& use) {
    auto content = previous(builder);
    if (!content) return fail(content.error());
    Content& c = **content;
    if (c.fast_pattern) return wrong("it is given twice for one content");
    c.fast_pattern = true;
    if (use.value == "only") {
        if (c.negated) return wrong("'only' does not go together with a negated content");
        c.fast_pattern_only = true;
    } else if (!use.value.empty()) {
        const auto comma = use.value.find(',');
        if (comma == std::string_view::npos) return wrong("the argument is 'only' or 'offset,length'");
        const auto size = static_cast<std::int64_t>(c.bytes.size());
        const auto offset = parse_number(trim(use.value.substr(0, comma)), 0, size - 1);
        if (!offset) return fail(offset.error());
        const auto length = parse_number(trim(use.value.substr(comma + 1)), 1, size - *offset);
        if (!length) return fail(length.error());
        c.fast_pattern_offset = static_cast<std::uint16_t>(*offset);
        c.fast_pattern_length = static_cast<std::uint16_t>(*length);
    }
    return check_place(c);
}

}  // namespace sekisho::signature
