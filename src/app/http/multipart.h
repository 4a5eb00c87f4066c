// Files in a multipart/form-data request body (RFC 7578, RFC 2046 section 5.1): name and content of each part
// that has a file name. Streams: nothing of a file is kept but a delimiter that may be starting.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sekisho/app/limits.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::http {

class Multipart {
  public:
    /// Reads the boundary of a Content-Type value. False when this is no multipart/form-data.
    bool start(std::string_view content_type) noexcept;
    bool active() const noexcept { return place_ != Place::off; }
    void write(TxId tx, Bytes in, FieldSink& out) noexcept;
    /// The body ends; an unfinished file is told as it is.
    void finish(TxId tx, FieldSink& out) noexcept;

  private:
    enum class Place : std::uint8_t { off, preamble, after_delimiter, head, file, other_part, epilogue };

    void part_bytes(TxId tx, std::string_view bytes, FieldSink& out) noexcept;
    void part_end(TxId tx, FieldSink& out) noexcept;
    void part_head(TxId tx, FieldSink& out) noexcept;
    std::size_t read_head(TxId tx, std::string_view in, FieldSink& out) noexcept;
    std::size_t search(TxId tx, std::string_view in, FieldSink& out) noexcept;

    Place place_ = Place::off;
    bool first_piece_ = false;
    std::uint8_t delimiter_size_ = 0;
    std::uint8_t matched_ = 0;          ///< octets of the delimiter seen at the end of what came
    std::uint16_t head_size_ = 0;
    std::array<char, kMultipartBoundaryMax + 4> delimiter_;  ///< CRLF "--" boundary
    std::array<char, kMultipartHeadMax> head_;
};

/// `filename` parameter of a Content-Disposition value; empty when there is none.
std::string_view disposition_filename(std::string_view value) noexcept;

}  // namespace sekisho::app::http
