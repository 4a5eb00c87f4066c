// Responses: status line, head, body. The aim is what a browser would show, because that is what an attack is
// written for: junk before the status line, bodies where none belongs, codings that are announced and not used.
#include <algorithm>

#include "app/http/body_output.h"
#include "app/http/fields.h"
#include "app/http/state.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/frame.h"
#include "sekisho/base/text.h"

namespace sekisho::app::http {
namespace {

struct StatusLine {
    std::string_view text;
    std::string_view protocol;
    std::string_view status;
    std::string_view message;
    int code = 0;  ///< 0: not a number from 100 to 999
};

int parse_status(std::string_view text) noexcept {
    int code = 0;
    for (const char c : text) {
        if (c == '\0') continue;
        if (c < '0' || c > '9' || code > 999) return 0;
        code = code * 10 + (c - '0');
    }
    return code >= 100 && code <= 999 ? code : 0;
}

StatusLine split_status_line(std::string_view text) noexcept {
    const auto word = [](std::string_view& rest) noexcept {
        std::size_t end = 0;
        while (end < rest.size() && !is_space(rest[end])) ++end;
        const auto found = rest.substr(0, end);
        rest = skip_spaces(rest.substr(end));
        return found;
    };
    StatusLine line;
    line.text = text;
    std::string_view rest = skip_spaces(chomp(text));
    line.protocol = word(rest);
    line.status = word(rest);
    line.message = rest;
    line.code = parse_status(line.status);
    return line;
}

/// What browsers take for a status line: "http" in any case, after white space and NUL.
bool looks_like_status_line(std::string_view text) noexcept {
    while (!text.empty() && (is_space(text.front()) || text.front() == '\0')) text.remove_prefix(1);
    return starts_with_nocase(text, "http");
}

/// Whether HTTP/1.1 or later, "HTTP/1.10" and other spellings included.
bool at_least_1_1(std::string_view protocol) noexcept {
    const auto slash = protocol.find('/');
    return slash != std::string_view::npos && protocol.substr(slash + 1) >= "1.1" &&
           !protocol.substr(slash + 1).starts_with("1.0");
}

// The transaction that this response answers; a new one when there was no request.
Method choose_transaction(State& state, FieldSink& out) noexcept {
    state.response_octets = 0;
    state.response.body_begun = state.response.body_ended = false;
    state.decoder.clear();
    state.response_matched = !state.pipeline.empty() && !state.pipeline.front().response_done;
    if (state.response_matched) {
        state.response_tx = state.pipeline.front().tx;
        return state.pipeline.front().method;
    }
    state.response_tx = out.open();
    out.event(state.response_tx, AppEvent::http_unmatched_response);
    return Method::other;
}

void put_line(TxId tx, const StatusLine& line, FieldSink& out) noexcept {
    out.put(tx, Field::http_response_line, as_bytes(chomp(line.text)));
    if (!line.protocol.empty()) out.put(tx, Field::http_protocol, as_bytes(line.protocol));
    if (!line.status.empty()) out.put(tx, Field::http_stat_code, as_bytes(line.status));
    if (!line.message.empty()) out.put(tx, Field::http_stat_msg, as_bytes(line.message));
    if (!starts_with_nocase(line.protocol, "http/")) out.event(tx, AppEvent::http_response_invalid_protocol);
    if (line.code == 0) out.event(tx, AppEvent::http_response_invalid_status);
    out.fact(tx, Fact::http_status, static_cast<std::uint64_t>(line.code));
    out.stage(tx, Direction::to_client, Stage::line);
}

struct BodyChoice {
    Framing framing = Framing::none;
    std::uint64_t length = 0;
    bool doubtful = false;  ///< a body is announced where none belongs: it is one if it comes
};

constexpr bool is_bodiless(int code) noexcept { return (code >= 100 && code <= 199) || code == 204 || code == 304; }

BodyChoice choose_body(TxId tx, const StatusLine& line, Method method, const HeaderList& headers,
                       FieldSink& out) noexcept {
    const Header* coding = headers.find(HeaderId::transfer_encoding);
    const Header* length = headers.find(HeaderId::content_length);
    if (method == Method::head) return {};
    const bool doubtful = is_bodiless(line.code);
    if (doubtful && !coding && !length) return {};
    if (doubtful) out.event(tx, AppEvent::http_response_body_unexpected);
    const bool new_protocol = at_least_1_1(line.protocol);
    if (coding && contains_word(coding->value, "chunked")) {
        if (!equals_word(coding->value, "chunked")) out.event(tx, AppEvent::http_response_abnormal_transfer_encoding);
        if (!new_protocol) out.event(tx, AppEvent::http_response_chunked_old_proto);
        return {Framing::chunk_size, 0, doubtful};
    }
    if (!length) return {Framing::until_close, 0, doubtful};
    const ContentLength octets = parse_content_length(length->value);
    const bool clear = octets.clean && !headers.odd.content_length_differs;
    if (!clear) out.event(tx, AppEvent::http_invalid_response_content_length);
    const Header* connection = headers.find(HeaderId::connection);
    const bool closes = !new_protocol || (connection && contains_word(connection->value, "close"));
    if (!octets.valid || (!clear && closes)) return {Framing::until_close, 0, doubtful};
    return {octets.octets == 0 ? Framing::none : Framing::length, octets.octets, doubtful};
}

// 1xx: another response to the same request follows (RFC 9110 section 15.2).
bool is_interim(const StatusLine& line, const HeaderList& headers) noexcept {
    return line.code >= 100 && line.code <= 199 && line.code != 101 && !headers.find(HeaderId::content_length) &&
           !headers.find(HeaderId::transfer_encoding);
}

bool is_tunnel(const StatusLine& line, Method method, const HeaderList& headers) noexcept {
    if (method == Method::connect) return line.code >= 200 && line.code <= 299;
    return line.code == 101 && !headers.find(HeaderId::content_length) && !headers.find(HeaderId::transfer_encoding);
}

/// What the server has agreed to, where nothing else tells it.
Protocol agreed_on(std::string_view upgrade) noexcept {
    return equals_nocase(upgrade, "websocket") ? Protocol::websocket : equals_nocase(upgrade, "h2c") ? Protocol::http2 : Protocol::unknown;
}

void read_head(State& state, std::string_view head, const StatusLine& line, LinePlace block_at, bool whole,
               FieldSink& out) noexcept {
    with_head_arena(head.size(), [&](TextArena& arena) {
        HeaderList headers;
        headers.read(head, block_at, LineRule::response, at_least_1_1(line.protocol), arena);
        if (is_interim(line, headers)) {
            if (state.continue_seen && !state.pipeline.empty())
                out.event(state.pipeline.front().tx, AppEvent::http_continue_already_seen);
            state.continue_seen = line.code == 100;
            return;
        }
        state.continue_seen = false;
        const Method method = choose_transaction(state, out);
        const TxId tx = state.response_tx;
        state.response.skip_head = !whole;
        if (!whole) out.event(tx, AppEvent::http_response_field_too_long);
        out.frame(Direction::to_client, Field::frame_http1_response, as_bytes(head), kFrameOpen);
        put_line(tx, line, out);
        put_headers(tx, Direction::to_client, {chomp(line.text), head.substr(block_at.at)}, headers, arena, out);
        put_oddities(tx, Direction::to_client, headers, out);
        if (const Header* disposition = headers.find(HeaderId::content_disposition)) {
            const auto name = disposition_filename(disposition->value);
            if (!name.empty()) out.put(tx, Field::file_name, as_bytes(name));
        }
        state.tunnel = is_tunnel(line, method, headers);
        if (state.tunnel) {
            const Header* upgrade = line.code == 101 ? headers.find(HeaderId::upgrade) : nullptr;
            if (upgrade != nullptr) state.tunnelled = agreed_on(trim(upgrade->value));
        } else {
            const BodyChoice body = choose_body(tx, line, method, headers, out);
            state.response.framer.start(body.framing, body.length);
            state.response.doubtful = body.doubtful;
            if (body.framing != Framing::none) start_decoder(state.decoder, tx, headers, out);
        }
        out.stage(tx, Direction::to_client, Stage::headers);
        if (!state.response.framer.active() && !state.response.skip_head) finish_response(state, out);
    });
}

// No status line at all: browsers show such an answer as it is (HTTP/0.9).
void start_bare_body(State& state, FieldSink& out) noexcept {
    choose_transaction(state, out);
    out.event(state.response_tx, AppEvent::http_response_body_unexpected);
    state.response.framer.start(Framing::until_close, 0);
    state.response.doubtful = false;
    out.stage(state.response_tx, Direction::to_client, Stage::headers);
}

Step response_head(State& state, std::string_view in, FieldSink& out) noexcept {
    MessageState& response = state.response;
    const Line first = next_line(in, {}, LineRule::response);
    const bool status_line = looks_like_status_line(first.complete ? first.text : in);
    if (!first.complete && in.size() < kHttpLineLong) return Step::need_more();
    if (!first.complete || first.next.at > kHttpLineLong) {
        start_bare_body(state, out);
        return Step::consumed(0);
    }
    if (skip_spaces(first.text).empty()) return Step::consumed(first.next.at);
    if (!status_line) {
        if (first.next.at >= in.size()) return Step::need_more();
        if (in[first.next.at] == 'H') return Step::consumed(first.next.at);  // junk before the status line
        start_bare_body(state, out);
        return Step::consumed(0);
    }
    if (response.scan.at == 0) response.scan = first.next;
    const HeadEnd end = find_head_end(in, response.scan, LineRule::response);
    if (end.kind == HeadEnd::Kind::need_more) return Step::need_more();
    response.scan = {};
    read_head(state, in.substr(0, end.octets), split_status_line(first.text), first.next,
              end.kind == HeadEnd::Kind::whole, out);
    return Step::consumed(end.octets);
}

Step skip_head(State& state, std::string_view in, FieldSink& out) noexcept {
    const SkippedLine line = skip_head_line(in, LineRule::response, state.response.inside_line);
    if (line.octets == 0) return Step::need_more();
    if (line.end_of_head) {
        state.response.skip_head = false;
        if (!state.response.framer.active()) finish_response(state, out);
    }
    return Step::consumed(line.octets);
}

Step response_body(State& state, Bytes in, FieldSink& out) noexcept {
    MessageState& response = state.response;
    const BodyStep step = response.framer.step(in);
    if (step.bad_chunk) out.event(state.response_tx, AppEvent::http_invalid_response_chunk_len);
    if (step.extension) out.event(state.response_tx, AppEvent::http_response_chunk_extension);
    if (step.need_more) return Step::need_more();
    BodyOutput body(Direction::to_client, state.response_tx, response, nullptr, out);
    if (!step.piece.empty()) {
        state.response_octets += step.piece.size();
        body.framed(step.piece, step.done, state.decoder);
    }
    if (step.done) finish_response(state, out);
    return Step::consumed(step.octets);
}

// A 304 may announce the length of a body that it does not have (RFC 9110 section 8.6): the next response shows.
enum class Doubt : std::uint8_t { body, next_response, undecided };
Doubt settle(Bytes in) noexcept {
    constexpr std::string_view kNext = "HTTP/";
    const std::string_view text = as_text(in);
    const std::size_t n = std::min(text.size(), kNext.size());
    if (text.substr(0, n) != kNext.substr(0, n)) return Doubt::body;
    return n == kNext.size() ? Doubt::next_response : Doubt::undecided;
}

}  // namespace

void finish_response(State& state, FieldSink& out) noexcept {
    MessageState& response = state.response;
    const TxId tx = state.response_tx;
    BodyOutput body(Direction::to_client, state.response_tx, response, nullptr, out);
    body.finish(state.decoder);
    out.frame_ends(Direction::to_client, Field::frame_http1_response);
    response.framer.start(Framing::none, 0);
    response.doubtful = false;
    response.scan = {};
    out.fact(tx, Fact::http_response_length, state.response_octets);
    out.stage(tx, Direction::to_client, Stage::complete);
    if (!state.response_matched) {
        out.close(tx);
        return;
    }
    Pending& oldest = state.pipeline.front();
    oldest.response_done = true;
    if (!oldest.request_done) return;
    state.pipeline.pop();
    out.close(tx);
}

Step parse_response(State& state, Bytes in, FieldSink& out) noexcept {
    MessageState& response = state.response;
    if (response.skip_head) return skip_head(state, as_text(in), out);
    if (response.framer.active() && response.doubtful) {
        switch (settle(in)) {
            case Doubt::undecided: return Step::need_more();
            case Doubt::next_response: finish_response(state, out); break;
            case Doubt::body: response.doubtful = false; break;
        }
    }
    if (!response.framer.active()) {
        const Step step = response_head(state, as_text(in), out);
        if (step.kind != Step::Kind::consumed || step.octets != 0) return step;
    }
    for (;;) {  // a chunk that turns out to be none gives nothing at first
        const Step step = response_body(state, in, out);
        if (step.kind != Step::Kind::consumed || step.octets != 0 || !response.framer.active()) return step;
    }
}

void end_response(State& state, FieldSink& out) noexcept {
    if (!state.response.framer.active() && !state.response.skip_head) return;
    state.response.skip_head = false;
    finish_response(state, out);
}

}  // namespace sekisho::app::http
