#include "app/http2/streams.h"

#include <algorithm>

namespace sekisho::app::http2 {

Stream* Streams::find(std::uint32_t id) noexcept {
    for (Stream& stream : streams_)
        if (stream.open && stream.id == id) return &stream;
    return nullptr;
}

Stream& Streams::find_or_open(std::uint32_t id, FieldSink& out) noexcept {
    if (Stream* known = find(id)) return *known;
    Stream* place = nullptr;
    for (Stream& stream : streams_)
        if (!stream.open && place == nullptr) place = &stream;
    if (place == nullptr) {
        place = &*std::min_element(streams_.begin(), streams_.end(), [](const Stream& a, const Stream& b) { return a.tx < b.tx; });
        out.event(place->tx, AppEvent::http2_too_many_streams);
        finish(*place, out);
    }
    *place = Stream{};
    place->id = id;
    place->open = true;
    place->tx = out.open();
    return *place;
}

void Streams::reach(Stream& stream, Direction direction, Stage stage, FieldSink& out) noexcept {
    Stage& reached = stream.half(direction).stage;
    reached = std::max(reached, stage);
    out.stage(stream.tx, direction, reached);
}

void Streams::start_body(Stream& stream, Direction direction, const http::HeaderList& headers, FieldSink& out) noexcept {
    if (stream.half(direction).done || headers.find(http::HeaderId::content_encoding) == nullptr) return;
    for (std::size_t i = 0; i < decoders_.size(); ++i) {
        if (decoder_taken_[i]) continue;
        decoder_taken_[i] = true;
        stream.half(direction).decoder = static_cast<std::uint8_t>(i + 1);
        return http::start_decoder(decoders_[i], stream.tx, headers, out);
    }
    out.event(stream.tx, AppEvent::http2_failed_decompression);
}

void Streams::body(Stream& stream, Direction direction, Bytes piece, bool last, FieldSink& out) noexcept {
    Stream::Half& half = stream.half(direction);
    if (half.done) return;  // behind the end of its direction
    half.stage = std::max(half.stage, Stage::body);
    http::BodyOutput output(direction, stream.tx, half.message, nullptr, out);
    output.framed(piece, last, decoder_of(half));
}

void Streams::finish(Stream& stream, Direction direction, FieldSink& out) noexcept {
    Stream::Half& half = stream.half(direction);
    if (half.done) return;
    half.done = true;
    http::BodyOutput(direction, stream.tx, half.message, nullptr, out).finish(decoder_of(half));
    if (half.decoder != 0) decoder_taken_[half.decoder - 1u] = false;
    half.decoder = 0;
    reach(stream, direction, Stage::complete, out);
    if (!stream.halves[0].done || !stream.halves[1].done) return;
    stream.open = false;
    out.close(stream.tx);
}

void Streams::finish_all(Direction direction, FieldSink& out) noexcept {
    for (Stream& stream : streams_)
        if (stream.open) finish(stream, direction, out);
}

}  // namespace sekisho::app::http2
