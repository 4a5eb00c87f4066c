// The structure of a mail: multiparts and the delimiters of their parts (RFC 2046 section 5.1).
#include "app/mime/mime.h"

#include <algorithm>
#include <optional>

#include "app/mime/output.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/base/text.h"

namespace sekisho::app::mime {
namespace {

constexpr std::size_t kLineLong = 998;        // RFC 5322 section 2.1.1
constexpr std::size_t kEncodedLineLong = 76;  // RFC 2045 section 6.8

/// The event as mails of a protocol tell it. Suricata knows those of SMTP only.
constexpr std::optional<AppEvent> told_by(Protocol protocol, AppEvent event) noexcept {
    if (protocol == Protocol::smtp) return event;
    if (event != AppEvent::smtp_mime_ambiguous) return std::nullopt;
    if (protocol == Protocol::pop3) return AppEvent::pop3_mime_ambiguous;
    if (protocol == Protocol::imap) return AppEvent::imap_mime_ambiguous;
    return std::nullopt;
}

}  // namespace

/// Which delimiter a line is.
struct Mime::Match {
    enum class Kind : std::uint8_t {
        none,
        exact,
        loose,    ///< more stands behind it: RFC 2046 says that it counts, most mail programs that it does not
        again,    ///< that of a multipart which was closed
        guessed,  ///< the first of a multipart that named none
    };
    Kind kind = Kind::none;
    bool last = false;
    bool padded = false;   ///< more than blanks behind the closing "--"
    std::uint8_t index = 0;
};

void Mime::event(AppEvent event, Output& out) noexcept {
    const std::uint32_t bit = std::uint32_t{1} << (static_cast<unsigned>(event) % 32);
    const auto told = told_by(tells_, event);
    if (!told || (told_ & bit) != 0) return;
    told_ |= bit;
    out.sink.event(out.tx, *told);
}

void Mime::may_end(TxId tx, FieldSink& sink) noexcept {
    Output out{tx, direction_, sink, first_piece_};
    event(AppEvent::smtp_ambiguous_end_of_data, out);
}

void Mime::start(Direction direction, Protocol tells) noexcept {
    direction_ = direction;
    tells_ = tells;
    told_ = 0;
    envelope_ = true;
    inside_line_ = may_reopen_ = guess_coding_ = exact_end_ = false;
    depth_ = urls_ = crs_ = 0;
    line_size_ = 0;
    line_octets_ = 0;
    previous_end_ = kCrLf;
    held_end_ = {};
    begin_entity();
}

void Mime::start_entity(Direction direction, Protocol tells) noexcept {
    start(direction, tells);
    envelope_ = false;
    exact_end_ = true;
}

void Mime::start_body(Direction direction) noexcept {
    start_entity(direction, Protocol::unknown);
    delimiters_[0] = {};
    delimiters_[0].unknown = true;
    depth_ = 1;
    place_ = Place::between;
}

void Mime::start_part(TxId tx, Direction direction, const Part& part, FieldSink& sink) noexcept {
    start_entity(direction, Protocol::unknown);
    Output out{tx, direction, sink, false};
    entity_.coding = part.coding.value_or(Coding::identity);
    if (part.is_text && part.name.empty()) {
        place_ = Place::text;
        decoder_.start(entity_.coding);
    } else {
        entity_.attachment = true;   // to its end, whatever is in it
        open_file(part.name, entity_.coding, out);
        guess_coding_ = !part.coding;
    }
    first_piece_ = out.first;
}

void Mime::begin_entity() noexcept {
    place_ = Place::head;
    entity_ = {};
    boundary_.size = 0;
    field_size_ = 0;
}

/// @param line_end  empty: the line goes on
void Mime::line_piece(std::string_view piece, std::string_view line_end, bool starts, Output& out) noexcept {
    const bool ends = !line_end.empty();
    if (starts) line_octets_ = 0;
    line_octets_ += static_cast<std::uint32_t>(piece.size());
    if (line_octets_ > kLineLong) event(AppEvent::smtp_mime_long_line, out);
    else if (ends && place_ == Place::file && decoder_.coding() != Coding::identity && line_octets_ > kEncodedLineLong)
        event(AppEvent::smtp_mime_long_enc_line, out);
    // Servers that take it for the mail's end see another mail behind it ("SMTP smuggling").
    if (starts && ends && piece == "." && previous_end_ != kCrLf) event(AppEvent::smtp_ambiguous_end_of_data, out);
    const bool delimiter = starts && ends && take_delimiter(piece, line_end, out);
    if (ends) previous_end_ = line_end;
    if (delimiter) return;
    if (place_ == Place::head) {
        if (line_end == kCr) event(AppEvent::smtp_mime_ambiguous, out);
        return head_line(piece, starts, ends, out);
    }
    content(piece, line_end, starts, out);
}

/// @param line  without the "--" that begins it
Mime::Match Mime::match(std::string_view line) const noexcept {
    Match loose;
    for (auto i = static_cast<std::uint8_t>(depth_ + (may_reopen_ ? 1 : 0)); i-- > 0;) {
        const Delimiter& delimiter = delimiters_[i];
        if (delimiter.unknown || !line.starts_with(delimiter.view())) continue;
        const std::string_view rest = line.substr(delimiter.size);
        const bool last = delimiter.cut ? trim(rest).ends_with("--") : rest.starts_with("--");
        const auto exact = i == depth_ ? Match::Kind::again : Match::Kind::exact;
        if (last || delimiter.cut || trim(rest).empty()) return {exact, last, last && !delimiter.cut && !trim(rest.substr(2)).empty(), i};
        if (i < depth_ && delimiter.size != 0 && loose.kind == Match::Kind::none) loose = {Match::Kind::loose, false, false, i};
    }
    if (depth_ != 0 && delimiters_[depth_ - 1].unknown) return {Match::Kind::guessed, false, false, static_cast<std::uint8_t>(depth_ - 1)};
    return loose;
}

void Mime::adopt(Delimiter& delimiter, std::string_view line) noexcept {
    line = line.substr(0, line.find_last_not_of(" \t") + 1);
    delimiter.size = static_cast<std::uint8_t>(std::min(line.size(), delimiter.text.size()));
    std::copy_n(line.data(), delimiter.size, delimiter.text.data());
    delimiter.cut = line.size() > delimiter.size;
    delimiter.unknown = false;
}

/// Whether the line is the delimiter of an open multipart; those inside it are closed by it. White space behind it is
/// passed over, as mail programs do.
bool Mime::take_delimiter(std::string_view line, std::string_view line_end, Output& out) noexcept {
    if ((depth_ == 0 && !may_reopen_) || !line.starts_with("--")) return false;
    line.remove_prefix(2);
    const Match match = this->match(line);
    if (match.kind == Match::Kind::none || (match.kind == Match::Kind::again && match.last)) return false;
    const bool odd = match.kind != Match::Kind::exact || match.padded || line_end == kCr || previous_end_ == kCr;
    if (odd) event(AppEvent::smtp_mime_ambiguous, out);
    if (place_ == Place::head) {
        field_done(out);
        head_done(out);
    }
    held_end_ = {};
    close_leaf(out);
    envelope_ = false;
    if (match.kind == Match::Kind::guessed) adopt(delimiters_[match.index], line);
    delimiters_[match.index].seen = true;
    if (match.last) {
        close_multiparts(match.index, out);
        may_reopen_ = true;
        place_ = Place::between;
        return true;
    }
    auto open = static_cast<std::uint8_t>(match.index + 1);
    while (open < depth_ && delimiters_[open].twin) ++open;
    if (match.kind == Match::Kind::again) depth_ = open;
    close_multiparts(open, out);
    begin_entity();
    return true;
}

/// A multipart without a single part: something else than what is looked for separates them.
void Mime::close_multiparts(std::uint8_t down_to, Output& out) noexcept {
    for (; depth_ > down_to; --depth_)
        if (const Delimiter& delimiter = delimiters_[depth_ - 1]; !delimiter.seen && !delimiter.twin)
            event(AppEvent::smtp_mime_malformed_msg, out);
    may_reopen_ = false;
}

/// @param boundary  empty: none was named  @return false when there are too many
bool Mime::open_multipart(std::string_view boundary, Output& out) noexcept {
    if (depth_ == kMimeDepthMax) {
        event(AppEvent::smtp_mime_parse_failed, out);
        return false;
    }
    Delimiter& delimiter = delimiters_[depth_++];
    delimiter.seen = delimiter.twin = false;
    adopt(delimiter, boundary);
    delimiter.unknown = boundary.empty();
    may_reopen_ = false;
    return true;
}

}  // namespace sekisho::app::mime
