// The open streams of an HTTP/2 connection: each is one transaction.
#pragma once

#include <array>
#include <cstdint>

#include "app/http/body_output.h"
#include "app/http/content_decoder.h"
#include "app/http/headers.h"
#include "app/http/state.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::http2 {

struct Stream {
    struct Half {
        Stage stage = Stage::none;
        bool head_told = false;
        bool done = false;
        bool dns_follows = false;    ///< its body is a DNS message that was not told yet
        std::uint8_t decoder = 0;    ///< index + 1 of the body's decoder; 0: none
        http::MessageState message;  ///< of its body
    };
    std::uint32_t id = 0;
    TxId tx = 0;
    bool open = false;
    Half halves[2];

    Half& half(Direction direction) noexcept { return halves[static_cast<std::size_t>(direction)]; }
};

class Streams {
  public:
    Stream* find(std::uint32_t id) noexcept;
    /// When there are too many, the oldest ends (event).
    Stream& find_or_open(std::uint32_t id, FieldSink& out) noexcept;

    /// What was put so far of `direction` is looked at.
    void reach(Stream& stream, Direction direction, Stage stage, FieldSink& out) noexcept;
    void start_body(Stream& stream, Direction direction, const http::HeaderList& headers, FieldSink& out) noexcept;
    void body(Stream& stream, Direction direction, Bytes piece, bool last, FieldSink& out) noexcept;
    /// Nothing more comes in this direction; the stream ends with its second one.
    void finish(Stream& stream, Direction direction, FieldSink& out) noexcept;
    void finish_all(Direction direction, FieldSink& out) noexcept;
    void finish(Stream& stream, FieldSink& out) noexcept {
        finish(stream, Direction::to_server, out);
        if (stream.open) finish(stream, Direction::to_client, out);
    }

  private:
    http::ContentDecoder& decoder_of(Stream::Half& half) noexcept {
        return half.decoder == 0 ? none_ : decoders_[half.decoder - 1u];
    }

    std::array<Stream, kHttp2StreamsMax> streams_;
    std::array<http::ContentDecoder, kHttp2DecodersMax> decoders_;
    std::array<bool, kHttp2DecodersMax> decoder_taken_{};
    http::ContentDecoder none_;  ///< never started: hands on what it gets
};

}  // namespace sekisho::app::http2
