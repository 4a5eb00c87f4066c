// Transforms change the bytes of the sticky buffer before it is tested.
#include <algorithm>

#include "sekisho/base/text.h"
#include "sekisho/signature/regex.h"
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

constexpr std::size_t kXorKeyMax = 255;  // octets

Result<std::string> read_key(std::string_view text) {
    auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    if (text.empty() || text.size() % 2 != 0 || text.size() > kXorKeyMax * 2 ||
        text.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
        return wrong("the key is 1 to 255 octets in hexadecimal, two digits each");
    std::string key;
    for (std::size_t i = 0; i < text.size(); i += 2)
        key.push_back(static_cast<char>(digit(text[i]) << 4 | digit(text[i + 1])));
    return key;
}

/// A word of "name value", "name:value" or "name=value".
struct NamedValue {
    std::string_view name, value;
};
NamedValue named_value(std::string_view word) {
    const auto cut = word.find_first_of(" \t:=");
    if (cut == std::string_view::npos) return {word, {}};
    return {word.substr(0, cut), trim(word.substr(cut + 1))};
}

tl::unexpected<Error> unknown_word(std::string_view word, std::string_view known) {
    return wrong("unknown word '" + std::string(word) + "' (" + std::string(known) + ")");
}

// [bytes N][,offset N][,mode rfc4648|rfc2045|strict]
Status read_base64(std::string_view text, Transform& transform) {
    constexpr std::pair<std::string_view, Base64Mode> kModes[] = {
        {"rfc4648", Base64Mode::rfc4648}, {"rfc2045", Base64Mode::rfc2045}, {"strict", Base64Mode::strict}};
    Base64Part part;
    for (const auto word : words_of(text)) {
        if (text.empty()) break;
        const auto [name, value] = named_value(word);
        if (name == "mode") {
            const auto* mode = std::find_if(std::begin(kModes), std::end(kModes), [v = value](const auto& known) { return known.first == v; });
            if (mode == std::end(kModes)) return wrong("'" + std::string(value) + "' is not rfc4648, rfc2045 or strict");
            part.mode = mode->second;
        } else if (name == "bytes" || name == "offset") {
            const auto number = parse_number(value, name == "bytes" ? 1 : 0, 65535);
            if (!number) return fail(number.error());
            (name == "bytes" ? part.octets : part.offset) = static_cast<std::uint32_t>(*number);
        } else {
            return unknown_word(word, "bytes N, offset N, mode rfc4648|rfc2045|strict");
        }
    }
    transform.part = part;
    return {};
}

// [offset N,]KEY or [offset N,]extract OCTETS AT: the key stands in the buffer. An older word for extract is var.
Status read_xor(std::string_view text, Transform& transform) {
    XorPart part;
    const auto words = words_of(text);
    std::size_t next = 0;
    if (named_value(words[0]).name == "offset") {
        const auto offset = parse_number(named_value(words[0]).value, 0, 0x7fffffff);
        if (!offset) return fail(offset.error());
        part.offset = static_cast<std::uint32_t>(*offset);
        next = 1;
    }
    if (next + 1 != words.size()) return wrong("the form is [offset N,]KEY or [offset N,]extract OCTETS AT");
    const auto [name, value] = named_value(words[next]);
    if (name == "extract" || name == "var") {
        const auto blank = value.find_first_of(" \t");
        const auto octets = parse_number(value.substr(0, blank), 1, kXorKeyMax);
        if (!octets) return fail(octets.error());
        const auto at = parse_number(blank == std::string_view::npos ? std::string_view{} : trim(value.substr(blank)), 0, 65535);
        if (!at) return fail(at.error());
        part.key_octets = static_cast<std::uint32_t>(*octets);
        part.key_at = static_cast<std::uint32_t>(*at);
    } else {
        auto key = read_key(words[next]);
        if (!key) return fail(key.error());
        transform.argument = std::move(*key);
    }
    transform.part = part;
    return {};
}

// [max-size N]
Status read_inflate(std::string_view text, Transform& transform) {
    InflateLimit limit;
    if (!text.empty()) {
        const auto [name, value] = named_value(text);
        if (name != "max-size") return unknown_word(text, "max-size N");
        const auto size = parse_amount(value, 1, 0x7fffffff);
        if (!size) return fail(size.error());
        limit.octets = static_cast<std::uint32_t>(*size);
    }
    transform.part = limit;
    return {};
}

// OFFSET[,OCTETS][,truncate]
Status read_subslice(std::string_view text, Transform& transform) {
    constexpr std::int64_t kMost = 0x7fffffff;
    Subslice slice;
    auto words = words_of(text);
    if (words.size() > 1 && equals_nocase(words.back(), "truncate")) {
        slice.truncate = true;
        words.pop_back();
    }
    if (words.empty() || words.size() > 2) return wrong("the form is OFFSET[,OCTETS][,truncate]");
    const auto offset = parse_number(words[0], -kMost, kMost);
    if (!offset) return fail(offset.error());
    slice.offset = static_cast<std::int32_t>(*offset);
    if (words.size() == 2) {
        const auto octets = parse_number(words[1], -kMost, kMost);
        if (!octets) return fail(octets.error());
        if (*octets == 0) return wrong("nothing is left of 0 octets");
        slice.octets = static_cast<std::int32_t>(*octets);
    }
    transform.part = slice;
    return {};
}

Status read_expression(std::string_view text, Transform& transform) {
    auto regex = Regex::compile(text, "");
    if (!regex) return fail(regex.error());
    transform.regex = std::move(*regex);
    return {};
}

struct Reader {
    TransformKind kind;
    Status (*read)(std::string_view text, Transform& transform);
};
constexpr Reader kReaders[] = {
    {TransformKind::xor_key, read_xor},         {TransformKind::from_base64, read_base64}, {TransformKind::gunzip, read_inflate},
    {TransformKind::zlib_deflate, read_inflate}, {TransformKind::subslice, read_subslice},  {TransformKind::pcrexform, read_expression},
};

}  // namespace

Status parse_transform(RuleBuilder& builder, const Use& use) {
    Transform transform{static_cast<TransformKind>(use.keyword.detail), {}, nullptr};
    for (const Reader& reader : kReaders)
        if (reader.kind == transform.kind)
            if (auto good = reader.read(use.value, transform); !good) return good;
    return builder.add_transform(std::move(transform));
}

}  // namespace sekisho::signature
