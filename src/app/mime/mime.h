// One mail as MIME (RFC 2045 to 2047, 2183, 5322): its fields, and its attachments as files. Streams: what is kept is
// the header field being read, the start of a line, the delimiters of the open multiparts, and what a coding has left
// over. Cut anywhere, the same octets give the same fields and files.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "app/mime/transfer_decoder.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::mime {

class Mime {
  public:
    /// A mail begins. @param tell_events  whether smtp.mime_* events are told (mails of SMTP)
    void start(Direction direction, bool tell_events) noexcept;
    bool active() const noexcept { return place_ != Place::off; }
    void write(TxId tx, Bytes in, FieldSink& out) noexcept;
    /// The mail ends; an unfinished file is told as it is.
    void finish(TxId tx, FieldSink& out) noexcept;

  private:
    enum class Place : std::uint8_t { off, head, between, file, text };
    struct Delimiter {
        std::array<char, kMimeBoundaryMax> text;
        std::uint8_t size = 0;
        std::string_view view() const noexcept { return {text.data(), size}; }
    };
    class Output;

    void whole_line(std::string_view line, Output& out) noexcept;
    void line_piece(std::string_view piece, std::string_view line_end, bool starts, Output& out) noexcept;
    void head_line(std::string_view line, bool starts, bool ends, Output& out) noexcept;
    void field_done(Output& out) noexcept;
    void content_field(std::string_view name, std::string_view value, Output& out) noexcept;
    void head_done(Output& out) noexcept;
    void begin_entity() noexcept;
    void open_file(std::string_view name, Coding coding, Output& out) noexcept;
    void close_leaf(Output& out) noexcept;
    bool take_delimiter(std::string_view line, Output& out) noexcept;
    void content(std::string_view piece, std::string_view line_end, bool starts, Output& out) noexcept;
    void text_line(std::string_view line, bool ends, Output& out) noexcept;
    void find_urls(std::string_view text, Output& out) noexcept;
    void event(AppEvent event, Output& out) noexcept;

    Place place_ = Place::off;
    Direction direction_ = Direction::to_server;
    bool tell_events_ = false;
    std::uint32_t told_ = 0;          ///< events of this mail that were told, by bit: each once
    bool envelope_ = true;            ///< the mail's own head, whose fields are told
    bool inside_line_ = false;        ///< an earlier piece of the line was handled already
    bool first_piece_ = false;        ///< of the file
    bool held_end_ = false;           ///< a line end that may belong to a delimiter
    bool held_crlf_ = false;
    // of the entity whose head is read
    bool multipart_ = false;
    bool message_ = false;
    bool attachment_ = false;
    bool is_text_ = true;
    bool has_type_ = false;
    Coding coding_ = Coding::identity;
    std::uint8_t boundary_size_ = 0;
    std::uint16_t name_size_ = 0;
    std::uint8_t urls_ = 0;           ///< told of this mail
    std::uint8_t depth_ = 0;          ///< open multiparts
    std::uint16_t line_size_ = 0;
    std::uint16_t field_size_ = 0;
    std::uint32_t line_octets_ = 0;   ///< of the line so far, for events
    TransferDecoder decoder_;
    std::array<char, kMimeBoundaryMax> boundary_;
    std::array<char, kMimeFileNameMax> name_;
    std::array<Delimiter, kMimeDepthMax> delimiters_;
    std::array<char, kMimeLineKept> line_;
    std::array<char, kMimeFieldMax> field_;
};

}  // namespace sekisho::app::mime
