// The header fields of a stream, told to rules in the words of HTTP/1 (http.uri, http.host ...) and in their own
// (http2.header).
#pragma once

#include "app/http/headers.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::http2 {

/// Pseudo header fields (RFC 9113 section 8.3).
struct PseudoHeaders {
    std::string_view method, path, authority, scheme, status;
};

struct Head {
    http::HeaderList headers;
    PseudoHeaders pseudo;

    void add(std::string_view name, std::string_view value) noexcept;
    bool is_interim() const noexcept { return pseudo.status.size() == 3 && pseudo.status[0] == '1'; }
};

void put_header(TxId tx, std::string_view name, std::string_view value, http::TextArena& arena, FieldSink& out) noexcept;
void put_request(TxId tx, const Head& head, http::TextArena& arena, FieldSink& out) noexcept;
void put_response(TxId tx, const Head& head, http::TextArena& arena, FieldSink& out) noexcept;

}  // namespace sekisho::app::http2
