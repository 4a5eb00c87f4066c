// Comparison of a number on the wire with the numbers of a rule, the same for each keyword that compares.
#pragma once

#include <cstdint>

#include "sekisho/signature/rule.h"

namespace sekisho::signature {

struct NumberTest {
    Compare op = Compare::eq;
    bool negated = false;
    std::uint64_t low = 0;
    std::uint64_t high = 0;  ///< range only; both ends are excluded, as in Suricata's a<>b
};

/// @thread any; packet path
constexpr bool compare_numbers(Compare op, std::uint64_t value, std::uint64_t low, std::uint64_t high) noexcept {
    switch (op) {
        case Compare::eq: return value == low;
        case Compare::ne: return value != low;
        case Compare::lt: return value < low;
        case Compare::gt: return value > low;
        case Compare::le: return value <= low;
        case Compare::ge: return value >= low;
        case Compare::mask_and: return (value & low) != 0;
        case Compare::mask_xor: return (value ^ low) != 0;
        case Compare::range: return value > low && value < high;
    }
    return false;
}

}  // namespace sekisho::signature
