#include "entropy.h"

#include <array>
#include <cmath>

namespace sekisho::detect {
namespace {

constexpr double kEqual = 1e-9;  // two that are nearer than this are the same: sums of logarithms round

}  // namespace

double entropy_of(Bytes octets) noexcept {
    std::array<std::uint32_t, 256> count{};
    for (const std::uint8_t octet : octets) ++count[octet];
    double sum = 0;
    for (const std::uint32_t n : count) {
        if (n == 0) continue;
        const double share = static_cast<double>(n) / static_cast<double>(octets.size());
        sum -= share * std::log2(share);
    }
    return sum;
}

bool entropy_holds(const signature::Entropy& test, double entropy) noexcept {
    using enum signature::Compare;
    const double difference = entropy - test.low;
    const bool equal = std::abs(difference) < kEqual;
    switch (test.op) {
        case eq: return equal != test.negated;
        case ne: return !equal;
        case lt: return difference < 0 && !equal;
        case le: return difference < 0 || equal;
        case gt: return difference > 0 && !equal;
        case ge: return difference > 0 || equal;
        case range: return (entropy > test.low && entropy < test.high) != test.negated;
        default: return false;
    }
}

}  // namespace sekisho::detect
