// The head of an entity: what it is, how it is coded, what it is called. Fields that are given twice all count, because
// mail programs do not agree on which one does.
#include <algorithm>
#include <cstring>

#include "app/mime/mime.h"
#include "app/mime/output.h"
#include "app/mime/parameters.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/base/text.h"

namespace sekisho::app::mime {
namespace {

constexpr std::size_t kFieldNameLong = 128;   // Suricata's bound for mime_long_header_name
constexpr int kSameParametersMax = 8;         // of one name in one field that are read

struct EnvelopeField {
    std::string_view name;
    Field field;
};
constexpr EnvelopeField kEnvelope[] = {
    {"from", Field::email_from}, {"to", Field::email_to}, {"subject", Field::email_subject}, {"cc", Field::email_cc},
    {"date", Field::email_date}, {"message-id", Field::email_message_id}, {"x-mailer", Field::email_x_mailer},
    {"received", Field::email_received}};

/// The name under which a program would store the file: Windows ends it at NUL and leaves out dots and blanks at its end.
std::string_view stored_name(std::string_view name) noexcept {
    name = name.substr(0, name.find('\0'));
    name = name.substr(0, name.find_last_not_of(". \t") + 1);
    return name.substr(name.size() - std::min(name.size(), kMimeFileNameMax));
}

std::string_view extension(std::string_view name) noexcept {
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view{} : name.substr(dot);
}

bool contains_nocase(std::string_view text, std::string_view word) noexcept {
    for (std::size_t i = 0; i + word.size() <= text.size(); ++i)
        if (starts_with_nocase(text.substr(i), word)) return true;
    return false;
}

/// Characters that are not ASCII octets: a name of them is not read.
bool in_wide_charset(std::string_view field) noexcept {
    return contains_nocase(field, "utf-7") || contains_nocase(field, "utf-16") || contains_nocase(field, "utf-32");
}

}  // namespace

void Mime::head_line(std::string_view line, bool starts, bool ends, Output& out) noexcept {
    const bool folded = starts && !line.empty() && (line.front() == ' ' || line.front() == '\t');
    if (starts && !folded) field_done(out);
    if (starts && ends && line.empty()) return head_done(out);
    // Some end the head at it, for others the field goes on.
    if (folded && ends && trim(line).empty()) event(AppEvent::smtp_mime_ambiguous, out);
    const std::size_t n = std::min(line.size(), field_.size() - field_size_);
    std::copy_n(line.data(), n, field_.data() + field_size_);
    field_size_ = static_cast<std::uint16_t>(field_size_ + n);
    if (n < line.size()) event(AppEvent::smtp_mime_long_header_value, out);
}

void Mime::field_done(Output& out) noexcept {
    const std::string_view field(field_.data(), field_size_);
    field_size_ = 0;
    if (field.empty()) return;
    if (std::memchr(field.data(), '\0', field.size()) != nullptr) event(AppEvent::smtp_mime_ambiguous, out);
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) return event(AppEvent::smtp_mime_malformed_msg, out);
    const std::string_view name = trim(field.substr(0, colon)), value = trim(field.substr(colon + 1));
    if (name.size() > kFieldNameLong) event(AppEvent::smtp_mime_long_header_name, out);
    if (envelope_)
        for (const EnvelopeField& known : kEnvelope)
            if (equals_nocase(name, known.name)) out.sink.put(out.tx, known.field, as_bytes(value));
    if (equals_nocase(name, "content-type")) content_type(value, out);
    else if (equals_nocase(name, "content-transfer-encoding")) content_coding(value, out);
    else if (equals_nocase(name, "content-disposition")) content_disposition(value, out);
}

void Mime::content_type(std::string_view value, Output& out) noexcept {
    if (entity_.has_type) event(AppEvent::smtp_duplicate_fields, out);
    const std::string_view type = first_word(value);
    const bool first = !entity_.has_type;
    entity_.has_type = true;
    entity_.multipart = entity_.multipart || starts_with_nocase(type, "multipart");
    entity_.message = entity_.message || starts_with_nocase(type, "message/rfc822") || starts_with_nocase(type, "message/global");
    entity_.is_text = (first || entity_.is_text) && (type.empty() || starts_with_nocase(type, "text"));
    // The rest of it comes in other mails, or from elsewhere (RFC 2046 sections 5.2.2 and 5.2.3).
    if (starts_with_nocase(type, "message/partial") || starts_with_nocase(type, "message/external-body"))
        event(AppEvent::smtp_mime_ambiguous, out);
    take_boundaries(value, out);
    take_names(value, "name", false, out);
}

