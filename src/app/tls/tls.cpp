// TLS 1.0 to 1.3 handshakes in the clear (RFC 8446, 5246), SSL 3.0, and SSL 2.0 hellos (RFC 5246 appendix E.2).
// One transaction per connection. A handshake message may span any number of records: the records wait in the
// caller's window until the message is whole, and are joined on the stack. Once a direction is encrypted its
// bytes are passed over. Nothing is decrypted.
#include "app/tls/tls.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "app/make_parser.h"
#include "app/tls/hello.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/frame.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/tls_words.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app {
namespace {

constexpr std::uint8_t kChangeCipherSpec = 20;
constexpr std::uint8_t kAlert = 21;
constexpr std::uint8_t kHandshake = 22;
constexpr std::uint8_t kApplicationData = 23;
constexpr std::uint8_t kHeartbeat = 24;
constexpr std::size_t kRecordHeader = 5;
constexpr std::size_t kMessageHeader = 4;

constexpr std::uint8_t kClientHello = 1;
constexpr std::uint8_t kServerHello = 2;
constexpr std::uint8_t kCertificate = 11;
constexpr std::uint8_t kServerKeyExchange = 12;
constexpr std::uint8_t kServerHelloDone = 14;
constexpr std::uint8_t kClientKeyExchange = 16;
constexpr std::uint8_t kLastMessageType = 25;
constexpr std::uint8_t kMessageHash = 254;
constexpr bool is_message_type(std::uint8_t type) noexcept { return type <= kLastMessageType || type == kMessageHash; }
constexpr std::uint16_t kTls13 = 0x0304;

// How far the run of handshake records at the start of the window has been looked at.
struct Run {
    std::size_t at = 0;            ///< behind the last whole record of the run
    std::size_t payload = 0;       ///< handshake octets in it
    std::size_t message_left = 0;  ///< of the message that is not whole yet
    std::uint32_t header = 0;      ///< its first octets
    std::uint8_t header_size = 0;
    bool unknown_type = false;     ///< a message begins that is none: nothing behind it can be read

    bool at_message_end() const noexcept { return header_size == 0 && message_left == 0; }

