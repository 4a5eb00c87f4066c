// HTTP/2 in the clear (RFC 9113, 7541): with prior knowledge, or after an upgrade, whose request in HTTP/1 is that of
// stream 1. Streams are transactions; a frame of
// the connection (stream 0) or of a stream that is no more is one of its own. A header block waits in the engine's
// window until its last CONTINUATION is there; DATA is handed on as it comes. Pushed requests are decoded, to follow
// the header table, and not told.
#include "app/http2/http2.h"

#include <array>
#include <cstring>
#include <utility>

#include "app/http/fields.h"
#include "app/http2/doh.h"
#include "app/http2/frame.h"
#include "app/http2/head.h"
#include "app/http2/hpack.h"
#include "app/http2/streams.h"
#include "app/make_parser.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/record.h"

namespace sekisho::app {
namespace {

using namespace http2;
using Kind = http2_record::Kind;

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

struct Side {
    bool begun = false;             ///< the preface was seen
    bool in_data = false;           ///< inside a DATA frame of `stream`
    bool data_ends = false;         ///< ... which ends its direction
    std::uint32_t stream = 0;
    std::uint32_t body_left = 0;    ///< octets of the frame's data to come
    std::uint32_t skip_left = 0;    ///< octets to be passed over after them
    std::size_t scan = 0;           ///< of an unfinished header block: frames before this are whole
    DynamicTable table;
};

struct State {
    Side sides[2];
    Streams streams;

