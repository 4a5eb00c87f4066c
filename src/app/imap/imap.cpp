// IMAP (RFC 9051, RFC 3501): mails that the server sends (FETCH, whole, by parts, and either in pieces) and that the client
// stores (APPEND). Of the language only lines and literals are read: "{123}" at a line's end says that so many octets
// follow. A part comes without its head: that is BODY[2.MIME] before it, or what BODYSTRUCTURE said (structure.h), or
// unknown.
#include "app/imap/imap.h"

#include <algorithm>
#include <optional>

#include "app/imap/section.h"
#include "app/imap/structure.h"
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
    bool goes_on = false;         ///< more of the mail may follow in other literals
    bool mail_open = false;
    Kind kind = Kind::none;       ///< of the open mail: what its last literal was
    Section section;
    std::uint32_t message = 0;    ///< its number in the mail box
    std::uint64_t left = 0;       ///< of the literal
    std::uint64_t octets = 0;     ///< of the present kind
    TxId tx = 0;
    mime::Mime mail;
};

struct State {
    Side side[2];
    Structures structures;
    std::uint32_t message = 0;    ///< of the FETCH response being read
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

void finish_mail(Side& side, FieldSink& out) noexcept {
    if (!side.mail_open) return;
    side.mail_open = false;
    side.mail.finish(side.tx, out);
    for (const Direction d : {Direction::to_server, Direction::to_client}) out.stage(side.tx, d, Stage::complete);
    out.close(side.tx);
}

/// Whether the literal goes on with the mail that is open: the next piece of the same, or what a head is followed by.
bool continues(const Side& side, const Item& item, std::uint32_t message) noexcept {
    if (!side.mail_open || message != side.message || !(item.section == side.section)) return false;
    if (item.kind == side.kind) return item.partial && item.origin != 0 && item.origin == side.octets;
    const bool behind_head = (side.kind == Kind::header && item.kind == Kind::text) || (side.kind == Kind::mime && item.kind == Kind::part);
    return behind_head && item.origin == 0;
}

/// A piece from the middle of a mail is read as if it began one: that says nothing of the mail.
Protocol tells_of(const Item& item) noexcept { return item.origin == 0 ? Protocol::imap : Protocol::unknown; }

/// A part whose head was not sent.
void start_part(Side& side, Direction direction, const Item& item, const Leaf* leaf, FieldSink& out) noexcept {
    if (leaf != nullptr && leaf->is_mail && leaf->coding == mime::Coding::identity) return side.mail.start_entity(direction, tells_of(item));
    mime::Part part;
    if (item.kind == Kind::binary) part.coding = mime::Coding::identity;
    else if (leaf != nullptr) part.coding = leaf->coding;
    if (leaf != nullptr) {
        part.name = {leaf->name.data(), leaf->name_size};
        part.is_text = leaf->is_text;
    }
    side.mail.start_part(side.tx, direction, part, out);
}

void start_mail(Side& side, Direction direction, const Item& item, const Leaf* leaf, FieldSink& out) noexcept {
    side.mail_open = true;
    side.section = item.section;
    side.tx = out.open();
    const bool own = item.section.view().empty();
    const Protocol tells = tells_of(item);
    switch (item.kind) {
        case Kind::none: break;
        case Kind::mail:
        case Kind::header: own ? side.mail.start(direction, tells) : side.mail.start_entity(direction, tells); break;
        case Kind::mime: side.mail.start_entity(direction, tells); break;
        case Kind::text: side.mail.start_body(direction); break;
        case Kind::part:
        case Kind::binary: start_part(side, direction, item, leaf, out); break;
    }
    out.stage(side.tx, direction, Stage::line);
}

void begin_literal(Side& side, Direction direction, std::uint64_t octets, const Item& item, std::uint32_t message, const Leaf* leaf,
                   FieldSink& out) noexcept {
    side.in_literal = octets != 0;
    side.left = octets;
    side.to_mail = item.kind != Kind::none;
    if (!side.to_mail) return;
    const bool is_head = item.kind == Kind::header || item.kind == Kind::mime;
    side.goes_on = item.partial || is_head;
    if (!continues(side, item, message)) {
        finish_mail(side, out);
        start_mail(side, direction, item, leaf, out);
        side.octets = item.origin;
    } else if (side.kind != item.kind) {
        side.octets = 0;
    }
    side.kind = item.kind;
    side.message = message;
    if (octets == 0 && !side.goes_on) finish_mail(side, out);
}

Step literal(Side& side, std::string_view in, FieldSink& out) noexcept {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(side.left, in.size()));
    if (side.to_mail) side.mail.write(side.tx, as_bytes(in.substr(0, size)), out);
    side.octets += size;
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
    Item item;
    if (begins_with_word(rest, "APPEND")) item.kind = Kind::mail;
    begin_literal(state.side[0], Direction::to_server, literal->octets, item, 0, nullptr, out);
}

/// "* 5 FETCH (...", "* 5 EXPUNGE".
void untagged(State& state, std::string_view line) noexcept {
    state.message = 0;
    const std::string_view digits = line.substr(0, line.find(' '));
    const auto number = digits.size() < 11 ? parse_int(digits, 1, UINT32_MAX) : std::nullopt;
    if (!number) return;
    const std::string_view word = argument_of(line);
    if (begins_with_word(word, "FETCH")) state.message = static_cast<std::uint32_t>(*number);
    if (begins_with_word(word, "EXPUNGE")) state.structures.forget();
}

void server_line(State& state, std::string_view line, FieldSink& out) noexcept {
    const std::string_view tag(state.tag.data(), state.tag_size);
    if ((state.start_tls_sent || state.compress_sent) && !tag.empty() && line.starts_with(tag) && line.substr(tag.size()).starts_with(' ')) {
        const bool good = begins_with_word(argument_of(line), "OK");
        state.tls = state.start_tls_sent && good;
        state.compressed = state.compress_sent && good;
        state.start_tls_sent = state.compress_sent = false;
    }
    if (line.starts_with("* ")) untagged(state, line.substr(2));
    // A tagged line ends what a command asked for. Pieces go on in the next command.
    Side& side = state.side[1];
    const bool tagged = !line.empty() && std::string_view("*+ )(").find(line.front()) == std::string_view::npos;
    if (tagged && (side.kind == Kind::header || side.kind == Kind::mime)) finish_mail(side, out);
    state.structures.read(state.message, line);
    const auto literal = literal_of(line);
    if (!literal) return;
    const Item item = fetched_item(literal->before);
    const bool is_part = item.kind == Kind::part || item.kind == Kind::binary;
    begin_literal(side, Direction::to_client, literal->octets, item, state.message,
                  is_part ? state.structures.find(state.message, item.section) : nullptr, out);
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
    side.octets += octets;
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
