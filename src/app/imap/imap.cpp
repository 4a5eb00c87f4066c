// IMAP (RFC 9051, RFC 3501): mails that the server sends (FETCH of BODY[] or RFC822, in pieces too) and that the client
// stores (APPEND). Of the language only lines and literals are read: "{123}" at a line's end says that so many octets
// follow. Parts that are fetched one by one (BODY[2]) come without their head and are passed over.
#include "app/imap/imap.h"

#include <algorithm>
#include <optional>

#include "app/make_parser.h"
#include "app/mime/mime.h"
#include "app/text_line.h"
#include "sekisho/base/text.h"

namespace sekisho::app {
namespace imap {
namespace {

struct Side {
    bool skipping = false;
    bool ended = false;
    bool in_literal = false;
    bool to_mail = false;         ///< the literal is (a piece of) a mail
    bool goes_on = false;         ///< more pieces of the mail may follow
    bool mail_open = false;
    std::uint64_t left = 0;       ///< of the literal
    std::uint64_t mail_octets = 0;
    TxId tx = 0;
    mime::Mime mail;
};

struct State {
    Side side[2];
    bool tls = false;
    bool start_tls_sent = false;
    bool compress_sent = false;
    bool compressed = false;
    std::uint8_t tag_size = 0;
    std::array<char, 16> tag{};   ///< of the STARTTLS or COMPRESS command
};

struct Literal {
    std::uint64_t octets = 0;
    std::string_view before;   ///< the line in front of it
};

/// "{123}", "{123+}" or "~{123}" at the end of the line (RFC 9051 section 4.3).
std::optional<Literal> literal_of(std::string_view line) noexcept {
    if (!line.ends_with('}')) return std::nullopt;
    const auto open = line.rfind('{');
    if (open == std::string_view::npos) return std::nullopt;
    std::string_view digits = line.substr(open + 1, line.size() - open - 2);
    if (digits.ends_with('+')) digits.remove_suffix(1);
    if (digits.empty() || digits.size() > 12) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return Literal{value, line.substr(0, open)};
}

struct MailPiece {
    bool is_mail = false;
    bool partial = false;
    std::uint64_t origin = 0;   ///< partial: where in the mail it begins
};

/// What a FETCH response says of the literal behind it: "... BODY[] ", "... BODY[]<4096> ", "... RFC822 ".
MailPiece fetched(std::string_view before) noexcept {
    before = trim(before);
    if (before.ends_with('~')) before = trim(before.substr(0, before.size() - 1));
    MailPiece piece;
    if (before.ends_with('>')) {
        const auto open = before.rfind('<');
        if (open == std::string_view::npos) return piece;
        const auto origin = parse_int(before.substr(open + 1, before.size() - open - 2), 0, INT64_MAX);
        if (!origin) return piece;
        piece.partial = true;
        piece.origin = static_cast<std::uint64_t>(*origin);
        before = before.substr(0, open);
    }
    for (const std::string_view item : {"BODY[]", "BODY[HEADER]", "RFC822", "RFC822.HEADER"})
        if (before.size() >= item.size() && equals_nocase(before.substr(before.size() - item.size()), item)) piece.is_mail = true;
    return piece;
}

void finish_mail(Side& side, FieldSink& out) noexcept {
    if (!side.mail_open) return;
    side.mail_open = false;
    side.mail.finish(side.tx, out);
    for (const Direction d : {Direction::to_server, Direction::to_client}) out.stage(side.tx, d, Stage::complete);
    out.close(side.tx);
}

void begin_literal(Side& side, Direction direction, const Literal& literal, const MailPiece& piece, FieldSink& out) noexcept {
    side.in_literal = literal.octets != 0;
    side.left = literal.octets;
    side.to_mail = piece.is_mail;
    if (!piece.is_mail) return;
    side.goes_on = piece.partial;
    const bool same_mail = side.mail_open && piece.partial && piece.origin != 0 && piece.origin == side.mail_octets;
    if (same_mail) return;
    finish_mail(side, out);
    side.mail_open = true;
    side.mail_octets = piece.origin;
    side.tx = out.open();
    side.mail.start(direction, false);
    out.stage(side.tx, direction, Stage::line);
    if (literal.octets == 0 && !side.goes_on) finish_mail(side, out);
}

Step literal(Side& side, std::string_view in, FieldSink& out) noexcept {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(side.left, in.size()));
    if (side.to_mail) side.mail.write(side.tx, as_bytes(in.substr(0, size)), out);
    side.mail_octets += size;
    side.left -= size;
    if (side.left == 0) {
        side.in_literal = false;
        if (side.to_mail && !side.goes_on) finish_mail(side, out);
    }
    return Step::consumed(size);
}

void client_line(State& state, std::string_view line, FieldSink& out) noexcept {
    const std::string_view rest = argument_of(line);
    const bool tls = begins_with_word(rest, "STARTTLS"), compress = begins_with_word(rest, "COMPRESS");
    if (tls || compress) {
        (tls ? state.start_tls_sent : state.compress_sent) = true;
        const std::string_view tag = line.substr(0, std::min(line.find(' '), state.tag.size()));
        state.tag_size = static_cast<std::uint8_t>(tag.size());
        std::copy(tag.begin(), tag.end(), state.tag.begin());
    }
    const auto literal = literal_of(line);
    if (!literal) return;
    begin_literal(state.side[0], Direction::to_server, *literal, {begins_with_word(rest, "APPEND"), false, 0}, out);
}

void server_line(State& state, std::string_view line, FieldSink& out) noexcept {
    const std::string_view tag(state.tag.data(), state.tag_size);
    if ((state.start_tls_sent || state.compress_sent) && !tag.empty() && line.starts_with(tag) && line.substr(tag.size()).starts_with(' ')) {
        const bool good = begins_with_word(argument_of(line), "OK");
        state.tls = state.start_tls_sent && good;
        state.compressed = state.compress_sent && good;
        state.start_tls_sent = state.compress_sent = false;
    }
    if (const auto literal = literal_of(line)) begin_literal(state.side[1], Direction::to_client, *literal, fetched(literal->before), out);
}

Step parse(State& state, Direction direction, Bytes bytes, FieldSink& out) noexcept {
    const std::string_view in = as_text(bytes);
    const bool client = direction == Direction::to_server;
    if (state.tls) return Step::broken(Fault::none);
    if (state.compressed) return Step::broken(Fault::compression);   // RFC 4978
    Side& side = state.side[static_cast<std::size_t>(direction)];
    if (side.in_literal) return literal(side, in, out);
    if (client && state.start_tls_sent && !side.skipping && in[0] == kTlsHandshake) return Step::broken(Fault::none);
    const TextLine line = take_line(in, kMailLineMax, side.skipping);
    if (line.octets == 0) return Step::need_more();
    if (!line.rest_of_long && client) client_line(state, line.text, out);
    if (!line.rest_of_long && !client) server_line(state, line.text, out);
    return Step::consumed(line.octets);
}

bool gap(State& state, Direction direction, std::uint64_t octets, FieldSink& out) noexcept {
    Side& side = state.side[static_cast<std::size_t>(direction)];
    if (!side.in_literal || octets >= side.left) {
        side.skipping = true;
        side.in_literal = false;
        finish_mail(side, out);
        return true;
    }
    side.left -= octets;
    side.mail_octets += octets;
    return true;
}

void end(State& state, Direction direction, FieldSink& out) noexcept {
    finish_mail(state.side[static_cast<std::size_t>(direction)], out);
}

Probe probe(const ProbeInput& input) noexcept {
    const std::string_view client = as_text(input.to_server), server = as_text(input.to_client);
    for (const std::string_view greeting : {"* OK", "* PREAUTH", "* BYE"})
        if (starts_with_nocase(server, greeting)) return Probe::yes;
    const std::string_view line = client.substr(0, client.find_first_of("\r\n"));
    const auto space = line.find(' ');
    if (space == std::string_view::npos || space > 8) return Probe::no;
    for (const std::string_view word : {"LOGIN", "CAPABILITY", "STARTTLS", "AUTHENTICATE"})
        if (begins_with_word(line.substr(space + 1), word)) return Probe::yes;
    return Probe::no;
}

}  // namespace
}  // namespace imap

constinit const Parser kImap =
    make_parser<imap::State, &imap::probe, &imap::parse, &imap::gap, &imap::end>(Protocol::imap, Transport::tcp);

}  // namespace sekisho::app
