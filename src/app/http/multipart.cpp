// multipart/form-data: see multipart.h. A line end may be LF alone where a head or a delimiter line ends; the
// delimiter itself starts with CRLF, because a lone LF is part of a file.
#include "app/http/multipart.h"

#include <algorithm>
#include <cstring>

#include "app/http/headers.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/base/text.h"

namespace sekisho::app::http {
namespace {

std::size_t find_nocase(std::string_view text, std::string_view word) noexcept {
    for (std::size_t i = 0; i + word.size() <= text.size(); ++i)
        if (equals_nocase(text.substr(i, word.size()), word)) return i;
    return std::string_view::npos;
}

/// Value of `name=` in a header value: quoted or up to ';' or white space.
std::string_view parameter(std::string_view value, std::string_view name) noexcept {
    for (std::size_t from = 0; from < value.size();) {
        const std::size_t at = find_nocase(value.substr(from), name);
        if (at == std::string_view::npos) return {};
        const std::size_t start = from + at;
        from = start + name.size();
        const bool own_word = start == 0 || value[start - 1] == ';' || is_space(value[start - 1]);
        std::string_view rest = skip_spaces(value.substr(from));
        if (!own_word || rest.empty() || rest.front() != '=') continue;
        rest = skip_spaces(rest.substr(1));
        if (!rest.empty() && rest.front() == '"') {
            rest.remove_prefix(1);
            return rest.substr(0, rest.find('"'));
        }
        return rest.substr(0, rest.find_first_of("; \t\r\n"));
    }
    return {};
}

}  // namespace

std::string_view disposition_filename(std::string_view value) noexcept { return parameter(value, "filename"); }

bool Multipart::start(std::string_view content_type) noexcept {
    place_ = Place::off;
    if (!starts_with_nocase(content_type, "multipart/form-data")) return false;
    const std::string_view boundary = parameter(content_type, "boundary");
    if (boundary.empty() || boundary.size() > kMultipartBoundaryMax) return false;
    if (boundary.find_first_of("\r\n") != std::string_view::npos) return false;
    std::memcpy(delimiter_.data(), "\r\n--", 4);
    std::memcpy(delimiter_.data() + 4, boundary.data(), boundary.size());
    delimiter_size_ = static_cast<std::uint8_t>(boundary.size() + 4);
    place_ = Place::preamble;
    matched_ = 2;  // the first delimiter may stand at the very start, without its CRLF
    return true;
}

void Multipart::part_bytes(TxId tx, std::string_view bytes, FieldSink& out) noexcept {
    if (place_ != Place::file || bytes.empty()) return;
    out.body(tx, Direction::to_server, Field::file_data, as_bytes(bytes), {first_piece_, false});
    first_piece_ = false;
}

void Multipart::part_end(TxId tx, FieldSink& out) noexcept {
    if (place_ == Place::file) out.body(tx, Direction::to_server, Field::file_data, {}, {first_piece_, true});
    first_piece_ = false;
}

// The head of a part is whole, or as much of it as is kept: is this a file?
void Multipart::part_head(TxId tx, FieldSink& out) noexcept {
    place_ = Place::other_part;
    std::string_view head(head_.data(), head_size_);
    LinePlace at;
    while (at.at < head.size()) {
        const Line line = next_line(head, at, LineRule::request);
        const std::string_view text = line.complete ? line.text : head.substr(at.at);
        if (starts_with_nocase(text, "content-disposition:")) {
            const std::string_view name = disposition_filename(text);
            if (!name.empty()) {
                out.put(tx, Field::file_name, as_bytes(name));
                place_ = Place::file;
                first_piece_ = true;
            }
        }
        if (!line.complete) break;
        at = line.next;
    }
}

std::size_t Multipart::read_head(TxId tx, std::string_view in, FieldSink& out) noexcept {
    for (std::size_t i = 0; i < in.size(); ++i) {
        if (head_size_ < head_.size()) head_[head_size_++] = in[i];
        if (in[i] != '\n') continue;
        const std::string_view head(head_.data(), head_size_);
        const bool overfull = head_size_ == head_.size() && head.back() != '\n';
        const bool empty_line = head == "\n" || head == "\r\n" || head.ends_with("\n\n") || head.ends_with("\n\r\n");
        if (!empty_line && !overfull) continue;
        if (overfull) out.event(tx, AppEvent::http_multipart_invalid_header);
        part_head(tx, out);
        matched_ = 0;
        return i + 1;
    }
    return in.size();
}

// Looks for the delimiter. CR stands only at its start, so a failed match can restart only at this octet.
std::size_t Multipart::search(TxId tx, std::string_view in, FieldSink& out) noexcept {
    const std::string_view delimiter(delimiter_.data(), delimiter_size_);
    std::size_t told = 0;  // in[0, told) was handed on
    std::size_t i = 0;
    while (i < in.size()) {
        if (matched_ == 0) {
            const char* cr = find_char(in, i, '\r');
            i = cr ? static_cast<std::size_t>(cr - in.data()) : in.size();
            part_bytes(tx, in.substr(told, i - told), out);
            told = i;
            if (!cr) break;
        }
        if (in[i] == delimiter[matched_]) {
            ++i;
            ++matched_;
            if (matched_ < delimiter.size()) continue;
            part_end(tx, out);
            place_ = Place::after_delimiter;
            head_size_ = 0;
            return i;
        }
        part_bytes(tx, delimiter.substr(0, matched_), out);
        matched_ = 0;
        told = i;
    }
    return in.size();
}

void Multipart::write(TxId tx, Bytes bytes, FieldSink& out) noexcept {
    std::string_view in = as_text(bytes);
    while (!in.empty()) {
        std::size_t used = in.size();
        switch (place_) {
            case Place::off:
            case Place::epilogue: return;
            case Place::preamble:
            case Place::file:
            case Place::other_part: used = search(tx, in, out); break;
            case Place::after_delimiter: {  // "--" closes; else the rest of the line is padding
                const char* lf = find_char(in, 0, '\n');
                const bool closes = in[0] == '-' && head_size_ == 0;
                head_size_ = 1;
                if (closes) {
                    place_ = Place::epilogue;
                } else if (lf) {
                    used = static_cast<std::size_t>(lf - in.data()) + 1;
                    place_ = Place::head;
                    head_size_ = 0;
                }
                break;
            }
            case Place::head: used = read_head(tx, in, out); break;
        }
        in.remove_prefix(used);
    }
}

void Multipart::finish(TxId tx, FieldSink& out) noexcept {
    if (place_ == Place::off) return;
    if (place_ != Place::epilogue) out.event(tx, AppEvent::http_multipart_generic_error);
    part_bytes(tx, {delimiter_.data(), matched_}, out);
    part_end(tx, out);
    place_ = Place::off;
}

}  // namespace sekisho::app::http
