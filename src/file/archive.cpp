// Zip and gzip: see archive.h. A state machine over octets; what must be whole (headers, names) is collected in the
// object, so that cuts anywhere give the same members.
#include "sekisho/file/archive.h"

#include <algorithm>
#include <cstring>
#include <new>

#include <zlib.h>

#include "sekisho/base/byte_reader.h"

namespace sekisho::file {
namespace {

constexpr std::size_t kZipHeader = 30;
constexpr std::size_t kGzipHeader = 10;
constexpr std::uint8_t kHasCrc = 2, kHasExtra = 4, kHasName = 8, kHasComment = 16;  // RFC 1952 section 2.3.1
constexpr std::uint16_t kStored = 0, kDeflate = 8;
constexpr std::uint16_t kEncrypted = 1, kDescriptor = 8;  // general purpose bits

constexpr std::string_view kLocal = "PK\x03\x04";

}  // namespace

ArchiveKind archive_kind(Bytes head) noexcept {
    const auto text = as_text(head);
    if (text.starts_with(kLocal)) return ArchiveKind::zip;
    if (text.starts_with("\x1f\x8b\x08")) return ArchiveKind::gzip;
    return ArchiveKind::none;
}

Archive::Archive(ArchiveKind kind) noexcept : kind_(kind) {
    static_assert(sizeof(z_stream) <= sizeof stream_);
    if (kind == ArchiveKind::none) place_ = Place::over;
}

Archive::~Archive() { stop_inflate(); }

z_stream_s& Archive::stream() noexcept { return *std::launder(reinterpret_cast<z_stream*>(stream_.data())); }

// zlib takes its memory once, when it starts, and gives all of it back when it stops: a mark that only rises will do.
void* Archive::take(void* archive, unsigned items, unsigned size) noexcept {
    auto& self = *static_cast<Archive*>(archive);
    const std::size_t octets = (std::size_t{items} * size + 15) / 16 * 16;
    if (octets > kDecoderMemory - self.decoder_used_) return nullptr;
    void* memory = self.decoder_.data() + self.decoder_used_;
    self.decoder_used_ += octets;
    return memory;
}
void Archive::give_back(void*, void*) noexcept {}

bool Archive::start_inflate() noexcept {
    stop_inflate();
    auto* fresh = ::new (stream_.data()) z_stream{};
    fresh->zalloc = &Archive::take;
    fresh->zfree = &Archive::give_back;
    fresh->opaque = this;
    decoder_used_ = 0;
    inflating_ = inflateInit2(fresh, -MAX_WBITS) == Z_OK;
    return inflating_;
}

void Archive::stop_inflate() noexcept {
    if (inflating_) inflateEnd(&stream());
    inflating_ = false;
}

void Archive::write(Bytes in, MemberSink& out) noexcept {
    while (!in.empty() && place_ != Place::over) {
        std::size_t used = 0;
        switch (place_) {
            case Place::header:
            case Place::name: used = read_header(in, out); break;
            case Place::extra:
            case Place::skipped: {
                std::uint64_t skip = place_ == Place::extra ? extra_left_ : left_;
                used = static_cast<std::size_t>(std::min<std::uint64_t>(skip, in.size()));
                if (place_ == Place::extra) {
                    extra_left_ -= static_cast<std::uint32_t>(used);
                    if (extra_left_ == 0) start_content(out);
                } else {
                    left_ -= used;
                    if (left_ == 0) end_member(out);
                }
                break;
            }
            case Place::gzip_fields: used = read_gzip_fields(in, out); break;
            case Place::stored: used = copy_stored(in, out); break;
            case Place::deflated: used = inflate_some(in, out); break;
            case Place::trailer: used = read_trailer(in); break;
            case Place::over: return;
        }
        in = in.subspan(used);
    }
}

void Archive::finish(MemberSink& out) noexcept {
    if (in_member_) end_member(out);
    place_ = Place::over;
}

std::size_t Archive::read_header(Bytes in, MemberSink& out) noexcept {
    if (place_ == Place::name) {
        const std::size_t used = std::min<std::size_t>(name_left_, in.size());
        for (const std::uint8_t c : in.first(used)) {
            if (name_size_ == name_.size()) {  // the end of a long name counts: there is its extension
                std::memmove(name_.data(), name_.data() + 1, name_.size() - 1);
                --name_size_;
            }
            name_[name_size_++] = static_cast<char>(c);
        }
        name_left_ -= static_cast<std::uint32_t>(used);
        if (name_left_ == 0) {
            place_ = Place::extra;
            if (extra_left_ == 0) start_content(out);
        }
        return used;
    }
    const std::size_t whole = kind_ == ArchiveKind::zip ? kZipHeader : kGzipHeader;
    const std::size_t used = std::min<std::size_t>(whole - header_size_, in.size());
    std::copy_n(in.begin(), used, header_.begin() + header_size_);
    header_size_ = static_cast<std::uint16_t>(header_size_ + used);
    if (header_size_ < whole) return used;
    header_size_ = 0;
    if (members_ == kArchiveMembersMax) {
        limited_ = true;
        place_ = Place::over;
        return used;
    }
    ++members_;
    name_size_ = 0;
    if (kind_ == ArchiveKind::zip) {
        begin_zip_member();
        if (place_ == Place::extra && extra_left_ == 0) start_content(out);
    } else {
        begin_gzip_member();
        if (place_ == Place::gzip_fields && gzip_field_ == 0 && (gzip_flags_ & 0x1e) == 0) start_content(out);
    }
    return used;
}

void Archive::begin_zip_member() noexcept {
    if (archive_kind(header_) != ArchiveKind::zip) {  // the central directory, or no zip
        place_ = Place::over;
        return;
    }
    ByteReader reader(Bytes(header_).subspan(6));
    const std::uint16_t flags = reader.u16_le();
    method_ = reader.u16_le();
    reader.skip(8);
    left_ = reader.u32_le();
    reader.skip(4);
    name_left_ = reader.u16_le();
    extra_left_ = reader.u16_le();
    size_unknown_ = (flags & kDescriptor) != 0;
    if ((flags & kEncrypted) != 0) method_ = 0xffff;
    place_ = name_left_ != 0 ? Place::name : Place::extra;
}

void Archive::begin_gzip_member() noexcept {
    if (archive_kind(header_) != ArchiveKind::gzip) {  // what follows a member and is none
        place_ = Place::over;
        return;
    }
    gzip_flags_ = header_[3];
    gzip_field_ = 0;
    name_left_ = extra_left_ = 0;
    method_ = kDeflate;
    size_unknown_ = true;
    place_ = Place::gzip_fields;
}

// The optional fields in the order of RFC 1952 section 2.3: extra, name, comment, header checksum.
std::size_t Archive::read_gzip_fields(Bytes in, MemberSink& out) noexcept {
    constexpr std::uint8_t kFields[] = {kHasExtra, kHasName, kHasComment, kHasCrc};
    const std::uint8_t c = in[0];
    while (gzip_field_ < std::size(kFields) && (gzip_flags_ & kFields[gzip_field_]) == 0) ++gzip_field_;
    const std::uint8_t field = gzip_field_ < std::size(kFields) ? kFields[gzip_field_] : std::uint8_t{0};
    bool done = false;
    switch (field) {
        case kHasExtra:  // two octets of length, then so many; name_left_ counts what came
            ++name_left_;
            if (name_left_ == 1) extra_left_ = c;
            if (name_left_ == 2) extra_left_ |= std::uint32_t{c} << 8;
            done = name_left_ >= 2 && name_left_ == extra_left_ + 2;
            break;
        case kHasName:
            if (c != 0 && name_size_ < name_.size()) name_[name_size_++] = static_cast<char>(c);
            done = c == 0;
            break;
        case kHasComment: done = c == 0; break;
        case kHasCrc: done = ++name_left_ == 2; break;
        default: break;
    }
    if (done) {
        name_left_ = 0;
        gzip_flags_ = static_cast<std::uint8_t>(gzip_flags_ & ~field);
        if ((gzip_flags_ & 0x1e) == 0) start_content(out);
    }
    return 1;
}

void Archive::start_content(MemberSink& out) noexcept {
    out.member_begin({name_.data(), name_size_});
    in_member_ = true;
    told_piece_ = false;
    held_ = 0;
    if (method_ == kDeflate && start_inflate()) {
        place_ = Place::deflated;
    } else if (method_ == kStored && !size_unknown_) {
        place_ = Place::stored;
    } else if (!size_unknown_ || left_ != 0) {
        place_ = Place::skipped;
    } else {  // where it ends cannot be told
        limited_ = true;
        end_member(out);
        place_ = Place::over;
        return;
    }
    if ((place_ == Place::stored || place_ == Place::skipped) && left_ == 0) end_member(out);
}

std::size_t Archive::copy_stored(Bytes in, MemberSink& out) noexcept {
    const auto used = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size()));
    give(in.first(used), out);
    if (place_ == Place::over) return used;
    left_ -= used;
    if (left_ == 0) end_member(out);
    return used;
}

