// FTP control connections (RFC 959 section 4, RFC 2428, AUTH TLS of RFC 4217): commands and reply lines, one transaction
// each, and where the data connection of a transfer will be.
#include "app/ftp/ftp.h"

#include <algorithm>
#include <array>

#include "app/ftp/data_port.h"
#include "app/make_parser.h"
#include "app/text_line.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/text.h"

namespace sekisho::app {
namespace ftp {
namespace {

enum class Command : std::uint8_t { other, port, eprt, pasv, epsv, retrieve, store, auth, list };

struct Pending {
    TxId tx = 0;
    Command command = Command::other;
};

struct State {
    std::array<Pending, kFtpPipelineMax> pending{};
    std::uint8_t head = 0, size = 0;
    bool skipping[2] = {false, false};
    bool ended[2] = {false, false};
    bool greeting_open = false;       ///< replies before any command: a transaction of their own
    bool in_reply = false;            ///< inside a reply of several lines
    bool tls = false;
    bool auth_sent = false;
    std::uint8_t reply_lines = 0;
    std::array<char, 3> reply_code{};
    TxId greeting = 0;
    // The transfer that is being agreed on.
    std::uint16_t data_port = 0;
    Direction listener = Direction::to_server;
    std::uint8_t transfer = 0;        ///< as Fact::ftp_data_command
    std::uint8_t name_size = 0;
    std::array<char, 255> name;

