// Request targets: cut into parts, and the path in the normal form that rules are written for
// (RFC 3986 section 6; libhtp's IDS personality).
#pragma once

#include <string_view>

#include "app/http/text_arena.h"

namespace sekisho::app::http {

struct Target {
    std::string_view host;      ///< of an absolute URI or an authority, without port; may be empty
    std::string_view port;
    std::string_view path;      ///< with its '/'; the whole target for CONNECT
    std::string_view query;     ///< after '?', without it
    std::string_view fragment;  ///< after '#', without it
    bool has_query = false;
    bool has_fragment = false;
};

Target split_target(std::string_view raw, bool is_connect) noexcept;

/// Host and port of a Host value or an authority. A bracketed address keeps its brackets.
struct HostPort {
    std::string_view host;
    std::string_view port;
    bool has_port = false;
};
HostPort split_host(std::string_view authority) noexcept;
bool is_valid_host(std::string_view host) noexcept;

/// Path decoded (%XX, %uXXXX once), '\' turned into '/', repeated '/' and dot segments removed; then the query
/// (%XX decoded once) and the fragment as sent. Written behind one another into `out`, at most raw.size() + 2 octets.
struct NormalUri {
    std::string_view text;
    bool double_encoded = false;
};
NormalUri normalise(const Target& target, TextArena& out) noexcept;

}  // namespace sekisho::app::http
