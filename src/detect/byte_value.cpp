#include "byte_value.h"

#include <algorithm>
#include <bit>

namespace sekisho::detect {
namespace {

using signature::ByteFetch;
using signature::Endian;

constexpr std::uint64_t kBinaryMax = 8;
constexpr std::uint64_t kStringMax = 23;  // digits of 2^64 in octal, and one more (Suricata's bound)

std::uint64_t binary_value(Bytes octets, bool little_endian) noexcept {
    std::uint64_t value = 0;
    if (little_endian) {
        for (std::size_t i = octets.size(); i > 0; --i) value = value << 8 | octets[i - 1];
    } else {
        for (const std::uint8_t octet : octets) value = value << 8 | octet;
    }
    return value;
}

int digit_of(std::uint8_t c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 16;
}

/// strtoull's rules on a bounded text: blanks, sign, prefix by base, digits up to the first other octet.
std::optional<FetchedValue> string_value(Bytes text, int base) noexcept {
    std::size_t i = 0;
    while (i < text.size() && (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r'))) ++i;
    bool negative = false;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';
    const bool hex_prefix = i + 1 < text.size() && text[i] == '0' && (text[i + 1] | 0x20) == 'x';
    if ((base == 0 || base == 16) && hex_prefix) {
        base = 16;
        i += 2;
    } else if (base == 0) {
        base = i < text.size() && text[i] == '0' ? 8 : 10;
    }
    const std::size_t first = i;
    std::uint64_t value = 0;
    for (; i < text.size() && digit_of(text[i]) < base; ++i)
        value = value * static_cast<unsigned>(base) + static_cast<unsigned>(digit_of(text[i]));
    if (i == first) return std::nullopt;
    return FetchedValue{negative ? 0 - value : value, i};
}

}  // namespace

std::optional<FetchedValue> fetch_value(const ByteFetch& fetch, Bytes bytes, std::int64_t at,
                                        std::uint64_t count, bool dce_little_endian) noexcept {
    if (at < 0 || static_cast<std::uint64_t>(at) >= bytes.size()) return std::nullopt;
    const auto from = static_cast<std::size_t>(at);
    std::uint64_t size = count;
    // 0 octets of text: as many digits as there are (rules on Content-Length are written so).
    if (fetch.is_string && size == 0) size = std::min<std::uint64_t>(kStringMax, bytes.size() - from);
    if (size > bytes.size() - from) return std::nullopt;
    FetchedValue result;
    if (fetch.is_string) {
        if (size > kStringMax) return std::nullopt;
        const auto parsed = string_value(bytes.subspan(from, static_cast<std::size_t>(size)), fetch.base);
        if (!parsed) return std::nullopt;
        result.value = parsed->value;
        result.end = from + parsed->end;
    } else {
        if (size > kBinaryMax) return std::nullopt;
        const bool little = fetch.endian == Endian::little || (fetch.endian == Endian::dce && dce_little_endian);
        result.value = binary_value(bytes.subspan(from, static_cast<std::size_t>(size)), little);
        result.end = from + static_cast<std::size_t>(size);
    }
    if (fetch.bitmask != 0) result.value = (result.value & fetch.bitmask) >> std::countr_zero(fetch.bitmask);
    return result;
}

}  // namespace sekisho::detect
