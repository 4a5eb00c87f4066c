// Fields of HTTP heads: see fields.h.
#include "app/http/fields.h"

#include "app/http/state.h"
#include "sekisho/app/app_event_list.h"

namespace sekisho::app::http {
namespace {

struct HeaderField {
    HeaderId header;
    Field field;
};

constexpr HeaderField kRequestFields[] = {
    {HeaderId::user_agent, Field::http_user_agent},
    {HeaderId::cookie, Field::http_cookie},
    {HeaderId::referer, Field::http_referer},
    {HeaderId::accept, Field::http_accept},
    {HeaderId::accept_encoding, Field::http_accept_enc},
    {HeaderId::accept_language, Field::http_accept_lang},
    {HeaderId::connection, Field::http_connection},
    {HeaderId::content_type, Field::http_content_type},
    {HeaderId::content_length, Field::http_content_len},
};
constexpr HeaderField kResponseFields[] = {
    {HeaderId::set_cookie, Field::http_cookie},
    {HeaderId::connection, Field::http_connection},
    {HeaderId::content_type, Field::http_content_type},
    {HeaderId::content_length, Field::http_content_len},
    {HeaderId::server, Field::http_server},
    {HeaderId::location, Field::http_location},
};

void put_each(TxId tx, Field field, const HeaderList& headers, TextArena& arena, FieldSink& out) noexcept {
    headers.each([&](const Header& header) {
        const std::string_view text = arena.join(header.name, ": ", header.value);
        out.put(tx, field, as_bytes(text));
        arena.rewind(text.data());
    });
}

}  // namespace

void start_decoder(ContentDecoder& decoder, TxId tx, const HeaderList& headers, FieldSink& out) noexcept {
    const Header* coding = headers.find(HeaderId::content_encoding);
    if (!coding) return;
    const auto odd = decoder.start(coding->value);
    if (odd.unknown) out.event(tx, AppEvent::http_abnormal_ce_header);
    if (odd.too_many) out.event(tx, AppEvent::http_too_many_encoding_layers);
}

void put_headers(TxId tx, Direction direction, const HeadText& head, const HeaderList& headers, TextArena& arena,
                 FieldSink& out) noexcept {
    const bool request = direction == Direction::to_server;
    const char* mark = arena.mark();
    const std::string_view start = arena.join(head.line, "\r\n", head.block);
    out.put(tx, Field::http_start, as_bytes(start));
    arena.rewind(mark);
    if (headers.empty()) return;

    const auto put_known = [&](const HeaderField& known) {
        if (const Header* header = headers.find(known.header)) out.put(tx, known.field, as_bytes(header->value));
    };
    if (request) {
        for (const auto& known : kRequestFields) put_known(known);
    } else {
        for (const auto& known : kResponseFields) put_known(known);
    }
    out.put(tx, Field::http_header_raw, as_bytes(head.block));

    const HeaderId left_out = request ? HeaderId::cookie : HeaderId::set_cookie;
    headers.each([&](const Header& header) {
        if (header.id != left_out) arena.join(header.name, ": ", header.value, "\r\n");
    });
    if (const auto block = arena.since(mark); !block.empty()) out.put(tx, Field::http_header, as_bytes(block));
    arena.rewind(mark);

    arena.append("\r\n");
    headers.each([&](const Header& header) { arena.join(header.name, "\r\n"); });
    arena.append("\r\n");
    out.put(tx, Field::http_header_names, as_bytes(arena.since(mark)));
    arena.rewind(mark);

    put_each(tx, request ? Field::http_request_header : Field::http_response_header, headers, arena, out);
}

void put_oddities(TxId tx, Direction direction, const HeaderList& headers, FieldSink& out) noexcept {
    struct Row {
        bool seen;
        AppEvent request;
        AppEvent response;
    };
    const auto& odd = headers.odd;
    const Row rows[] = {
        {odd.missing_colon, AppEvent::http_request_field_missing_colon, AppEvent::http_response_field_missing_colon},
        {odd.invalid_name, AppEvent::http_request_header_invalid, AppEvent::http_response_header_invalid},
        {odd.bad_folding, AppEvent::http_invalid_request_field_folding, AppEvent::http_invalid_response_field_folding},
        {odd.too_many, AppEvent::http_request_too_many_headers, AppEvent::http_response_too_many_headers},
        {odd.too_long, AppEvent::http_request_field_too_long, AppEvent::http_response_field_too_long},
        {odd.repeated_content_length, AppEvent::http_duplicate_request_content_length,
         AppEvent::http_duplicate_response_content_length},
    };
    for (const Row& row : rows)
        if (row.seen) out.event(tx, direction == Direction::to_server ? row.request : row.response);
}

}  // namespace sekisho::app::http