    Pending& front() noexcept { return pending[head]; }
    void pop() noexcept {
        head = static_cast<std::uint8_t>((head + 1u) % kFtpPipelineMax);
        --size;
    }
};

Command command_of(std::string_view line) noexcept {
    struct Word {
        std::string_view word;
        Command command;
    };
    constexpr Word kWords[] = {{"PORT", Command::port},     {"EPRT", Command::eprt},     {"PASV", Command::pasv},
                               {"EPSV", Command::epsv},     {"RETR", Command::retrieve}, {"STOR", Command::store},
                               {"STOU", Command::store},    {"APPE", Command::store},    {"AUTH", Command::auth},
                               {"LIST", Command::list},     {"NLST", Command::list},     {"MLSD", Command::list}};
    for (const Word& known : kWords)
        if (begins_with_word(line, known.word)) return known.command;
    return Command::other;
}

void close_tx(TxId tx, FieldSink& out) noexcept {
    out.stage(tx, Direction::to_server, Stage::complete);
    out.stage(tx, Direction::to_client, Stage::complete);
    out.close(tx);
}

void announce(const State& state, FieldSink& out) noexcept {
    if (state.data_port == 0) return;
    out.expect({Protocol::ftp_data, state.listener, state.data_port, as_bytes({state.name.data(), state.name_size}),
                state.transfer});
}

void agree_on_port(State& state, TxId tx, Direction listener, std::uint16_t port, FieldSink& out) noexcept {
    state.listener = listener;
    state.data_port = port;
    if (port != 0) {
        out.fact(tx, Fact::ftp_mode, listener == Direction::to_client ? 1 : 2);
        out.fact(tx, Fact::ftp_dynamic_port, port);
    }
    announce(state, out);
}

void note_transfer(State& state, TxId tx, Command command, std::string_view argument, FieldSink& out) noexcept {
    switch (command) {
        case Command::port:
        case Command::eprt:
        case Command::pasv:
        case Command::epsv:
            state.transfer = state.name_size = 0;
            state.data_port = 0;
            if (command == Command::port) agree_on_port(state, tx, Direction::to_client, read_port(argument), out);
            if (command == Command::eprt) agree_on_port(state, tx, Direction::to_client, read_extended_port(argument), out);
            break;
        case Command::retrieve:
        case Command::store: {
            const std::string_view name = argument.substr(argument.size() - std::min(argument.size(), state.name.size()));
            state.transfer = command == Command::store ? 2 : 1;
            state.name_size = static_cast<std::uint8_t>(name.size());
            std::copy(name.begin(), name.end(), state.name.begin());
            announce(state, out);
            break;
        }
        case Command::auth: state.auth_sent = true; break;
        case Command::list:
        case Command::other: break;
    }
}

Step from_client(State& state, std::string_view in, FieldSink& out) noexcept {
    if (state.tls || (state.auth_sent && !state.skipping[0] && in[0] == kTlsHandshake)) return Step::broken(Fault::none);
    const TextLine line = take_line(in, kFtpLineMax, state.skipping[0]);
    if (line.octets == 0) return Step::need_more();
    const std::string_view text = trim(line.text);
    if (line.rest_of_long || text.empty()) return Step::consumed(line.octets);
    if (state.greeting_open) {
        state.greeting_open = false;
        close_tx(state.greeting, out);
    }
    if (state.size == kFtpPipelineMax) {
        close_tx(state.front().tx, out);
        state.pop();
    }
    const Command command = command_of(text);
    const std::string_view argument = argument_of(text);
    const TxId tx = out.open();
    state.pending[(state.head + state.size++) % kFtpPipelineMax] = {tx, command};
    out.put(tx, Field::ftp_command, as_bytes(text.substr(0, text.find(' '))));
    if (!argument.empty()) out.put(tx, Field::ftp_command_data, as_bytes(argument));
    if (line.too_long) out.event(tx, AppEvent::ftp_request_command_too_long);
    out.fact(tx, Fact::ftp_reply_received, 0);
    note_transfer(state, tx, command, argument, out);
    // The answer tells the port: till then rules on the request may ask for it.
    const bool port_follows = command == Command::pasv || command == Command::epsv;
    out.stage(tx, Direction::to_server, port_follows ? Stage::headers : Stage::complete);
    return Step::consumed(line.octets);
}

/// The last line of a reply has come.
void reply_done(State& state, TxId tx, int code, std::string_view text, FieldSink& out) noexcept {
    if (code == 227) agree_on_port(state, tx, Direction::to_server, read_port(text), out);
    if (code == 229) agree_on_port(state, tx, Direction::to_server, read_extended_port(text), out);
    out.fact(tx, Fact::ftp_reply_code, static_cast<std::uint64_t>(code));
    if (state.greeting_open) return out.stage(tx, Direction::to_client, Stage::headers);
    if (code < 200) return out.stage(tx, Direction::to_client, Stage::line);  // another reply follows
    const Command command = state.front().command;
    out.fact(tx, Fact::ftp_reply_received, 1);
    state.pop();
    if (command == Command::auth) {
        state.auth_sent = false;
        state.tls = code == 234 || code == 334;
    }
    close_tx(tx, out);
}

bool is_code(std::string_view line) noexcept {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return line.size() >= 3 && std::all_of(line.begin(), line.begin() + 3, is_digit) &&
           (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

Step from_server(State& state, std::string_view in, FieldSink& out) noexcept {
    if (state.tls) return Step::broken(Fault::none);
    const TextLine line = take_line(in, kFtpLineMax, state.skipping[1]);
    if (line.octets == 0) return Step::need_more();
    std::string_view text = line.text;
    if (line.rest_of_long || text.empty()) return Step::consumed(line.octets);
    if (state.size == 0 && !state.greeting_open) {
        state.greeting = out.open();
        state.greeting_open = true;
    }
    const TxId tx = state.greeting_open ? state.greeting : state.front().tx;
    if (line.too_long) out.event(tx, AppEvent::ftp_response_command_too_long);
    const bool coded = is_code(text);
    const bool same = coded && std::equal(state.reply_code.begin(), state.reply_code.end(), text.begin());
    const bool last = coded && (text.size() == 3 || text[3] == ' ') && (!state.in_reply || same);
    if (coded && !state.in_reply) std::copy_n(text.begin(), 3, state.reply_code.begin());
    if (!state.in_reply) state.reply_lines = 0;
    state.in_reply = !last && (coded || state.in_reply);
    const int code = coded ? (text[0] - '0') * 100 + (text[1] - '0') * 10 + text[2] - '0' : 0;
    if (coded && state.reply_lines < kFtpReplyLinesMax) out.put(tx, Field::ftp_completion_code, as_bytes(text.substr(0, 3)));
    if (coded) text.remove_prefix(std::min<std::size_t>(4, text.size()));
    if (state.reply_lines < kFtpReplyLinesMax && !text.empty()) {
        ++state.reply_lines;
        out.put(tx, Field::ftp_reply, as_bytes(text));
    }
    if (last) reply_done(state, tx, code, text, out);
    return Step::consumed(line.octets);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    return direction == Direction::to_server ? from_client(state, as_text(in), out) : from_server(state, as_text(in), out);
}

bool gap(State& state, Direction direction, std::uint64_t, FieldSink&) noexcept {
    state.skipping[static_cast<std::size_t>(direction)] = true;
    return true;
}

void end(State& state, Direction direction, FieldSink& out) noexcept {
    state.ended[static_cast<std::size_t>(direction)] = true;
    if (!state.ended[0] || !state.ended[1]) return;
    if (state.greeting_open) close_tx(state.greeting, out);
    state.greeting_open = false;
    for (; state.size > 0; state.pop()) close_tx(state.front().tx, out);
}

Probe probe(const ProbeInput& input) noexcept {
    const std::string_view client = as_text(input.to_server), server = as_text(input.to_client);
    bool command = false;
    const std::string_view first = client.substr(0, client.find_first_of("\r\n"));
    for (const std::string_view word : {"USER", "PASS", "PORT", "FEAT", "SYST", "AUTH"})
        command = command || (begins_with_word(first, word) && first.size() < client.size());
    const bool port = input.server_port == 21;
    if (server.starts_with("220") || server.starts_with("331")) {
        const std::string_view greeting = server.substr(0, server.find('\n'));
        return command || port || greeting.find("FTP") != std::string_view::npos ? Probe::yes : Probe::no;
    }
    return command && server.empty() && port ? Probe::yes : Probe::no;
}

}  // namespace
}  // namespace ftp

constinit const Parser kFtp =
    make_parser<ftp::State, &ftp::probe, &ftp::parse, &ftp::gap, &ftp::end>(Protocol::ftp, Transport::tcp);

}  // namespace sekisho::app
