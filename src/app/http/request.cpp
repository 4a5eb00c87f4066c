// Requests: line, head, body. A request line with spaces in its target keeps them (the last space ends the
// target), as servers do that look for the version from the end.
#include <algorithm>
#include <new>

#include "app/http/body_output.h"
#include "app/http/fields.h"
#include "app/http/state.h"
#include "app/http/uri.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/frame.h"
#include "sekisho/base/text.h"

namespace sekisho::app::http {
namespace {

struct RequestLine {
    std::string_view text;
    std::string_view method;
    std::string_view target;
    std::string_view protocol;
    bool odd_delimiter = false;
    bool leading_space = false;
};

RequestLine split_request_line(std::string_view text) noexcept {
    RequestLine line;
    line.text = text;
    std::string_view rest = skip_spaces(text);
    line.leading_space = rest.size() != text.size();
    std::size_t at = 0;
    while (at < rest.size() && !is_space(rest[at])) ++at;
    line.method = rest.substr(0, at);
    line.odd_delimiter = at < rest.size() && rest[at] != ' ';
    rest = chomp(skip_spaces(rest.substr(at)));
    const std::size_t space = rest.rfind(' ');
    if (space == std::string_view::npos) {
        line.target = rest;
        return line;
    }
    line.target = chomp(rest.substr(0, space));
    line.protocol = rest.substr(space + 1);
    return line;
}

constexpr bool is_method(std::string_view method) noexcept {
    if (method.empty() || method.size() > 64) return false;
    for (const char c : method)
        if (c <= 32 || c == 127) return false;
    return true;
}

Method method_of(std::string_view method) noexcept {
    if (method == "HEAD") return Method::head;
    return method == "CONNECT" ? Method::connect : Method::other;
}

std::string_view last_segment(std::string_view path) noexcept {
    return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

void put_line(TxId tx, const RequestLine& line, Method method, FieldSink& out) noexcept {
    out.put(tx, Field::http_request_line, as_bytes(line.text));
    out.put(tx, Field::http_method, as_bytes(line.method));
    if (!line.protocol.empty()) out.put(tx, Field::http_protocol, as_bytes(line.protocol));
    if (line.leading_space) out.event(tx, AppEvent::http_request_line_leading_whitespace);
    if (line.odd_delimiter) out.event(tx, AppEvent::http_method_delim_non_compliant);
    if (line.target.empty()) return;
    out.put(tx, Field::http_uri_raw, as_bytes(line.target));
    with_head_arena(line.target.size(), [&](TextArena& arena) {
        const Target target = split_target(line.target, method == Method::connect);
        const NormalUri uri = normalise(target, arena);
        out.put(tx, Field::http_uri, as_bytes(uri.text));
        if (uri.double_encoded) out.event(tx, AppEvent::http_double_encoded_uri);
        const auto path = uri.text.substr(0, uri.text.find_first_of("?#"));
        if (const auto name = last_segment(path); !name.empty() && method == Method::other)
            out.put(tx, Field::file_name, as_bytes(name));
    });
}

void put_host(TxId tx, const RequestLine& line, Method method, const HeaderList& headers, TextArena& arena,
              FieldSink& out) noexcept {
    const Target target = split_target(line.target, method == Method::connect);
    const Header* header = headers.find(HeaderId::host);
    if (!header && line.protocol == "HTTP/1.1") out.event(tx, AppEvent::http_missing_host_header);
    HostPort named;
    if (header) named = split_host(header->value);
    if (header && (!is_valid_host(named.host) || (named.has_port && !parse_int(named.port, 1, 65535))))
        out.event(tx, AppEvent::http_request_header_host_invalid);
    std::string_view host = named.host;
    if (!target.host.empty()) {
        if (!is_valid_host(target.host)) out.event(tx, AppEvent::http_request_uri_host_invalid);
        if (header && !equals_nocase(named.host, target.host)) out.event(tx, AppEvent::http_host_header_ambiguous);
        host = target.host;
    }
    if (host.empty()) return;
    const std::string_view raw = target.host.empty() ? header->value : target.host;
    out.put(tx, Field::http_host_raw, as_bytes(raw));
    while (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
    const char* mark = arena.mark();
    for (const char c : host) arena.append(ascii_lower(c));
    out.put(tx, Field::http_host, as_bytes(arena.since(mark)));
    arena.rewind(mark);
}

/// Keeps what HTTP/2 has to know of the request, if the server agrees to go on with it (RFC 7540 section 3.2).
void keep_upgrade(State& state, const RequestLine& line, const HeaderList& headers) noexcept {
    const Header* upgrade = headers.find(HeaderId::upgrade);
    if (!upgrade || !contains_word(upgrade->value, "h2c")) return;
    const Header* host = headers.find(HeaderId::host);
    const std::string_view parts[] = {line.method, "\n", line.target, "\n", host ? host->value : std::string_view{}};
    std::size_t size = 0;
    for (const auto part : parts) size += part.size();
    if (size > kInheritedMax) return;
    if (!state.upgrade) state.upgrade.reset(new (std::nothrow) UpgradeRequest);
    if (!state.upgrade) return;
    char* at = state.upgrade->text.data();
    for (const auto part : parts) at = std::copy(part.begin(), part.end(), at);
    state.upgrade->size = static_cast<std::uint16_t>(size);
    state.upgrade->tx = state.request_tx;
}

void check_authorization(TxId tx, const HeaderList& headers, FieldSink& out) noexcept {
    static constexpr std::string_view kSchemes[] = {"basic ", "digest ", "bearer "};
    const Header* header = headers.find(HeaderId::authorization);
    if (!header) return;
    for (const auto scheme : kSchemes)
        if (starts_with_nocase(header->value, scheme)) return;
    out.event(tx, AppEvent::http_request_auth_unrecognized);
}

void start_body(State& state, TxId tx, Method method, std::string_view version, const HeaderList& headers,
                FieldSink& out) noexcept {
    MessageState& request = state.request;
    request.framer.start(Framing::none, 0);
    if (method == Method::connect) return;
    const Header* coding = headers.find(HeaderId::transfer_encoding);
    const Header* length = headers.find(HeaderId::content_length);
    if (coding && contains_word(coding->value, "chunked")) {
        request.framer.start(Framing::chunk_size, 0);
    } else if (length) {
        const ContentLength octets = parse_content_length(length->value);
        if (!octets.clean || headers.odd.content_length_differs)
            out.event(tx, AppEvent::http_invalid_request_content_length);
        if (octets.octets != 0) request.framer.start(Framing::length, octets.octets);
    }
    // Both, or a coding in a version that has none: servers choose (RFC 9112 section 6.3).
    const bool choice = coding && (length || version != "HTTP/1.1");
    if ((coding && !equals_word(coding->value, "chunked")) || choice || headers.odd.doubtful_framing)
        out.event(tx, AppEvent::http_invalid_request_transfer_encoding);
    if (!request.framer.active()) return;
    start_decoder(state.request_decoder, tx, headers, out);
    if (const Header* type = headers.find(HeaderId::content_type)) state.multipart.start(type->value);
}

void open_request(State& state, const RequestLine& line, FieldSink& out) noexcept {
    Pending pending{.tx = out.open(), .method = method_of(line.method)};
    put_line(pending.tx, line, pending.method, out);
    state.request.line_told = true;
    if (!state.pipeline.full()) {
        state.pipeline.push(pending);
        state.request_tx = pending.tx;
        state.request_pushed = true;
    } else {  // its response will be taken for one without request
        state.request_tx = pending.tx;
        state.request_pushed = false;
    }
    state.request_method = pending.method;
    out.stage(pending.tx, Direction::to_server, Stage::line);
}

/// Once a head: how many lines are too long depends on how much of the head is looked at.
void tell_too_long(State& state, FieldSink& out) noexcept {
    if (!state.request.long_told) out.event(state.request_tx, AppEvent::http_request_field_too_long);
    state.request.long_told = true;
}

Step request_line(State& state, std::string_view in, FieldSink& out) noexcept {
    MessageState& request = state.request;
    const Line line = next_line(in, {}, LineRule::request);
    if (!line.complete && in.size() < kHttpHeadMax) return Step::need_more();
    if (!line.complete || line.next.at > kHttpHeadMax) return Step::broken(Fault::too_long);
    if (skip_spaces(line.text).empty()) return Step::consumed(line.next.at);  // between two requests
    const RequestLine parts = split_request_line(line.text);
    if (!is_method(parts.method)) return Step::broken(Fault::bad_syntax);
    open_request(state, parts, out);
    out.frame(Direction::to_server, Field::frame_http1_request, as_bytes(in), kFrameOpen);
    request.line_end = line.next.at;
    request.scan = line.next;
    if (parts.text.size() > kHttpLineLong) tell_too_long(state, out);
    state.request_bare = parts.protocol.empty();
    return Step::consumed(0);
}

// A line without protocol is a whole request of HTTP/0.9, unless a header field or an empty line follows.
enum class Bare : std::uint8_t { undecided, whole_request, head_follows };
Bare settle_bare(std::string_view rest) noexcept {
    std::size_t at = 0;
    while (at < rest.size() && rest[at] > ' ' && rest[at] != ':' && rest[at] != 127) ++at;
    if (at == rest.size() && at < kHttpHeadMax) return Bare::undecided;
    if (at == 0 && rest[0] == '\r') {
        if (rest.size() < 2) return Bare::undecided;
        return rest[1] == '\n' ? Bare::head_follows : Bare::whole_request;
    }
    if (at == 0) return rest[0] == '\n' ? Bare::head_follows : Bare::whole_request;
    return at < rest.size() && rest[at] == ':' ? Bare::head_follows : Bare::whole_request;
}

Step request_head(State& state, std::string_view in, FieldSink& out) noexcept {
    MessageState& request = state.request;
    if (state.request_bare) {
        const Bare bare = settle_bare(in.substr(request.line_end));
        if (bare == Bare::undecided) return Step::need_more();
        state.request_bare = false;
        if (bare == Bare::whole_request) {
            const std::size_t size = request.line_end;
            finish_request(state, out);
            return Step::consumed(size);
        }
    }
    const HeadEnd end = find_head_end(in, request.scan, LineRule::request);
    if (end.kind == HeadEnd::Kind::need_more) {
        // A field that is too long already is told before its end is there: that may never come.
        if (!request.long_told && chomp(in.substr(request.scan.at)).size() > kHttpLineLong) tell_too_long(state, out);
        return Step::need_more();
    }
    const bool whole = end.kind == HeadEnd::Kind::whole;
    const std::size_t size = end.octets;
    const std::string_view head = in.substr(0, size);
    const TxId tx = state.request_tx;
    const RequestLine line = split_request_line(next_line(in, {}, LineRule::request).text);
    with_head_arena(size, [&](TextArena& arena) {
        HeaderList headers;
        const auto block = head.substr(request.line_end);
        headers.read(block, {}, LineRule::request, line.protocol == "HTTP/1.1", arena);
        put_headers(tx, Direction::to_server, {line.text, block}, headers, arena, out);
        put_host(tx, line, state.request_method, headers, arena, out);
        if (headers.odd.too_long || !whole) tell_too_long(state, out);
        headers.odd.too_long = false;
        put_oddities(tx, Direction::to_server, headers, out);
        check_authorization(tx, headers, out);
        keep_upgrade(state, line, headers);
        start_body(state, tx, state.request_method, line.protocol, headers, out);
    });
    // What says where the body ends may be in the part that is not looked at.
    if (!whole) out.event(tx, AppEvent::http_request_too_many_headers);
    request.line_told = request.long_told = false;
    request.scan = {};
    request.body_begun = request.body_ended = request.chunk_told = false;
    request.skip_head = !whole;
    out.stage(tx, Direction::to_server, Stage::headers);
    if (whole && !request.framer.active()) finish_request(state, out);
    return Step::consumed(size);
}

// The part of an overlong head that is not looked at: line by line up to the empty one.
Step skip_head(State& state, std::string_view in, FieldSink& out) noexcept {
    MessageState& request = state.request;
    const SkippedLine line = skip_head_line(in, LineRule::request, request.inside_line);
    if (line.octets == 0) return Step::need_more();
    if (line.end_of_head) {
        request.skip_head = false;
        if (!request.framer.active()) finish_request(state, out);
    }
    return Step::consumed(line.octets);
}

Step request_body(State& state, Bytes in, FieldSink& out) noexcept {
    MessageState& request = state.request;
    const TxId tx = state.request_tx;
    const BodyStep step = request.framer.step(in);
    if ((step.bad_chunk || step.odd_chunk) && !state.request.chunk_told) {
        state.request.chunk_told = true;  // once: how often it shows depends on where the bytes are cut
        out.event(tx, AppEvent::http_invalid_request_chunk_len);
    }
    if (step.extension) out.event(tx, AppEvent::http_request_chunk_extension);
    if (step.need_more) return Step::need_more();
    if (!step.piece.empty()) {
        BodyOutput body(Direction::to_server, tx, request, &state.multipart, out);
        body.framed(step.piece, step.done, state.request_decoder);
    }
    if (step.done) finish_request(state, out);
    return Step::consumed(step.octets);
}

}  // namespace

void finish_request(State& state, FieldSink& out) noexcept {
    const TxId tx = state.request_tx;
    BodyOutput(Direction::to_server, tx, state.request, &state.multipart, out).finish(state.request_decoder);
    state.multipart.finish(tx, out);
    out.frame_ends(Direction::to_server, Field::frame_http1_request);
    state.request_bare = false;
    state.request.framer.start(Framing::none, 0);
    state.request.line_told = false;
    state.request.scan = {};
    out.stage(tx, Direction::to_server, Stage::complete);
    if (!state.request_pushed) {
        out.close(tx);
        return;
    }
    Pending& newest = state.pipeline.back();
    newest.request_done = true;
    if (newest.response_done) {
        state.pipeline.pop();
        out.close(tx);
    }
}

Step parse_request(State& state, Bytes in, FieldSink& out) noexcept {
    if (state.request.framer.active() && !state.request.skip_head) {
        for (;;) {  // a chunk that turns out to be none gives nothing at first
            const Step step = request_body(state, in, out);
            if (step.kind != Step::Kind::consumed || step.octets != 0 || !state.request.framer.active()) return step;
        }
    }
    const std::string_view text = as_text(in);
    if (state.request.skip_head) return skip_head(state, text, out);
    if (!state.request.line_told) {
        const Step step = request_line(state, text, out);
        if (step.kind != Step::Kind::consumed || step.octets != 0) return step;
    }
    return request_head(state, text, out);
}

void end_request(State& state, FieldSink& out) noexcept {
    const bool unfinished = state.request.line_told || state.request.framer.active() || state.request.skip_head;
    if (!unfinished) return;
    state.request.skip_head = false;
    finish_request(state, out);
}

}  // namespace sekisho::app::http
