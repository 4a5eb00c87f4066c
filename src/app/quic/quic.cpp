// QUIC's handshake as far as it can be read by all (RFC 9000, 9001, 9369; drafts 21 to 34, mvfst, Google's Q039 to
// Q050): Initial packets are opened with the keys that their connection id gives, CRYPTO frames put in order, and the
// hellos read as those of TLS. As in Suricata each long-header packet is a transaction, up to the hello of its
// direction; the fields of a hello belong to the packet that completes it. Once both hellos are read, or after
// kQuicPacketsMax packets, the parser has done its part. Nothing else is decrypted.
#include "app/quic/quic.h"

#include <array>

#include "app/make_parser.h"
#include "app/quic/crypto_stream.h"
#include "app/quic/google.h"
#include "app/quic/header.h"
#include "app/quic/keys.h"
#include "app/tls/hello.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/byte_reader.h"

namespace sekisho::app {
namespace {

using namespace quic;

constexpr std::uint64_t kFramePadding = 0, kFramePing = 1, kFrameAck = 2, kFrameAckEcn = 3, kFrameCrypto = 6, kFrameClose = 0x1c,
                        kFrameCloseApp = 0x1d;
constexpr std::uint64_t kGoogleFrameCrypto = 8;
constexpr std::size_t kHandshakeHeader = 4;
constexpr std::uint8_t kClientHello = 1;
constexpr std::uint8_t kServerHello = 2;
constexpr std::size_t kIdMax = 20;

struct State {
    CryptoStream<kQuicClientHelloMax, kQuicPiecesMax> client;
    CryptoStream<kQuicServerHelloMax, kQuicPiecesMax> server;
    std::array<std::uint8_t, kIdMax> first_id{};  ///< the client's first destination id: keys of both directions
    std::uint8_t first_id_size = 0;
    bool keyed = false;         ///< first_id is known
    bool hello[2] = {false, false};
    std::uint16_t packets = 0;

