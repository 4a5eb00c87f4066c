#include "judge/behaviour/volume.h"

#include <algorithm>
#include <cmath>

#include "judge/limits.h"

namespace sekisho::judge {
namespace {

constexpr double kWeight = 0.2;                        // of the newest day
constexpr double kDeviations = 4, kTimesMean = 3;
constexpr double kLeast = 1024.0 * 1024 * 1024;
constexpr double kWithoutPast = 10 * kLeast;
constexpr std::uint32_t kPastDays = 3;

}  // namespace

VolumeDetector::VolumeDetector() : sent_(kHostsMax), seed_(process_hash_seed()) {}

void VolumeDetector::end_day(Sent& sent) noexcept {
    const double today = static_cast<double>(sent.octets);
    const double off = today - sent.mean;
    if (sent.days == 0) sent.mean = today;
    else {
        sent.mean += kWeight * off;
        sent.variance = (1 - kWeight) * (sent.variance + kWeight * off * off);
    }
    ++sent.days;
    sent.octets = 0;
    sent.told = false;
}

double VolumeDetector::limit(const Sent& sent) noexcept {
    if (sent.days < kPastDays) return kWithoutPast;
    return std::max({kLeast, sent.mean * kTimesMean, sent.mean + kDeviations * std::sqrt(sent.variance)});
}

void VolumeDetector::see(const FlowView& flow, std::uint32_t day, Sightings& out) {
    if (!flow.outbound()) return;
    Sent& sent = sent_.at(key_of(seed_, flow.e.client), flow.e.time_ns);
    if (sent.day != day) {
        if (sent.day != 0) end_day(sent);
        sent.day = day;
    }
    sent.octets += flow.e.bytes_to_server;
    if (sent.told || static_cast<double>(sent.octets) <= limit(sent)) return;
    sent.told = true;
    constexpr std::uint64_t kMiB = 1024 * 1024;
    out.push_back({Behaviour::volume, event::Outcome::unknown,
                   "unusual volume: " + flow.e.client.to_string() + " sent " + std::to_string(sent.octets / kMiB) + " MiB out today, " +
                       (sent.days < kPastDays ? "and little is known of its past"
                                              : "against " + std::to_string(static_cast<std::uint64_t>(sent.mean) / kMiB) + " MiB on a usual day")});
}

}  // namespace sekisho::judge
