// Opens zip (APPNOTE 4.3) and gzip (RFC 1952) while they pass: members with their names and contents.
//
// Streams: reads the local headers in the order in which they come, never the central directory, which stands at the
// end; so members that only the directory knows are not seen. Encrypted members and methods other than stored and
// deflate are told by their name only. Checksums are not verified.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "sekisho/base/bytes.h"
#include "sekisho/file/limits.h"

struct z_stream_s;

namespace sekisho::file {

/// Takes what an archive holds, in order.
class MemberSink {
  public:
    virtual ~MemberSink() = default;
    /// @param name  as it stands in the archive, at most kNameMax octets, may be empty (gzip); valid during the call
    virtual void member_begin(std::string_view name) noexcept = 0;
    /// The first piece has at least four octets, where the member has.
    virtual void member_piece(Bytes piece) noexcept = 0;
    virtual void member_end() noexcept = 0;
};

enum class ArchiveKind : std::uint8_t { none, zip, gzip };
/// By the first four octets.
ArchiveKind archive_kind(Bytes head) noexcept;

/// One archive. Placed by the caller in memory of its own (kArchiveMemory octets), because a decompressor needs more
/// than a flow has: nothing is allocated.
class Archive {
  public:
    explicit Archive(ArchiveKind kind) noexcept;
    ~Archive();
    Archive(const Archive&) = delete;
    Archive& operator=(const Archive&) = delete;

    /// The next octets of the archive. @thread one at a time
    void write(Bytes in, MemberSink& out) noexcept;
    /// The archive ends: an unfinished member is told as it is.
    void finish(MemberSink& out) noexcept;
    /// A limit of limits.h was reached: the rest was not opened.
    bool limit_reached() const noexcept { return limited_; }

  private:
    enum class Place : std::uint8_t { header, name, extra, gzip_fields, stored, deflated, trailer, skipped, over };

    std::size_t read_header(Bytes in, MemberSink& out) noexcept;
    void begin_zip_member() noexcept;
    void begin_gzip_member() noexcept;
    void start_content(MemberSink& out) noexcept;
    std::size_t copy_stored(Bytes in, MemberSink& out) noexcept;
    std::size_t inflate_some(Bytes in, MemberSink& out) noexcept;
    std::size_t read_gzip_fields(Bytes in, MemberSink& out) noexcept;
    std::size_t read_trailer(Bytes in) noexcept;
    void give(Bytes piece, MemberSink& out) noexcept;
    void flush(MemberSink& out) noexcept;
    void end_member(MemberSink& out) noexcept;
    bool start_inflate() noexcept;
    void stop_inflate() noexcept;
    static void* take(void* archive, unsigned items, unsigned size) noexcept;
    static void give_back(void* archive, void* memory) noexcept;

    ArchiveKind kind_;
    Place place_ = Place::header;
    bool in_member_ = false;
    bool told_piece_ = false;       ///< the member's first piece is out
    bool size_unknown_ = false;     ///< a data descriptor follows the member
    bool limited_ = false;
    bool inflating_ = false;
    std::uint8_t gzip_flags_ = 0;
    std::uint8_t gzip_field_ = 0;
    std::uint16_t method_ = 0;
    std::uint16_t header_size_ = 0; ///< octets of the header that came
    std::uint16_t name_size_ = 0;   ///< kept of the name
    std::uint32_t name_left_ = 0;
    std::uint32_t extra_left_ = 0;
    std::uint32_t members_ = 0;
    std::uint32_t held_ = 0;        ///< octets in piece_
    std::uint64_t left_ = 0;        ///< of the member as packed
    std::uint64_t output_ = 0;
    std::array<std::uint8_t, 32> header_{};
    std::array<char, kNameMax> name_;
    std::array<std::uint8_t, kArchivePiece> piece_;
    alignas(16) std::array<std::uint8_t, 128> stream_;   ///< z_stream
    static constexpr std::size_t kDecoderMemory = KiB(46);  ///< zlib's inflate: about 7 KiB and a window of 32 KiB
    std::size_t decoder_used_ = 0;
    alignas(16) std::array<std::uint8_t, kDecoderMemory> decoder_;
    z_stream_s& stream() noexcept;
};

constexpr std::size_t kArchiveMemory = KiB(64);
static_assert(sizeof(Archive) <= kArchiveMemory);

}  // namespace sekisho::file
