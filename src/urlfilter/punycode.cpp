#include "urlfilter/punycode.h"

#include <cstdint>

#include "sekisho/base/text.h"

namespace sekisho::urlfilter {
namespace {

// RFC 3492 section 5.
constexpr std::uint32_t kBase = 36;
constexpr std::uint32_t kTMin = 1;
constexpr std::uint32_t kTMax = 26;
constexpr std::uint32_t kSkew = 38;
constexpr std::uint32_t kDamp = 700;
constexpr std::uint32_t kInitialBias = 72;
constexpr char32_t kInitialN = 0x80;
// A label holds at most 63 octets, so at most 63 code points; this also keeps delta below 2^32.
constexpr std::size_t kLabelMaxPoints = 63;

char digit(std::uint32_t value) {
    return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

/// RFC 3492 section 6.1.
std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool first) {
    delta = first ? delta / kDamp : delta / 2;
    delta += delta / points;
    std::uint32_t k = 0;
    for (; delta > (kBase - kTMin) * kTMax / 2; k += kBase) delta /= kBase - kTMin;
    return k + (kBase - kTMin + 1) * delta / (delta + kSkew);
}

void put_variable_length(std::uint32_t value, std::uint32_t bias, std::string& out) {
    for (std::uint32_t k = kBase;; k += kBase) {
        const std::uint32_t t = k <= bias ? kTMin : k >= bias + kTMax ? kTMax : k - bias;
        if (value < t) break;
        out += digit(t + (value - t) % (kBase - t));
        value = (value - t) / (kBase - t);
    }
    out += digit(value);
}

}  // namespace

std::optional<std::vector<char32_t>> decode_utf8(std::string_view text) {
    std::vector<char32_t> points;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<std::uint8_t>(text[at]);
        const std::size_t size = lead < 0x80       ? 1
                                 : lead >> 5 == 6  ? 2
                                 : lead >> 4 == 14 ? 3
                                 : lead >> 3 == 30 ? 4
                                                   : 0;
        if (size == 0 || size > text.size() - at) return std::nullopt;
        char32_t point = size == 1 ? lead : lead & (0x7fu >> size);
        for (std::size_t i = 1; i < size; ++i) {
            const auto next = static_cast<std::uint8_t>(text[at + i]);
            if (next >> 6 != 2) return std::nullopt;
            point = point << 6 | (next & 0x3fu);
        }
        constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
        if (point < kLeast[size] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
            return std::nullopt;
        points.push_back(point);
        at += size;
    }
    return points;
}

bool punycode(const std::vector<char32_t>& label, std::string& out) {
    if (label.size() > kLabelMaxPoints) return false;
    std::uint32_t handled = 0;
    for (const char32_t point : label) {
        if (point >= kInitialN) continue;
        out += ascii_lower(static_cast<char>(point));
        ++handled;
    }
    const std::uint32_t basic = handled;
    if (basic > 0) out += '-';
    char32_t n = kInitialN;
    std::uint32_t delta = 0;
    std::uint32_t bias = kInitialBias;
    while (handled < label.size()) {
        char32_t next = 0x10ffff;
        for (const char32_t point : label)
            if (point >= n && point < next) next = point;
        delta += static_cast<std::uint32_t>(next - n) * (handled + 1);
        n = next;
        for (const char32_t point : label) {
            if (point < n) ++delta;
            if (point != n) continue;
            put_variable_length(delta, bias, out);
            bias = adapt(delta, handled + 1, handled == basic);
            delta = 0;
            ++handled;
        }
        ++delta;
        ++n;
    }
    return true;
}

}  // namespace sekisho::urlfilter
