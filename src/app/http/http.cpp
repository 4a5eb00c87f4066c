// HTTP/1.x (RFC 9110, 9112), HTTP/0.9 answers. Requests and responses are matched in order; a connection that
// turns into a tunnel (CONNECT, 101) ends here with Fault::none. HTTP/2 and HTTP/3 are other protocols.
#include "app/http/http.h"

#include "app/http/state.h"
#include "app/make_parser.h"
#include "sekisho/base/text.h"

namespace sekisho::app {
namespace {

using namespace http;

constexpr std::string_view kMethods[] = {
    "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT", "PATCH", "TRACE", "PROPFIND", "PROPPATCH", "MKCOL",
    "COPY", "MOVE", "LOCK", "UNLOCK", "SEARCH", "REPORT", "MERGE", "CHECKOUT", "CHECKIN", "BASELINE-CONTROL",
    "MKACTIVITY", "VERSION-CONTROL", "SUBSCRIBE", "UNSUBSCRIBE", "NOTIFY", "M-SEARCH", "ACL", "LABEL", "UPDATE",
    "RPC_IN_DATA", "RPC_OUT_DATA", "LINK", "UNLINK", "INVALID",
};

// `maybe` while what came so far may still become it.
Probe probe_request(std::string_view text) noexcept {
    text = skip_spaces(text);
    if (text.empty()) return Probe::maybe;
    for (const std::string_view method : kMethods) {
        const std::size_t n = std::min(method.size(), text.size());
        if (!equals_nocase(text.substr(0, n), method.substr(0, n))) continue;
        if (text.size() <= method.size()) return Probe::maybe;
        if (is_blank(text[method.size()])) return Probe::yes;
    }
    // Any other token is a method when the line ends as a request line does.
    const std::string_view line = text.substr(0, text.find('\n'));
    return line.size() < KiB(8) && line.find(" HTTP/1.") != std::string_view::npos ? Probe::yes : Probe::no;
}

Probe probe_response(std::string_view text) noexcept {
    constexpr std::string_view kStart = "HTTP/";
    text = skip_spaces(text);
    const std::size_t n = std::min(kStart.size(), text.size());
    if (!equals_nocase(text.substr(0, n), kStart.substr(0, n))) return Probe::no;
    return n == kStart.size() ? Probe::yes : Probe::maybe;
}

Probe probe(const ProbeInput& input) noexcept {
    Probe best = Probe::no;
    if (!input.to_server.empty()) best = probe_request(as_text(input.to_server));
    if (best == Probe::yes || input.to_client.empty()) return best;
    const Probe answer = probe_response(as_text(input.to_client));
    return answer == Probe::no ? best : answer;
}

/// For HTTP/2: the request that it answers first.
Bytes left_request(const State& state) noexcept {
    const bool answers = state.tunnelled == Protocol::http2 && state.upgrade && state.upgrade->tx == state.response_tx;
    return answers ? as_bytes({state.upgrade->text.data(), state.upgrade->size}) : Bytes{};
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (state.tunnel) return Step::becomes(state.tunnelled);
    if (in.empty()) return Step::need_more();
    return direction == Direction::to_server ? parse_request(state, in, out) : parse_response(state, in, out);
}

bool gap(State& state, Direction direction, std::uint64_t octets, FieldSink&) noexcept {
    MessageState& message = direction == Direction::to_server ? state.request : state.response;
    if (!message.framer.active() || message.skip_head || !message.framer.gap(octets)) return false;
    if (direction == Direction::to_client) state.response_octets += octets;
    (direction == Direction::to_server ? state.request_decoder : state.decoder).stop();
    return true;
}

void end(State& state, Direction direction, FieldSink& out) noexcept {
    state.ended[static_cast<std::size_t>(direction)] = true;
    if (direction == Direction::to_server) {
        end_request(state, out);
    } else {
        end_response(state, out);
    }
    if (!state.ended[0] || !state.ended[1]) return;
    while (!state.pipeline.empty()) {  // no answer will come
        const Pending pending = state.pipeline.front();
        state.pipeline.pop();
        if (!pending.response_done) out.stage(pending.tx, Direction::to_client, Stage::complete);
        out.close(pending.tx);
    }
}

}  // namespace

constinit const Parser kHttp =
    make_parser<State, &probe, &parse, &gap, &end, nullptr, &left_request>(Protocol::http, Transport::tcp);

}  // namespace sekisho::app
