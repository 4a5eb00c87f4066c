// The search of Mula ("SIMD-friendly algorithms for substring searching", 2016): 16 or 32 places at a time are held
// against the first and the last octet of the needle, both letter cases at once; only where both agree is the rest
// compared. SSE2 is part of x86-64; AVX2 is taken where the processor has it.
#include "find_bytes.h"

#include <immintrin.h>

#include <bit>
#include <cstring>
#include <utility>

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

/// From place `at` on.
template <bool kBothCases>
std::size_t find(Bytes hay, std::string_view needle, std::size_t at) noexcept {
    const std::size_t places = hay.size() - needle.size() + 1;
    const Octet<kBothCases> first(needle.front()), last(needle.back());
    const std::uint8_t* heads = hay.data();
    const std::uint8_t* tails = heads + needle.size() - 1;
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

constexpr std::size_t kWideBlock = 32;

template <bool kBothCases>
__attribute__((target("avx2"))) std::size_t find_wide(Bytes hay, std::string_view needle) noexcept {
    const std::size_t places = hay.size() - needle.size() + 1;
    const auto cases = [](char c) noexcept {
        const char low = kBothCases ? ascii_lower(c) : c;
        return std::pair<char, char>(low, kBothCases && low >= 'a' && low <= 'z' ? static_cast<char>(low - 0x20) : low);
    };
    const auto [first_low, first_up] = cases(needle.front());
    const auto [last_low, last_up] = cases(needle.back());
    const __m256i first_a = _mm256_set1_epi8(first_low), first_b = _mm256_set1_epi8(first_up);
    const __m256i last_a = _mm256_set1_epi8(last_low), last_b = _mm256_set1_epi8(last_up);
    const std::uint8_t* heads = hay.data();
    const std::uint8_t* tails = heads + needle.size() - 1;
    std::size_t at = 0;
    for (; at + kWideBlock <= places; at += kWideBlock) {
        const __m256i head = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(heads + at));
        const __m256i tail = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(tails + at));
        __m256i is_first = _mm256_cmpeq_epi8(head, first_a), is_last = _mm256_cmpeq_epi8(tail, last_a);
        if constexpr (kBothCases) {
            is_first = _mm256_or_si256(is_first, _mm256_cmpeq_epi8(head, first_b));
            is_last = _mm256_or_si256(is_last, _mm256_cmpeq_epi8(tail, last_b));
        }
        auto mask = static_cast<unsigned>(_mm256_movemask_epi8(_mm256_and_si256(is_first, is_last)));
        for (; mask != 0; mask &= mask - 1) {
            const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(mask));
            if (equal_bytes(hay.subspan(place, needle.size()), needle, kBothCases)) return place;
        }
    }
    return find<kBothCases>(hay, needle, at);
}

const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;

}  // namespace

bool equal_bytes(Bytes a, std::string_view b, bool nocase) noexcept {
    if (!nocase) return std::memcmp(a.data(), b.data(), b.size()) == 0;
    for (std::size_t i = 0; i < b.size(); ++i)
        if (ascii_lower(a[i]) != static_cast<std::uint8_t>(ascii_lower(b[i]))) return false;
    return true;
}

std::size_t find_bytes(Bytes hay, std::string_view needle, bool nocase) noexcept {
    if (needle.empty() || needle.size() > hay.size()) return kNotFound;
    if (kHasAvx2) return nocase ? find_wide<true>(hay, needle) : find_wide<false>(hay, needle);
    return nocase ? find<true>(hay, needle, 0) : find<false>(hay, needle, 0);
}

}  // namespace sekisho::detect
