#include "app/mime/transfer_decoder.h"

#include <algorithm>
#include <cstring>

#include "app/mime/parameters.h"
#include "sekisho/base/text.h"

namespace sekisho::app::mime {
namespace {

constexpr std::uint8_t kNoLetter = 0xff;

constexpr std::uint8_t base64_value(char c) noexcept {
    if (c >= 'A' && c <= 'Z') return static_cast<std::uint8_t>(c - 'A');
    if (c >= 'a' && c <= 'z') return static_cast<std::uint8_t>(c - 'a' + 26);
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0' + 52);
    return c == '+' ? 62 : c == '/' ? 63 : kNoLetter;
}
constexpr std::uint8_t hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    const char lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? static_cast<std::uint8_t>(lower - 'a' + 10) : kNoLetter;
}

}  // namespace

std::optional<Coding> parse_coding(std::string_view value) noexcept {
    struct Name {
        std::string_view name;
        Coding coding;
    };
    constexpr Name kNames[] = {{"", Coding::identity},         {"7bit", Coding::identity},
                               {"8bit", Coding::identity},     {"binary", Coding::identity},
                               {"base64", Coding::base64},     {"quoted-printable", Coding::quoted_printable},
                               {"x-uuencode", Coding::uuencode}, {"x-uue", Coding::uuencode},
                               {"uuencode", Coding::uuencode}, {"uue", Coding::uuencode}};
    value = first_word(value);
    for (const Name& known : kNames)
        if (equals_nocase(value, known.name)) return known.coding;
    return std::nullopt;
}

void TransferDecoder::start(Coding coding) noexcept {
    *this = TransferDecoder{};
    coding_ = coding;
}

std::size_t TransferDecoder::decode(std::string_view piece, MutableBytes out) noexcept {
    switch (coding_) {
        case Coding::identity: std::copy(piece.begin(), piece.end(), out.begin()); return piece.size();
        case Coding::base64: return base64(piece, out);
        case Coding::quoted_printable: return quoted_printable(piece, out);
        case Coding::uuencode: return uuencode(piece, out);
    }
    return 0;
}

// Padding ends a group, not the content: what is encoded in several runs is decoded as one.
std::size_t TransferDecoder::base64(std::string_view piece, MutableBytes out) noexcept {
    std::size_t used = 0;
    for (const char c : piece) {
        const std::uint8_t value = base64_value(c);
        if (value == kNoLetter) {
            if (c == '=') have_ = 0;
            else if (c != ' ' && c != '\t' && c != '\r') odd_ = true;
            padded_ = padded_ || c == '=';
            continue;
        }
        odd_ = odd_ || padded_;   // there are mail programs that stop at it
        word_ = word_ << 6 | value;
        have_ = static_cast<std::uint8_t>(have_ + 6);
        if (have_ < 8) continue;
        have_ = static_cast<std::uint8_t>(have_ - 8);
        out[used++] = static_cast<std::uint8_t>(word_ >> have_);
    }
    return used;
}

std::size_t TransferDecoder::quoted_printable(std::string_view piece, MutableBytes out) noexcept {
    std::size_t used = 0;
    for (const char c : piece) {
        if (have_ == 0) {
            if (c == '=') escape_[have_++] = c;
            else out[used++] = static_cast<std::uint8_t>(c);
            continue;
        }
        if (have_ == 1) {
            // Blanks behind a soft line end were added on the way (RFC 2045 section 6.7, rule 3).
            if (hex_value(c) != kNoLetter) {
                escape_[1] = c;
                have_ = 2;
            } else if (c != ' ' && c != '\t' && c != '\r') {
                odd_ = true;
                out[used++] = '=';
                out[used++] = static_cast<std::uint8_t>(c);
                have_ = 0;
            }
            continue;
        }
        if (hex_value(c) != kNoLetter) {
            out[used++] = static_cast<std::uint8_t>(hex_value(escape_[1]) << 4 | hex_value(c));
        } else {
            odd_ = true;
            out[used++] = '=';
            out[used++] = static_cast<std::uint8_t>(escape_[1]);
            out[used++] = static_cast<std::uint8_t>(c);
        }
        have_ = 0;
    }
    return used;
}

// A line's first letter says how many octets follow; four letters make three.
std::size_t TransferDecoder::uuencode(std::string_view piece, MutableBytes out) noexcept {
    std::size_t used = 0;
    for (const char c : piece) {
        if (c < ' ' || c > '`') {
            odd_ = odd_ || c != '\r';
            continue;
        }
        const auto value = static_cast<std::uint8_t>((c - ' ') & 63);
        if (!uu_begun_) {
            uu_begun_ = true;
            uu_left_ = value;
            continue;
        }
        word_ = word_ << 6 | value;
        have_ = static_cast<std::uint8_t>(have_ + 6);
        if (have_ < 8) continue;
        have_ = static_cast<std::uint8_t>(have_ - 8);
        if (uu_left_ == 0) continue;
        --uu_left_;
        out[used++] = static_cast<std::uint8_t>(word_ >> have_);
    }
    return used;
}

bool TransferDecoder::end_line() noexcept {
    switch (coding_) {
        case Coding::identity: return true;
        case Coding::base64: return false;
        case Coding::uuencode:
            uu_begun_ = false;
            have_ = 0;
            return false;
        case Coding::quoted_printable: {
            const bool soft = have_ == 1;
            if (have_ == 2) odd_ = true;
            have_ = 0;
            return !soft;
        }
    }
    return true;
}

std::size_t decode_words(std::string_view text, MutableBytes out) noexcept {
    std::size_t used = 0;
    const auto put = [&](std::string_view part) {
        const std::size_t n = std::min(part.size(), out.size() - used);
        std::copy_n(part.begin(), n, out.begin() + static_cast<std::ptrdiff_t>(used));
        used += n;
    };
    bool after_word = false;
    while (!text.empty()) {
        const std::size_t start = text.find("=?");
        const std::string_view before = text.substr(0, start);
        // Blanks between two encoded words belong to neither (RFC 2047 section 6.2).
        if (!(after_word && start != std::string_view::npos && trim(before).empty())) put(before);
        if (start == std::string_view::npos) break;
        text.remove_prefix(start);
        const std::size_t kind = text.find('?', 2);
        const std::size_t body = kind == std::string_view::npos ? kind : kind + 3;
        const std::size_t end = body == std::string_view::npos || body > text.size() ? std::string_view::npos : text.find("?=", body);
        const char how = kind != std::string_view::npos && kind + 2 < text.size() && text[kind + 2] == '?' ? ascii_lower(text[kind + 1]) : '\0';
        if (end == std::string_view::npos || (how != 'b' && how != 'q')) {
            put(text.substr(0, 2));
            text.remove_prefix(2);
            after_word = false;
            continue;
        }
        TransferDecoder decoder;
        decoder.start(how == 'b' ? Coding::base64 : Coding::quoted_printable);
        for (char c : text.substr(body, end - body)) {
            std::uint8_t plain[8];
            if (how == 'q' && c == '_') c = ' ';
            const std::size_t n = decoder.decode({&c, 1}, plain);
            put(as_text(Bytes(plain).first(n)));
        }
        text.remove_prefix(end + 2);
        after_word = true;
    }
    return used;
}

}  // namespace sekisho::app::mime
