#include "sekisho/urlfilter/consent.h"

#include <algorithm>

#include "sekisho/base/hash.h"
#include "sekisho/base/text.h"

namespace sekisho::urlfilter {
namespace {

void put_hex(std::uint64_t value, char* out, std::size_t digits) noexcept {
    for (std::size_t i = digits; i-- > 0; value >>= 4) out[i] = "0123456789abcdef"[value & 15];
}

bool read_hex(std::string_view text, std::uint64_t& value) noexcept {
    value = 0;
    for (const char c : text) {
        const bool digit = c >= '0' && c <= '9';
        if (!digit && (c < 'a' || c > 'f')) return false;
        value = value << 4 | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
    }
    return true;
}

/// Whether a browser that is sent to `target` stays on this host. It reads "\" as "/" and leaves blanks and controls
/// out (WHATWG URL section 4.4), so "/\x.example" is what "//x.example" is: another host.
bool stays_here(std::string_view target) noexcept {
    if (!target.starts_with('/') || (target.size() > 1 && (target[1] == '/' || target[1] == '\\'))) return false;
    return std::none_of(target.begin(), target.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

}  // namespace

ConsentToken make_consent(const IpAddress& client, std::string_view category, std::uint64_t until_s, std::uint64_t secret) noexcept {
    const std::uint64_t until = until_s & 0xffffffff;
    const std::uint64_t hash = hash_bytes(client.octets, hash_bytes(as_bytes(category), secret ^ hash_mix(until, 0x9e3779b97f4a7c15ULL)));
    ConsentToken token;
    put_hex(until, token.data(), 8);
    put_hex(hash, token.data() + 8, 16);
    return token;
}

bool is_consent(std::string_view token, const IpAddress& client, std::string_view category, std::uint64_t now_s, std::uint64_t secret) noexcept {
    std::uint64_t until = 0;
    if (token.size() != kConsentBytes || !read_hex(token.substr(0, 8), until) || until <= now_s) return false;
    const ConsentToken ours = make_consent(client, category, until, secret);
    return std::equal(ours.begin(), ours.end(), token.begin());
}

ContinueRequest read_continue(std::string_view path, std::size_t target_max) noexcept {
    ContinueRequest request{{}, path};
    if (path.starts_with(kConsentPath)) {
        path.remove_prefix(kConsentPath.size());
        request.token = path.substr(0, path.find('?'));
        request.target = path.substr(std::min(request.token.size() + 1, path.size()));
    }
    if (request.target.size() > target_max || !stays_here(request.target)) request.target = "/";
    return request;
}

std::string_view consent_in_cookie(std::string_view cookie) noexcept {
    while (!cookie.empty()) {
        const auto end = std::min(cookie.find(';'), cookie.size());
        const std::string_view pair = trim(cookie.substr(0, end));
        if (pair.starts_with(kConsentCookie) && pair.size() > kConsentCookie.size() && pair[kConsentCookie.size()] == '=')
            return pair.substr(kConsentCookie.size() + 1);
        cookie.remove_prefix(std::min(end + 1, cookie.size()));
    }
    return {};
}

}  // namespace sekisho::urlfilter
