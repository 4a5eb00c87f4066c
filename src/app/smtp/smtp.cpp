// SMTP (RFC 5321) with pipelining (RFC 2920), STARTTLS (RFC 3207) and BDAT (RFC 3030): envelope, replies, and the mail
// itself, which goes to mime/. A transaction is one mail, with the commands before it.
//
// DATA: what follows is taken for the mail at once, without waiting for the server's 354, because a client may not wait
// either; a refusal that comes before any of it takes that back.
#include "app/smtp/smtp.h"

#include <algorithm>

#include "app/dotted_text.h"
#include "app/make_parser.h"
#include "app/smtp/state.h"
#include "app/text_line.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/frame.h"
#include "sekisho/base/text.h"

namespace sekisho::app {
namespace smtp {
namespace {

void open_tx(State& state, FieldSink& out) noexcept {
    if (state.open) return;
    state.tx = out.open();
    state.open = state.any_tx = true;
    state.mail_begun = false;
    state.recipients = 0;
    if (state.helo_size != 0) out.put(state.tx, Field::smtp_helo, as_bytes({state.helo.data(), state.helo_size}));
}

void close_tx(TxId tx, FieldSink& out) noexcept {
    out.stage(tx, Direction::to_server, Stage::complete);
    out.stage(tx, Direction::to_client, Stage::complete);
    out.close(tx);
}

/// A reply came, or never will: the transaction may have waited for it alone.
void settle_pending(State& state, const Pending& pending, FieldSink& out) noexcept {
    const bool present = state.open && state.tx == pending.tx;
    if (pending.tx != kNoTx && !present && !state.pipeline.holds(pending.tx)) close_tx(pending.tx, out);
}

/// Remembers a command until its reply comes. The oldest gives way when there are too many.
void await_reply(State& state, Command command, FieldSink& out) noexcept {
    if (state.pipeline.full()) settle_pending(state, state.pipeline.pop(), out);
    state.pipeline.push({command, state.open ? state.tx : kNoTx});
}

/// The present transaction takes no more commands; it is closed when nothing of it waits for a reply.
void leave_tx(State& state, FieldSink& out) noexcept {
    if (!state.open) return;
    state.open = false;
    if (!state.pipeline.holds(state.tx)) close_tx(state.tx, out);
}

Command command_of(std::string_view line) noexcept {
    struct Word {
        std::string_view word;
        Command command;
    };
    constexpr Word kWords[] = {{"HELO", Command::hello}, {"EHLO", Command::hello},    {"LHLO", Command::hello},
                               {"MAIL", Command::mail},  {"DATA", Command::data},     {"BDAT", Command::bdat},
                               {"RSET", Command::reset}, {"STARTTLS", Command::start_tls}, {"QUIT", Command::quit}};
    for (const Word& known : kWords)
        if (begins_with_word(line, known.word)) return known.command;
    return Command::other;
}

/// The path of "MAIL FROM:<a@b> SIZE=1", as it stands, brackets and all.
std::string_view path_of(std::string_view line) noexcept {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return {};
    line = trim(line.substr(colon + 1));
    const auto close = line.starts_with('<') ? line.find('>') : std::string_view::npos;
    return close != std::string_view::npos ? line.substr(0, close + 1) : line.substr(0, line.find_first_of(" \t"));
}

void begin_mail(State& state, FieldSink& out) noexcept {
    if (state.mail.active()) return;
    state.mail.start(Direction::to_server, Protocol::smtp);
    out.stage(state.tx, Direction::to_server, Stage::line);
}

void end_mail(State& state, FieldSink& out) noexcept {
    state.mail.finish(state.tx, out);
    state.mode = Mode::command;
    out.stage(state.tx, Direction::to_server, Stage::complete);
}

void bdat(State& state, std::string_view line, FieldSink& out) noexcept {
    std::string_view rest = argument_of(line);
    const std::string_view digits = rest.substr(0, rest.find(' '));
    const auto size = parse_int(digits.substr(0, 19), 0, INT64_MAX);
    const bool number = size && digits.size() < 19 && !digits.starts_with("0x");
    state.chunk_last = equals_nocase(argument_of(rest), "LAST");
    await_reply(state, Command::bdat, out);
    if (!number) return out.event(state.tx, AppEvent::smtp_bdat_chunk_len_exceeded);
    begin_mail(state, out);
    state.chunk_left = static_cast<std::uint64_t>(*size);
    if (state.chunk_left != 0) state.mode = Mode::chunk;
    else if (state.chunk_last) {
        end_mail(state, out);
        leave_tx(state, out);
    }
}

/// A new HELO or RSET gives up what was begun.
void give_up_mail(State& state, FieldSink& out) noexcept {
    if (!state.open || !state.mail_begun) return;
    state.mail.finish(state.tx, out);
    leave_tx(state, out);
}

void put_recipient(State& state, std::string_view line, FieldSink& out) noexcept {
    if (state.recipients == kSmtpRecipientsMax) return;
    ++state.recipients;
    out.put(state.tx, Field::smtp_rcpt_to, as_bytes(path_of(line)));
}

void command_line(State& state, const TextLine& line, FieldSink& out) noexcept {
    const Command command = command_of(line.text);
    if (command == Command::hello || command == Command::reset) give_up_mail(state, out);
    // What ends a session does not begin a new transaction behind a mail.
    const bool tidies_up = command == Command::reset || command == Command::quit;
    if (tidies_up && !state.open && state.any_tx && !line.too_long) return await_reply(state, command, out);
    open_tx(state, out);
    if (line.too_long) out.event(state.tx, AppEvent::smtp_max_command_line_len_exceeded);
    switch (command) {
        case Command::hello: {
            const std::string_view name = argument_of(line.text);
            state.helo_size = static_cast<std::uint8_t>(std::min(name.size(), state.helo.size()));
            std::copy_n(name.begin(), state.helo_size, state.helo.begin());
            out.put(state.tx, Field::smtp_helo, as_bytes(name));
            break;
        }
        case Command::mail:
            state.mail_begun = true;
            out.put(state.tx, Field::smtp_mail_from, as_bytes(path_of(line.text)));
            break;
        case Command::data:
            begin_mail(state, out);
            state.mode = Mode::data;
            state.data_begun = false;
            state.line_start = true;
            break;
        case Command::bdat: return bdat(state, line.text, out);
        case Command::start_tls: state.start_tls_sent = true; break;
        default:
            if (begins_with_word(line.text, "RCPT")) put_recipient(state, line.text, out);
            break;
    }
    if (!state.mail.active()) out.stage(state.tx, Direction::to_server, Stage::line);
    await_reply(state, command, out);
}

Step data(State& state, std::string_view in, FieldSink& out) noexcept {
    if (!state.data_begun) out.frame(Direction::to_server, Field::frame_smtp_data, as_bytes(in), kFrameOpen);
    state.data_begun = true;
    const auto write = [&](std::string_view piece) noexcept { state.mail.write(state.tx, as_bytes(piece), out); };
    const DottedStep step = read_dotted(in, state.line_start, write, [&]() noexcept { state.mail.may_end(state.tx, out); });
    if (step.done) {
        await_reply(state, Command::end_of_data, out);
        out.frame_ends(Direction::to_server, Field::frame_smtp_data);
        end_mail(state, out);
        leave_tx(state, out);
    }
    return step.octets == 0 ? Step::need_more() : Step::consumed(step.octets);
}

Step chunk(State& state, std::string_view in, FieldSink& out) noexcept {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(state.chunk_left, in.size()));
    state.mail.write(state.tx, as_bytes(in.substr(0, size)), out);
    state.chunk_left -= size;
    if (state.chunk_left != 0) return Step::consumed(size);
    state.mode = Mode::command;
    if (state.chunk_last) {
        end_mail(state, out);
        leave_tx(state, out);
    }
    return Step::consumed(size);
}

Step from_client(State& state, std::string_view in, FieldSink& out) noexcept {
    if (state.tls) return Step::broken(Fault::none);
    if (state.mode == Mode::data) return data(state, in, out);
    if (state.mode == Mode::chunk) return chunk(state, in, out);
    if (state.start_tls_sent && !state.skipping[0] && in[0] == kTlsHandshake) return Step::broken(Fault::none);
    const TextLine line = take_line(in, kSmtpLineMax, state.skipping[0]);
    if (line.octets == 0) return Step::need_more();
    if (!line.rest_of_long) {
        command_line(state, line, out);
        out.frame(Direction::to_server, Field::frame_smtp_command_line, as_bytes(in), line.octets);
    }
    return Step::consumed(line.octets);
}

void reply_done(State& state, int code, FieldSink& out) noexcept {
    if (state.pipeline.empty()) {
        const bool greeting = !state.greeted;
        state.greeted = true;
        if (greeting || code == 421) return;
        open_tx(state, out);
        return out.event(state.tx, AppEvent::smtp_unable_to_match_reply_with_request);
    }
    const Pending answered = state.pipeline.pop();
    state.greeted = true;
    switch (answered.command) {
        case Command::data:
            if (code / 100 == 3) break;
            if (answered.tx != kNoTx) out.event(answered.tx, AppEvent::smtp_data_command_rejected);
            if (state.mode == Mode::data && !state.data_begun) state.mode = Mode::command;
            break;
        case Command::start_tls:
            state.start_tls_sent = false;
            state.tls = code == 220;
            if (!state.tls && answered.tx != kNoTx) out.event(answered.tx, AppEvent::smtp_tls_rejected);
            break;
        default: break;
    }
    settle_pending(state, answered, out);
}

Step from_server(State& state, std::string_view in, FieldSink& out) noexcept {
    if (state.tls) return Step::broken(Fault::none);
    const TextLine line = take_line(in, kSmtpLineMax, state.skipping[1]);
    if (line.octets == 0) return Step::need_more();
    if (line.rest_of_long) return Step::consumed(line.octets);
    out.frame(Direction::to_client, Field::frame_smtp_response_line, as_bytes(in), line.octets);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const std::string_view text = line.text;
    const bool numbered = text.size() >= 3 && std::all_of(text.begin(), text.begin() + 3, is_digit) &&
                          (text.size() == 3 || text[3] == ' ' || text[3] == '-');
    if (line.too_long || !numbered) {
        open_tx(state, out);
        out.event(state.tx, line.too_long ? AppEvent::smtp_max_reply_line_len_exceeded : AppEvent::smtp_invalid_reply);
    }
    if (numbered && (text.size() == 3 || text[3] == ' '))
        reply_done(state, (text[0] - '0') * 100 + (text[1] - '0') * 10 + text[2] - '0', out);
    return Step::consumed(line.octets);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    const std::string_view text = as_text(in);
    return direction == Direction::to_server ? from_client(state, text, out) : from_server(state, text, out);
}

bool gap(State& state, Direction direction, std::uint64_t octets, FieldSink& out) noexcept {
    if (state.tls) return true;
    if (direction == Direction::to_client) {
        state.skipping[1] = true;
        return true;
    }
    switch (state.mode) {
        case Mode::command: state.skipping[0] = true; break;
        case Mode::data: state.line_start = false; break;
        case Mode::chunk:
            state.chunk_left -= std::min(state.chunk_left, octets);
            if (state.chunk_left == 0) {
                state.mode = Mode::command;
                if (state.chunk_last) {
                    end_mail(state, out);
                    leave_tx(state, out);
                }
            }
            break;
    }
    return true;
}

void end(State& state, Direction direction, FieldSink& out) noexcept {
    state.ended[static_cast<std::size_t>(direction)] = true;
    if (direction == Direction::to_server && state.open) state.mail.finish(state.tx, out);
    if (!state.ended[0] || !state.ended[1]) return;
    while (!state.pipeline.empty()) settle_pending(state, state.pipeline.pop(), out);
    leave_tx(state, out);
}

// "220 host ESMTP" and "220 FTP server ready" start alike: words and the client's first command decide.
Probe probe(const ProbeInput& input) noexcept {
    const std::string_view client = as_text(input.to_server), server = as_text(input.to_client);
    for (const std::string_view word : {"EHLO", "HELO", "LHLO"})
        if (begins_with_word(client.substr(0, client.find('\r')), word)) return Probe::yes;
    if (!server.starts_with("220")) return Probe::no;
    const std::string_view greeting = server.substr(0, server.find('\n'));
    if (greeting.find("SMTP") != std::string_view::npos) return Probe::yes;
    const bool port = input.server_port == 25 || input.server_port == 465 || input.server_port == 587;
    return port ? Probe::yes : Probe::no;
}

}  // namespace
}  // namespace smtp

constinit const Parser kSmtp =
    make_parser<smtp::State, &smtp::probe, &smtp::parse, &smtp::gap, &smtp::end>(Protocol::smtp, Transport::tcp);

}  // namespace sekisho::app
