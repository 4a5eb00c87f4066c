#include "sekisho/urlfilter/name.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "sekisho/base/address.h"
#include "sekisho/base/hash.h"
#include "sekisho/base/text.h"
#include "urlfilter/wide.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::uint64_t kLabelMix = 0x9fb21c651e98df25ULL;
constexpr std::uint64_t kWordMix = 0xd6e8feb86659fd93ULL;
constexpr std::uint64_t kAddressSalt = 0x2545f4914f6cdd1dULL;
constexpr std::uint64_t kScopeSalt = 0xbf58476d1ce4e5b9ULL;
constexpr std::uint64_t kPathSalt = 0x94d049bb133111ebULL;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The host within "userinfo@host:port", brackets removed.
std::string_view strip_authority(std::string_view raw) noexcept {
    raw = trim(raw);
    if (const auto at = raw.rfind('@'); at != std::string_view::npos) raw.remove_prefix(at + 1);
    if (!raw.empty() && raw.front() == '[') {
        raw.remove_prefix(1);
        return raw.substr(0, raw.find(']'));
    }
    const auto colon = raw.find(':');
    // Two colons without brackets: an IPv6 literal as DNS-style interfaces write it.
    if (colon != std::string_view::npos && raw.find(':', colon + 1) == std::string_view::npos)
        raw = raw.substr(0, colon);
    while (!raw.empty() && raw.back() == '.') raw.remove_suffix(1);
    return raw;
}

/// The whole labels within the last kHostMaxBytes octets.
std::string_view keep_end(std::string_view host) noexcept {
    if (host.size() <= kHostMaxBytes) return host;
    const bool cut_inside_label = host[host.size() - kHostMaxBytes - 1] != '.';
    host = host.substr(host.size() - kHostMaxBytes);
    if (!cut_inside_label) return host;
    const auto dot = host.find('.');
    return dot == std::string_view::npos ? std::string_view{} : host.substr(dot + 1);
}

bool is_address(std::string_view host) noexcept {
    if (host.find(':') != std::string_view::npos) return true;
    const auto dot = host.rfind('.');
    const auto last = dot == std::string_view::npos ? host : host.substr(dot + 1);
    return !last.empty() && std::all_of(last.begin(), last.end(), is_digit);  // no TLD is a number
}

/// Hash of the octets [begin, end). Words are loaded so that they end inside the text; the octets before
/// `begin` that come along are shifted out. @pre HostName::kPad readable octets before `begin`
std::uint64_t hash_label(const char* begin, const char* end, std::uint64_t seed) noexcept {
    std::uint64_t h = seed ^ (static_cast<std::uint64_t>(end - begin) * kLabelMix);
    std::uint64_t word;
    while (end - begin >= 8) {
        std::memcpy(&word, end - 8, 8);
        h = hash_mix(h ^ word, kWordMix);
        end -= 8;
    }
    if (end != begin) {
        std::memcpy(&word, end - 8, 8);
        h = hash_mix(h ^ (word >> (8 * (8 - (end - begin)))), kWordMix);
    }
    return h;
}

std::uint64_t hash_address(std::string_view text, std::uint64_t seed) noexcept {
    if (const auto ip = IpAddress::parse(text)) return hash_bytes(ip->octets, seed ^ kAddressSalt);
    return hash_bytes(as_bytes(text), seed ^ kAddressSalt ^ kPathSalt);
}

constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
constexpr std::uint64_t kHighs = kOnes * 0x80;

/// High bit of each octet of `word` that is zero.
constexpr std::uint64_t zero_octets(std::uint64_t word) noexcept {
    constexpr std::uint64_t kLow = kOnes * 0x7f;
    return ~(((word & kLow) + kLow) | word | kLow);
}

/// Eight octets in lower case (ASCII).
constexpr std::uint64_t lower_octets(std::uint64_t word) noexcept {
    const std::uint64_t low = word & (kOnes * 0x7f);
    const std::uint64_t from_a = low + kOnes * (0x80 - 'A');
    const std::uint64_t past_z = low + kOnes * (0x7f - 'Z');
    return word | ((~word & kHighs & (from_a ^ past_z)) >> 2);
}

