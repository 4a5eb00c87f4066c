#include "signature/number.h"

#include "sekisho/base/text.h"

namespace sekisho::signature {
namespace {

struct Sign {
    std::string_view text;
    Compare op;
    bool negated;
};

// Longer signs first: "<=" must not be read as "<".
constexpr Sign kSigns[] = {
    {"<=", Compare::le, false}, {">=", Compare::ge, false}, {"!=", Compare::ne, false}, {"!&", Compare::mask_and, true},
    {"<", Compare::lt, false},  {">", Compare::gt, false},  {"=", Compare::eq, false},  {"!", Compare::ne, false},
    {"&", Compare::mask_and, false},
};

struct Unit {
    std::string_view text;
    unsigned shift;
};
constexpr Unit kUnits[] = {{"kib", 10}, {"mib", 20}, {"gib", 30}, {"kb", 10}, {"mb", 20}, {"gb", 30}};

Result<NumberTest> range_test(std::string_view low, std::string_view high, std::uint64_t max) {
    const auto limit = static_cast<std::int64_t>(max);
    const auto first = parse_amount(trim(low), 0, limit);
    if (!first) return fail(first.error());
    const auto last = parse_amount(trim(high), 0, limit);
    if (!last) return fail(last.error());
    if (*first >= *last) return fail(ErrorCode::invalid, "the range's first number must be smaller than its second");
    if (*last - *first < 2) return fail(ErrorCode::invalid, "nothing lies between the ends of the range");
    return NumberTest{Compare::range, false, static_cast<std::uint64_t>(*first), static_cast<std::uint64_t>(*last)};
}

}  // namespace

Result<std::int64_t> parse_number(std::string_view text, std::int64_t min, std::int64_t max) {
    const bool minus = !text.empty() && text.front() == '-' && text.substr(1, 1) != "-";
    const auto value = minus && starts_with_nocase(text.substr(1), "0x") ? std::nullopt : parse_int(text, min, max);
    if (value) return *value;
    return fail(ErrorCode::invalid, "'" + std::string(text) + "' is not a number from " + std::to_string(min) + " to " +
                                        std::to_string(max));
}

Result<std::int64_t> parse_amount(std::string_view text, std::int64_t min, std::int64_t max) {
    for (const Unit& unit : kUnits) {
        if (text.size() <= unit.text.size() || starts_with_nocase(text, "0x")) continue;
        if (!starts_with_nocase(text.substr(text.size() - unit.text.size()), unit.text)) continue;
        const auto count = parse_int(trim(text.substr(0, text.size() - unit.text.size())), 0, max >> unit.shift);
        if (count && *count << unit.shift >= min) return *count << unit.shift;
    }
    return parse_number(text, min, max);
}

Result<NumberTest> parse_number_test(std::string_view text, std::uint64_t max) {
    text = trim(text);
    NumberTest test;
    const Sign* sign = nullptr;
    for (const Sign& candidate : kSigns) {
        if (!text.starts_with(candidate.text)) continue;
        sign = &candidate;
        break;
    }
    if (sign) {
        test.op = sign->op;
        test.negated = sign->negated;
        text = trim(text.substr(sign->text.size()));
    } else if (const auto at = text.find("<>"); at != std::string_view::npos) {
        return range_test(text.substr(0, at), text.substr(at + 2), max);
    } else if (const auto dash = text.find('-', 1); dash != std::string_view::npos && !text.empty()) {
        return range_test(text.substr(0, dash), text.substr(dash + 1), max);
    }
    const auto value = parse_amount(text, 0, static_cast<std::int64_t>(max));
    if (!value) return fail(value.error());
    test.low = static_cast<std::uint64_t>(*value);
    return test;
}

}  // namespace sekisho::signature
