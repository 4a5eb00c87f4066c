// Removes Content-Encoding: gzip (RFC 1952), zlib and raw deflate (RFC 1950, 1951), brotli (RFC 7932), in
// layers. What the header says and what the bytes are differ often, by mistake or to evade: each layer looks
// at its first bytes, ignores checksums, and hands bytes on as they are when they are not what was declared.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sekisho/app/limits.h"
#include "sekisho/base/bytes.h"

struct z_stream_s;
struct BrotliDecoderStateStruct;

namespace sekisho::app::http {

enum class Coding : std::uint8_t { gzip, deflate, brotli };

/// What a content decoder tells beside the bytes.
enum class DecodeFault : std::uint8_t { failed, bomb };

class DecodedSink {
  public:
    virtual ~DecodedSink() = default;
    virtual void decoded(Bytes piece) noexcept = 0;
    virtual void fault(DecodeFault fault) noexcept = 0;
};

/// One layer. Owns its decompressor, which is made at the first body that needs it and kept for the next.
class CodingLayer {
  public:
    CodingLayer() noexcept = default;
    ~CodingLayer();
    CodingLayer(const CodingLayer&) = delete;
    CodingLayer& operator=(const CodingLayer&) = delete;

    void start(Coding declared) noexcept;
    /// @param out  takes what this layer decodes
    void write(Bytes in, DecodedSink& out) noexcept;
    /// The body ends: bytes still held back are handed on as they are.
    void finish(DecodedSink& out) noexcept;
    void stop() noexcept { phase_ = Phase::dead; }

  private:
    enum class Phase : std::uint8_t {
        sniff, gzip_fixed, gzip_extra_length, gzip_extra, gzip_name, gzip_comment, gzip_crc,
        inflate, brotli, gzip_trailer, zlib_trailer, raw, dead,
    };
    static constexpr std::size_t kHeldMax = 256;  // input kept until output shows that it is compressed

    Bytes sniff(Bytes in, DecodedSink& out) noexcept;
    Bytes gzip_header(Bytes in) noexcept;
    void next_gzip_part(Phase done) noexcept;
    Bytes inflate(Bytes in, DecodedSink& out) noexcept;
    Bytes unbrotli(Bytes in, DecodedSink& out) noexcept;
    Bytes skip(Bytes in) noexcept;
    bool begin_inflate(Phase trailer) noexcept;
    void hold(Bytes in) noexcept;
    void give_up(Bytes rest, DecodedSink& out) noexcept;

    z_stream_s* zlib_ = nullptr;
    BrotliDecoderStateStruct* brotli_ = nullptr;
    std::uint32_t left_ = 0;      ///< octets of the current header or trailer part
    std::uint16_t held_size_ = 0;
    Coding declared_ = Coding::gzip;
    Phase phase_ = Phase::raw;
    Phase trailer_ = Phase::raw;
    std::uint8_t gzip_flags_ = 0;
    bool any_output_ = false;
    bool member_done_ = false;    ///< what follows a whole gzip member may be anything
    std::array<std::uint8_t, kHeldMax> held_{};
};

/// The layers of one body, outermost coding (the last one named) first.
class ContentDecoder {
  public:
    /// Reads a Content-Encoding value. @return what was odd about it
    struct Oddities {
        bool unknown = false;
        bool too_many = false;
    };
    Oddities start(std::string_view content_encoding) noexcept;
    void clear() noexcept { layers_used_ = 0; }
    bool active() const noexcept { return layers_used_ != 0; }
    void write(Bytes in, DecodedSink& out) noexcept;
    void finish(DecodedSink& out) noexcept;
    /// Bytes were lost: what follows cannot be decoded.
    void stop() noexcept;

  private:
    friend class LayerOutput;
    void pass(std::size_t layer, Bytes in, DecodedSink& out) noexcept;

    std::array<CodingLayer, kHttpCodingLayersMax> layers_;
    std::uint64_t octets_in_ = 0;
    std::uint64_t octets_out_ = 0;
    std::uint8_t layers_used_ = 0;
    bool faulted_ = false;
    bool bomb_ = false;
};

}  // namespace sekisho::app::http
