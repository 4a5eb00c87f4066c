#include "app/websocket/inflater.h"

#include <array>
#include <new>

#include <zlib.h>

#include "sekisho/app/limits.h"

namespace sekisho::app::websocket {

Inflater::~Inflater() {
    if (zlib_ == nullptr) return;
    inflateEnd(zlib_);
    delete zlib_;
}

bool Inflater::run(Bytes in, void (*take)(void*, Bytes) noexcept, void* context) noexcept {
    constexpr int kRawDeflate = -15;
    if (dead_) return false;
    if (zlib_ == nullptr) {
        zlib_ = new (std::nothrow) z_stream{};
        dead_ = zlib_ == nullptr || inflateInit2(zlib_, kRawDeflate) != Z_OK;
        if (dead_) return false;
    }
    std::array<std::uint8_t, KiB(4)> piece;
    zlib_->next_in = const_cast<Bytef*>(in.data());  // zlib reads it only
    zlib_->avail_in = static_cast<uInt>(in.size());
    do {
        zlib_->next_out = piece.data();
        zlib_->avail_out = static_cast<uInt>(piece.size());
        const int answer = inflate(zlib_, Z_SYNC_FLUSH);
        const std::size_t got = piece.size() - zlib_->avail_out;
        if (got != 0) take(context, Bytes(piece).first(got));
        octets_out_ += got;
        // A final block ends a message, not the stream.
        const bool ended = answer == Z_STREAM_END && inflateReset(zlib_) == Z_OK;
        dead_ = (answer != Z_OK && answer != Z_BUF_ERROR && !ended) || octets_out_ > kWebSocketInflatedMax;
    } while (!dead_ && (zlib_->avail_in != 0 || zlib_->avail_out == 0));
    return !dead_;
}

}  // namespace sekisho::app::websocket
