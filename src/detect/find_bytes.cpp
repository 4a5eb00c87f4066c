#include "find_bytes.h"

#include <cstring>

#include "sekisho/base/text.h"

namespace sekisho::detect {
namespace {

std::size_t find_nocase(Bytes hay, std::string_view needle) noexcept {
    // Two memchr cursors over the first octet's cases; then compare.
    const auto first = static_cast<std::uint8_t>(ascii_lower(needle[0]));
    const auto upper = static_cast<std::uint8_t>(first >= 'a' && first <= 'z' ? first - 0x20 : first);
    const std::size_t last = hay.size() - needle.size();
    std::size_t at = 0;
    while (at <= last) {
        const std::uint8_t* from = hay.data() + at;
        const std::size_t span = last - at + 1;
        const auto* low = static_cast<const std::uint8_t*>(std::memchr(from, first, span));
        const std::size_t up_to = low != nullptr ? static_cast<std::size_t>(low - from) : span;
        const auto* high =
            upper == first ? nullptr : static_cast<const std::uint8_t*>(std::memchr(from, upper, up_to));
        const std::uint8_t* hit = high != nullptr ? high : low;
        if (hit == nullptr) return kNotFound;
        at = static_cast<std::size_t>(hit - hay.data());
        if (equal_bytes(hay.subspan(at, needle.size()), needle, true)) return at;
        ++at;
    }
    return kNotFound;
}

}  // namespace

bool equal_bytes(Bytes a, std::string_view b, bool nocase) noexcept {
    if (!nocase) return std::memcmp(a.data(), b.data(), b.size()) == 0;
    for (std::size_t i = 0; i < b.size(); ++i)
        if (ascii_lower(a[i]) != static_cast<std::uint8_t>(ascii_lower(b[i]))) return false;
    return true;
}

std::size_t find_bytes(Bytes hay, std::string_view needle, bool nocase) noexcept {
    if (needle.empty() || needle.size() > hay.size()) return kNotFound;
    if (nocase) return find_nocase(hay, needle);
    const void* hit = memmem(hay.data(), hay.size(), needle.data(), needle.size());
    return hit == nullptr ? kNotFound
                          : static_cast<std::size_t>(static_cast<const std::uint8_t*>(hit) - hay.data());
}

}  // namespace sekisho::detect
