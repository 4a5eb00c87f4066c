// The structure of a mail: heads, multiparts, entities. What an entity holds is in content.cpp.
#include "app/mime/mime.h"

#include <algorithm>
#include <cstring>

#include "app/mime/output.h"
#include "app/mime/parameters.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/base/text.h"

namespace sekisho::app::mime {
namespace {

constexpr std::size_t kFieldNameLong = 128;   // Suricata's bound for mime_long_header_name
constexpr std::size_t kLineLong = 998;        // RFC 5322 section 2.1.1
constexpr std::size_t kEncodedLineLong = 76;  // RFC 2045 section 6.8

struct EnvelopeField {
    std::string_view name;
    Field field;
};
constexpr EnvelopeField kEnvelope[] = {
    {"from", Field::email_from}, {"to", Field::email_to}, {"subject", Field::email_subject}, {"cc", Field::email_cc},
    {"date", Field::email_date}, {"message-id", Field::email_message_id}, {"x-mailer", Field::email_x_mailer},
    {"received", Field::email_received}};

}  // namespace

void Mime::event(AppEvent event, Output& out) noexcept {
    const std::uint32_t bit = std::uint32_t{1} << (static_cast<unsigned>(event) % 32);
    if (!tell_events_ || (told_ & bit) != 0) return;
    told_ |= bit;
    out.sink.event(out.tx, event);
}

void Mime::start(Direction direction, bool tell_events) noexcept {
    direction_ = direction;
    tell_events_ = tell_events;
    told_ = 0;
    envelope_ = true;
    inside_line_ = held_end_ = false;
    depth_ = urls_ = 0;
    line_size_ = field_size_ = 0;
    line_octets_ = 0;
    begin_entity();
}

void Mime::begin_entity() noexcept {
    place_ = Place::head;
    multipart_ = message_ = attachment_ = has_type_ = false;
    is_text_ = true;
    coding_ = Coding::identity;
    boundary_size_ = 0;
    name_size_ = 0;
    field_size_ = 0;
}

void Mime::write(TxId tx, Bytes bytes, FieldSink& sink) noexcept {
    if (place_ == Place::off) return;
    Output out{tx, direction_, sink, first_piece_};
    std::string_view in = as_text(bytes);
    while (!in.empty()) {
        const auto* lf = static_cast<const char*>(std::memchr(in.data(), '\n', in.size()));
        const std::size_t size = lf != nullptr ? static_cast<std::size_t>(lf - in.data()) : in.size();
        // Whole lines are read where they lie; the start of others is kept, so that cuts make no difference.
        if (lf != nullptr && line_size_ == 0 && size < line_.size()) {
            whole_line(in.substr(0, size), out);
            in.remove_prefix(size + 1);
            continue;
        }
        const std::size_t n = std::min(line_.size() - line_size_, size);
        std::copy_n(in.data(), n, line_.data() + line_size_);
        line_size_ = static_cast<std::uint16_t>(line_size_ + n);
        in.remove_prefix(n);
        if (line_size_ == line_.size()) {
            // The last octet may be the CR of the line's end: it waits.
            line_piece({line_.data(), line_size_ - 1u}, {}, !inside_line_, out);
            line_[0] = line_.back();
            line_size_ = 1;
            inside_line_ = true;
        } else if (n == size && lf != nullptr) {
            in.remove_prefix(1);
            whole_line({line_.data(), line_size_}, out);
            line_size_ = 0;
        }
    }
    out.flush();
    first_piece_ = out.first;
}

/// The rest of a line, up to its LF.
void Mime::whole_line(std::string_view line, Output& out) noexcept {
    const bool cr = line.ends_with('\r');
    line_piece(line.substr(0, line.size() - (cr ? 1 : 0)), cr ? "\r\n" : "\n", !inside_line_, out);
    inside_line_ = false;
}

void Mime::finish(TxId tx, FieldSink& sink) noexcept {
    if (place_ == Place::off) return;
    Output out{tx, direction_, sink, first_piece_};
    if (line_size_ != 0) line_piece({line_.data(), line_size_}, {}, !inside_line_, out);
    line_size_ = 0;
    if (place_ == Place::head) {
        field_done(out);
        head_done(out);
    }
    close_leaf(out);
    place_ = Place::off;
}

void Mime::line_piece(std::string_view piece, std::string_view line_end, bool starts, Output& out) noexcept {
    const bool ends = !line_end.empty();
    if (starts) line_octets_ = 0;
    line_octets_ += static_cast<std::uint32_t>(piece.size());
    if (line_octets_ > kLineLong) event(AppEvent::smtp_mime_long_line, out);
    else if (ends && place_ == Place::file && decoder_.coding() != Coding::identity && line_octets_ > kEncodedLineLong)
        event(AppEvent::smtp_mime_long_enc_line, out);
    if (starts && ends && take_delimiter(piece, out)) return;
    if (starts && !ends && piece.starts_with("--") && depth_ != 0 && piece.size() < line_.size() - 1 && take_delimiter(piece, out))
        return;  // the mail's last line, without an end
    if (place_ == Place::head) return head_line(piece, starts, ends, out);
    content(piece, line_end, starts, out);
}

/// Whether the line is the delimiter of an open multipart; those inside it are closed by it. White space behind it is
/// passed over, as mail programs do.
bool Mime::take_delimiter(std::string_view line, Output& out) noexcept {
    if (depth_ == 0 || !line.starts_with("--")) return false;
    line.remove_prefix(2);
    for (std::uint8_t i = depth_; i-- > 0;) {
        const std::string_view boundary = delimiters_[i].view();
        if (!line.starts_with(boundary)) continue;
        const std::string_view rest = line.substr(boundary.size());
        const bool last = rest.starts_with("--");
        if (!last && !trim(rest).empty()) continue;
        if (place_ == Place::head) {
            field_done(out);
            head_done(out);
        }
        held_end_ = false;
        close_leaf(out);
        envelope_ = false;
        depth_ = static_cast<std::uint8_t>(last ? i : i + 1);
        if (last) place_ = Place::between;
        else begin_entity();
        return true;
    }
    return false;
}

void Mime::head_line(std::string_view line, bool starts, bool ends, Output& out) noexcept {
    const bool folded = starts && !line.empty() && (line.front() == ' ' || line.front() == '\t');
    if (starts && !folded) field_done(out);
    if (starts && ends && line.empty()) return head_done(out);
    const std::size_t n = std::min(line.size(), field_.size() - field_size_);
    std::copy_n(line.data(), n, field_.data() + field_size_);
    field_size_ = static_cast<std::uint16_t>(field_size_ + n);
    if (n < line.size()) event(AppEvent::smtp_mime_long_header_value, out);
}

void Mime::field_done(Output& out) noexcept {
    const std::string_view field(field_.data(), field_size_);
    field_size_ = 0;
    if (field.empty()) return;
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) return event(AppEvent::smtp_mime_malformed_msg, out);
    const std::string_view name = trim(field.substr(0, colon)), value = trim(field.substr(colon + 1));
    if (name.size() > kFieldNameLong) event(AppEvent::smtp_mime_long_header_name, out);
    if (envelope_)
        for (const EnvelopeField& known : kEnvelope)
            if (equals_nocase(name, known.name)) out.sink.put(out.tx, known.field, as_bytes(value));
    if (starts_with_nocase(name, "content-")) content_field(name.substr(8), value, out);
}