/// Whether one of eight octets asks for a closer look: a blank or control, "@", ":" or "[".
constexpr bool any_odd(std::uint64_t word) noexcept {
    const std::uint64_t small = (word - kOnes * 0x21) & ~word & kHighs;
    return (small | zero_octets(word ^ kOnes * '@') | zero_octets(word ^ kOnes * ':') |
            zero_octets(word ^ kOnes * '[')) != 0;
}

/// The high bits of eight octets as eight bits, first octet lowest.
constexpr std::uint64_t gather(std::uint64_t highs) noexcept {
    return ((highs >> 7) * 0x0102040810204080ULL) >> 56;
}

constexpr bool is_mark(char c) noexcept {
    return c == '/' || c == '?' || c == '&' || c == ';' || c == '=';
}

int hex_digit(char c) noexcept {
    if (is_digit(c)) return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

constexpr bool is_unreserved(char c) noexcept {
    return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

/// One character of a target; `%41` of an unreserved character counts as that character.
char next_char(std::string_view& raw) noexcept {
    const char c = raw.front();
    if (c == '%' && raw.size() >= 3) {
        const int high = hex_digit(raw[1]);
        const int low = hex_digit(raw[2]);
        const char decoded = static_cast<char>(high << 4 | low);
        if (high >= 0 && low >= 0 && is_unreserved(decoded)) {
            raw.remove_prefix(3);
            return ascii_lower(decoded);
        }
    }
    raw.remove_prefix(1);
    return ascii_lower(c);
}

/// What follows scheme and authority of an absolute URI; other targets as they are.
std::string_view strip_scheme(std::string_view raw) noexcept {
    if (raw.empty() || raw.front() == '/') return raw;
    const auto colon = raw.substr(0, 16).find("://");
    if (colon == std::string_view::npos) return raw;
    raw.remove_prefix(colon + 3);
    const auto path = raw.find_first_of("/?#");
    return path == std::string_view::npos ? std::string_view{} : raw.substr(path);
}

}  // namespace

void HostName::assign(std::string_view raw) noexcept {
    std::memset(octets_.data(), 0, kPad);
    form_ = Form::empty;
    raw_offset_ = 0;
    dots_ = {};
    if (assign_plain(raw)) return;
    const std::string_view host = keep_end(strip_authority(raw));
    size_ = 0;
    dots_ = {};
    if (host.empty()) return;
    raw_offset_ = static_cast<std::size_t>(host.data() - raw.data());
    assign_host(host);
}

/// The way of nearly every name: nothing to strip but dots at the end. Sixteen octets at a time, or eight of a
/// short name; the last ones overlap those before.
bool HostName::assign_plain(std::string_view raw) noexcept {
    if (raw.size() < 8 || raw.size() > kHostMaxBytes) return false;
    char* const out = octets_.data() + kPad;
    if (raw.size() < 16) {
        for (const std::size_t at : {std::size_t{0}, raw.size() - 8}) {
            std::uint64_t word;
            std::memcpy(&word, raw.data() + at, 8);
            if (any_odd(word)) return false;
            word = lower_octets(word);
            std::memcpy(out + at, &word, 8);
            dots_[0] |= gather(zero_octets(word ^ kOnes * '.')) << at;
        }
    } else {
        for (std::size_t at = 0;; at = at + 32 <= raw.size() ? at + 16 : raw.size() - 16) {
            std::uint32_t dots;
            if (!lower_sixteen(raw.data() + at, out + at, dots)) return false;
            dots_[at / 64] |= std::uint64_t{dots} << (at % 64);
            if (at % 64 > 48) dots_[at / 64 + 1] |= std::uint64_t{dots} >> (64 - at % 64);
            if (at + 16 == raw.size()) break;
        }
    }
    std::size_t size = raw.size();
    for (; size > 0 && out[size - 1] == '.'; --size) dots_[(size - 1) / 64] &= ~(std::uint64_t{1} << ((size - 1) % 64));
    if (size == 0) return false;
    size_ = static_cast<std::uint16_t>(size);
    form_ = is_digit(out[size - 1]) && is_address(text()) ? Form::address : Form::name;
    return true;
}

void HostName::assign_host(std::string_view host) noexcept {
    size_ = static_cast<std::uint16_t>(host.size());
    for (std::size_t i = 0; i < host.size(); ++i) {
        octets_[kPad + i] = ascii_lower(host[i]);
        if (host[i] == '.') dots_[i / 64] |= std::uint64_t{1} << (i % 64);
    }
    form_ = is_address(text()) ? Form::address : Form::name;
}

void HostKeys::assign(const HostName& host, std::uint64_t seed) noexcept {
    count = 0;
    const std::string_view text = host.text();
    if (host.form() == HostName::Form::empty) return;
    if (host.form() == HostName::Form::address) {
        key[0] = hash_address(text, seed);
        offset[0] = 0;
        count = 1;
        return;
    }
    const char* const begin = text.data();
    std::size_t end = text.size();
    std::uint64_t h = seed;
    const auto label = [&](std::size_t from) noexcept {
        h = hash_mix(h ^ hash_label(begin + from, begin + end, seed), kLabelMix);
        key[count] = h;
        offset[count] = static_cast<std::uint8_t>(from);
        ++count;
        end = from - 1;
    };
    for (std::size_t word = host.dots().size(); word-- > 0;) {
        for (std::uint64_t dots = host.dots()[word]; dots != 0;) {
            const auto bit = static_cast<std::size_t>(63 - std::countl_zero(dots));
            dots ^= std::uint64_t{1} << bit;
            // 253 octets hold 127 labels of one octet, but hostile names may consist of dots alone.
            if (count + 1 == key.size()) return;
            label(word * 64 + bit + 1);
        }
    }
    label(0);
}

std::uint64_t scoped_key(std::uint64_t host_key, Scope scope) noexcept {
    return hash_mix(host_key ^ kScopeSalt, kLabelMix + static_cast<std::uint64_t>(scope));
}

PathName::PathName(std::string_view raw) noexcept {
    raw = strip_scheme(raw);
    put('/');
    if (!raw.empty() && (raw.front() == '/' || raw.front() == '\\')) raw.remove_prefix(1);
    bool in_query = false;
    while (!raw.empty() && raw.front() != '#') {
        if (size_ == octets_.size()) {
            cut_ = true;
            return;
        }
        char c = next_char(raw);
        if (in_query) {
            put(c);
            continue;
        }
        if (c == '\\') c = '/';
        if (c == '/' || c == '?') close_segment();
        if (c == '?') in_query = true;
        if (c != '/' || octets_[size_ - 1] != '/') put(c);
    }
    if (!in_query) close_segment();
}

void PathName::put(char c) noexcept { octets_[size_++] = c; }

/// The segment that ends here: "." vanishes, ".." takes its parent with it (RFC 3986 section 5.2.4).
void PathName::close_segment() noexcept {
    const std::string_view so_far = text();
    if (so_far.ends_with("/.")) {
        size_ -= 1;
    } else if (so_far.ends_with("/..")) {
        size_ -= 3;
        while (size_ > 0 && octets_[size_ - 1] != '/') --size_;
        if (size_ == 0) size_ = 1;  // above the root is the root; octets_[0] is always '/'
    }
}

PathKeys::PathKeys(std::uint64_t host_key, std::string_view path) noexcept {
    std::uint64_t h = hash_mix(host_key ^ kPathSalt, kLabelMix);
    std::size_t from = 0;
    while (from < path.size()) {
        if (count == key.size()) {
            cut = true;
            return;
        }
        std::size_t to = from + 1;
        while (to < path.size() && !is_mark(path[to])) ++to;
        h = hash_mix(h ^ hash_bytes(as_bytes(path.substr(from, to - from)), kPathSalt), kWordMix);
        key[count] = h;
        size[count] = static_cast<std::uint16_t>(to);
        ++count;
        from = to;
    }
}

}  // namespace sekisho::urlfilter