    Bytes id() const noexcept { return Bytes(first_id).first(first_id_size); }
    void set_id(Bytes id) noexcept {
        first_id_size = static_cast<std::uint8_t>(std::min(id.size(), kIdMax));
        std::copy_n(id.begin(), first_id_size, first_id.begin());
        keyed = true;
    }
    bool& said(Direction direction) noexcept { return hello[static_cast<std::size_t>(direction)]; }
};

/// The hello, once it is whole.
Bytes whole_message(Bytes front, std::uint8_t type) noexcept {
    if (front.size() < kHandshakeHeader || front[0] != type) return {};
    ByteReader reader(front.subspan(1));
    const std::size_t length = reader.u24();
    return length <= reader.remaining() ? reader.bytes(length) : Bytes{};
}

/// Whether the hello can still come: what is there begins like one that fits.
bool hello_can_come(Bytes front, std::uint8_t type, std::size_t room) noexcept {
    if (front.empty()) return true;
    if (front[0] != type) return false;
    if (front.size() < kHandshakeHeader) return true;
    return ByteReader(front.subspan(1)).u24() + kHandshakeHeader <= room;
}

/// Q050 says Google's hello where others say that of TLS.
bool is_google_hello(Bytes front) noexcept { return as_text(front).starts_with("CHLO"); }

void read_google(State& state, TxId tx, Bytes version, FieldSink& out) noexcept {
    const Bytes front = state.client.front();
    const std::size_t size = google_hello_size(front);
    if (size == 0 || (size > front.size() && size <= kQuicClientHelloMax)) return;
    if (size > front.size()) out.event(tx, AppEvent::quic_crypto_frag_too_long);
    else read_google_hello(tx, version, front.first(size), out);
    state.said(Direction::to_server) = true;
}

void read_hello(State& state, Direction direction, TxId tx, Bytes version, FieldSink& out) noexcept {
    const bool client = direction == Direction::to_server;
    const Bytes front = client ? state.client.front() : state.server.front();
    if (client && is_google_hello(front)) return read_google(state, tx, version, out);
    const std::uint8_t type = client ? kClientHello : kServerHello;
    const Bytes message = whole_message(front, type);
    if (message.empty()) {
        if (hello_can_come(front, type, client ? kQuicClientHelloMax : kQuicServerHelloMax)) return;
        out.event(tx, client ? AppEvent::quic_crypto_frag_too_long : AppEvent::quic_error_on_data);
    } else if (client) {
        tls::read_client_hello(tx, message, tls::Carrier::quic, out);
    } else {
        tls::read_server_hello(tx, message, out);
    }
    state.said(direction) = true;
}

bool skip_ack(Bytes& in, bool with_ecn) noexcept {
    const auto largest = take_varint(in), delay = take_varint(in), ranges = take_varint(in), first = take_varint(in);
    if (!largest || !delay || !ranges || !first || *ranges > in.size()) return false;
    for (std::uint64_t i = 0; i < 2 * *ranges + (with_ecn ? 3 : 0); ++i)
        if (!take_varint(in)) return false;
    return true;
}

bool skip_close(Bytes& in, bool of_transport) noexcept {
    if (!take_varint(in) || (of_transport && !take_varint(in))) return false;
    const auto reason = take_varint(in);
    if (!reason || *reason > in.size()) return false;
    in = in.subspan(static_cast<std::size_t>(*reason));
    return true;
}

enum class Frames : std::uint8_t { good, bad, too_long };

Frames take_crypto(State& state, Direction direction, Bytes& in) noexcept {
    const auto offset = take_varint(in);
    const auto size = take_varint(in);
    if (!offset || !size || *size > in.size()) return Frames::bad;
    const Bytes piece = in.first(static_cast<std::size_t>(*size));
    in = in.subspan(piece.size());
    const bool added = direction == Direction::to_server ? state.client.add(*offset, piece) : state.server.add(*offset, piece);
    return added ? Frames::good : Frames::too_long;
}

Frames take_frames(State& state, Direction direction, std::uint32_t version, Bytes in) noexcept {
    const std::uint64_t crypto = version == kGoogle050 ? kGoogleFrameCrypto : kFrameCrypto;
    Frames result = Frames::good;
    while (!in.empty()) {
        const auto type = take_varint(in);
        if (!type) return Frames::bad;
        bool good = true;
        if (*type == crypto) {
            const Frames taken = take_crypto(state, direction, in);
            if (taken == Frames::bad) return taken;
            if (taken == Frames::too_long) result = taken;
        } else if (*type == kFrameAck || *type == kFrameAckEcn) {
            good = skip_ack(in, *type == kFrameAckEcn);
        } else if (*type == kFrameClose || *type == kFrameCloseApp) {
            good = skip_close(in, *type == kFrameClose);
        } else if (*type != kFramePadding && *type != kFramePing) {
            good = false;
        }
        if (!good) return Frames::bad;
    }
    return result;
}

/// Opens an Initial packet. A client changes the id that keys are made of after a Retry, so its own packets are tried
/// with the id they carry as well; a server's can only be opened with the client's.
std::optional<Bytes> open_initial(State& state, Direction direction, Bytes packet, const Header& header, MutableBytes out) noexcept {
    InitialKeys keys;
    if (state.keyed && keys.derive(header.version, state.id(), direction))
        if (const auto frames = keys.open(packet, header, out)) return frames;
    if (direction != Direction::to_server || !keys.derive(header.version, header.destination_id, direction)) return std::nullopt;
    const auto frames = keys.open(packet, header, out);
    if (frames) {
        state.set_id(header.destination_id);
        state.client.clear();
    }
    return frames;
}

void read_initial(State& state, Direction direction, Bytes packet, const Header& header, TxId tx, FieldSink& out) noexcept {
    if (is_google_clear(header.version) || is_google_old(header.version)) {
        if (direction == Direction::to_server) read_google_frames(tx, header.version_octets, header.payload, out);
        return;
    }
    // What Google's servers say there is no hello of TLS.
    if (is_google(header.version) && direction == Direction::to_client) return;
    std::array<std::uint8_t, kQuicDatagramMax> plain;
    if (packet.size() > plain.size()) return out.event(tx, AppEvent::quic_error_on_data);
    const auto frames = open_initial(state, direction, packet, header, plain);
    if (!frames) return out.event(tx, AppEvent::quic_failed_decrypt);
    switch (take_frames(state, direction, header.version, *frames)) {
        case Frames::bad: out.event(tx, AppEvent::quic_error_on_data); break;
        case Frames::too_long: out.event(tx, AppEvent::quic_crypto_frag_too_long); break;
        case Frames::good: break;
    }
    read_hello(state, direction, tx, header.version_octets, out);
}

/// A Retry makes the client begin again with the id that the server gives, a refused version with another one.
bool begins_anew(Direction direction, PacketType type) noexcept {
    return direction == Direction::to_client && (type == PacketType::retry || type == PacketType::negotiation);
}

void read_long_header(State& state, Direction direction, Bytes packet, const Header& header, FieldSink& out) noexcept {
    const TxId tx = out.open();
    out.put(tx, Field::quic_version, header.version_octets);
    out.fact(tx, Fact::quic_version, header.version);
    if (begins_anew(direction, header.type)) {
        state.said(Direction::to_server) = state.keyed = false;
        state.client.clear();
    }
    if (header.type == PacketType::initial) read_initial(state, direction, packet, header, tx, out);
    for (const Stage stage : {Stage::headers, Stage::complete}) out.stage(tx, direction, stage);
    out.stage(tx, direction == Direction::to_server ? Direction::to_client : Direction::to_server, Stage::complete);
    out.close(tx);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    const std::size_t size = in.size();
    while (!in.empty() && !state.said(direction)) {
        if (state.packets == kQuicPacketsMax) return Step::broken(Fault::none);
        ++state.packets;
        const auto header = decode_header(in);
        if (!header) {
            const TxId tx = out.open();
            out.event(tx, AppEvent::quic_error_on_header);
            for (const Direction side : {direction, direction == Direction::to_server ? Direction::to_client : Direction::to_server})
                out.stage(tx, side, Stage::complete);
            out.close(tx);
            break;
        }
        if (header->type == PacketType::one_rtt) break;  // encrypted with keys that we do not have
        read_long_header(state, direction, in.first(in.size() - header->rest.size()), *header, out);
        in = header->rest;
    }
    return state.hello[0] && state.hello[1] ? Step::broken(Fault::none) : Step::consumed(size);
}

bool gap(State&, Direction, std::uint64_t, FieldSink&) noexcept { return true; }
void end(State&, Direction, FieldSink&) noexcept {}

/// A long header with the fixed bit and a version that exists; or one that asks a server for what it speaks, in a
/// datagram as long as a first one must be (RFC 9000 section 14.1).
Probe probe(const ProbeInput& input) noexcept {
    constexpr std::size_t kFirstDatagramMin = 1200;
    const Bytes in = input.to_server.empty() ? input.to_client : input.to_server;
    if (const auto header = in.empty() ? std::nullopt : decode_header(in); header && is_google_old(header->version)) return Probe::yes;
    if (in.size() < 7 || (in[0] & 0xc0) != 0xc0) return Probe::no;
    const std::uint32_t version = ByteReader(in.subspan(1)).u32();
    if (is_google_clear(version)) return Probe::yes;
    if (in[5] > kIdMax) return Probe::no;
    if (is_known(version)) return Probe::yes;
    return is_reserved(version) && in.size() >= kFirstDatagramMin ? Probe::yes : Probe::no;
}

}  // namespace

constinit const Parser kQuic = make_parser<State, &probe, &parse, &gap, &end>(Protocol::quic, Transport::udp);

}  // namespace sekisho::app
