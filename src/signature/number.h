// Numbers as rules write them: plain, hexadecimal after 0x, and compared ("<5", "1<>10", "!7").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sekisho/base/result.h"
#include "sekisho/signature/compare.h"
#include "sekisho/signature/rule.h"

namespace sekisho::signature {

/// A decimal, or 0x... hexadecimal number in [min, max]. @error invalid, naming text and range
Result<std::int64_t> parse_number(std::string_view text, std::int64_t min, std::int64_t max);

/// The same with a unit: 5kb and 5KiB are 5120, likewise mb and gb. @error invalid, naming text and range
Result<std::int64_t> parse_amount(std::string_view text, std::int64_t min, std::int64_t max);

/// What Suricata's unsigned keywords take, each N with or without a unit: N, =N, !N, !=N, <N, <=N, >N, >=N, A-B, A<>B (ends excluded), &MASK.
Result<NumberTest> parse_number_test(std::string_view text, std::uint64_t max);

/// The test of a fact that such a number is.
inline FactTest fact_test(app::Fact fact, const NumberTest& number) {
    return {fact, number.op, number.negated, false, number.low, number.high};
}

}  // namespace sekisho::signature
