// Header fields: see headers.h. Tolerance follows libhtp's documented behaviour: a line without colon is a
// value without name, white space around names is dropped, a folded line that looks like a field of its own is
// one when the message says HTTP/1.1.
#include "app/http/headers.h"

#include <algorithm>

#include "sekisho/base/text.h"

namespace sekisho::app::http {
namespace {

struct Known {
    std::string_view name;
    HeaderId id;
};
constexpr Known kKnown[] = {
    {"accept", HeaderId::accept},
    {"accept-encoding", HeaderId::accept_encoding},
    {"accept-language", HeaderId::accept_language},
    {"authorization", HeaderId::authorization},
    {"connection", HeaderId::connection},
    {"content-disposition", HeaderId::content_disposition},
    {"content-encoding", HeaderId::content_encoding},
    {"content-length", HeaderId::content_length},
    {"content-type", HeaderId::content_type},
    {"cookie", HeaderId::cookie},
    {"host", HeaderId::host},
    {"location", HeaderId::location},
    {"referer", HeaderId::referer},
    {"server", HeaderId::server},
    {"set-cookie", HeaderId::set_cookie},
    {"transfer-encoding", HeaderId::transfer_encoding},
    {"upgrade", HeaderId::upgrade},
    {"user-agent", HeaderId::user_agent},
};

/// Case and NUL octets make no difference to the hash.
constexpr std::uint32_t name_hash(std::string_view name) noexcept {
    std::uint32_t h = 2166136261u;
    for (const char c : name)
        if (c != '\0') h = (h ^ static_cast<std::uint8_t>(ascii_lower(c))) * 16777619u;
    return h;
}

// Slot by the low bits of the hash; the size was chosen so that no two names share one.
constexpr std::size_t kSlots = 128;
constexpr auto kSlotTable = [] {
    std::array<std::uint8_t, kSlots> table{};
    for (std::size_t i = 0; i < std::size(kKnown); ++i) {
        std::size_t slot = name_hash(kKnown[i].name) % kSlots;
        while (table[slot] != 0) slot = (slot + 1) % kSlots;
        table[slot] = static_cast<std::uint8_t>(i + 1);
    }
    return table;
}();

HeaderId identify(std::string_view name, std::uint32_t hash) noexcept {
    for (std::size_t slot = hash % kSlots; kSlotTable[slot] != 0; slot = (slot + 1) % kSlots) {
        const Known& known = kKnown[kSlotTable[slot] - 1u];
        if (equals_word(name, known.name)) return known.id;
    }
    return HeaderId::other;
}

constexpr bool is_token(std::string_view name) noexcept {
    constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?={} \t";
    for (const char c : name)
        if (c <= 32 || c == 127 || kSeparators.find(c) != std::string_view::npos) return false;
    return true;
}

constexpr std::string_view trim_name(std::string_view name) noexcept {
    while (!name.empty() && (is_space(name.back()) || name.back() == '\0')) name.remove_suffix(1);
    return name;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
    return equals_nocase(a, b) || equals_word(a, b);
}

}  // namespace

bool equals_word(std::string_view text, std::string_view word) noexcept {
    std::size_t matched = 0;
    for (const char c : text) {
        if (c == '\0') continue;
        if (matched == word.size() || ascii_lower(c) != ascii_lower(word[matched])) return false;
        ++matched;
    }
    return matched == word.size();
}

bool contains_word(std::string_view text, std::string_view word) noexcept {
    for (std::size_t start = 0; start < text.size(); ++start) {
        std::size_t matched = 0;
        for (std::size_t i = start; i < text.size() && matched < word.size(); ++i) {
            if (text[i] == '\0' && matched != 0) continue;
            if (ascii_lower(text[i]) != word[matched]) break;
            ++matched;
        }
        if (matched == word.size()) return true;
    }
    return false;
}

ContentLength parse_content_length(std::string_view value) noexcept {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 62;
    ContentLength length;
    std::size_t at = 0;
    while (at < value.size() && (value[at] < '0' || value[at] > '9')) ++at;
    length.clean = at == 0;
    for (; at < value.size() && value[at] >= '0' && value[at] <= '9'; ++at) {
        length.valid = true;
        length.octets = length.octets * 10 + static_cast<std::uint64_t>(value[at] - '0');
        if (length.octets > kMost) return {};
    }
    length.clean = length.clean && length.valid && chomp(value.substr(at)).empty();
    return length;
}

Header* HeaderList::find_same(std::string_view name, std::uint32_t hash) noexcept {
    for (std::size_t i = 0; i < size_; ++i)
        if (headers_[i].hash == hash && !headers_[i].merged && same_name(headers_[i].name, name)) return &headers_[i];
    return nullptr;
}

// Each chain is joined once, so that the arena needs no more than the head's own size.
void HeaderList::join_repeated(TextArena& arena, std::string_view between_cookies) noexcept {
    for (std::size_t i = 0; i < size_; ++i) {
        Header& first = headers_[i];
        if (first.merged || first.more == 0) continue;
        if (first.id == HeaderId::content_length) {  // the first one counts
            odd.repeated_content_length = true;
            const auto was = parse_content_length(first.value);
            for (auto at = first.more; at != 0; at = headers_[at - 1u].more) {
                const auto is = parse_content_length(headers_[at - 1u].value);
                if (!was.valid || !is.valid || was.octets != is.octets) odd.content_length_differs = true;
            }
            continue;
        }
        const std::string_view between = first.id == HeaderId::cookie ? between_cookies : ", ";
        std::string_view joined = arena.join(first.value);
        for (auto at = first.more; at != 0; at = headers_[at - 1u].more)
            joined = arena.extend(joined, between, headers_[at - 1u].value);
        first.value = joined;
    }
}

/// @param folded  it began as a continuation of the line before, or has continuations
void HeaderList::add_line(std::string_view text, bool folded) noexcept {
    text = chomp(text);
    if (text.size() > kHttpLineLong) odd.too_long = true;
    const std::size_t colon = text.find(':');
    std::string_view name;
    std::string_view value;
    if (colon == std::string_view::npos) {
        odd.missing_colon = true;
        value = skip_spaces(text);
    } else {
        name = trim_name(text.substr(0, colon));
        value = skip_spaces(text.substr(colon + 1));
        if (name.size() != colon || name.empty() || !is_token(name)) odd.invalid_name = true;
    }
    const HeaderId id = add(name, value);
    if (id == HeaderId::content_length || id == HeaderId::transfer_encoding) {
        // Others see another name, no field of its own, or a value that begins with something else than blanks.
        const std::string_view raw = text.substr(colon + 1, text.size() - colon - 1 - value.size());
        if (folded || name.size() != colon || name.find('\0') != std::string_view::npos ||
            value.find('\0') != std::string_view::npos || raw.find_first_not_of(" \t") != std::string_view::npos)
            odd.doubtful_framing = true;
    }
}

HeaderId HeaderList::add(std::string_view name, std::string_view value) noexcept {
    const std::uint32_t hash = name_hash(name);
    const HeaderId id = identify(name, hash);
    if (size_ == headers_.size()) {
        odd.too_many = true;
        return id;
    }
    const auto index = static_cast<std::uint16_t>(size_ + 1);
    if (Header* same = find_same(name, hash)) {
        Header* last = same;
        while (last->more != 0) last = &headers_[last->more - 1u];
        last->more = index;
        headers_[size_++] = {name, value, hash, 0, same->id, true};
        return id;
    }
    headers_[size_++] = {name, value, hash, 0, id, false};
    if (id != HeaderId::other) known_[static_cast<std::size_t>(id)] = index;
    return id;
}

void HeaderList::read(std::string_view block, LinePlace place, LineRule rule, bool version_1_1,
                      TextArena& arena) noexcept {
    std::string_view pending;  // the field that a folded line may still extend
    bool has_pending = false;
    bool folded = false;
    const auto flush = [&] {
        if (has_pending) add_line(pending, folded);
        has_pending = folded = false;
    };
    while (place.at < block.size()) {
        Line line = next_line(block, place, rule);
        if (!line.complete) line = {block.substr(place.at), {block.size(), false}, true, false};
        if (line.empty) break;
        place = line.next;
        std::string_view text = line.text;
        if (text.empty() || !is_fold(text.front())) {
            flush();
            pending = text;
            has_pending = true;
            continue;
        }
        const bool own_field = version_1_1 && text.find(':') != std::string_view::npos &&
                               has_pending && pending.find(':') != std::string_view::npos;
        if (has_pending && !own_field) {
            pending = arena.extend(chomp(pending), {}, chomp(text));
            folded = true;
            continue;
        }
        odd.bad_folding = true;
        flush();
        while (!text.empty() && is_fold(text.front())) text.remove_prefix(1);
        pending = text;
        has_pending = folded = true;
    }
    flush();
    join_repeated(arena, ", ");
}

}  // namespace sekisho::app::http
