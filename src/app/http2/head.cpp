#include "app/http2/head.h"

#include "app/http/fields.h"
#include "app/http/multipart.h"
#include "app/http/uri.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/base/text.h"

namespace sekisho::app::http2 {
namespace {

using http::TextArena;

constexpr std::string_view kProtocol = "HTTP/2";

// The block as HTTP/1 would have sent it.
std::string_view write_block(const http::HeaderList& headers, TextArena& arena) noexcept {
    const char* mark = arena.mark();
    headers.each([&](const http::Header& header) { arena.join(header.name, ": ", header.value, "\r\n"); });
    return arena.since(mark);
}

void put_host(TxId tx, const Head& head, TextArena& arena, FieldSink& out) noexcept {
    std::string_view authority = head.pseudo.authority;
    const http::Header* header = head.headers.find(http::HeaderId::host);
    if (header != nullptr && !authority.empty() && !equals_nocase(header->value, authority))
        out.event(tx, AppEvent::http2_authority_host_mismatch);
    if (authority.empty() && header != nullptr) authority = header->value;
    if (authority.empty()) return;
    out.put(tx, Field::http_host_raw, as_bytes(authority));
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        out.event(tx, AppEvent::http2_userinfo_in_uri);
        authority.remove_prefix(at + 1);
    }
    std::string_view host = http::split_host(authority).host;
    while (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
    const char* mark = arena.mark();
    for (const char c : host) arena.append(ascii_lower(c));
    out.put(tx, Field::http_host, as_bytes(arena.since(mark)));
    arena.rewind(mark);
}

void put_path(TxId tx, const Head& head, TextArena& arena, FieldSink& out) noexcept {
    const std::string_view raw = head.pseudo.path;
    if (raw.empty()) return;
    const char* mark = arena.mark();
    const auto uri = http::normalise(http::split_target(raw, false), arena);
    out.put(tx, Field::http_uri_raw, as_bytes(raw));
    out.put(tx, Field::http_uri, as_bytes(uri.text));
    const auto path = uri.text.substr(0, uri.text.find_first_of("?#"));
    if (!path.empty()) out.put(tx, Field::file_name, as_bytes(path));
    arena.rewind(mark);
}

}  // namespace

void Head::add(std::string_view name, std::string_view value) noexcept {
    struct Row {
        std::string_view name;
        std::string_view PseudoHeaders::*place;
    };
    static constexpr Row kRows[] = {{":method", &PseudoHeaders::method}, {":path", &PseudoHeaders::path},
                                    {":authority", &PseudoHeaders::authority}, {":scheme", &PseudoHeaders::scheme},
                                    {":status", &PseudoHeaders::status}};
    headers.add(name, value);
    for (const Row& row : kRows)
        if (row.name == name) pseudo.*row.place = value;
}

void put_header(TxId tx, std::string_view name, std::string_view value, TextArena& arena, FieldSink& out) noexcept {
    out.put(tx, Field::http2_header_name, as_bytes(name));
    // Colons are doubled, so that the one between name and value is found.
    const char* mark = arena.mark();
    const auto escape = [&](std::string_view text) {
        for (const char c : text) {
            arena.append(c);
            if (c == ':') arena.append(c);
        }
    };
    escape(name);
    arena.append(": ");
    escape(value);
    out.put(tx, Field::http2_header, as_bytes(arena.since(mark)));
    arena.rewind(mark);
}

void put_request(TxId tx, const Head& head, TextArena& arena, FieldSink& out) noexcept {
    const char* mark = arena.mark();
    const std::string_view line = arena.join(head.pseudo.method, " ", head.pseudo.path, " ", kProtocol, "\r\n");
    out.put(tx, Field::http_request_line, as_bytes(line));
    if (!head.pseudo.method.empty()) out.put(tx, Field::http_method, as_bytes(head.pseudo.method));
    out.put(tx, Field::http_protocol, as_bytes(kProtocol));
    put_path(tx, head, arena, out);
    put_host(tx, head, arena, out);
    const std::string_view block = write_block(head.headers, arena);
    http::put_headers(tx, Direction::to_server, {line.substr(0, line.size() < 2 ? 0 : line.size() - 2), block}, head.headers, arena, out);
    arena.rewind(mark);
}

void put_response(TxId tx, const Head& head, TextArena& arena, FieldSink& out) noexcept {
    const char* mark = arena.mark();
    const std::string_view line = arena.join(kProtocol, " ", head.pseudo.status, "\r\n");
    out.put(tx, Field::http_response_line, as_bytes(line));
    out.put(tx, Field::http_protocol, as_bytes(kProtocol));
    if (!head.pseudo.status.empty()) out.put(tx, Field::http_stat_code, as_bytes(head.pseudo.status));
    out.put(tx, Field::http_stat_msg, {});  // HTTP/2 has none: rules may ask for that
    if (const auto status = parse_int(head.pseudo.status, 0, 999)) out.fact(tx, Fact::http_status, static_cast<std::uint64_t>(*status));
    if (const http::Header* disposition = head.headers.find(http::HeaderId::content_disposition))
        if (const auto name = http::disposition_filename(disposition->value); !name.empty()) out.put(tx, Field::file_name, as_bytes(name));
    const std::string_view block = write_block(head.headers, arena);
    http::put_headers(tx, Direction::to_client, {line.substr(0, line.size() < 2 ? 0 : line.size() - 2), block}, head.headers, arena, out);
    arena.rewind(mark);
}

}  // namespace sekisho::app::http2
