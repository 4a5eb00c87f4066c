#include "sekisho/base/base64.h"

#include <array>

namespace sekisho {
namespace {

constexpr std::uint8_t kOther = 0xff;
constexpr std::uint8_t kBlank = 0xfe;

constexpr std::array<std::uint8_t, 256> make_digits() {
    std::array<std::uint8_t, 256> digits{};
    digits.fill(kOther);
    for (const char c : {' ', '\t', '\r', '\n'}) digits[static_cast<std::uint8_t>(c)] = kBlank;
    std::uint8_t value = 0;
    for (char c = 'A'; c <= 'Z'; ++c) digits[static_cast<std::uint8_t>(c)] = value++;
    for (char c = 'a'; c <= 'z'; ++c) digits[static_cast<std::uint8_t>(c)] = value++;
    for (char c = '0'; c <= '9'; ++c) digits[static_cast<std::uint8_t>(c)] = value++;
    digits['+'] = value++;
    digits['/'] = value;
    return digits;
}
constexpr auto kDigits = make_digits();

}  // namespace

bool is_base64_digit(std::uint8_t octet) noexcept { return kDigits[octet] < 64; }

Base64Result decode_base64(Bytes in, MutableBytes out) noexcept {
    Base64Result result;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (; result.read < in.size(); ++result.read) {
        const std::uint8_t digit = kDigits[in[result.read]];
        if (digit == kBlank) continue;
        if (digit == kOther) break;
        bits = bits << 6 | digit;
        count += 6;
        if (count < 8) continue;
        if (result.written == out.size()) break;
        count -= 8;
        out[result.written++] = static_cast<std::uint8_t>(bits >> count);
    }
    return result;
}

}  // namespace sekisho