/// The first one waits for the end of the head; more are opened at once, below it.
void Mime::take_boundaries(std::string_view value, Output& out) noexcept {
    for (int which = 0; which < kSameParametersMax; ++which) {
        std::uint8_t memory[kMimeFieldMax];
        std::string_view boundary = as_text(Bytes(memory).first(read_parameter(value, "boundary", memory, which)));
        boundary = boundary.substr(0, boundary.find_last_not_of(" \t") + 1);
        if (boundary.empty()) return;
        if (boundary.size() > kMimeBoundaryMax) event(AppEvent::smtp_mime_boundary_too_long, out);
        if (boundary_.size == 0) {
            adopt(boundary_, boundary);
            continue;
        }
        if (boundary == boundary_.view()) continue;
        event(AppEvent::smtp_duplicate_fields, out);
        if (!open_multipart(boundary, out)) return;
        delimiters_[depth_ - 1].twin = entity_.more_boundaries != 0;
        ++entity_.more_boundaries;
    }
}

/// A coding that changes the content counts before one that does not.
void Mime::content_coding(std::string_view value, Output& out) noexcept {
    if (entity_.has_coding) event(AppEvent::smtp_duplicate_fields, out);
    entity_.has_coding = true;
    const auto coding = parse_coding(value);
    if (!coding) event(AppEvent::smtp_mime_ambiguous, out);
    else if (*coding != Coding::identity) entity_.coding = *coding;
}

void Mime::content_disposition(std::string_view value, Output& out) noexcept {
    if (entity_.has_disposition) event(AppEvent::smtp_duplicate_fields, out);
    entity_.has_disposition = true;
    entity_.attachment = entity_.attachment || starts_with_nocase(first_word(value), "attachment");
    take_names(value, "filename", true, out);
}

/// A name of the disposition counts more than one of the type. Names of other kinds of file are told: it depends on the
/// program which one it opens.
void Mime::take_names(std::string_view value, std::string_view parameter, bool disposition, Output& out) noexcept {
    for (int which = 0; which < kSameParametersMax; ++which) {
        std::uint8_t memory[kMimeFieldMax];
        const std::size_t n = read_parameter(value, parameter, memory, which);
        if (n == 0) return;
        const std::string_view name = stored_name(as_text(Bytes(memory).first(n)));
        if (in_wide_charset(value)) event(AppEvent::smtp_mime_ambiguous, out);
        const std::string_view before(name_.data(), entity_.name_size);
        if (!before.empty() && !equals_nocase(extension(before), extension(name))) event(AppEvent::smtp_mime_ambiguous, out);
        if (!before.empty() && (entity_.name_is_disposition || !disposition)) continue;
        std::copy(name.begin(), name.end(), name_.begin());
        entity_.name_size = static_cast<std::uint16_t>(name.size());
        entity_.name_is_disposition = disposition;
    }
}

void Mime::head_done(Output& out) noexcept {
    if (envelope_) out.sink.stage(out.tx, direction_, Stage::headers);
    held_end_ = {};
    const bool coded = entity_.coding != Coding::identity;
    if (entity_.multipart) {
        // RFC 2045 section 6.4 forbids it; many programs pass over a quoted-printable that was set by mistake.
        if (coded && entity_.coding != Coding::quoted_printable) event(AppEvent::smtp_mime_ambiguous, out);
        if (boundary_.size == 0) event(AppEvent::smtp_mime_malformed_msg, out);
        envelope_ = false;
        if (open_multipart(boundary_.view(), out)) {
            delimiters_[depth_ - 1].twin = entity_.more_boundaries != 0;
            delimiters_[depth_ - 1].cut = boundary_.cut;
        }
        place_ = Place::between;
        return;
    }
    if (entity_.message && !coded) {  // a mail within the mail: its head follows
        envelope_ = false;
        return begin_entity();
    }
    if (entity_.message) event(AppEvent::smtp_mime_ambiguous, out);  // forbidden too; what is in it is not taken apart
    // A part that is no text is offered as a file, whether it has a name or not.
    if (entity_.attachment || entity_.name_size != 0 || !entity_.is_text) return open_file({name_.data(), entity_.name_size}, entity_.coding, out);
    decoder_.start(entity_.coding);
    place_ = Place::text;
}

}  // namespace sekisho::app::mime
