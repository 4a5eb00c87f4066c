// Transforms as in the user guides of Suricata 7 and 8, "Transformations". Each writes into the half of the scratch that its
// input does not lie in; those that only choose a part give a view.
#include "sekisho/signature/transform.h"

#include <algorithm>
#include <cstring>

#include "sekisho/base/base64.h"
#include "sekisho/base/text.h"
#include "sekisho/crypto/digest.h"
#include "signature/inflate.h"
#include "signature/json_text.h"
#include "signature/public_suffix.h"

namespace sekisho::signature {
namespace {

using Octet = std::uint8_t;

bool is_space(Octet c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

int hex_value(Octet c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    const Octet lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

template <class Change>
Bytes map_octets(Bytes in, MutableBytes out, Change change) noexcept {
    const std::size_t size = std::min(in.size(), out.size());
    for (std::size_t i = 0; i < size; ++i) out[i] = change(in[i], i);
    return out.first(size);
}

Bytes dotprefix(Bytes in, MutableBytes out) noexcept {
    if (out.empty()) return {};
    const std::size_t size = std::min(in.size(), out.size() - 1);
    out[0] = '.';
    if (size > 0) std::memcpy(out.data() + 1, in.data(), size);
    return out.first(size + 1);
}

Bytes strip_whitespace(Bytes in, MutableBytes out) noexcept {
    std::size_t size = 0;
    for (const Octet c : in)
        if (!is_space(c) && size < out.size()) out[size++] = c;
    return out.first(size);
}

// A run of white space becomes its first octet, as Suricata does it.
Bytes compress_whitespace(Bytes in, MutableBytes out) noexcept {
    std::size_t size = 0;
    bool in_run = false;
    for (const Octet c : in) {
        const bool space = is_space(c);
        if (!(space && in_run) && size < out.size()) out[size++] = c;
        in_run = space;
    }
    return out.first(size);
}

Bytes url_decode(Bytes in, MutableBytes out) noexcept {
    std::size_t size = 0;
    for (std::size_t i = 0; i < in.size() && size < out.size(); ++i) {
        Octet c = in[i];
        if (c == '+') c = ' ';
        if (c == '%' && i + 2 < in.size() && hex_value(in[i + 1]) >= 0 && hex_value(in[i + 2]) >= 0) {
            c = static_cast<Octet>(hex_value(in[i + 1]) << 4 | hex_value(in[i + 2]));
            i += 2;
        }
        out[size++] = c;
    }
    return out.first(size);
}

Bytes digest_of(crypto::DigestAlgorithm algorithm, Bytes in, MutableBytes out) noexcept {
    const auto value = crypto::digest(algorithm, in);
    const std::size_t size = std::min(value.size, out.size());
    std::copy_n(value.octets.begin(), size, out.begin());
    return out.first(size);
}

// "Name: Value" lines: only what stands before the colon.
Bytes lower_header_names(Bytes in, MutableBytes out) noexcept {
    bool in_name = true;
    return map_octets(in, out, [&](Octet c, std::size_t) noexcept {
        const Octet changed = in_name ? ascii_lower(c) : c;
        if (c == ':') in_name = false;
        if (c == '\n') in_name = true;
        return changed;
    });
}

// HTTP/2 writes ":method: GET" among the headers; lines that begin with a colon are left out.
Bytes strip_pseudo_headers(Bytes in, MutableBytes out) noexcept {
    std::size_t size = 0;
    for (std::size_t begin = 0; begin < in.size();) {
        std::size_t end = begin;
        while (end < in.size() && in[end] != '\n') ++end;
        end = std::min(end + 1, in.size());
        const std::size_t room = std::min(end - begin, out.size() - size);
        if (in[begin] != ':' && room > 0) {
            std::memcpy(out.data() + size, in.data() + begin, room);
            size += room;
        }
        begin = end;
    }
    return out.first(size);
}

Bytes captured(const Regex& expression, Bytes in, RegexScratch& regex) noexcept {
    RegexMatch match;
    if (!expression.search(in, 0, regex, match) || !match.has_group) return {};
    if (match.group_end < match.group_begin || match.group_end > in.size()) return {};
    return in.subspan(match.group_begin, match.group_end - match.group_begin);
}

bool is_wholly_base64(Bytes text) noexcept {
    if (text.size() % 4 != 0) return false;
    for (int padding = 0; padding < 2 && !text.empty() && text.back() == '='; ++padding) text = text.first(text.size() - 1);
    return std::all_of(text.begin(), text.end(), is_base64_digit);
}

/// What cannot be decoded stays as it is, as Suricata 8 does it.
Bytes from_base64(const Base64Part& part, Bytes in, MutableBytes out) noexcept {
    if (part.offset >= in.size()) return in;
    Bytes text = in.subspan(part.offset);
    if (part.octets >= text.size()) return in;
    if (part.octets != 0) text = text.first(part.octets);
    if (part.mode == Base64Mode::strict && !is_wholly_base64(text)) return in;
    if (part.mode == Base64Mode::rfc2045) {  // the result is shorter than its text: it is decoded in its place
        std::size_t size = 0;
        for (const Octet c : text)
            if (is_base64_digit(c) && size < out.size()) out[size++] = c;
        text = out.first(size);
    }
    const std::size_t written = decode_base64(text, out).written;
    return written == 0 ? in : Bytes(out.first(written));
}

template <class Part>
const Part& part_of(const Transform& transform) noexcept {
    static constexpr Part kPlain{};
    const auto* part = std::get_if<Part>(&transform.part);
    return part != nullptr ? *part : kPlain;
}

/// A key that would lie outside leaves the buffer as it is.
Bytes xor_from(const Transform& transform, Bytes in, MutableBytes out) noexcept {
    const auto& part = part_of<XorPart>(transform);
    if (part.offset > in.size() || std::uint64_t{part.key_at} + part.key_octets > in.size()) return in;
    const Bytes key = part.key_octets != 0 ? in.subspan(part.key_at, part.key_octets) : as_bytes(transform.argument);
    if (key.empty()) return in;
    return map_octets(in, out, [&](Octet c, std::size_t i) noexcept {
        return i < part.offset ? c : static_cast<Octet>(c ^ key[(i - part.offset) % key.size()]);
    });
}

Bytes inflated(Compression compression, const Transform& transform, Bytes in, MutableBytes out) noexcept {
    return inflate_into(compression, in, out.first(std::min<std::size_t>(out.size(), part_of<InflateLimit>(transform).octets)));
}

Bytes slice_of(const Subslice& slice, Bytes in) noexcept {
    const auto size = static_cast<std::int64_t>(in.size());
    const auto inside = [size](std::int64_t place) { return std::clamp<std::int64_t>(place, 0, size); };
    std::int64_t from = slice.offset < 0 ? size + slice.offset : slice.offset;
    std::int64_t to = !slice.octets ? size : *slice.octets < 0 ? size + *slice.octets : inside(from) + *slice.octets;
    if (!slice.truncate && (from != inside(from) || to != inside(to))) return {};
    from = inside(from);
    to = inside(to);
    if (to < from) std::swap(from, to);
    return in.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
}

Bytes apply(const Transform& transform, Bytes in, MutableBytes out, RegexScratch& regex) noexcept {
    using Kind = TransformKind;
    switch (transform.kind) {
        case Kind::to_lowercase: return map_octets(in, out, [](Octet c, std::size_t) noexcept { return ascii_lower(c); });
        case Kind::to_uppercase:
            return map_octets(in, out, [](Octet c, std::size_t) noexcept {
                return c >= 'a' && c <= 'z' ? static_cast<Octet>(c & ~0x20) : c;
            });
        case Kind::strip_whitespace: return strip_whitespace(in, out);
        case Kind::compress_whitespace: return compress_whitespace(in, out);
        case Kind::url_decode: return url_decode(in, out);
        case Kind::xor_key: return xor_from(transform, in, out);
        case Kind::dotprefix: return dotprefix(in, out);
        case Kind::to_md5: return digest_of(crypto::DigestAlgorithm::md5, in, out);
        case Kind::to_sha1: return digest_of(crypto::DigestAlgorithm::sha1, in, out);
        case Kind::to_sha256: return digest_of(crypto::DigestAlgorithm::sha256, in, out);
        case Kind::pcrexform: return transform.regex ? captured(*transform.regex, in, regex) : Bytes{};
        case Kind::header_lowercase: return lower_header_names(in, out);
        case Kind::strip_pseudo_headers: return strip_pseudo_headers(in, out);
        case Kind::from_base64: return from_base64(part_of<Base64Part>(transform), in, out);
        case Kind::gunzip: return inflated(Compression::gzip, transform, in, out);
        case Kind::zlib_deflate: return inflated(Compression::zlib, transform, in, out);
        case Kind::domain: return registrable_domain(in);
        case Kind::tld: return public_suffix(in);
        case Kind::subslice: return slice_of(part_of<Subslice>(transform), in);
        case Kind::json_decode: return decode_json_text(in, out);
    }
    return in;
}

}  // namespace

Bytes apply_transforms(const std::vector<Transform>& transforms, Bytes in, MutableBytes scratch,
                       RegexScratch& regex) noexcept {
    if (transforms.size() == 1) return apply(transforms.front(), in, scratch, regex);
    const std::size_t half = scratch.size() / 2;
    const MutableBytes halves[2] = {scratch.first(half), scratch.subspan(half)};
    bool second = false;
    for (const Transform& transform : transforms) {
        const MutableBytes out = halves[second];
        const Bytes result = apply(transform, in, out, regex);
        // A view (pcrexform) stays where its input lies: then the other half is still free.
        const bool written = !result.empty() && result.data() == out.data();
        if (written) second = !second;
        in = result;
    }
    return in;
}

}  // namespace sekisho::signature
