// Layers of content coding: see content_decoder.h.
#include "app/http/content_decoder.h"

#include <algorithm>
#include <cstring>
#include <new>

#include <brotli/decode.h>
#include <zlib.h>

#include "app/http/headers.h"

namespace sekisho::app::http {
namespace {

constexpr std::uint8_t kGzipHeaderCrc = 0x02;
constexpr std::uint8_t kGzipExtra = 0x04;
constexpr std::uint8_t kGzipName = 0x08;
constexpr std::uint8_t kGzipComment = 0x10;
constexpr std::size_t kGzipFixedSize = 10;
constexpr std::uint32_t kGzipTrailerSize = 8;
constexpr std::uint32_t kZlibTrailerSize = 4;
constexpr int kRawDeflate = -15;

constexpr bool is_gzip(std::uint8_t a, std::uint8_t b) noexcept { return a == 0x1f && b == 0x8b; }
constexpr bool is_zlib(std::uint8_t a, std::uint8_t b) noexcept {
    return (a & 0x0f) == 8 && (a >> 4) <= 7 && (a * 256 + b) % 31 == 0 && (b & 0x20) == 0;
}

}  // namespace

CodingLayer::~CodingLayer() {
    if (zlib_) {
        inflateEnd(zlib_);
        delete zlib_;
    }
    if (brotli_) BrotliDecoderDestroyInstance(brotli_);
}

void CodingLayer::start(Coding declared) noexcept {
    declared_ = declared;
    phase_ = Phase::sniff;
    held_size_ = 0;
    left_ = 0;
    any_output_ = false;
    member_done_ = false;
    if (declared != Coding::brotli) return;
    if (brotli_) BrotliDecoderDestroyInstance(brotli_);  // it cannot be reset
    brotli_ = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
    phase_ = brotli_ ? Phase::brotli : Phase::raw;
}

void CodingLayer::hold(Bytes in) noexcept {
    const std::size_t n = std::min(in.size(), kHeldMax - held_size_);
    if (n != 0) std::memcpy(held_.data() + held_size_, in.data(), n);
    held_size_ = static_cast<std::uint16_t>(held_size_ + n);
}

bool CodingLayer::begin_inflate(Phase trailer) noexcept {
    trailer_ = trailer;
    phase_ = Phase::inflate;
    if (zlib_) return inflateReset2(zlib_, kRawDeflate) == Z_OK;
    zlib_ = new (std::nothrow) z_stream{};
    if (!zlib_) return false;
    if (inflateInit2(zlib_, kRawDeflate) == Z_OK) return true;
    delete zlib_;
    zlib_ = nullptr;
    return false;
}

// Not what was declared: what was held back and the rest go on as they are.
void CodingLayer::give_up(Bytes rest, DecodedSink& out) noexcept {
    phase_ = Phase::raw;
    if (!member_done_) out.fault(DecodeFault::failed);
    if (!any_output_ && held_size_ != 0) out.decoded(Bytes(held_).first(held_size_));
    if (!rest.empty()) out.decoded(rest);
}

Bytes CodingLayer::sniff(Bytes in, DecodedSink& out) noexcept {
    const std::size_t wanted = 2u - held_size_;
    const std::size_t taken = std::min(wanted, in.size());
    hold(in.first(taken));
    in = in.subspan(taken);
    if (held_size_ < 2) return {};
    if (is_gzip(held_[0], held_[1])) {
        phase_ = Phase::gzip_fixed;
        left_ = kGzipFixedSize - 2;
        return in;
    }
    const bool zlib = is_zlib(held_[0], held_[1]);
    if (!zlib && declared_ == Coding::gzip) {  // a layer that was announced and never applied
        give_up(in, out);
        return {};
    }
    if (!begin_inflate(zlib ? Phase::zlib_trailer : Phase::raw)) {
        give_up(in, out);
        return {};
    }
    if (!zlib) {
        const std::array<std::uint8_t, 2> first{held_[0], held_[1]};
        held_size_ = 0;
        const Bytes rest = inflate(first, out);
        if (phase_ != Phase::inflate) write(rest, out);
    }
    return in;
}

// Parts of the gzip header in their order; the flags say which ones are there (RFC 1952 section 2.3).
void CodingLayer::next_gzip_part(Phase done) noexcept {
    if (done < Phase::gzip_extra_length && (gzip_flags_ & kGzipExtra)) {
        phase_ = Phase::gzip_extra_length;
        left_ = 0;
    } else if (done < Phase::gzip_name && (gzip_flags_ & kGzipName)) {
        phase_ = Phase::gzip_name;
    } else if (done < Phase::gzip_comment && (gzip_flags_ & kGzipComment)) {
        phase_ = Phase::gzip_comment;
    } else if (done < Phase::gzip_crc && (gzip_flags_ & kGzipHeaderCrc)) {
        phase_ = Phase::gzip_crc;
        left_ = 2;
    } else if (!begin_inflate(Phase::gzip_trailer)) {
        phase_ = Phase::dead;
    }
}

Bytes CodingLayer::skip(Bytes in) noexcept {
    const std::size_t n = std::min<std::size_t>(left_, in.size());
    left_ -= static_cast<std::uint32_t>(n);
    return in.subspan(n);
}

Bytes CodingLayer::gzip_header(Bytes in) noexcept {
    switch (phase_) {
        case Phase::gzip_fixed:
            if (left_ == kGzipFixedSize - 3) gzip_flags_ = in[0];
            in = in.subspan(1);
            if (--left_ == 0) next_gzip_part(Phase::gzip_fixed);
            return in;
        case Phase::gzip_extra_length: {
            constexpr std::uint32_t kFirstSeen = 0x10000;  // above the 16 bits of the length itself
            if (!(left_ & kFirstSeen)) {
                left_ = kFirstSeen | in[0];
            } else {
                left_ = (left_ & 0xff) | static_cast<std::uint32_t>(in[0]) << 8;
                phase_ = Phase::gzip_extra;
                if (left_ == 0) next_gzip_part(Phase::gzip_extra);
            }
            return in.subspan(1);
        }
        case Phase::gzip_name:
        case Phase::gzip_comment: {
            const auto* nul = static_cast<const std::uint8_t*>(std::memchr(in.data(), 0, in.size()));
            if (!nul) return {};
            in = in.subspan(static_cast<std::size_t>(nul - in.data()) + 1);
            next_gzip_part(phase_);
            return in;
        }
        default:  // gzip_extra, gzip_crc
            in = skip(in);
            if (left_ == 0) next_gzip_part(phase_);
            return in;
    }
}

Bytes CodingLayer::inflate(Bytes in, DecodedSink& out) noexcept {
    std::uint8_t piece[kHttpDecodedPieceMax];
    const Bytes given = in;
    zlib_->next_in = const_cast<Bytef*>(in.data());
    zlib_->avail_in = static_cast<uInt>(in.size());
    for (;;) {
        zlib_->next_out = piece;
        zlib_->avail_out = sizeof(piece);
        const int code = ::inflate(zlib_, Z_SYNC_FLUSH);
        const std::size_t made = sizeof(piece) - zlib_->avail_out;
        if (made != 0) {
            any_output_ = true;
            out.decoded({piece, made});
            if (phase_ == Phase::dead) return {};  // the sink had enough
        }
        const Bytes rest = given.last(zlib_->avail_in);
        if (code == Z_STREAM_END) {
            phase_ = trailer_;
            left_ = trailer_ == Phase::gzip_trailer ? kGzipTrailerSize : kZlibTrailerSize;
            return rest;
        }
        if (code != Z_OK && code != Z_BUF_ERROR) {
            if (!any_output_) {
                give_up(given, out);
            } else {
                give_up(rest, out);
            }
            return {};
        }
        if (zlib_->avail_out != 0) break;  // all input is used up
    }
    if (!any_output_) hold(given);
    return {};
}

Bytes CodingLayer::unbrotli(Bytes in, DecodedSink& out) noexcept {
    std::uint8_t piece[kHttpDecodedPieceMax];
    std::size_t available_in = in.size();
    const std::uint8_t* next_in = in.data();
    for (;;) {
        std::size_t available_out = sizeof(piece);
        std::uint8_t* next_out = piece;
        const auto code = BrotliDecoderDecompressStream(brotli_, &available_in, &next_in, &available_out, &next_out, nullptr);
        const std::size_t made = sizeof(piece) - available_out;
        if (made != 0) {
            any_output_ = true;
            out.decoded({piece, made});
            if (phase_ == Phase::dead) return {};
        }
        if (code == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) continue;
        if (code == BROTLI_DECODER_RESULT_SUCCESS) phase_ = Phase::raw;
        if (code == BROTLI_DECODER_RESULT_ERROR) {
            give_up(any_output_ ? in.last(available_in) : in, out);
            return {};
        }
        if (code == BROTLI_DECODER_RESULT_SUCCESS) return in.last(available_in);
        if (!any_output_) hold(in);
        return {};
    }
}

void CodingLayer::write(Bytes in, DecodedSink& out) noexcept {
    while (!in.empty()) {
        switch (phase_) {
            case Phase::sniff: in = sniff(in, out); break;
            case Phase::inflate: in = inflate(in, out); break;
            case Phase::brotli: in = unbrotli(in, out); break;
            case Phase::gzip_trailer:
            case Phase::zlib_trailer:
                in = skip(in);
                // Another member may follow (RFC 1952 section 2.2); anything else goes on as it is.
                if (left_ == 0) {
                    held_size_ = 0;
                    any_output_ = false;
                    member_done_ = true;
                    phase_ = phase_ == Phase::gzip_trailer ? Phase::sniff : Phase::raw;
                }
                break;
            case Phase::raw:
                out.decoded(in);
                return;
            case Phase::dead: return;
            default: in = gzip_header(in); break;
        }
    }
}

void CodingLayer::finish(DecodedSink& out) noexcept {
    const bool unproven = phase_ == Phase::sniff || (phase_ == Phase::inflate && trailer_ == Phase::raw);
    if (unproven && !any_output_ && held_size_ != 0) out.decoded(Bytes(held_).first(held_size_));
    phase_ = Phase::raw;
}

// Carries what one layer gives to the next.
class LayerOutput final : public DecodedSink {
  public:
    LayerOutput(ContentDecoder& decoder, std::size_t layer, DecodedSink& out) noexcept
        : decoder_(decoder), layer_(layer), out_(out) {}
    void decoded(Bytes piece) noexcept override { decoder_.pass(layer_ + 1, piece, out_); }
    void fault(DecodeFault fault) noexcept override {
        if (decoder_.faulted_) return;
        decoder_.faulted_ = true;
        out_.fault(fault);
    }

