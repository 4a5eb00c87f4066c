// FTP data connections: the file itself, in one direction (RFC 959 section 3.4.1, stream mode). Found only by being
// announced on the control connection, which also tells the file's name. Listings are passed over.
#include <algorithm>
#include <array>

#include "app/ftp/ftp.h"
#include "app/make_parser.h"

namespace sekisho::app {
namespace ftp_data {
namespace {

struct State {
    TxId tx = 0;
    bool opened = false;
    bool told = false;        ///< a piece of the file
    bool done = false;
    Direction way = Direction::to_server;
    std::uint8_t command = 0;
    std::uint8_t name_size = 0;
    std::array<std::uint8_t, 255> name;
};

void announced(State& state, const Expected& conversation) noexcept {
    state.command = conversation.command;
    const std::size_t n = std::min(conversation.name.size(), state.name.size());
    std::copy_n(conversation.name.begin(), n, state.name.begin());
    state.name_size = static_cast<std::uint8_t>(n);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (state.command == 0 || state.done) return Step::consumed(in.size());
    if (!state.opened) {
        state.opened = true;
        state.way = direction;
        state.tx = out.open();
        out.fact(state.tx, Fact::ftp_data_command, state.command);
        if (state.name_size != 0) out.put(state.tx, Field::file_name, Bytes(state.name).first(state.name_size));
        for (const Direction d : {Direction::to_server, Direction::to_client}) out.stage(state.tx, d, Stage::headers);
    }
    if (direction != state.way) return Step::consumed(in.size());
    out.body(state.tx, direction, Field::file_data, in, {!state.told, false});
    state.told = true;
    return Step::consumed(in.size());
}

bool gap(State&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }

void end(State& state, Direction direction, FieldSink& out) noexcept {
    if (!state.opened || state.done || direction != state.way) return;
    state.done = true;
    out.body(state.tx, state.way, Field::file_data, {}, {!state.told, true});
    for (const Direction d : {Direction::to_server, Direction::to_client}) out.stage(state.tx, d, Stage::complete);
    out.close(state.tx);
}

Probe probe(const ProbeInput&) noexcept { return Probe::no; }

}  // namespace
}  // namespace ftp_data

constinit const Parser kFtpData =
    make_parser<ftp_data::State, &ftp_data::probe, &ftp_data::parse, &ftp_data::gap, &ftp_data::end, &ftp_data::announced>(
        Protocol::ftp_data, Transport::tcp);

}  // namespace sekisho::app
