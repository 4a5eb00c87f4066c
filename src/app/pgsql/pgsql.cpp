// PostgreSQL's protocol 3.0 (PostgreSQL documentation, chapter "Frontend/Backend Protocol"): start-up, simple queries,
// and how the server answers them. A transaction is a request up to the server's ReadyForQuery.
#include "app/pgsql/pgsql.h"

#include <algorithm>

#include "app/detail.h"
#include "app/make_parser.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app {
namespace {

constexpr std::uint32_t kVersion3 = 3u << 16, kSslRequest = 80877103, kGssRequest = 80877104, kCancelRequest = 80877102;
constexpr std::size_t kStartupMin = 8, kStartupMax = 10000;
constexpr std::size_t kTypedHead = 5;  // type, length

struct State {
    TxId tx = 0;
    bool open = false;
    bool started = false;          ///< the start-up message was seen: typed messages follow
    bool encryption_asked = false; ///< the server answers with one letter
    bool encrypted = false;        ///< the server agreed: TLS follows
    std::size_t skip[2] = {0, 0};
};

void finish(State& state, FieldSink& out) noexcept {
    if (!state.open) return;
    state.open = false;
    out.stage(state.tx, Direction::to_server, Stage::complete);
    out.stage(state.tx, Direction::to_client, Stage::complete);
    out.close(state.tx);
}

TxId begin(State& state, FieldSink& out) noexcept {
    finish(state, out);
    state.tx = out.open();
    state.open = true;
    return state.tx;
}

std::string_view until_nul(std::string_view text) noexcept { return text.substr(0, text.find('\0')); }

/// Names and values, each ended by NUL.
void put_parameters(TxId tx, std::string_view text, FieldSink& out) noexcept {
    while (!text.empty()) {
        const auto name = until_nul(text);
        if (name.empty() || name.size() == text.size()) return;
        text.remove_prefix(name.size() + 1);
        const auto value = until_nul(text);
        if (name == "user" || name == "database" || name == "application_name") put_detail(out, tx, name, value);
        text.remove_prefix(std::min(value.size() + 1, text.size()));
    }
}

Step take_startup(State& state, Bytes in, FieldSink& out) noexcept {
    if (in.size() < kStartupMin) return Step::need_more();
    ByteReader reader(in);
    const std::size_t length = reader.u32();
    const std::uint32_t code = reader.u32();
    if (length < kStartupMin || length > kStartupMax) return Step::broken(Fault::bad_length);
    if (in.size() < length) return Step::need_more();
    const TxId tx = begin(state, out);
    if (code == kSslRequest || code == kGssRequest) {
        put_detail(out, tx, "request", "encryption");
        state.encryption_asked = true;
    } else if (code == kCancelRequest) {
        put_detail(out, tx, "request", "cancel");
        finish(state, out);
    } else if ((code >> 16) == 3) {
        put_detail(out, tx, "request", "startup");
        put_parameters(tx, as_text(in.subspan(kStartupMin, length - kStartupMin)), out);
        state.started = true;
    } else {
        out.event(tx, AppEvent::pgsql_malformed_request);
        finish(state, out);
        return Step::broken(Fault::bad_syntax);
    }
    if (state.open) out.stage(tx, Direction::to_server, Stage::complete);
    return Step::consumed(length);
}

/// Frontend messages that begin something of their own; the others go on with what is open.
void put_request(State& state, char type, Bytes body, FieldSink& out) noexcept {
    switch (type) {
        case 'Q': {
            const TxId tx = begin(state, out);
            const auto query = until_nul(as_text(body));
            out.put(tx, Field::pgsql_query, as_bytes(query));
            put_detail(out, tx, "request", "simple_query");
            put_detail(out, tx, "query", query);
            break;
        }
        case 'P': {  // Parse: name, then the query
            const TxId tx = begin(state, out);
            const auto text = as_text(body);
            const auto name = until_nul(text);
            put_detail(out, tx, "request", "parse");
            if (name.size() < text.size()) put_detail(out, tx, "query", until_nul(text.substr(name.size() + 1)));
            break;
        }
        case 'X':
            begin(state, out);
            put_detail(out, state.tx, "request", "terminate");
            return finish(state, out);
        default: return;
    }
    out.stage(state.tx, Direction::to_server, Stage::complete);
}

/// The message text of an ErrorResponse: fields of one letter and a text.
void put_error(TxId tx, std::string_view fields, FieldSink& out) noexcept {
    while (fields.size() > 1) {
        const auto text = until_nul(fields.substr(1));
        if (fields[0] == 'M') put_detail(out, tx, "error", text);
        if (fields[0] == 'C') put_detail(out, tx, "error_code", text);
        fields.remove_prefix(std::min(text.size() + 2, fields.size()));
    }
}

void put_response(State& state, char type, Bytes body, FieldSink& out) noexcept {
    if (!state.open) return;
    if (type == 'C') put_detail(out, state.tx, "command_completed", until_nul(as_text(body)));
    if (type == 'E') put_error(state.tx, as_text(body), out);
    if (type == 'Z') finish(state, out);
}

bool is_type(char c) noexcept { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '1' && c <= '3'); }

