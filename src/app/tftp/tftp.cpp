// TFTP (RFC 1350, options of RFC 2347 and 2348): requests, and the file that is transferred. The server answers from a
// port of its own, so the transfer is a conversation that the request announces.
#include "app/tftp/tftp.h"

#include <algorithm>
#include <array>

#include "app/make_parser.h"
#include "app/text_line.h"
#include "sekisho/base/byte_reader.h"
#include "sekisho/base/text.h"

namespace sekisho::app {
namespace tftp {
namespace {

enum Opcode : std::uint16_t { kRead = 1, kWrite = 2, kData = 3, kAck = 4, kError = 5, kOptions = 6 };
constexpr std::size_t kBlock = 512;

struct State {
    TxId tx = 0;
    bool open = false;            ///< a transfer is under way
    bool told = false;            ///< a piece of its file
    std::uint8_t command = 0;
    std::uint8_t name_size = 0;
    std::uint16_t next_block = 1;
    std::uint32_t block_size = kBlock;
    std::array<std::uint8_t, 255> name;
};

/// Text up to NUL, which is cut off with it.
std::string_view take_text(std::string_view& rest) noexcept {
    const auto nul = rest.find('\0');
    const std::string_view text = rest.substr(0, nul);
    rest.remove_prefix(nul == std::string_view::npos ? rest.size() : nul + 1);
    return text;
}

void read_options(State& state, std::string_view rest) noexcept {
    while (!rest.empty()) {
        const std::string_view name = take_text(rest), value = take_text(rest);
        if (!equals_nocase(name, "blksize")) continue;
        if (const auto size = parse_int(value, 8, 65464)) state.block_size = static_cast<std::uint32_t>(*size);
    }
}

void keep_name(State& state, Bytes name) noexcept {
    state.name_size = static_cast<std::uint8_t>(std::min(name.size(), state.name.size()));
    std::copy_n(name.begin(), state.name_size, state.name.begin());
}

void announced(State& state, const Expected& conversation) noexcept {
    state.command = conversation.command;
    keep_name(state, conversation.name);
}

void close_transfer(State& state, Direction direction, FieldSink& out) noexcept {
    if (!state.open) return;
    state.open = false;
    out.body(state.tx, direction, Field::file_data, {}, {!state.told, true});
    for (const Direction d : {Direction::to_server, Direction::to_client}) out.stage(state.tx, d, Stage::complete);
    out.close(state.tx);
}

Step request(State& state, std::uint16_t opcode, std::string_view rest, FieldSink& out) noexcept {
    const std::string_view name = take_text(rest);
    take_text(rest);  // the mode
    const TxId tx = out.open();
    state.command = opcode == kWrite ? 2 : 1;
    state.next_block = 1;
    state.block_size = kBlock;
    keep_name(state, as_bytes(name));
    read_options(state, rest);
    out.fact(tx, Fact::ftp_data_command, state.command);
    out.put(tx, Field::tftp_file, as_bytes(name));
    out.expect({Protocol::tftp, Direction::to_client, 0, as_bytes(name), state.command});
    for (const Direction d : {Direction::to_server, Direction::to_client}) out.stage(tx, d, Stage::complete);
    out.close(tx);
    return Step::consumed(rest.size());
}

void data(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    ByteReader reader(in);
    const std::uint16_t block = reader.u16();
    if (!reader.ok() || block != state.next_block) return;  // sent once more
    ++state.next_block;
    if (!state.open) {
        state.open = true;
        state.told = false;
        state.tx = out.open();
        out.fact(state.tx, Fact::ftp_data_command, state.command);
        if (state.name_size != 0) out.put(state.tx, Field::file_name, Bytes(state.name).first(state.name_size));
        for (const Direction d : {Direction::to_server, Direction::to_client}) out.stage(state.tx, d, Stage::headers);
    }
    const Bytes piece = reader.rest();
    if (!piece.empty()) out.body(state.tx, direction, Field::file_data, piece, {!state.told, false});
    state.told = state.told || !piece.empty();
    if (piece.size() < state.block_size) close_transfer(state, direction, out);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    ByteReader reader(in);
    const std::uint16_t opcode = reader.u16();
    if (!reader.ok()) return Step::broken(Fault::bad_length);
    switch (opcode) {
        case kRead:
        case kWrite: request(state, opcode, as_text(reader.rest()), out); break;
        case kData: data(state, direction, reader.rest(), out); break;
        case kOptions: read_options(state, as_text(reader.rest())); break;
        case kAck:
        case kError: break;
        default: return Step::broken(Fault::bad_syntax);
    }
    return Step::consumed(in.size());
}

bool gap(State&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }

void end(State& state, Direction direction, FieldSink& out) noexcept { close_transfer(state, direction, out); }

// Read or write request: name and mode end with NUL (RFC 1350 section 5).
Probe probe(const ProbeInput& input) noexcept {
    const std::string_view in = as_text(input.to_server);
    if (in.size() < 6 || in[0] != '\0' || (in[1] != 1 && in[1] != 2)) return Probe::no;
    const auto nul = in.find('\0', 2);
    if (nul == std::string_view::npos) return Probe::no;
    for (const std::string_view mode : {"octet", "netascii", "mail"})
        if (starts_with_nocase(in.substr(nul + 1), mode)) return Probe::yes;
    return Probe::no;
}

}  // namespace
}  // namespace tftp

constinit const Parser kTftp = make_parser<tftp::State, &tftp::probe, &tftp::parse, &tftp::gap, &tftp::end, &tftp::announced>(
    Protocol::tftp, Transport::udp);

}  // namespace sekisho::app
