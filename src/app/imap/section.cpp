#include "app/imap/section.h"

#include <charconv>

#include "sekisho/base/text.h"

namespace sekisho::app::imap {
namespace {

struct Word {
    std::string_view name;
    Kind kind;
};

bool ends_with_nocase(std::string_view text, std::string_view end) noexcept {
    return text.size() >= end.size() && equals_nocase(text.substr(text.size() - end.size()), end);
}

/// "RFC822" and its like, the names of older clients.
Kind old_item(std::string_view text) noexcept {
    constexpr Word kWords[] = {{"RFC822.HEADER", Kind::header}, {"RFC822.TEXT", Kind::text}, {"RFC822", Kind::mail}};
    for (const Word& known : kWords)
        if (ends_with_nocase(text, known.name)) return known.kind;
    return Kind::none;
}

/// Inside of the brackets.
void read_section(std::string_view text, bool binary, Item& item) noexcept {
    const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
    std::string_view number = text.substr(0, end), word = text.substr(end);
    if (number.ends_with('.')) number.remove_suffix(1);
    item.section = Section(number);
    if (word.empty()) {
        item.kind = number.empty() ? Kind::mail : binary ? Kind::binary : Kind::part;
        return;
    }
    constexpr Word kWords[] = {{"HEADER", Kind::header}, {"TEXT", Kind::text}, {"MIME", Kind::mime}};
    for (const Word& known : kWords)
        if (!binary && equals_nocase(word, known.name)) item.kind = known.kind;
}

}  // namespace

Section Section::part(int n) const noexcept {
    char text[64];
    char* at = std::copy_n(text_.begin(), size_, text);
    if (size_ != 0) *at++ = '.';
    at = std::to_chars(at, std::end(text), n).ptr;
    Section out({text, static_cast<std::size_t>(at - text)});
    out.cut_ = out.cut_ || cut_;
    return out;
}

Item fetched_item(std::string_view before) noexcept {
    Item item;
    before = trim(before);
    if (before.ends_with('~')) before = trim(before.substr(0, before.size() - 1));
    if (before.ends_with('>')) {
        const auto open = before.rfind('<');
        if (open == std::string_view::npos) return item;
        const auto origin = parse_int(before.substr(open + 1, before.size() - open - 2), 0, INT64_MAX);
        if (!origin) return item;
        item.partial = true;
        item.origin = static_cast<std::uint64_t>(*origin);
        before = trim(before.substr(0, open));
    }
    if (!before.ends_with(']')) {
        item.kind = old_item(before);
        return item;
    }
    const auto open = before.rfind('[');
    if (open == std::string_view::npos) return item;
    const std::string_view name = before.substr(0, open);
    const bool binary = ends_with_nocase(name, "BINARY");
    if (binary || ends_with_nocase(name, "BODY")) read_section(before.substr(open + 1, before.size() - open - 2), binary, item);
    return item;
}

}  // namespace sekisho::app::imap
