// Transforms as in the Suricata 7 user guide, "Transformations". Each writes into the half of the scratch that its
// input does not lie in; those that only choose a part give a view.
#include "sekisho/signature/transform.h"

#include <algorithm>
#include <cstring>

#include "sekisho/base/text.h"
#include "sekisho/crypto/digest.h"

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
        case Kind::xor_key: {
            const Bytes key = as_bytes(transform.argument);
            if (key.empty()) return in;
            return map_octets(in, out, [key](Octet c, std::size_t i) noexcept { return static_cast<Octet>(c ^ key[i % key.size()]); });
        }
        case Kind::dotprefix: return dotprefix(in, out);
        case Kind::to_md5: return digest_of(crypto::DigestAlgorithm::md5, in, out);
        case Kind::to_sha1: return digest_of(crypto::DigestAlgorithm::sha1, in, out);
        case Kind::to_sha256: return digest_of(crypto::DigestAlgorithm::sha256, in, out);
        case Kind::pcrexform: return transform.regex ? captured(*transform.regex, in, regex) : Bytes{};
        case Kind::header_lowercase: return lower_header_names(in, out);
        case Kind::strip_pseudo_headers: return strip_pseudo_headers(in, out);
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