Step take_typed(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (in.size() < kTypedHead) return Step::need_more();
    ByteReader reader(in);
    const char type = static_cast<char>(reader.u8());
    const std::size_t length = reader.u32();
    const bool request = direction == Direction::to_server;
    if (!is_type(type) || length < 4) {
        if (!state.open) begin(state, out);
        out.event(state.tx, !is_type(type) ? request ? AppEvent::pgsql_malformed_request : AppEvent::pgsql_malformed_response
                                           : AppEvent::pgsql_invalid_length);
        return Step::broken(Fault::bad_syntax);
    }
    const std::size_t wanted = std::min(length - 4, kPgsqlMessageMax);
    if (in.size() < kTypedHead + wanted) return Step::need_more();
    const Bytes body = in.subspan(kTypedHead, wanted);
    if (request) put_request(state, type, body, out);
    else put_response(state, type, body, out);
    state.skip[static_cast<std::size_t>(direction)] = length - 4 - wanted;
    return Step::consumed(kTypedHead + wanted);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (state.encrypted) return Step::broken(Fault::none);  // TLS follows
    std::size_t& skip = state.skip[static_cast<std::size_t>(direction)];
    if (skip != 0) {
        const std::size_t now = std::min(skip, in.size());
        skip -= now;
        return Step::consumed(now);
    }
    if (direction == Direction::to_server && !state.started) return take_startup(state, in, out);
    if (direction == Direction::to_client && state.encryption_asked) {
        state.encryption_asked = false;
        put_detail(out, state.tx, "encryption", in[0] == 'N' ? "rejected" : "accepted");
        finish(state, out);
        state.encrypted = in[0] != 'N';
        return Step::consumed(1);
    }
    return take_typed(state, direction, in, out);
}

bool gap(State&, Direction, std::uint64_t, FieldSink&) noexcept { return false; }
void end(State& state, Direction direction, FieldSink& out) noexcept {
    if (direction == Direction::to_client) finish(state, out);
}

Probe probe(const ProbeInput& input) noexcept {
    const Bytes in = input.to_server;
    if (in.size() < kStartupMin) return Probe::no;
    ByteReader reader(in);
    const std::size_t length = reader.u32();
    const std::uint32_t code = reader.u32();
    const bool asks = (code == kSslRequest || code == kGssRequest) && length == kStartupMin;
    const bool cancels = code == kCancelRequest && length == 16;
    const bool starts = code == kVersion3 && length >= kStartupMin && length <= kStartupMax &&
                        (in.size() == kStartupMin || (in[8] >= 'A' && in[8] <= 'z'));
    return asks || cancels || starts ? Probe::yes : Probe::no;
}

}  // namespace

constinit const Parser kPgsql = make_parser<State, &probe, &parse, &gap, &end>(Protocol::pgsql, Transport::tcp);

}  // namespace sekisho::app
