// Sixteen octets at a time with SSE2, which every x86-64 has; elsewhere the same in plain loops.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "urlfilter/image.h"

namespace sekisho::urlfilter {

/// Copies 16 octets in lower case. @return false when one asks for a closer look: a blank or control, "@", ":"
/// or "[".   @param dots  gets a bit for each "."
inline bool lower_sixteen(const char* from, char* to, std::uint32_t& dots) noexcept {
#if defined(__SSE2__)
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    const auto is = [&](char c) noexcept { return _mm_cmpeq_epi8(text, _mm_set1_epi8(c)); };
    // Octets from 0x80 on are negative here and no blanks: the comparison with -1 leaves them out.
    const __m128i blank = _mm_and_si128(_mm_cmplt_epi8(text, _mm_set1_epi8(0x21)), _mm_cmpgt_epi8(text, _mm_set1_epi8(-1)));
    const __m128i odd = _mm_or_si128(_mm_or_si128(blank, is('@')), _mm_or_si128(is(':'), is('[')));
    const __m128i upper = _mm_and_si128(_mm_cmpgt_epi8(text, _mm_set1_epi8('A' - 1)), _mm_cmplt_epi8(text, _mm_set1_epi8('Z' + 1)));
    const __m128i lower = _mm_or_si128(text, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), lower);
    dots = static_cast<std::uint32_t>(_mm_movemask_epi8(is('.')));
    return _mm_movemask_epi8(odd) == 0;
#else
    dots = 0;
    bool plain = true;
    for (unsigned i = 0; i < 16; ++i) {
        const char c = from[i];
        plain = plain && !((c >= 0 && c < 0x21) || c == '@' || c == ':' || c == '[');
        dots |= static_cast<std::uint32_t>(c == '.') << i;
        to[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    }
    return plain;
#endif
}

/// A bit for each of a bucket's six slots whose low 32 bits are `low`.
inline unsigned same_low(const Bucket& bucket, std::uint32_t low) noexcept {
#if defined(__SSE2__)
    const __m128i wanted = _mm_set1_epi32(static_cast<int>(low));
    const __m128i four = _mm_cmpeq_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(bucket.low.data())), wanted);
    const __m128i two = _mm_cmpeq_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(bucket.low.data() + 4)), wanted);
    const auto mask = [](__m128i lanes) noexcept { return static_cast<unsigned>(_mm_movemask_ps(_mm_castsi128_ps(lanes))); };
    return mask(four) | (mask(two) & 3u) << 4;
#else
    unsigned same = 0;
    for (unsigned i = 0; i < Bucket::kSlots; ++i) same |= static_cast<unsigned>(bucket.low[i] == low) << i;
    return same;
#endif
}

}  // namespace sekisho::urlfilter
