// The search of Mula ("SIMD-friendly algorithms for substring searching", 2016): 16 places at a time are held
// against the first and the last octet of the needle, both letter cases at once; only where both agree is the rest
// compared. SSE2 is part of x86-64, so there is no other path to keep.
#include "find_bytes.h"

#include <emmintrin.h>

#include <bit>
#include <cstring>

#include "sekisho/base/text.h"

namespace sekisho::detect {
namespace {

constexpr std::size_t kBlock = 16;

__m128i load(const std::uint8_t* from) noexcept { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }

/// Octets equal to one of two values.
struct Either {
    __m128i a, b;
    Either(char c, bool nocase) noexcept {
        const char lower = nocase ? ascii_lower(c) : c;
        const bool letter = nocase && lower >= 'a' && lower <= 'z';
        a = _mm_set1_epi8(lower);
        b = _mm_set1_epi8(letter ? static_cast<char>(lower - 0x20) : lower);
    }
    __m128i match(__m128i block) const noexcept {
        return _mm_or_si128(_mm_cmpeq_epi8(block, a), _mm_cmpeq_epi8(block, b));
    }
};

}  // namespace

bool equal_bytes(Bytes a, std::string_view b, bool nocase) noexcept {
    if (!nocase) return std::memcmp(a.data(), b.data(), b.size()) == 0;
    for (std::size_t i = 0; i < b.size(); ++i)
        if (ascii_lower(a[i]) != static_cast<std::uint8_t>(ascii_lower(b[i]))) return false;
    return true;
}

std::size_t find_bytes(Bytes hay, std::string_view needle, bool nocase) noexcept {
    if (needle.empty() || needle.size() > hay.size()) return kNotFound;
    const std::size_t places = hay.size() - needle.size() + 1;
    const Either first(needle.front(), nocase), last(needle.back(), nocase);
    const std::uint8_t* heads = hay.data();
    const std::uint8_t* tails = heads + needle.size() - 1;
    std::size_t at = 0;
    for (; at + kBlock <= places; at += kBlock) {
        const __m128i both = _mm_and_si128(first.match(load(heads + at)), last.match(load(tails + at)));
        for (auto mask = static_cast<unsigned>(_mm_movemask_epi8(both)); mask != 0; mask &= mask - 1) {
            const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(mask));
            if (equal_bytes(hay.subspan(place, needle.size()), needle, nocase)) return place;
        }
    }
    for (; at < places; ++at)
        if (equal_bytes(hay.subspan(at, needle.size()), needle, nocase)) return at;
    return kNotFound;
}

}  // namespace sekisho::detect