void Mime::content_field(std::string_view name, std::string_view value, Output& out) noexcept {
    MutableBytes name_room(reinterpret_cast<std::uint8_t*>(name_.data()), name_.size());
    if (equals_nocase(name, "transfer-encoding")) {
        coding_ = parse_coding(value);
    } else if (equals_nocase(name, "disposition")) {
        attachment_ = starts_with_nocase(value, "attachment");
        if (const std::size_t n = read_parameter(value, "filename", name_room)) name_size_ = static_cast<std::uint16_t>(n);
    } else if (equals_nocase(name, "type")) {
        if (has_type_) event(AppEvent::smtp_duplicate_fields, out);
        has_type_ = true;
        multipart_ = starts_with_nocase(value, "multipart/");
        message_ = starts_with_nocase(value, "message/rfc822") || starts_with_nocase(value, "message/global");
        is_text_ = starts_with_nocase(value, "text/") || value.empty();
        std::uint8_t found[kMimeBoundaryMax + 1];
        const std::size_t n = read_parameter(value, "boundary", found);
        if (n > kMimeBoundaryMax) event(AppEvent::smtp_mime_boundary_too_long, out);
        boundary_size_ = n > kMimeBoundaryMax ? std::uint8_t{0} : static_cast<std::uint8_t>(n);
        std::copy_n(found, boundary_size_, boundary_.begin());
        // A name of the disposition counts more.
        if (name_size_ == 0) name_size_ = static_cast<std::uint16_t>(read_parameter(value, "name", name_room));
    }
}

void Mime::head_done(Output& out) noexcept {
    if (envelope_) out.sink.stage(out.tx, direction_, Stage::headers);
    const std::string_view name(name_.data(), name_size_);
    held_end_ = false;
    if (multipart_ && boundary_size_ != 0 && depth_ < kMimeDepthMax) {
        Delimiter& delimiter = delimiters_[depth_++];
        std::copy_n(boundary_.begin(), boundary_size_, delimiter.text.begin());
        delimiter.size = boundary_size_;
        place_ = Place::between;
        envelope_ = false;
        return;
    }
    if (message_ && coding_ == Coding::identity) {  // a mail within the mail: its head follows
        envelope_ = false;
        return begin_entity();
    }
    if (attachment_ || !name.empty()) return open_file(name, coding_, out);
    decoder_.start(coding_);
    place_ = is_text_ ? Place::text : Place::between;
}

}  // namespace sekisho::app::mime
