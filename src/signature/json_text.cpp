#include "signature/json_text.h"

#include <optional>

#include "sekisho/base/utf8.h"

namespace sekisho::signature {
namespace {

class Writer {
  public:
    explicit Writer(MutableBytes out) noexcept : out_(out) {}
    void put(std::uint8_t octet) noexcept {
        if (size_ < out_.size()) out_[size_++] = octet;
    }
    void put_code(std::uint32_t code) noexcept {
        for (const std::uint8_t octet : Utf8(code)) put(octet);
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
        const auto low = unicode_escape(in.subspan(kUnicodeEscape));
        const auto whole = low ? utf16_pair(*code, *low) : std::nullopt;
        out.put_code(whole.value_or(*code));
        return whole ? 2 * kUnicodeEscape : kUnicodeEscape;
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
