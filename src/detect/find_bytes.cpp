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

/// Octets equal to one value, or to either case of a letter.
template <bool kBothCases>
struct Octet {
    __m128i lower, upper;
    explicit Octet(char c) noexcept {
        const char folded = kBothCases ? ascii_lower(c) : c;
        lower = _mm_set1_epi8(folded);
        upper = _mm_set1_epi8(folded >= 'a' && folded <= 'z' ? static_cast<char>(folded - 0x20) : folded);
    }
    __m128i match(__m128i block) const noexcept {
        const __m128i one = _mm_cmpeq_epi8(block, lower);
        if constexpr (kBothCases) return _mm_or_si128(one, _mm_cmpeq_epi8(block, upper));
        return one;
    }
};

template <bool kBothCases>
std::size_t find(Bytes hay, std::string_view needle) noexcept {
    const std::size_t places = hay.size() - needle.size() + 1;
    const Octet<kBothCases> first(needle.front()), last(needle.back());
    const std::uint8_t* heads = hay.data();
    const std::uint8_t* tails = heads + needle.size() - 1;
    std::size_t at = 0;
    for (; at + kBlock <= places; at += kBlock) {
        const __m128i both = _mm_and_si128(first.match(load(heads + at)), last.match(load(tails + at)));
        for (auto mask = static_cast<unsigned>(_mm_movemask_epi8(both)); mask != 0; mask &= mask - 1) {
            const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(mask));
            if (equal_bytes(hay.subspan(place, needle.size()), needle, kBothCases)) return place;
        }
    }
    for (; at < places; ++at)
        if (equal_bytes(hay.subspan(at, needle.size()), needle, kBothCases)) return at;
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
    return nocase ? find<true>(hay, needle) : find<false>(hay, needle);
}

}  // namespace sekisho::detect
