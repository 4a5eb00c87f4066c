// Octets to lines. A line ends with CRLF, with LF alone, or with CR alone, as mail programs of all systems take it. CR CR
// LF is one end where an empty line would end a head: within it, and behind a delimiter.
#include <algorithm>
#include <cstring>

#include "app/mime/mime.h"
#include "app/mime/output.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/base/text.h"

namespace sekisho::app::mime {
namespace {

constexpr std::uint8_t kCrsMax = 255;   // of one run, then they end lines each

/// Octets in front of the first CR or LF.
std::size_t line_size(std::string_view in) noexcept {
    const auto* lf = static_cast<const char*>(std::memchr(in.data(), '\n', in.size()));
    const std::size_t size = lf != nullptr ? static_cast<std::size_t>(lf - in.data()) : in.size();
    const auto* cr = static_cast<const char*>(std::memchr(in.data(), '\r', size));
    return cr != nullptr ? static_cast<std::size_t>(cr - in.data()) : size;
}

/// The line end that stands whole at the start of `in`, unless it is CR and what follows decides.
std::string_view certain_end(std::string_view in) noexcept {
    return in.starts_with(kLf) ? kLf : in.starts_with(kCrLf) ? kCrLf : std::string_view{};
}

}  // namespace

void Mime::write(TxId tx, Bytes bytes, FieldSink& sink) noexcept {
    if (place_ == Place::off) return;
    Output out{tx, direction_, sink, first_piece_};
    std::string_view in = as_text(bytes);
    while (!in.empty()) {
        if (crs_ != 0) {
            in.remove_prefix(behind_cr(in.front(), out));
            continue;
        }
        // Whole lines are read where they lie; the start of others is kept, so that cuts make no difference.
        const std::size_t size = line_size(in);
        const std::string_view line = in.substr(0, size), end = certain_end(in.substr(size));
        in.remove_prefix(size);
        if (line_size_ == 0 && size < line_.size() && !end.empty()) {
            line_piece(line, end, true, out);
            in.remove_prefix(end.size());
            continue;
        }
        keep(line, out);
        if (in.empty()) break;
        if (in.front() == '\n') kept_line(kLf, out);
        else crs_ = 1;
        in.remove_prefix(1);
    }
    out.flush();
    first_piece_ = out.first;
}

void Mime::finish(TxId tx, FieldSink& sink) noexcept {
    if (place_ == Place::off) return;
    Output out{tx, direction_, sink, first_piece_};
    if (tells_ != Protocol::smtp) tells_ = Protocol::unknown;  // what is fetched may be cut anywhere
    for (; crs_ != 0; --crs_) kept_line(kCr, out);
    const std::string_view line(line_.data(), line_size_);
    if (!line.empty() && (inside_line_ || !take_delimiter(line, kCrLf, out))) line_piece(line, {}, !inside_line_, out);
    line_size_ = 0;
    if (place_ == Place::head) {
        field_done(out);
        head_done(out);
    }
    if (exact_end_ && depth_ == 0 && place_ == Place::file) release_line_end(out);
    close_leaf(out);
    close_multiparts(0, out);
    place_ = Place::off;
}

void Mime::keep(std::string_view piece, Output& out) noexcept {
    while (!piece.empty()) {
        if (line_size_ == line_.size()) {
            line_piece({line_.data(), line_size_}, {}, !inside_line_, out);
            line_size_ = 0;
            inside_line_ = true;
        }
        const std::size_t n = std::min(line_.size() - line_size_, piece.size());
        std::copy_n(piece.data(), n, line_.data() + line_size_);
        line_size_ = static_cast<std::uint16_t>(line_size_ + n);
        piece.remove_prefix(n);
    }
}

void Mime::kept_line(std::string_view line_end, Output& out) noexcept {
    line_piece({line_.data(), line_size_}, line_end, !inside_line_, out);
    line_size_ = 0;
    inside_line_ = false;
}

/// The octet behind one or more CRs. @return how many octets of it are read: 0 or 1
std::size_t Mime::behind_cr(char c, Output& out) noexcept {
    if (c == '\r' && crs_ < kCrsMax) {
        ++crs_;
        return 1;
    }
    const bool lf = c == '\n';
    const bool structure = place_ == Place::head || place_ == Place::between || (!inside_line_ && std::string_view(line_.data(), line_size_).starts_with("--"));
    if (lf && crs_ > 1 && structure) {
        event(AppEvent::smtp_mime_malformed_msg, out);
        crs_ = 1;
    }
    for (; crs_ > (lf ? 1 : 0); --crs_) kept_line(kCr, out);
    if (!lf) return 0;
    crs_ = 0;
    kept_line(kCrLf, out);
    return 1;
}

}  // namespace sekisho::app::mime
