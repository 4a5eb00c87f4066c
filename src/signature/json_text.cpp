#include "signature/json_text.h"

#include <optional>

namespace sekisho::signature {
namespace {

class Writer {
  public:
    explicit Writer(MutableBytes out) noexcept : out_(out) {}
    void put(std::uint32_t octet) noexcept {
        if (size_ < out_.size()) out_[size_++] = static_cast<std::uint8_t>(octet);
    }
    /// UTF-8 (RFC 3629). A lone half of a surrogate pair is written in three octets, like any other code of its size.
    void put_code(std::uint32_t code) noexcept {
        if (code < 0x80) return put(code);
        if (code < 0x800) {
            put(0xc0 | code >> 6);
        } else {
            if (code < 0x10000) {
                put(0xe0 | code >> 12);
            } else {
                put(0xf0 | code >> 18);
                put(0x80 | (code >> 12 & 0x3f));
            }
            put(0x80 | (code >> 6 & 0x3f));
        }
        put(0x80 | (code & 0x3f));
    }
    Bytes written() const noexcept { return out_.first(size_); }

  private:
    MutableBytes out_;
    std::size_t size_ = 0;
};

constexpr std::size_t kUnicodeEscape = 6;  // \uXXXX

/// The number of \uXXXX at the front.
std::optional<std::uint32_t> unicode_escape(Bytes in) noexcept {
    if (in.size() < kUnicodeEscape || in[0] != '\\' || in[1] != 'u') return std::nullopt;
    std::uint32_t code = 0;
    for (const std::uint8_t c : in.subspan(2, 4)) {
        const std::uint8_t lower = c | 0x20;
        if (c >= '0' && c <= '9') code = code << 4 | (c - '0');
        else if (lower >= 'a' && lower <= 'f') code = code << 4 | (lower - 'a' + 10u);
        else return std::nullopt;
    }
    return code;
}

/// The octet that a short escape means; 0: there is no such escape.
std::uint8_t short_escape(std::uint8_t letter) noexcept {
    switch (letter) {
        case '"': case '\\': case '/': return letter;
        case 'b': return '\b';
        case 'f': return '\f';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        default: return 0;
    }
}

/// Writes the escape at the front. @return its octets in the text
std::size_t put_escape(Bytes in, Writer& out) noexcept {
    if (const auto code = unicode_escape(in)) {
        const bool high = *code >= 0xd800 && *code < 0xdc00;
        const auto low = high ? unicode_escape(in.subspan(kUnicodeEscape)) : std::nullopt;
        if (low && *low >= 0xdc00 && *low < 0xe000) {
            out.put_code(0x10000 + ((*code - 0xd800) << 10 | (*low - 0xdc00)));
            return 2 * kUnicodeEscape;
        }
        out.put_code(*code);
        return kUnicodeEscape;
    }
    const std::uint8_t meant = in.size() > 1 ? short_escape(in[1]) : std::uint8_t{0};
    out.put(meant != 0 ? meant : '\\');
    return meant != 0 ? 2 : 1;
}

bool is_json_space(std::uint8_t c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

}  // namespace

Bytes decode_json_text(Bytes in, MutableBytes room) noexcept {
    Writer out(room);
    bool in_string = false;
    for (std::size_t i = 0; i < in.size();) {
        if (in_string && in[i] == '\\') {
            i += put_escape(in.subspan(i), out);
            continue;
        }
        if (in[i] == '"') in_string = !in_string;
        if (in_string || !is_json_space(in[i])) out.put(in[i]);
        ++i;
    }
    return out.written();
}

}  // namespace sekisho::signature
