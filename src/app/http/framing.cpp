// Body framing: see framing.h. Chunk sizes are read as browsers do: white space and empty lines before them,
// junk behind them. What has no size at all is no chunk; then all that follows is the body.
#include "app/http/framing.h"

#include <algorithm>
#include <cstring>

#include "app/http/lines.h"
#include "sekisho/app/limits.h"
#include "sekisho/base/text.h"

namespace sekisho::app::http {
namespace {

constexpr std::uint64_t kChunkMost = 0x7fffffff;  // larger ones are taken for something else, as by libhtp

constexpr int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    const char l = ascii_lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

}  // namespace

BodyStep BodyFramer::data(Bytes in, Framing after) noexcept {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, in.size()));
    left_ -= n;
    BodyStep step{.octets = n, .piece = in.first(n)};
    if (left_ == 0) {
        framing_ = after;
        step.done = after == Framing::none;
    }
    return step;
}

BodyStep BodyFramer::chunk_size(Bytes in) noexcept {
    const std::string_view text = as_text(in);
    std::size_t at = 0;
    while (at < text.size() && is_space(text[at])) ++at;
    if (at > kHttpChunkLineMax) return {.octets = at};
    if (at == text.size()) return {.need_more = true};
    if (hex_digit(text[at]) < 0) {
        framing_ = Framing::until_close;
        return {.bad_chunk = true};
    }
    const char* lf = find_char(text, at, '\n');
    if (!lf && text.size() - at < kHttpChunkLineMax) return {.need_more = true};
    if (lf && static_cast<std::size_t>(lf - text.data()) - at >= kHttpChunkLineMax) lf = nullptr;
    std::uint64_t size = 0;
    std::size_t digit = at;
    for (; digit < text.size() && hex_digit(text[digit]) >= 0; ++digit) {
        size = size * 16 + static_cast<std::uint64_t>(hex_digit(text[digit]));
        if (size > kChunkMost) break;
    }
    if (!lf || size > kChunkMost) {
        framing_ = Framing::until_close;
        return {.bad_chunk = true};
    }
    left_ = size;
    framing_ = size == 0 ? Framing::trailer : Framing::chunk_data;
    const auto end = static_cast<std::size_t>(lf - text.data()) + 1;
    const std::string_view behind = chomp(text.substr(digit, end - digit));
    const bool odd = at > 0 || (!behind.empty() && behind.front() != ';' && skip_spaces(behind).front() != ';');
    return {.octets = end, .odd_chunk = odd, .extension = text.substr(digit, end - digit).find(';') != std::string_view::npos};
}

BodyStep BodyFramer::skip_line(Bytes in) noexcept {
    const std::string_view text = as_text(in);
    const char* lf = find_char(text, 0, '\n');
    const std::size_t end = lf ? static_cast<std::size_t>(lf - text.data()) : text.size();
    // Whatever stands between a chunk and its line end is passed over. A CR may be cut from its LF.
    const bool odd = text.substr(0, end).find_first_not_of('\r') != std::string_view::npos;
    if (!lf) return {.octets = text.size(), .odd_chunk = odd};
    framing_ = Framing::chunk_size;
    return {.octets = end + 1, .odd_chunk = odd};
}

BodyStep BodyFramer::step(Bytes in) noexcept {
    switch (framing_) {
        case Framing::none: return {.done = true};
        case Framing::length: return data(in, Framing::none);
        case Framing::chunk_data: return data(in, Framing::chunk_end);
        case Framing::chunk_size: return chunk_size(in);
        case Framing::chunk_end: return skip_line(in);
        case Framing::until_close: return {.octets = in.size(), .piece = in};
        case Framing::trailer: break;
    }
    const std::string_view text = as_text(in);
    const char* lf = find_char(text, 0, '\n');
    if (!lf && text.size() < kHttpHeadMax) return {.need_more = true};
    const auto end = lf ? static_cast<std::size_t>(lf - text.data()) + 1 : text.size();
    const bool empty = lf && left_ == 0 && chomp(text.substr(0, end)).empty();
    left_ = lf ? 0 : 1;  // 1: inside a line that began earlier
    if (empty) framing_ = Framing::none;
    return {.octets = end, .done = empty};
}

bool BodyFramer::gap(std::uint64_t octets) noexcept {
    if (framing_ == Framing::until_close) return true;
    if ((framing_ != Framing::length && framing_ != Framing::chunk_data) || octets >= left_) return false;
    left_ -= octets;
    return true;
}

}  // namespace sekisho::app::http