    Side& side(Direction direction) noexcept { return sides[static_cast<std::size_t>(direction)]; }
};

constexpr Direction other(Direction direction) noexcept {
    return direction == Direction::to_server ? Direction::to_client : Direction::to_server;
}

void put_number(TxId tx, Kind kind, std::uint32_t value, FieldSink& out, std::uint16_t id = 0) noexcept {
    const std::uint8_t record[http2_record::kSize] = {
        kind, static_cast<std::uint8_t>(id >> 8), static_cast<std::uint8_t>(id), static_cast<std::uint8_t>(value >> 24),
        static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
    out.put(tx, Field::http2_frame, record);
}

/// The transaction of a frame: its stream's, or one of its own, which ends with it.
template <class Use>
void with_transaction(State& state, Direction direction, const Frame& frame, FieldSink& out, Use&& use) noexcept {
    Stream* stream = frame.stream == 0 ? nullptr : state.streams.find(frame.stream);
    const TxId tx = stream != nullptr ? stream->tx : out.open();
    put_number(tx, Kind::frame_type, frame.type, out);
    use(tx);
    if (stream != nullptr) return state.streams.reach(*stream, direction, Stage::line, out);
    out.stage(tx, direction, Stage::complete);
    out.stage(tx, other(direction), Stage::complete);
    out.close(tx);
}

void tell(State& state, Direction direction, const Frame& frame, AppEvent event, FieldSink& out) noexcept {
    with_transaction(state, direction, frame, out, [&](TxId tx) { out.event(tx, event); });
}

// --- frames that are neither data nor headers -----------------------------------------------------------------

void put_settings(TxId tx, ByteReader reader, FieldSink& out) noexcept {
    for (std::size_t i = 0; i < kHttp2SettingsMax && reader.remaining() >= 6; ++i) {
        const std::uint16_t id = reader.u16();
        put_number(tx, Kind::setting, reader.u32(), out, id);
    }
}

void put_control(TxId tx, const Frame& frame, Bytes payload, FieldSink& out) noexcept {
    ByteReader reader(payload);
    const auto need = [&](bool good) {
        if (!good) out.event(tx, AppEvent::http2_invalid_frame_length);
        return good;
    };
    switch (static_cast<FrameType>(frame.type)) {
        case FrameType::priority:
            reader.skip(4);
            if (need(payload.size() == 5)) put_number(tx, Kind::priority, reader.u8(), out);
            break;
        case FrameType::rst_stream:
            if (need(payload.size() == 4)) put_number(tx, Kind::error_code, reader.u32(), out);
            break;
        case FrameType::settings:
            if (need(payload.size() % 6 == 0)) put_settings(tx, reader, out);
            break;
        case FrameType::goaway:
            reader.skip(4);
            if (need(payload.size() >= 8)) put_number(tx, Kind::error_code, reader.u32(), out);
            break;
        case FrameType::window_update:
            if (need(payload.size() == 4)) put_number(tx, Kind::window, reader.u32() & 0x7fffffff, out);
            break;
        case FrameType::continuation: out.event(tx, AppEvent::http2_invalid_frame_data); break;
        default: break;
    }
}

Step control(State& state, Direction direction, const Frame& frame, Bytes in, FieldSink& out) noexcept {
    if (frame.length > kHttp2ControlMax) {
        tell(state, direction, frame, AppEvent::http2_long_frame_data, out);
        state.side(direction).skip_left = frame.length;
        return Step::consumed(Frame::kHeader);
    }
    const std::size_t size = Frame::kHeader + frame.length;
    if (in.size() < size) return Step::need_more();
    with_transaction(state, direction, frame, out,
                     [&](TxId tx) { put_control(tx, frame, in.subspan(Frame::kHeader, frame.length), out); });
    if (frame.is(FrameType::rst_stream))
        if (Stream* stream = state.streams.find(frame.stream)) state.streams.finish(*stream, out);
    return Step::consumed(size);
}

// --- headers -----------------------------------------------------------------------------------------------

AppEvent event_of(HpackFault fault) noexcept {
    switch (fault) {
        case HpackFault::bad_integer: return AppEvent::http2_header_integer_overflow;
        case HpackFault::cut: return AppEvent::http2_reassembly_limit_reached;
        default: return AppEvent::http2_invalid_header;
    }
}

/// Decodes a block and tells its fields. @param stream  null: only the table is followed
HpackFault read_block(Bytes block, Direction direction, Side& side, Streams& streams, Stream* stream, FieldSink& out) noexcept {
    std::array<std::uint8_t, kHttp2HeadersMax> memory;
    http::TextArena text(memory);
    Head head;
    BlockReader reader(block, side.table, text);
    const char* begin = text.mark();
    for (auto item = reader.next(); item != BlockReader::Item::end; item = reader.next()) {
        if (item == BlockReader::Item::fault) return reader.fault();
        if (item == BlockReader::Item::header) head.add(reader.header().name, reader.header().value);
        else if (stream != nullptr) put_number(stream->tx, Kind::size_update, reader.size_update(), out);
    }
    if (stream == nullptr) return HpackFault::none;
    http::with_head_arena(text.since(begin).size(), [&](http::TextArena& arena) {
        head.headers.each([&](const http::Header& header) { put_header(stream->tx, header.name, header.value, arena, out); });
        Stream::Half& half = stream->half(direction);
        if (half.head_told || head.is_interim()) return;  // trailers; another response follows
        half.head_told = true;
        head.headers.finish(arena);
        if (direction == Direction::to_server) put_request(stream->tx, head, arena, out);
        else put_response(stream->tx, head, arena, out);
        http::put_oddities(stream->tx, direction, head.headers, out);
        half.dns_follows = brings_dns(head);
        if (direction == Direction::to_server) tell_dns_of_path(stream->tx, head, out);
        streams.start_body(*stream, direction, head.headers, out);
    });
    return HpackFault::none;
}

/// Joins the frames of a block on the stack, where there are several.
HpackFault read_frames(Bytes frames, Direction direction, Side& side, Streams& streams, Stream* stream, bool& padded_wrongly,
                       FieldSink& out) noexcept {
    const Frame first = decode_frame(frames);
    Bytes payload = frames.subspan(Frame::kHeader, first.length);
    padded_wrongly = !strip(first, payload);
    if (padded_wrongly) return HpackFault::none;
    frames = frames.subspan(Frame::kHeader + first.length);
    if (frames.empty()) return read_block(payload, direction, side, streams, stream, out);
    std::array<std::uint8_t, kHttp2BlockMax> joined;
    std::size_t size = 0;
    for (;;) {
        if (!payload.empty()) std::memcpy(joined.data() + size, payload.data(), payload.size());
        size += payload.size();
        if (frames.empty()) break;
        const std::size_t length = decode_frame(frames).length;
        payload = frames.subspan(Frame::kHeader, length);
        frames = frames.subspan(Frame::kHeader + length);
    }
    return read_block(Bytes(joined).first(size), direction, side, streams, stream, out);
}

Step headers(State& state, Direction direction, const Frame& first, Bytes in, FieldSink& out) noexcept {
    Side& side = state.side(direction);
    for (bool whole = false; !whole;) {
        const Bytes rest = in.subspan(side.scan);
        if (rest.size() < Frame::kHeader) return Step::need_more();
        const Frame frame = decode_frame(rest);
        const bool follows = frame.is(FrameType::continuation) && frame.stream == first.stream;
        if (side.scan != 0 && !follows) {
            tell(state, direction, first, AppEvent::http2_invalid_frame_data, out);
            return Step::broken(Fault::bad_syntax);
        }
        if (side.scan + Frame::kHeader + frame.length > kHttp2BlockMax) {
            tell(state, direction, first, AppEvent::http2_reassembly_limit_reached, out);
            return Step::broken(Fault::too_long);
        }
        if (rest.size() < Frame::kHeader + frame.length) return Step::need_more();
        side.scan += Frame::kHeader + frame.length;
        whole = frame.has(kEndHeaders);
    }
    const std::size_t octets = side.scan;
    side.scan = 0;
    if (first.stream == 0) {
        tell(state, direction, first, AppEvent::http2_invalid_frame_header, out);
        return Step::broken(Fault::bad_syntax);
    }
    const bool pushed = first.is(FrameType::push_promise);
    Stream& stream = state.streams.find_or_open(first.stream, out);
    put_number(stream.tx, Kind::frame_type, first.type, out);
    if (!pushed && first.has(kPriority) && first.length >= 6) {
        const std::size_t at = Frame::kHeader + (first.has(kPadded) ? 1 : 0) + 4;
        put_number(stream.tx, Kind::priority, in[at], out);
    }
    bool padded_wrongly = false;
    const HpackFault fault = read_frames(in.first(octets), direction, side, state.streams, pushed ? nullptr : &stream, padded_wrongly, out);
    if (padded_wrongly) out.event(stream.tx, AppEvent::http2_invalid_frame_data);
    if (fault != HpackFault::none) out.event(stream.tx, event_of(fault));
    state.streams.reach(stream, direction, pushed ? Stage::line : Stage::headers, out);
    // What the table holds is not known any more: names would be guessed.
    if (fault != HpackFault::none || padded_wrongly) return Step::broken(Fault::compression);
    if (!pushed && first.has(kEndStream)) state.streams.finish(stream, direction, out);
    return Step::consumed(octets);
}

// --- data --------------------------------------------------------------------------------------------------

void end_of_data(State& state, Direction direction, FieldSink& out) noexcept {
    Side& side = state.side(direction);
    side.in_data = false;
    Stream* stream = state.streams.find(side.stream);
    if (stream != nullptr && side.data_ends) state.streams.finish(*stream, direction, out);
}

AppEvent too_long_for_dns(Direction direction) noexcept {
    return direction == Direction::to_server ? AppEvent::http2_dns_request_too_long : AppEvent::http2_dns_response_too_long;
}

Step data(State& state, Direction direction, const Frame& frame, Bytes in, FieldSink& out) noexcept {
    const bool padded = frame.has(kPadded) && frame.length != 0;
    const std::size_t head = Frame::kHeader + (padded ? 1 : 0);
    if (in.size() < head) return Step::need_more();
    const std::uint32_t payload = frame.length - (padded ? 1 : 0);
    const std::uint32_t padding = padded ? in[Frame::kHeader] : 0;
    Side& side = state.side(direction);
    Stream* stream = state.streams.find(frame.stream);
    if (stream == nullptr || padding > payload) {
        tell(state, direction, frame, frame.stream == 0 ? AppEvent::http2_data_stream_zero : AppEvent::http2_invalid_frame_data, out);
        side.skip_left = payload;
        return Step::consumed(head);
    }
    bool& dns = stream->half(direction).dns_follows;
    if (dns && payload - padding <= kHttp2DnsMax && in.size() - head < payload) return Step::need_more();
    put_number(stream->tx, Kind::frame_type, frame.type, out);
    if (std::exchange(dns, false)) {
        if (payload - padding <= kHttp2DnsMax) tell_dns(stream->tx, in.subspan(head, payload - padding), out);
        else out.event(stream->tx, too_long_for_dns(direction));
    }
    state.streams.reach(*stream, direction, Stage::line, out);
    side.stream = frame.stream;
    side.data_ends = frame.has(kEndStream);
    side.body_left = payload - padding;
    side.skip_left = padding;
    side.in_data = true;
    if (side.body_left == 0) end_of_data(state, direction, out);
    return Step::consumed(head);
}

Step data_piece(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Side& side = state.side(direction);
    const Bytes piece = in.first(std::min<std::size_t>(in.size(), side.body_left));
    side.body_left -= static_cast<std::uint32_t>(piece.size());
    if (Stream* stream = state.streams.find(side.stream))
        state.streams.body(*stream, direction, piece, side.body_left == 0 && side.data_ends, out);
    if (side.body_left == 0) end_of_data(state, direction, out);
    return Step::consumed(piece.size());
}

// --- the connection ----------------------------------------------------------------------------------------

Step preface(Side& side, Bytes in, FieldSink& out) noexcept {
    const std::size_t n = std::min(in.size(), kPreface.size());
    if (as_text(in).substr(0, n) != kPreface.substr(0, n)) {
        const TxId tx = out.open();
        out.event(tx, AppEvent::http2_invalid_client_magic);
        for (const Direction direction : {Direction::to_server, Direction::to_client}) out.stage(tx, direction, Stage::complete);
        out.close(tx);
        return Step::broken(Fault::not_this_protocol);
    }
    if (n < kPreface.size()) return Step::need_more();
    side.begun = true;
    return Step::consumed(n);
}

Step parse(State& state, Direction direction, Bytes in, FieldSink& out) noexcept {
    Side& side = state.side(direction);
    if (in.empty()) return Step::need_more();
    if (side.in_data) return data_piece(state, direction, in, out);
    if (side.skip_left != 0) {
        const std::size_t n = std::min<std::size_t>(in.size(), side.skip_left);
        side.skip_left -= static_cast<std::uint32_t>(n);
        return Step::consumed(n);
    }
    if (direction == Direction::to_server && !side.begun) return preface(side, in, out);
    if (in.size() < Frame::kHeader) return Step::need_more();
    const Frame frame = decode_frame(in);
    if (frame.is(FrameType::data)) return data(state, direction, frame, in, out);
    if (frame.is(FrameType::headers) || frame.is(FrameType::push_promise)) return headers(state, direction, frame, in, out);
    if (frame.type <= kLastType) return control(state, direction, frame, in, out);
    side.skip_left = frame.length;  // RFC 9113 section 4.1: unknown types are passed over
    return Step::consumed(Frame::kHeader);
}

/// The request of the upgrade: it was sent in HTTP/1 and is that of stream 1 (RFC 7540 section 3.2).
void inherit(State& state, Bytes left, FieldSink& out) noexcept {
    const std::string_view text = as_text(left);
    const std::size_t method = text.find('\n'), target = method == std::string_view::npos ? method : text.find('\n', method + 1);
    if (target == std::string_view::npos) return;
    Head head;
    head.pseudo.method = text.substr(0, method);
    head.pseudo.path = text.substr(method + 1, target - method - 1);
    head.pseudo.authority = text.substr(target + 1);
    Stream& stream = state.streams.find_or_open(1, out);
    http::with_head_arena(text.size(), [&](http::TextArena& arena) { put_request(stream.tx, head, arena, out); });
    stream.half(Direction::to_server).head_told = true;
    state.streams.reach(stream, Direction::to_server, Stage::headers, out);
    state.streams.finish(stream, Direction::to_server, out);
}

bool gap(State&, Direction, std::uint64_t, FieldSink&) noexcept { return false; }

void end(State& state, Direction direction, FieldSink& out) noexcept { state.streams.finish_all(direction, out); }

/// A server's first frame is SETTINGS (RFC 9113 section 3.4).
bool is_settings(Bytes in) noexcept {
    const Frame frame = decode_frame(in);
    return frame.is(FrameType::settings) && frame.stream == 0 && frame.flags <= 1 && frame.length % 6 == 0 &&
           frame.length <= 6 * kHttp2SettingsMax;
}

Probe probe(const ProbeInput& input) noexcept {
    const auto client = as_text(input.to_server).substr(0, kPreface.size());
    if (client != kPreface.substr(0, client.size())) return Probe::no;
    if (client.size() == kPreface.size()) return Probe::yes;
    if (input.to_client.size() >= Frame::kHeader && is_settings(input.to_client)) return Probe::yes;
    return client.empty() ? Probe::no : Probe::maybe;
}

}  // namespace

constinit const Parser kHttp2 = make_parser<State, &probe, &parse, &gap, &end, nullptr, nullptr, &inherit>(Protocol::http2, Transport::tcp);

}  // namespace sekisho::app
