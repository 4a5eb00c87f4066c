#include "sekisho/urlfilter/block_page.h"

#include <algorithm>
#include <charconv>

#include "sekisho/base/text.h"
#include "sekisho/urlfilter/moment.h"
#include "urlfilter/octet_writer.h"

namespace sekisho::urlfilter {
namespace {

enum Kind : std::uint8_t { text, value, open, close };
enum What : std::uint8_t { host, category, list, time, contact, incident, box, link, japanese, english, blocked, warned, whats };

struct Name {
    std::string_view name;
    bool is_value, is_section;
    std::size_t room;  // octets on the wire (an escaped character counts as what it becomes)
};
constexpr std::array<Name, whats> kNames{{{"host", true, false, 120},
                                          {"category", true, false, 60},
                                          {"list", true, true, 100},
                                          {"time", true, false, 20},
                                          {"contact", true, true, 180},
                                          {"incident", true, false, 20},
                                          {"box", true, true, 60},
                                          {"continue", true, false, 400},
                                          {"ja", false, true, 0},
                                          {"en", false, true, 0},
                                          {"block", false, true, 0},
                                          {"warn", false, true, 0}}};
constexpr std::size_t kTagsMax = 16;     // language tags that are read
constexpr std::size_t kSectionsMax = 8;  // one in another
constexpr std::size_t kHeaderRoom = 200;

constexpr std::string_view kBuiltIn =
    R"(<!DOCTYPE html><html lang={{#ja}}ja{{/ja}}{{#en}}en{{/en}}><meta charset=utf-8><meta name=viewport content="width=device-width">
<title>{{#ja}}このページは表示できません{{/ja}}{{#en}}This page is blocked{{/en}}</title><style>
body{font:16px sans-serif;max-width:36em;margin:3em auto;padding:0 1em}h1{font-size:1.4em;color:#b00}
dt{font-weight:bold}dd{margin:0 0 .8em;word-break:break-all}</style>
{{#block}}{{#ja}}<h1>このページは表示できません</h1><p>安全のため、このサイトへの接続を止めました。<br>お使いの機器の故障ではありません。{{/ja}}{{#en}}<h1>This page is blocked</h1><p>For your safety, the connection to this site was stopped.<br>Your device is not broken.{{/en}}{{/block}}
{{#warn}}{{#ja}}<h1>ご注意ください</h1><p>このサイトは業務に関係がないか、危険な可能性があります。必要な場合だけお進みください。<p><a href="{{continue}}">承知のうえで続ける</a>{{/ja}}{{#en}}<h1>Please take care</h1><p>This site may be dangerous or of no use for work. Go on only if you need to.<p><a href="{{continue}}">I understand, continue</a>{{/en}}{{/warn}}
<dl><dt>{{#ja}}サイト{{/ja}}{{#en}}Site{{/en}}<dd>{{host}}<dt>{{#ja}}分類{{/ja}}{{#en}}Category{{/en}}<dd>{{category}}{{#list}} ({{list}}){{/list}}<dt>{{#ja}}日時{{/ja}}{{#en}}Time{{/en}}<dd>{{time}}{{#contact}}<dt>{{#ja}}お問い合わせ{{/ja}}{{#en}}Whom to ask{{/en}}<dd>{{contact}}{{/contact}}<dt>{{#ja}}受付番号{{/ja}}{{#en}}Incident number{{/en}}<dd>{{incident}}{{#box}} ({{box}}){{/box}}</dl></html>
)";

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

/// "2026-11-27 14:05:59"
void put_time(OctetWriter& out, std::int64_t local_s) noexcept {
    constexpr std::int64_t kDay = 86'400;
    const std::int64_t seconds = std::clamp<std::int64_t>(local_s, 0, 253'402'300'799);
    // Days to a date, H. Hinnant's arithmetic of eras of 400 years.
    const std::int64_t z = seconds / kDay + 719'468;
    const std::int64_t era = z / 146'097;
    const std::int64_t doe = z - era * 146'097;
    const std::int64_t yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
    const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const std::int64_t mp = (5 * doy + 2) / 153;
    const std::int64_t month = mp < 10 ? mp + 3 : mp - 9;
    const auto two = [&](std::int64_t number) noexcept {
        out.u8(static_cast<unsigned>('0' + number / 10 % 10));
        out.u8(static_cast<unsigned>('0' + number % 10));
    };
    put_number(out, static_cast<std::uint64_t>(yoe + era * 400 + (month <= 2)));
    out.text("-");
    two(month);
    out.text("-");
    two(doy - (153 * mp + 2) / 5 + 1);
    out.text(" ");
    two(seconds % kDay / 3600);
    out.text(":");
    two(seconds % 3600 / 60);
    out.text(":");
    two(seconds % 60);
}

std::string_view text_of(const BlockPage& page, std::uint8_t what) noexcept {
    switch (what) {
        case host: return page.host;
        case category: return page.category;
        case list: return page.list;
        case contact: return page.contact;
        case box: return page.box;
        case link: return page.continue_link;
        default: return {};
    }
}

bool shows(const BlockPage& page, PageLanguage language, std::uint8_t what) noexcept {
    switch (what) {
        case japanese: return language == PageLanguage::japanese;
        case english: return language == PageLanguage::english;
        case blocked: return !page.warn;
        case warned: return page.warn;
        default: return !text_of(page, what).empty();
    }
}

void put_value(OctetWriter& out, const BlockPage& page, std::uint8_t what) noexcept {
    if (what == time) return put_time(out, page.local_s);
    if (what == incident) return put_number(out, page.incident);
    put_escaped(out, text_of(page, what), kNames[what].room, what == host || what == link);
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

std::string place_of(std::string_view text, std::size_t at) {
    return "line " + std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
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

const PageTemplate& PageTemplate::built_in() {
    static const PageTemplate page = parse(std::string(kBuiltIn)).value();
    return page;
}

Result<PageTemplate> PageTemplate::parse(std::string source) {
    if (source.size() > kTemplateMaxBytes) return fail(ErrorCode::limit, "the template is longer than 64 KiB");
    PageTemplate page;
    page.text_ = std::move(source);
    const std::string_view all = page.text_;
    std::vector<std::uint8_t> open_sections;
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t mark = std::min(all.find("{{", at), all.size());
        if (mark > at) page.pieces_.push_back({0, text, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(mark - at)});
        if (mark == all.size()) break;
        const std::size_t end = all.find("}}", mark);
        const auto wrong = [&](std::string_view what) { return fail(ErrorCode::invalid, std::string(what), place_of(all, mark)); };
        if (end == std::string_view::npos) return wrong("'{{' without '}}'");
        std::string_view name = trim(all.substr(mark + 2, end - mark - 2));
        const std::uint8_t kind = name.starts_with('#') ? open : name.starts_with('/') ? close : value;
        if (kind != value) name = trim(name.substr(1));
        const auto known = std::find_if(kNames.begin(), kNames.end(), [&](const Name& one) {
            return one.name == name && (kind == value ? one.is_value : one.is_section);
        });
        if (known == kNames.end()) return wrong("there is no '{{" + std::string(all.substr(mark + 2, std::min<std::size_t>(end - mark - 2, 40))) + "}}'");
        const auto what = static_cast<std::uint8_t>(known - kNames.begin());
        if (kind == open) open_sections.push_back(what);
        if (open_sections.size() > kSectionsMax) return wrong("more than 8 sections one in another");
        if (kind == close) {
            if (open_sections.empty() || open_sections.back() != what) return wrong("closes a section that is not the open one");
            open_sections.pop_back();
        }
        page.pieces_.push_back({what, kind, 0, 0});
        at = end + 2;
    }
    if (!open_sections.empty()) return fail(ErrorCode::invalid, "'{{#" + std::string(kNames[open_sections.back()].name) + "}}' is never closed");

    // The longest page of each kind must fit.
    const std::string longest(400, 'x');
    std::array<std::uint8_t, kBlockPageMaxBytes> scratch;
    for (const bool warn : {false, true})
        for (const std::string_view language : {"ja", "en"}) {
            const BlockPage worst{longest, longest, longest, longest, longest, longest, 0, ~std::uint64_t{0}, language, warn, false};
            if (page.render(worst, scratch) == 0)
                return fail(ErrorCode::limit, "the page may become longer than the " + std::to_string(kBlockPageMaxBytes - kHeaderRoom) +
                                                  " octets that one answer holds");
        }
    return page;
}

std::size_t PageTemplate::render(const BlockPage& page, MutableBytes out) const noexcept {
    const PageLanguage language = choose_language(page.accept_language);
    std::array<std::uint8_t, kBlockPageMaxBytes> body;  // the length stands before the page
    OctetWriter html(body);
    unsigned hidden = 0;  // sections around that are not shown
    for (const Piece& piece : pieces_) {
        if (piece.kind == open) hidden += hidden != 0 || !shows(page, language, piece.what) ? 1 : 0;
        else if (piece.kind == close) hidden -= hidden != 0 ? 1 : 0;
        else if (hidden != 0) continue;
        else if (piece.kind == value) put_value(html, page, piece.what);
        else html.text(std::string_view(text_).substr(piece.offset, piece.size));
    }
    OctetWriter response(out);
    response.text(page.warn ? "HTTP/1.1 403 Warning" : "HTTP/1.1 403 Forbidden");
    response.text("\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: ");
    put_number(response, html.size());
    response.text("\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n");
    if (!page.head) response.bytes(Bytes(body).first(html.size()));
    return html.ok() && response.ok() ? response.size() : 0;
}

std::size_t render_continue(std::string_view location, std::string_view cookie, unsigned seconds, MutableBytes out) noexcept {
    OctetWriter response(out);
    response.text("HTTP/1.1 303 See Other\r\nLocation: ");
    response.text(location);
    response.text("\r\nSet-Cookie: ");
    response.text(cookie);
    response.text("; Path=/; HttpOnly; SameSite=Lax; Max-Age=");
    put_number(response, seconds);
    response.text("\r\nContent-Length: 0\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n");
    return response.ok() ? response.size() : 0;
}

}  // namespace sekisho::urlfilter