std::size_t Archive::inflate_some(Bytes in, MemberSink& out) noexcept {
    z_stream& z = stream();
    z.next_in = const_cast<std::uint8_t*>(in.data());
    z.avail_in = static_cast<unsigned>(in.size());
    std::uint8_t plain[kArchivePiece];
    for (;;) {
        z.next_out = plain;
        z.avail_out = sizeof plain;
        const int result = inflate(&z, Z_SYNC_FLUSH);
        give(Bytes(plain).first(sizeof plain - z.avail_out), out);
        const std::size_t used = in.size() - z.avail_in;
        if (place_ == Place::over) return used;
        if (result == Z_STREAM_END) {
            end_member(out);
            return used;
        }
        if (result != Z_OK && result != Z_BUF_ERROR) {
            end_member(out);
            place_ = Place::over;
            return used;
        }
        if (z.avail_out != 0) return in.size();
    }
}

// Behind a member: gzip has eight octets, zip a data descriptor of 12 or 16 (Zip64: 20 or 24) when it said so. The
// next header's mark is looked for rather than counted, because the descriptor's own mark is optional.
std::size_t Archive::read_trailer(Bytes in) noexcept {
    if (kind_ == ArchiveKind::gzip) {
        const auto used = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size()));
        left_ -= used;
        if (left_ == 0) place_ = Place::header;
        return used;
    }
    header_[header_size_++] = in[0];
    const std::string_view seen = as_text(Bytes(header_).first(header_size_));
    if (seen.ends_with(kLocal)) {
        std::copy_n(kLocal.begin(), kLocal.size(), header_.begin());
        header_size_ = static_cast<std::uint16_t>(kLocal.size());
        place_ = Place::header;
    } else if (seen.size() >= 28 || seen.ends_with("PK\x01\x02")) {
        place_ = Place::over;
    }
    return 1;
}

