// entropy:[bytes N,][offset N,]value COMPARISON - how evenly the octets of a buffer are spread, 0 to 8 bits an octet.
#include <charconv>
#include <string>

#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/byte_fetch.h"
#include "signature/number.h"

namespace sekisho::signature {
namespace {

constexpr double kEntropyMax = 8.0;  // 256 kinds of octets, all as frequent

struct Sign {
    std::string_view text;
    Compare op;
};
constexpr Sign kSigns[] = {{"<=", Compare::le}, {">=", Compare::ge}, {"!=", Compare::ne}, {"<", Compare::lt}, {">", Compare::gt}, {"=", Compare::eq}};

Result<double> parse_value(std::string_view text) {
    text = trim(text);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= kEntropyMax))
        return fail(ErrorCode::invalid, "'" + std::string(text) + "' is not a number from 0.0 to 8.0");
    return value;
}

/// "4.0-6.5": both ends excluded.
Status parse_range(std::string_view text, std::size_t dash, Entropy& entropy) {
    const auto low = parse_value(text.substr(0, dash)), high = parse_value(text.substr(dash + 1));
    if (!low) return fail(low.error());
    if (!high) return fail(high.error());
    if (*low >= *high) return wrong("the range '" + std::string(text) + "' is empty");
    entropy.op = Compare::range;
    entropy.low = *low;
    entropy.high = *high;
    return {};
}

Status parse_comparison(std::string_view text, Entropy& entropy) {
    text = trim(text);
    for (const Sign& sign : kSigns) {
        if (!text.starts_with(sign.text)) continue;
        const auto value = parse_value(text.substr(sign.text.size()));
        if (!value) return fail(value.error());
        entropy.op = sign.op;
        entropy.low = *value;
        return {};
    }
    entropy.negated = text.starts_with('!');
    if (entropy.negated) text.remove_prefix(1);
    if (const auto dash = text.find('-'); dash != std::string_view::npos && dash != 0) return parse_range(text, dash, entropy);
    const auto value = parse_value(text);
    if (!value) return fail(value.error());
    entropy.low = *value;
    return {};
}

}  // namespace

Status parse_entropy(RuleBuilder& builder, const Use& use) {
    constexpr std::int64_t kPlaceMax = 65535;
    Entropy entropy;
    bool compared = false, counted = false, placed = false;
    const auto twice = [](bool& seen, std::string_view what) -> Status {
        if (seen) return wrong("two of " + std::string(what));
        seen = true;
        return {};
    };
    for (const std::string_view word : words_of(use.value)) {
        std::string_view value;
        if (word_value(word, "bytes", value)) {
            if (auto once = twice(counted, "bytes"); !once) return once;
            const auto octets = parse_number(value, 0, kPlaceMax);
            if (!octets) return fail(octets.error());
            entropy.octets = static_cast<std::uint32_t>(*octets);
        } else if (word_value(word, "offset", value)) {
            if (auto once = twice(placed, "offset"); !once) return once;
            const auto offset = parse_number(value, 0, kPlaceMax);
            if (!offset) return fail(offset.error());
            entropy.offset = static_cast<std::uint32_t>(*offset);
        } else {
            if (auto once = twice(compared, "value"); !once) return once;
            if (!word_value(word, "value", value)) value = word;  // the manual leaves the word out where it is alone
            if (auto good = parse_comparison(value, entropy); !good) return good;
        }
    }
    if (!compared) return wrong("it compares with nothing: value and a number from 0.0 to 8.0");
    builder.add(std::move(entropy));
    return {};
}

}  // namespace sekisho::signature