    void walk(Bytes octets) noexcept {
        payload += octets.size();
        while (!octets.empty()) {
            if (message_left != 0) {
                const std::size_t n = std::min(message_left, octets.size());
                message_left -= n;
                octets = octets.subspan(n);
                continue;
            }
            header = header << 8 | octets[0];
            octets = octets.subspan(1);
            if (++header_size < kMessageHeader) continue;
            message_left = header & 0xffffff;
            header_size = 0;
            unknown_type |= !is_message_type(static_cast<std::uint8_t>(header >> 24));
        }
    }
};

struct Side {
    Run run;
    bool passed_over = false;  ///< encrypted or given up: bytes are consumed unseen
    bool headers_told = false;
    bool complete = false;
};

struct State {
    Side sides[2];
    TxId tx = 0;
    std::uint16_t version = 0;
    std::uint8_t said = 0;  ///< Fact::tls_state
    bool opened = false;
    bool closed = false;
};

Side& side_of(State& state, Direction direction) noexcept { return state.sides[static_cast<std::size_t>(direction)]; }

TxId transaction(State& state, FieldSink& out) noexcept {
    if (!state.opened) {
        state.tx = out.open();
        state.opened = true;
    }
    return state.tx;
}

void tell_headers(State& state, Direction direction, FieldSink& out) noexcept {
    Side& side = side_of(state, direction);
    if (side.headers_told) return;
    side.headers_told = true;
    out.stage(transaction(state, out), direction, Stage::headers);
}

// Nothing of this direction will be read any more.
void complete(State& state, Direction direction, FieldSink& out) noexcept {
    Side& side = side_of(state, direction);
    side.passed_over = true;
    if (side.complete || !state.opened) return;
    tell_headers(state, direction, out);
    side.complete = true;
    out.stage(state.tx, direction, Stage::complete);
    if (state.closed || !state.sides[0].complete || !state.sides[1].complete) return;
    state.closed = true;
    out.close(state.tx);
}

void reach(State& state, std::uint8_t step, FieldSink& out) noexcept {
    state.said |= step;
    out.fact(state.tx, Fact::tls_state, state.said);
}

void message(State& state, Direction direction, std::uint8_t type, Bytes body, FieldSink& out) noexcept {
    const TxId tx = transaction(state, out);
    const bool from_client = direction == Direction::to_server;
    if (type == kClientHello && from_client) {
        tls::read_client_hello(tx, body, tls::Carrier::tcp, out);
        reach(state, kSaidClientHello, out);
        tell_headers(state, direction, out);
    } else if (type == kServerHello && !from_client) {
        state.version = tls::read_server_hello(tx, body, out).version;
        reach(state, kSaidServerHello, out);
        if (state.version >= kTls13) tell_headers(state, direction, out);
    } else if (type == kCertificate && !from_client && state.version < kTls13) {
        tls::read_certificates(tx, body, out);
        tell_headers(state, direction, out);
    } else if (type == kServerHelloDone && !from_client) {
        tell_headers(state, direction, out);
    } else if (type == kServerKeyExchange && !from_client) {
        reach(state, kSaidServerKeys, out);
        tell_headers(state, direction, out);
    } else if (type == kClientKeyExchange && from_client) {
        reach(state, kSaidClientKeys, out);
        tell_headers(state, direction, out);
        if (!side_of(state, direction).complete) out.stage(tx, direction, Stage::body);  // rules on the state are tried again
    }
}

void messages(State& state, Direction direction, Bytes octets, FieldSink& out) noexcept {
    ByteReader reader(octets);
    while (reader.remaining() >= kMessageHeader) {
        const std::uint8_t type = reader.u8();
        const std::size_t length = reader.u24();
        message(state, direction, type, reader.bytes(std::min(length, reader.remaining())), out);
    }
}

// Joins the payload of the records in `records` on the stack and reads its messages.
void join_and_read(State& state, Direction direction, Bytes records, FieldSink& out) noexcept {
    std::array<std::uint8_t, kTlsHandshakeMax> joined;
    std::size_t size = 0;
    ByteReader reader(records);
    while (reader.remaining() >= kRecordHeader && size < joined.size()) {
        reader.skip(3);
        const Bytes payload = reader.bytes(std::min<std::size_t>(reader.u16(), reader.remaining()));
        const std::size_t n = std::min(payload.size(), joined.size() - size);
        if (n != 0) std::memcpy(joined.data() + size, payload.data(), n);
        size += n;
    }
    messages(state, direction, Bytes(joined).first(size), out);
}

/// The records that begin in `in`, the last one as far as it is there. After the handshake there is nothing to see in them.
void put_frames(Direction direction, Bytes in, FieldSink& out) noexcept {
    constexpr UnitFrames kFrames{Field::frame_tls_pdu, Field::frame_tls_hdr, Field::frame_tls_data};
    while (in.size() >= kRecordHeader) {
        const std::size_t size = kRecordHeader + static_cast<std::size_t>(in[3] << 8 | in[4]);
        put_unit_frames(out, direction, kFrames, in, size, kRecordHeader);
        in = in.subspan(std::min(size, in.size()));
    }
}

void read_run(State& state, Direction direction, Bytes records, FieldSink& out) noexcept {
    put_frames(direction, records, out);
    const std::size_t first = static_cast<std::size_t>(records[3] << 8 | records[4]);
    if (records.size() <= kRecordHeader + first) {
        messages(state, direction, records.subspan(kRecordHeader), out);
    } else {
        join_and_read(state, direction, records, out);
    }
}

// Another record type cuts the run off: what is there is read as it is.
Step abandon_run(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Run& run = side_of(state, direction).run;
    const std::size_t octets = run.at;
    run = {};
    out.event(transaction(state, out), AppEvent::tls_invalid_handshake_message);
    read_run(state, direction, in.first(octets), out);
    return Step::consumed(octets);
}

// The run is longer than is kept, or holds what is no message: its start is read, the rest of the direction
// passed over.
Step give_up_run(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    const Step step = abandon_run(state, direction, in, out);
    complete(state, direction, out);
    return step;
}

Step handshake(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Run& run = side_of(state, direction).run;
    for (;;) {
        const Bytes rest = in.subspan(run.at);
        if (!rest.empty() && rest[0] != kHandshake) return abandon_run(state, direction, in, out);
        if (rest.size() < kRecordHeader) return Step::need_more();
        const std::size_t length = static_cast<std::size_t>(rest[3] << 8 | rest[4]);
        if (length > kTlsRecordMax) {
            out.event(transaction(state, out), AppEvent::tls_invalid_record_length);
            return Step::broken(Fault::bad_length);
        }
        if (run.at + kRecordHeader + length > kTlsWindowMax) return give_up_run(state, direction, in, out);
        if (rest.size() < kRecordHeader + length) return Step::need_more();
        run.walk(rest.subspan(kRecordHeader, length));
        run.at += kRecordHeader + length;
        if (run.unknown_type) return give_up_run(state, direction, in, out);
        if (run.at_message_end()) break;
        if (run.payload > kTlsHandshakeMax) return give_up_run(state, direction, in, out);
    }
    const std::size_t octets = run.at;
    run = {};
    read_run(state, direction, in.first(octets), out);
    return Step::consumed(octets);
}

// A hello in the form of SSL 2.0: two octets of length, type, version, and lists of three-octet ciphers.
bool is_sslv2_hello(Bytes in) noexcept {
    return in.size() >= 5 && (in[0] & 0x80) != 0 && in[2] == kClientHello && (in[3] == 0 || in[3] == 3) && in[4] <= 4;
}

Step sslv2_hello(State& state, Bytes in, FieldSink& out) noexcept {
    const std::size_t size = static_cast<std::size_t>((in[0] & 0x7f) << 8 | in[1]) + 2;
    if (in.size() < size) return Step::need_more();
    const TxId tx = transaction(state, out);
    if (size < 11) out.event(tx, AppEvent::tls_invalid_sslv2_header);
    // "0002" is how SSL 2.0 writes its version; an SSL 2.0 hello that offers SSL 3.0 or TLS names that.
    const auto version = static_cast<std::uint16_t>(in[3] << 8 | in[4]);
    out.fact(tx, Fact::tls_version, version);
    out.fact(tx, Fact::tls_version_bit, version_bit(version));
    reach(state, kSaidClientHello, out);
    tell_headers(state, Direction::to_server, out);
    if (in[3] == 0) {  // SSL 2.0 to the end: nothing here can be read
        complete(state, Direction::to_server, out);
        complete(state, Direction::to_client, out);
    }
    return Step::consumed(size);
}

// RFC 6520; a length beyond the record is how "Heartbleed" is asked.
void heartbeat(State& state, Bytes body, FieldSink& out) noexcept {
    const TxId tx = transaction(state, out);
    ByteReader reader(body);
    const std::uint8_t type = reader.u8();
    const std::size_t length = reader.u16();
    out.event(tx, AppEvent::tls_heartbeat_message);
    if (!reader.ok() || length == 0 || (type != 1 && type != 2)) {
        out.event(tx, AppEvent::tls_invalid_heartbeat_message);
    } else if (length > reader.remaining()) {
        out.event(tx, AppEvent::tls_overflow_heartbeat_message);
    }
}

Step other_record(State& state, Direction direction, std::uint8_t type, Bytes in, FieldSink& out) noexcept {
    if (type == kApplicationData || type == kChangeCipherSpec) {
        transaction(state, out);
        put_frames(direction, in.first(kRecordHeader), out);
        complete(state, direction, out);
        return Step::consumed(in.size());
    }
    const std::size_t length = static_cast<std::size_t>(in[3] << 8 | in[4]);
    if (length > kTlsRecordMax) {
        out.event(transaction(state, out), AppEvent::tls_invalid_record_length);
        return Step::broken(Fault::bad_length);
    }
    if (in.size() < kRecordHeader + length) return Step::need_more();
    put_frames(direction, in.first(kRecordHeader + length), out);
    if (type == kHeartbeat) heartbeat(state, in.subspan(kRecordHeader, length), out);
    return Step::consumed(kRecordHeader + length);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    if (side_of(state, direction).passed_over) return Step::consumed(in.size());
    if (in.size() < kRecordHeader) return Step::need_more();
    const std::uint8_t type = in[0];
    if (direction == Direction::to_server && !state.opened && is_sslv2_hello(in)) return sslv2_hello(state, in, out);
    if (type < kChangeCipherSpec || type > kHeartbeat) {
        out.event(transaction(state, out), AppEvent::tls_invalid_record_type);
        return Step::broken(Fault::not_this_protocol);
    }
    if (in[1] != 3 || in[2] > 4) {
        out.event(transaction(state, out), AppEvent::tls_invalid_record_version);
        return Step::broken(Fault::bad_syntax);
    }
    return type == kHandshake ? handshake(state, direction, in, out) : other_record(state, direction, type, in, out);
}

bool gap(State& state, Direction direction, std::uint64_t, FieldSink& out) noexcept {
    complete(state, direction, out);  // records cannot be found again without their boundaries
    return true;
}

void end(State& state, Direction direction, FieldSink& out) noexcept { complete(state, direction, out); }

/// Warnings and empty handshake records may stand before a hello; servers step over them.
Bytes behind_idle_records(Bytes in) noexcept {
    while (in.size() >= kRecordHeader && (in[0] == kAlert || in[0] == kHandshake) && in[1] == 3 && in[2] <= 4) {
        const std::size_t size = static_cast<std::size_t>(in[3]) << 8 | in[4];
        if (size != (in[0] == kAlert ? 2u : 0u)) break;
        in = in.subspan(std::min(in.size(), kRecordHeader + size));
    }
    return in;
}

Probe probe_client(Bytes in) noexcept {
    if (is_sslv2_hello(in) && in.size() >= 11) return Probe::yes;
    in = behind_idle_records(in);
    if (in.empty()) return Probe::maybe;
    if (in[0] != kHandshake) return (in[0] & 0x80) != 0 && in.size() < 5 ? Probe::maybe : Probe::no;
    if (in.size() >= 2 && in[1] != 3) return Probe::no;
    if (in.size() >= 3 && in[2] > 4) return Probe::no;
    if (in.size() < 6) return Probe::maybe;
    return in[5] == kClientHello ? Probe::yes : Probe::no;
}

Probe probe_server(Bytes in) noexcept {
    if (in[0] != kHandshake && in[0] != kAlert) return Probe::no;
    if (in.size() < 6) return Probe::maybe;
    if (in[1] != 3 || in[2] > 4) return Probe::no;
    return in[0] == kAlert || in[5] == kServerHello ? Probe::yes : Probe::no;
}

Probe probe(const ProbeInput& input) noexcept {
    Probe best = Probe::no;
    if (!input.to_server.empty()) best = probe_client(input.to_server);
    if (best == Probe::yes || input.to_client.empty()) return best;
    const Probe answer = probe_server(input.to_client);
    return answer == Probe::no ? best : answer;
}

}  // namespace

constinit const Parser kTls = make_parser<State, &probe, &parse, &gap, &end>(Protocol::tls, Transport::tcp);

}  // namespace sekisho::app
