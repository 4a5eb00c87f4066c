#include "judge/behaviour/beacon.h"

#include <algorithm>
#include <cmath>

#include "judge/limits.h"

namespace sekisho::judge {
namespace {

constexpr std::uint32_t kLeastCalls = 12;
constexpr TimeNs kLeastInterval = 5 * kSecondNs;
constexpr double kSpreadMost = 0.15;       // of the median: covers a jitter of 30 % either way
constexpr double kSkewMost = 0.5;          // Bowley's, from -1 to 1
constexpr double kSizeSpreadMost = 0.2;
constexpr std::uint32_t kCallersMost = 5;  // more of our machines than that call it: a service of many
constexpr std::uint16_t kClocksAndNames[] = {53, 123, 853, 1900, 3478, 5353};

template <class Number>
Number median(std::vector<Number> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Median absolute deviation over the median.
double spread(const std::vector<double>& values, double middle) {
    std::vector<double> away;
    for (const double value : values) away.push_back(std::abs(value - middle));
    return middle > 0 ? median(std::move(away)) / middle : 1;
}

}  // namespace

BeaconDetector::BeaconDetector() : calls_(kBeaconPairsMax), callers_(kBeaconPairsMax), seed_(process_hash_seed()) {}

bool BeaconDetector::even(const Calls& calls, TimeNs& interval) noexcept {
    const std::size_t kept = std::min<std::size_t>(calls.count, kKept);
    auto times = calls.at;  // records come when flows end: not in the order of their beginnings
    std::sort(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(kept));
    std::vector<double> gaps, sizes;
    for (std::size_t i = 1; i < kept; ++i) gaps.push_back(static_cast<double>(times[i] - times[i - 1]));
    for (std::size_t i = 0; i < kept; ++i) sizes.push_back(calls.octets[i]);
    std::sort(gaps.begin(), gaps.end());
    const double middle = gaps[gaps.size() / 2], low = gaps[gaps.size() / 4], high = gaps[gaps.size() * 3 / 4];
    if (middle < static_cast<double>(kLeastInterval) || spread(gaps, middle) > kSpreadMost) return false;
    const double skew = high > low ? (high + low - 2 * middle) / (high - low) : 0;
    // With hardly any spread the quartiles differ by chance alone, and so does their symmetry.
    if (std::abs(skew) > kSkewMost && high - low > middle * kSpreadMost) return false;
    interval = static_cast<TimeNs>(middle);
    return spread(sizes, median(sizes)) <= kSizeSpreadMost;
}

void BeaconDetector::see(const FlowView& flow, Sightings& out) {
    const event::Event& e = flow.e;
    if (!flow.outbound() || std::find(std::begin(kClocksAndNames), std::end(kClocksAndNames), e.server_port) != std::end(kClocksAndNames)) return;
    Distinct& callers = callers_.at(key_of(seed_, e.server), e.time_ns);
    callers.add(key_of(seed_, e.client) >> 8);
    Calls& calls = calls_.at(key_of(seed_, e.client, e.server, e.server_port), e.time_ns);
    const std::size_t place = calls.count++ % kKept;
    calls.at[place] = flow.start;
    calls.octets[place] = static_cast<std::uint32_t>(std::min<std::uint64_t>(e.bytes_to_server, UINT32_MAX));
    if (calls.count < kLeastCalls || callers.count() > kCallersMost) return;
    if (calls.told_at != 0 && e.time_ns < calls.told_at + kDayNs) return;
    TimeNs interval = 0;
    if (!even(calls, interval)) return;
    calls.told_at = e.time_ns;
    out.push_back({Behaviour::beacon, flow.answered ? event::Outcome::succeeded : event::Outcome::attempted,
                   "regular calls: " + std::to_string(calls.count) + " to " + e.server.to_string() + " port " +
                       std::to_string(e.server_port) + ", every " + std::to_string((interval + kSecondNs / 2) / kSecondNs) + " s"});
}

}  // namespace sekisho::judge
