// What an entity holds: a file, decoded; or text, in which URLs and uuencoded files are looked for.
#include <algorithm>

#include "app/mime/mime.h"
#include "app/mime/output.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/base/text.h"

namespace sekisho::app::mime {
namespace {

constexpr std::string_view kSchemes[] = {"http://", "https://", "ftp://"};

bool ends_url(char c) noexcept {
    return c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == ')' || c == ']' || c == '}' || c == '|' ||
           c == '\\' || c == '^' || c == '`' || c == 0x7f;
}

bool is_hex(char c) noexcept { return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f'); }

bool is_base64(char c) noexcept {
    return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '+' || c == '/' || c == '=';
}

/// "begin 644 name": the first line of a uuencoded file. Empty when it is none.
std::string_view uuencode_name(std::string_view line) noexcept {
    if (!line.starts_with("begin ")) return {};
    line = trim(line.substr(6));
    const std::string_view mode = line.substr(0, line.find_first_of(" \t"));
    const bool octal = (mode.size() == 3 || mode.size() == 4) &&
                       std::all_of(mode.begin(), mode.end(), [](char c) { return c >= '0' && c <= '7'; });
    return octal ? trim(line.substr(mode.size())) : std::string_view{};
}

}  // namespace

void Mime::open_file(std::string_view name, Coding coding, Output& out) noexcept {
    place_ = Place::file;
    decoder_.start(coding);
    held_end_ = {};
    out.first = true;
    if (!name.empty()) out.sink.put(out.tx, Field::file_name, as_bytes(name));
}

void Mime::close_leaf(Output& out) noexcept {
    if (place_ == Place::file) {
        if (decoder_.odd()) {
            event(decoder_.coding() == Coding::quoted_printable ? AppEvent::smtp_mime_invalid_qp
                                                                : AppEvent::smtp_mime_invalid_base64, out);
        }
        out.last();
    }
    place_ = Place::between;
}

void Mime::content(std::string_view piece, std::string_view line_end, bool starts, Output& out) noexcept {
    const bool ends = !line_end.empty();
    if (place_ == Place::between || place_ == Place::off) return;
    if (place_ == Place::text) return text_line(piece, ends, out);
    if (guess_coding_ && starts) guess_coding(piece);
    if (decoder_.coding() == Coding::uuencode && starts) {
        if (!uuencode_name(piece).empty()) return;
        if (ends && (piece == "end" || piece == "`")) {
            if (piece == "end" && !entity_.attachment && entity_.name_size == 0) {  // a file in the midst of a text: the text goes on
                close_leaf(out);
                decoder_.start(entity_.coding);
                place_ = Place::text;
            }
            return;
        }
    }
    release_line_end(out);   // it was content after all
    // Blanks at the end of a quoted-printable line were added on the way (RFC 2045 section 6.7, rule 3).
    if (ends && decoder_.coding() == Coding::quoted_printable) piece = piece.substr(0, piece.find_last_not_of(" \t") + 1);
    while (!piece.empty()) {
        const std::string_view part = piece.substr(0, std::min(piece.size(), KiB(2)));
        // One octet may give three, when an escape turns out to be none; what was held before it adds two.
        out.add(decoder_.decode(part, out.room(part.size() + 4)));
        piece.remove_prefix(part.size());
    }
    if (!ends || !decoder_.end_line()) return;
    held_end_ = line_end;
}

void Mime::release_line_end(Output& out) noexcept {
    const MutableBytes room = out.room(held_end_.size());
    std::copy(held_end_.begin(), held_end_.end(), room.begin());
    out.add(held_end_.size());
    held_end_ = {};
}

/// Attachments come in base64 mostly: a line that may be of it is taken so.
void Mime::guess_coding(std::string_view line) noexcept {
    if (line.empty()) return;
    guess_coding_ = false;
    const bool letters = std::all_of(line.begin(), line.end(), is_base64);
    const std::size_t escape = line.find('=');
    const bool escapes = escape != std::string_view::npos && (escape + 1 == line.size() || is_hex(line[escape + 1]));
    if (letters && line.size() % 4 == 0) decoder_.start(Coding::base64);
    else if (escapes) decoder_.start(Coding::quoted_printable);
}

void Mime::text_line(std::string_view line, bool ends, Output& out) noexcept {
    if (ends && entity_.coding == Coding::identity) {
        if (const auto name = uuencode_name(line); !name.empty()) return open_file(name, Coding::uuencode, out);
    }
    std::uint8_t plain[kMimeLineKept + 8];
    const std::size_t n = decoder_.decode(line.substr(0, kMimeLineKept), plain);
    if (ends) decoder_.end_line();
    find_urls(as_text(Bytes(plain).first(n)), out);
}

/// URLs are told as Suricata prints them: without their scheme.
void Mime::find_urls(std::string_view text, Output& out) noexcept {
    for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 3)) {
        const std::string_view before = text.substr(0, at + 3);
        const bool known = std::any_of(std::begin(kSchemes), std::end(kSchemes), [before](std::string_view scheme) {
            return before.size() >= scheme.size() && equals_nocase(before.substr(before.size() - scheme.size()), scheme);
        });
        if (!known) continue;
        const std::string_view rest = text.substr(at + 3);
        const auto end = static_cast<std::size_t>(std::find_if(rest.begin(), rest.end(), ends_url) - rest.begin());
        if (end == 0 || urls_ == kMimeUrlsMax) continue;
        ++urls_;
        out.sink.put(out.tx, Field::email_url, as_bytes(rest.substr(0, end)));
    }
}

}  // namespace sekisho::app::mime
