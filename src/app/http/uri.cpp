// Request targets: see uri.h. Invalid percent codes stay as they are. In the query %XX is decoded, as signatures for
// Suricata expect it, and nothing else: '+' stays.
#include "app/http/uri.h"

#include "app/http/lines.h"
#include "sekisho/base/text.h"

namespace sekisho::app::http {
namespace {

constexpr int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    const char l = ascii_lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/// Value of `digits` hex digits at `at`, or -1.
int hex_run(std::string_view text, std::size_t at, std::size_t digits) noexcept {
    if (at + digits > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        const int digit = hex_value(text[i]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

// Best fit of a code point in one octet: Latin and the full-width forms of ASCII, '?' for the rest.
char best_fit(int code) noexcept {
    if (code < 0x100) return static_cast<char>(code);
    if (code >= 0xff01 && code <= 0xff5e) return static_cast<char>(code - 0xfee0);
    return '?';
}

struct Decoded {
    char octet;
    std::size_t length;
};

Decoded decode_at(std::string_view path, std::size_t at) noexcept {
    if (path[at] != '%') return {path[at], 1};
    if (at + 1 < path.size() && ascii_lower(path[at + 1]) == 'u') {
        const int code = hex_run(path, at + 2, 4);
        if (code >= 0) return {best_fit(code), 6};
    }
    const int code = hex_run(path, at + 1, 2);
    if (code >= 0) return {static_cast<char>(code), 3};
    return {'%', 1};
}

/// Removes the last segment (RFC 3986 section 5.2.4, step C).
std::size_t drop_segment(const char* start, std::size_t size) noexcept {
    while (size > 0 && start[size - 1] != '/') --size;
    return size > 0 ? size - 1 : 0;
}

// Dot segments of the decoded path, in place.
std::size_t remove_dots(char* path, std::size_t size) noexcept {
    std::size_t out = 0;
    std::size_t at = 0;
    while (at < size) {
        std::size_t end = at + (path[at] == '/' ? 1 : 0);
        while (end < size && path[end] != '/') ++end;
        std::string_view segment(path + at, end - at);
        if (!segment.empty() && segment.front() == '/') segment.remove_prefix(1);
        const bool last = end == size;
        if (segment == "." || segment == "..") {
            if (segment == "..") out = drop_segment(path, out);
            if (last) path[out++] = '/';
        } else {
            for (std::size_t i = at; i < end; ++i) path[out++] = path[i];
        }
        at = end;
    }
    return out;
}

}  // namespace

HostPort split_host(std::string_view authority) noexcept {
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
    std::size_t colon;
    if (!authority.empty() && authority.front() == '[') {
        const auto close = authority.find(']');
        colon = close == std::string_view::npos ? close : authority.find(':', close);
    } else {
        colon = authority.find(':');
    }
    if (colon == std::string_view::npos) return {chomp(authority), {}, false};
    return {chomp(authority.substr(0, colon)), skip_spaces(chomp(authority.substr(colon + 1))), true};
}

bool is_valid_host(std::string_view host) noexcept {
    if (host.empty() || host.size() > 255) return false;
    if (host.front() == '[') return host.back() == ']';
    std::size_t label = 0;
    for (const char c : host) {
        if (c == '.') {
            if (label == 0) return false;
            label = 0;
            continue;
        }
        const bool known = hex_value(c) >= 0 || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' || c == '_';
        if (!known || ++label > 63) return false;
    }
    return true;
}

Target split_target(std::string_view raw, bool is_connect) noexcept {
    Target target;
    if (is_connect) {
        const HostPort authority = split_host(raw);
        target.host = authority.host;
        target.port = authority.port;
        target.path = raw;
        return target;
    }
    std::string_view rest = raw;
    const auto scheme = raw.find(':');
    const auto slash = raw.find('/');
    if (scheme != std::string_view::npos && slash == scheme + 1 && raw.substr(slash, 2) == "//") {
        rest = raw.substr(slash + 2);
        const auto end = rest.find_first_of("/?#");
        const HostPort authority = split_host(rest.substr(0, end));
        target.host = authority.host;
        target.port = authority.port;
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
    }
    if (const auto hash = rest.find('#'); hash != std::string_view::npos) {
        target.fragment = rest.substr(hash + 1);
        target.has_fragment = true;
        rest = rest.substr(0, hash);
    }
    if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
        target.query = rest.substr(mark + 1);
        target.has_query = true;
        rest = rest.substr(0, mark);
    }
    target.path = rest;
    return target;
}

namespace {

void append_query(std::string_view query, TextArena& out) noexcept {
    out.append('?');
    for (std::size_t at = 0; at < query.size();) {
        const int code = query[at] == '%' ? hex_run(query, at + 1, 2) : -1;
        out.append(code >= 0 ? static_cast<char>(code) : query[at]);
        at += code >= 0 ? 3 : 1;
    }
}

}  // namespace

NormalUri normalise(const Target& target, TextArena& out) noexcept {
    NormalUri uri;
    const std::size_t room = target.path.size() + 1;
    const std::string_view place = out.join(target.path, std::string_view("\0", 1));
    if (place.size() != room) return uri;  // the arena is sized for it; a caller's mistake gives an empty value
    char* path = const_cast<char*>(place.data());
    std::size_t size = 0;
    for (std::size_t at = 0; at < target.path.size();) {
        auto [octet, length] = decode_at(target.path, at);
        at += length;
        if (octet == '\\') octet = '/';
        if (octet == '/' && size > 0 && path[size - 1] == '/') continue;
        if (octet == '%' && length > 1 && hex_run(target.path, at, 2) >= 0) uri.double_encoded = true;
        path[size++] = octet;
    }
    size = remove_dots(path, size);
    out.rewind(path + size);
    if (target.has_query) append_query(target.query, out);
    if (target.has_fragment) out.join("#", target.fragment);
    uri.text = out.since(path);
    return uri;
}

}  // namespace sekisho::app::http