void Archive::give(Bytes piece, MemberSink& out) noexcept {
    if (piece.empty()) return;
    if (output_ + piece.size() > kArchiveOutputMax) {
        limited_ = true;
        end_member(out);
        place_ = Place::over;
        return;
    }
    output_ += piece.size();
    while (!piece.empty()) {
        if (told_piece_ && held_ == 0) return out.member_piece(piece);
        const std::size_t n = std::min<std::size_t>(piece.size(), 4 - held_);
        std::copy_n(piece.begin(), n, piece_.begin() + held_);
        held_ += static_cast<std::uint32_t>(n);
        piece = piece.subspan(n);
        if (held_ < 4) return;
        // As much as there is goes out with the four octets that tell what it is.
        const std::size_t more = std::min(piece.size(), piece_.size() - held_);
        std::copy_n(piece.begin(), more, piece_.begin() + held_);
        held_ += static_cast<std::uint32_t>(more);
        piece = piece.subspan(more);
        flush(out);
    }
}

void Archive::flush(MemberSink& out) noexcept {
    if (held_ != 0) out.member_piece(Bytes(piece_).first(held_));
    held_ = 0;
    told_piece_ = true;
}

void Archive::end_member(MemberSink& out) noexcept {
    if (in_member_) {
        flush(out);
        in_member_ = false;
        out.member_end();
    }
    stop_inflate();
    header_size_ = 0;
    place_ = Place::header;
    if (kind_ == ArchiveKind::gzip) {
        left_ = 8;
        place_ = Place::trailer;
    } else if (size_unknown_) {
        place_ = Place::trailer;
    }
}

}  // namespace sekisho::file
