#include "sekisho/urlfilter/block_page.h"

#include <array>
#include <charconv>

#include "sekisho/base/text.h"
#include "urlfilter/octet_writer.h"

namespace sekisho::urlfilter {
namespace {

// Room for texts, in octets on the wire (an escaped character counts as what it becomes).
constexpr std::size_t kHostRoom = 120;
constexpr std::size_t kCategoryRoom = 60;
constexpr std::size_t kContactRoom = 180;
constexpr std::size_t kTagsMax = 16;  // language tags that are read

/// The page in pieces; what stands between them is filled in.
struct Wording {
    std::string_view language;
    std::string_view title;
    std::string_view before_host;
    std::string_view before_category;
    std::string_view before_contact;
    std::string_view before_incident;
};

constexpr std::array<Wording, 2> kWordings{{
    {"ja", "このページは表示できません",
     "安全のため、このサイトへの接続を止めました。<br>お使いの機器の故障ではありません。</"
     "p><dl><dt>サイト<dd>",
     "<dt>分類<dd>", "<dt>お問い合わせ<dd>", "<dt>受付番号<dd>"},
    {"en", "This page is blocked",
     "For your safety, the connection to this site was stopped.<br>Your device is not "
     "broken.</p><dl><dt>Site<dd>",
     "<dt>Category<dd>", "<dt>Whom to ask<dd>", "<dt>Incident number<dd>"},
}};

constexpr std::string_view kHeadOfPage =
    "</title><style>body{font:16px sans-serif;max-width:36em;margin:3em auto;padding:0 1em}"
    "h1{font-size:1.4em;color:#b00}dt{font-weight:bold}dd{margin:0 0 "
    ".8em;word-break:break-all}</style><h1>";

std::string_view entity(char c) noexcept {
    switch (c) {
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '&':
            return "&amp;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        default:
            return {};
    }
}

/// Octets of the UTF-8 character that begins here; 0 when none does.
std::size_t character_size(std::string_view text) noexcept {
    const auto lead = static_cast<std::uint8_t>(text.front());
    const std::size_t size = lead < 0x80       ? 1
                             : lead >> 5 == 6  ? 2
                             : lead >> 4 == 14 ? 3
                             : lead >> 3 == 30 ? 4
                                               : 0;
    if (size > text.size()) return 0;
    for (std::size_t i = 1; i < size; ++i)
        if ((static_cast<std::uint8_t>(text[i]) & 0xc0) != 0x80) return 0;
    return size;
}

/// One character of hostile text as it may stand in the page.
std::string_view safe_character(std::string_view& text, bool ascii_only) noexcept {
    const std::size_t size = character_size(text);
    const std::string_view character = text.substr(0, size == 0 ? 1 : size);
    text.remove_prefix(character.size());
    const auto lead = static_cast<std::uint8_t>(character.front());
    if (size == 0 || lead < 0x20 || lead == 0x7f || (ascii_only && size > 1)) return "?";
    const std::string_view escaped = entity(character.front());
    return escaped.empty() ? character : escaped;
}

void put_escaped(OctetWriter& out, std::string_view text, std::size_t room, bool ascii_only) noexcept {
    constexpr std::string_view kMore = "...";
    std::size_t used = 0;
    while (!text.empty()) {
        const std::string_view character = safe_character(text, ascii_only);
        if (used + character.size() + kMore.size() > room) {
            out.text(kMore);
            return;
        }
        out.text(character);
        used += character.size();
    }
}

void put_number(OctetWriter& out, std::uint64_t number) noexcept {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.text({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void put_page(OctetWriter& out, const BlockPage& page, const Wording& words) noexcept {
    out.text("<!DOCTYPE html><html lang=");
    out.text(words.language);
    out.text("><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>");
    out.text(words.title);
    out.text(kHeadOfPage);
    out.text(words.title);
    out.text("</h1><p>");
    out.text(words.before_host);
    put_escaped(out, page.host, kHostRoom, true);
    out.text(words.before_category);
    put_escaped(out, page.category, kCategoryRoom, false);
    if (!page.contact.empty()) {
        out.text(words.before_contact);
        put_escaped(out, page.contact, kContactRoom, false);
    }
    out.text(words.before_incident);
    put_number(out, page.incident);
    out.text("</dl></html>\n");
}

/// Quality in thousandths of one Accept-Language item, "en-US;q=0.8".
unsigned quality(std::string_view item) noexcept {
    const auto at = item.find("q=");
    if (at == std::string_view::npos) return 1000;
    std::string_view digits = item.substr(at + 2);
    if (digits.empty() || digits.front() != '0') return 1000;
    unsigned value = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const bool given = digits.size() > i + 2 && digits[i + 2] >= '0' && digits[i + 2] <= '9';
        if (!given) digits = digits.substr(0, 2);
        value = value * 10 + (given ? static_cast<unsigned>(digits[i + 2] - '0') : 0);
    }
    return value;
}

bool is_japanese(std::string_view tag) noexcept {
    return tag.starts_with('*') || (starts_with_nocase(tag, "ja") && (tag.size() == 2 || tag[2] == '-' ||
                                                                      tag[2] == ';' || tag[2] == ' '));
}

}  // namespace

PageLanguage choose_language(std::string_view accept_language) noexcept {
    if (trim(accept_language).empty()) return PageLanguage::japanese;
    unsigned japanese = 0;
    unsigned other = 0;
    for (std::size_t i = 0; i < kTagsMax && !accept_language.empty(); ++i) {
        const auto comma = accept_language.find(',');
        const std::string_view item = trim(accept_language.substr(0, comma));
        accept_language.remove_prefix(comma == std::string_view::npos ? accept_language.size()
                                                                      : comma + 1);
        if (item.empty()) continue;
        unsigned& best = is_japanese(item) ? japanese : other;
        best = std::max(best, quality(item));
    }
    return japanese >= other ? PageLanguage::japanese : PageLanguage::english;
}

std::size_t render_block_page(const BlockPage& page, MutableBytes out) noexcept {
    const Wording& words = kWordings[static_cast<std::size_t>(choose_language(page.accept_language))];
    std::array<std::uint8_t, kBlockPageMaxBytes> body;  // the length stands before the page
    OctetWriter html(body);
    put_page(html, page, words);

    OctetWriter response(out);
    response.text(
        "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: ");
    put_number(response, html.size());
    response.text("\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n");
    if (!page.head) response.bytes(Bytes(body).first(html.size()));
    return html.ok() && response.ok() ? response.size() : 0;
}

}  // namespace sekisho::urlfilter