  private:
    ContentDecoder& decoder_;
    std::size_t layer_;
    DecodedSink& out_;
};

ContentDecoder::Oddities ContentDecoder::start(std::string_view value) noexcept {
    struct Name {
        std::string_view word;
        Coding coding;
    };
    static constexpr Name kNames[] = {{"gzip", Coding::gzip}, {"deflate", Coding::deflate}, {"br", Coding::brotli}};
    std::array<Coding, kHttpCodingLayersMax> codings{};
    Oddities odd;
    std::size_t count = 0;
    while (!value.empty()) {
        const auto end = std::min(value.find_first_of(", "), value.size());
        const std::string_view token = chomp(skip_spaces(value.substr(0, end)));
        value.remove_prefix(std::min(end + 1, value.size()));
        if (token.empty() || equals_word(token, "identity")) continue;
        const Name* found = nullptr;
        for (const Name& name : kNames)
            if (name.coding == Coding::brotli ? equals_word(token, name.word) : contains_word(token, name.word))
                found = &name;
        if (!found) {
            odd.unknown = true;
        } else if (count == codings.size()) {
            odd.too_many = true;
        } else {
            codings[count++] = found->coding;
        }
    }
    for (std::size_t i = 0; i < count; ++i) layers_[i].start(codings[count - 1 - i]);
    layers_used_ = static_cast<std::uint8_t>(count);
    octets_in_ = octets_out_ = 0;
    faulted_ = bomb_ = false;
    return odd;
}

void ContentDecoder::pass(std::size_t layer, Bytes in, DecodedSink& out) noexcept {
    if (layer < layers_used_) {
        LayerOutput next(*this, layer, out);
        layers_[layer].write(in, next);
        return;
    }
    if (bomb_) return;
    octets_out_ += in.size();
    const bool grown = octets_out_ > kHttpBombFloor && octets_out_ / kHttpBombRatio > octets_in_;
    if (grown || octets_out_ > kHttpBombCeiling) {
        bomb_ = true;
        out.fault(DecodeFault::bomb);
        stop();
        return;
    }
    out.decoded(in);
}

void ContentDecoder::write(Bytes in, DecodedSink& out) noexcept {
    octets_in_ += in.size();
    pass(0, in, out);
}

void ContentDecoder::finish(DecodedSink& out) noexcept {
    for (std::size_t i = 0; i < layers_used_; ++i) {
        LayerOutput next(*this, i, out);
        layers_[i].finish(next);
    }
}

void ContentDecoder::stop() noexcept {
    for (std::size_t i = 0; i < layers_used_; ++i) layers_[i].stop();
}

}  // namespace sekisho::app::http
