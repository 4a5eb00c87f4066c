// Hands body bytes on to the sink, decoded or as they came, and a form's bytes to the file finder as well.
#pragma once

#include "app/http/content_decoder.h"
#include "app/http/state.h"
#include "sekisho/app/app_event_list.h"

namespace sekisho::app::http {

class BodyOutput final : public DecodedSink {
  public:
    /// @param form  of a request whose body holds files, or null
    BodyOutput(Direction direction, TxId tx, MessageState& message, Multipart* form, FieldSink& out) noexcept
        : direction_(direction), tx_(tx), message_(message), form_(form), out_(out) {}

    void decoded(Bytes piece) noexcept override { write(piece, false); }
    void fault(DecodeFault fault) noexcept override {
        out_.event(tx_, fault == DecodeFault::bomb ? AppEvent::http_compression_bomb
                                                   : AppEvent::http_gzip_decompression_failed);
    }
    void write(Bytes piece, bool last) noexcept {
        if (!message_.body_begun) out_.stage(tx_, direction_, Stage::body);
        const bool request = direction_ == Direction::to_server;
        out_.body(tx_, direction_, request ? Field::http_request_body : Field::http_response_body, piece,
                  {!message_.body_begun, last});
        message_.body_begun = true;
        message_.body_ended = last;
        if (form_ && form_->active()) form_->write(tx_, piece, out_);
    }
    /// One piece of the framed body, through the decoder when there is one.
    void framed(Bytes piece, bool last, ContentDecoder& decoder) noexcept {
        if (decoder.active()) {
            decoder.write(piece, *this);
        } else {
            write(piece, last);
        }
    }
    /// The body ends: what a decoder held back, and the last piece if it is not told yet.
    void finish(ContentDecoder& decoder) noexcept {
        if (decoder.active()) decoder.finish(*this);
        decoder.clear();
        if (message_.body_begun && !message_.body_ended) write({}, true);
    }

  private:
    Direction direction_;
    TxId tx_;
    MessageState& message_;
    Multipart* form_;
    FieldSink& out_;
};

}  // namespace sekisho::app::http
