// One mail as MIME (RFC 2045 to 2047, 2183, 5322): its fields, and its attachments as files. Streams: what is kept is
// the header field being read, the start of a line, the delimiters of the open multiparts, and what a coding has left
// over. Cut anywhere, the same octets give the same fields and files.
//
// Mail programs do not agree on mails that break the rules. What any of them opens is taken for an attachment here; where
// they would see different things, an event mime_ambiguous says so.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "app/mime/transfer_decoder.h"
#include "sekisho/app/limits.h"
#include "sekisho/app/parser.h"

namespace sekisho::app::mime {

/// What is known of a part that comes without its head.
struct Part {
    std::optional<Coding> coding;   ///< none: told by its first line
    std::string_view name;          ///< not owned
    bool is_text = false;
};

class Mime {
  public:
    /// A mail begins. @param tells  whose events are told: all of SMTP's; of POP3 and IMAP, where the mail is whole, what mail
    ///                              programs read in different ways; unknown: none
    void start(Direction direction, Protocol tells) noexcept;
    /// A part of a mail begins with its head.
    void start_entity(Direction direction, Protocol tells) noexcept;
    /// What follows the head of a mail begins; the head is not known, the first delimiter is taken for its own.
    void start_body(Direction direction) noexcept;
    /// The content of a part begins.
    void start_part(TxId tx, Direction direction, const Part& part, FieldSink& out) noexcept;
    bool active() const noexcept { return place_ != Place::off; }
    void write(TxId tx, Bytes in, FieldSink& out) noexcept;
    /// There are servers for which the mail ends here.
    void may_end(TxId tx, FieldSink& out) noexcept;
    /// The mail ends; an unfinished file is told as it is.
    void finish(TxId tx, FieldSink& out) noexcept;

  private:
    enum class Place : std::uint8_t { off, head, between, file, text };
    /// What separates the parts of an open multipart.
    struct Delimiter {
        std::array<char, kMimeBoundaryMax> text;
        std::uint8_t size = 0;
        bool cut = false;      ///< it was longer: its start counts
        bool unknown = false;  ///< none was named: the first line that looks like one is it
        bool seen = false;
        bool twin = false;     ///< of the same multipart as the one below: two were named
        std::string_view view() const noexcept { return {text.data(), size}; }
    };
    /// What the head of an entity says.
    struct Entity {
        bool multipart = false;
        bool message = false;
        bool attachment = false;
        bool is_text = true;
        bool has_type = false;
        bool has_coding = false;
        bool has_disposition = false;
        bool name_is_disposition = false;
        Coding coding = Coding::identity;
        std::uint8_t more_boundaries = 0;   ///< than the first: they are open already
        std::uint16_t name_size = 0;
    };
    struct Match;
    class Output;

    // Lines: lines.cpp
    void keep(std::string_view piece, Output& out) noexcept;
    void kept_line(std::string_view line_end, Output& out) noexcept;
    std::size_t behind_cr(char c, Output& out) noexcept;
    // Structure: mime.cpp
    void line_piece(std::string_view piece, std::string_view line_end, bool starts, Output& out) noexcept;
    bool take_delimiter(std::string_view line, std::string_view line_end, Output& out) noexcept;
    Match match(std::string_view line) const noexcept;
    void adopt(Delimiter& delimiter, std::string_view line) noexcept;
    void close_multiparts(std::uint8_t down_to, Output& out) noexcept;
    bool open_multipart(std::string_view boundary, Output& out) noexcept;
    void begin_entity() noexcept;
    void event(AppEvent event, Output& out) noexcept;
    // Heads: head.cpp
    void head_line(std::string_view line, bool starts, bool ends, Output& out) noexcept;
    void field_done(Output& out) noexcept;
    void content_type(std::string_view value, Output& out) noexcept;
    void content_coding(std::string_view value, Output& out) noexcept;
    void content_disposition(std::string_view value, Output& out) noexcept;
    void take_boundaries(std::string_view value, Output& out) noexcept;
    void take_names(std::string_view value, std::string_view parameter, bool disposition, Output& out) noexcept;
    void head_done(Output& out) noexcept;
    // What entities hold: content.cpp
    void open_file(std::string_view name, Coding coding, Output& out) noexcept;
    void close_leaf(Output& out) noexcept;
    void content(std::string_view piece, std::string_view line_end, bool starts, Output& out) noexcept;
    void text_line(std::string_view line, bool ends, Output& out) noexcept;
    void release_line_end(Output& out) noexcept;
    void guess_coding(std::string_view line) noexcept;
    void find_urls(std::string_view text, Output& out) noexcept;

    Place place_ = Place::off;
    Direction direction_ = Direction::to_server;
    Protocol tells_ = Protocol::unknown;
    std::uint32_t told_ = 0;          ///< events of this mail that were told, by bit: each once
    bool envelope_ = true;            ///< the mail's own head, whose fields are told
    bool inside_line_ = false;        ///< an earlier piece of the line was handled already
    bool first_piece_ = false;        ///< of the file
    bool guess_coding_ = false;       ///< of the file, by the first line that says something
    bool exact_end_ = false;          ///< the last line end is content: no delimiter follows
    bool may_reopen_ = false;         ///< the delimiter above the open ones was closed and is still known
    std::uint8_t crs_ = 0;            ///< CRs behind the kept line, until it is seen whether LF follows
    std::string_view previous_end_;   ///< of the line before: CRLF, LF or CR
    std::string_view held_end_;       ///< a line end that may belong to a delimiter
    Entity entity_;                   ///< whose head was read last
    std::uint8_t urls_ = 0;           ///< told of this mail
    std::uint8_t depth_ = 0;          ///< open multiparts
    std::uint16_t line_size_ = 0;
    std::uint16_t field_size_ = 0;
    std::uint32_t line_octets_ = 0;   ///< of the line so far, for events
    TransferDecoder decoder_;
    Delimiter boundary_;              ///< of the entity
    std::array<char, kMimeFileNameMax> name_;
    std::array<Delimiter, kMimeDepthMax> delimiters_;
    std::array<char, kMimeLineKept> line_;
    std::array<char, kMimeFieldMax> field_;
};

constexpr std::string_view kCrLf = "\r\n", kLf = "\n", kCr = "\r";

}  // namespace sekisho::app::mime
