// POP3 (RFC 1939, STLS of RFC 2595): the mails that RETR and TOP fetch, each a transaction.
#include "app/pop3/pop3.h"

#include "app/dotted_text.h"
#include "app/make_parser.h"
#include "app/mime/mime.h"
#include "app/text_line.h"

namespace sekisho::app {
namespace pop3 {
namespace {

enum class Command : std::uint8_t { other, fetch, start_tls };

constexpr std::size_t kPipelineMax = 64;   // beyond: the oldest is forgotten

struct State {
    std::array<Command, kPipelineMax> pending{};
    std::uint8_t head = 0, size = 0;
    bool skipping[2] = {false, false};
    bool ended[2] = {false, false};
    bool greeted = false;
    bool start_tls_sent = false;
    bool tls = false;
    bool in_mail = false;
    bool line_start = true;
    TxId tx = 0;
    mime::Mime mail;

    void push(Command command) noexcept {
        if (size == kPipelineMax) pop();
        pending[(head + size++) % kPipelineMax] = command;
    }
    Command pop() noexcept {
        const Command oldest = pending[head];
        head = static_cast<std::uint8_t>((head + 1u) % kPipelineMax);
        --size;
        return oldest;
    }
};

void finish_mail(State& state, FieldSink& out) noexcept {
    if (!state.in_mail) return;
    state.in_mail = false;
    state.mail.finish(state.tx, out);
    for (const Direction d : {Direction::to_server, Direction::to_client}) out.stage(state.tx, d, Stage::complete);
    out.close(state.tx);
}

void begin_mail(State& state, FieldSink& out) noexcept {
    state.in_mail = state.line_start = true;
    state.tx = out.open();
    state.mail.start(Direction::to_client, Protocol::pop3);
    out.stage(state.tx, Direction::to_client, Stage::line);
}

Step from_client(State& state, std::string_view in) noexcept {
    if (state.tls || (state.start_tls_sent && !state.skipping[0] && in[0] == kTlsHandshake)) return Step::broken(Fault::none);
    const TextLine line = take_line(in, kMailLineMax, state.skipping[0]);
    if (line.octets == 0) return Step::need_more();
    if (line.rest_of_long) return Step::consumed(line.octets);
    const bool fetch = begins_with_word(line.text, "RETR") || begins_with_word(line.text, "TOP");
    const bool tls = begins_with_word(line.text, "STLS");
    state.start_tls_sent = state.start_tls_sent || tls;
    state.push(fetch ? Command::fetch : tls ? Command::start_tls : Command::other);
    return Step::consumed(line.octets);
}

Step from_server(State& state, std::string_view in, FieldSink& out) noexcept {
    if (state.tls) return Step::broken(Fault::none);
    if (state.in_mail) {
        const auto write = [&](std::string_view piece) noexcept { state.mail.write(state.tx, as_bytes(piece), out); };
        const DottedStep step = read_dotted(in, state.line_start, write, []() noexcept {});
        if (step.done) finish_mail(state, out);
        return step.octets == 0 ? Step::need_more() : Step::consumed(step.octets);
    }
    const TextLine line = take_line(in, kMailLineMax, state.skipping[1]);
    if (line.octets == 0) return Step::need_more();
    if (line.rest_of_long) return Step::consumed(line.octets);
    // Lines of a listing begin otherwise.
    const bool good = begins_with_word(line.text, "+OK");
    if (!good && !begins_with_word(line.text, "-ERR") && !line.text.starts_with("+ ")) return Step::consumed(line.octets);
    if (!state.greeted) {
        state.greeted = true;
        return Step::consumed(line.octets);
    }
    const Command command = state.size != 0 ? state.pop() : Command::other;
    if (command == Command::fetch && good) begin_mail(state, out);
    if (command == Command::start_tls) {
        state.tls = good;
        state.start_tls_sent = false;
    }
    return Step::consumed(line.octets);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    return direction == Direction::to_server ? from_client(state, as_text(in)) : from_server(state, as_text(in), out);
}

bool gap(State& state, Direction direction, std::uint64_t, FieldSink&) noexcept {
    if (direction == Direction::to_client && state.in_mail) state.line_start = false;
    else state.skipping[static_cast<std::size_t>(direction)] = true;
    return true;
}

void end(State& state, Direction direction, FieldSink& out) noexcept {
    if (direction == Direction::to_client) finish_mail(state, out);
}

Probe probe(const ProbeInput& input) noexcept {
    const std::string_view client = as_text(input.to_server), server = as_text(input.to_client);
    if (!server.starts_with("+OK")) return Probe::no;
    if (client.empty()) return Probe::yes;
    const std::string_view first = client.substr(0, client.find_first_of("\r\n"));
    for (const std::string_view word : {"USER", "APOP", "CAPA", "AUTH", "STLS", "QUIT"})
        if (begins_with_word(first, word)) return Probe::yes;
    return Probe::no;
}

}  // namespace
}  // namespace pop3

constinit const Parser kPop3 =
    make_parser<pop3::State, &pop3::probe, &pop3::parse, &pop3::gap, &pop3::end>(Protocol::pop3, Transport::tcp);

}  // namespace sekisho::app
