#include "judge/behaviour/scan.h"

#include <algorithm>

#include "judge/limits.h"

namespace sekisho::judge {
namespace {

constexpr TimeNs kWindow = 300 * kSecondNs;
constexpr std::uint32_t kPorts = 15, kHosts = 25;
constexpr std::uint16_t kWormPorts[] = {22, 23, 135, 139, 445, 1433, 2323, 3306, 3389, 5555, 5900, 6379, 7547, 8291, 37215, 52869};
constexpr std::uint16_t kNoBusinessOutside[] = {23, 135, 139, 445, 1433, 2323};

template <std::size_t N>
bool among(const std::uint16_t (&ports)[N], std::uint16_t port) noexcept {
    return std::find(std::begin(ports), std::end(ports), port) != std::end(ports);
}

}  // namespace

ScanDetector::ScanDetector() : ports_(kScanPairsMax), hosts_(kScanPairsMax), seed_(process_hash_seed()) {}

ScanDetector::Tries& ScanDetector::window(RecentTable<Tries>& table, std::uint64_t key, TimeNs now) noexcept {
    Tries& tries = table.at(key, now);
    if (tries.since == 0 || now > tries.since + kWindow) {
        tries = {};
        tries.since = now;
    }
    return tries;
}

void ScanDetector::see(const FlowView& flow, Sightings& out) {
    const event::Event& e = flow.e;
    const bool odd = flow.outbound() && among(kNoBusinessOutside, e.server_port);
    if (flow.answered && !odd) return;
    const std::uint64_t service = std::uint64_t{e.ip_protocol} << 16 | e.server_port;

    Tries& ports = window(ports_, key_of(seed_, e.client, e.server), e.time_ns);
    ports.things.add(hash_mix(service ^ seed_, 0xe7037ed1a0b428dbULL));
    if (!ports.told && ports.things.count() >= kPorts) {
        ports.told = true;
        out.push_back({Behaviour::scan, event::Outcome::unknown,
                       "scan: " + std::to_string(ports.things.count()) + " ports of " + e.server.to_string() + " tried by " +
                           e.client.to_string() + " within " + std::to_string(kWindow / kSecondNs) + " s"});
    }
    Tries& hosts = window(hosts_, key_of(seed_, e.client, service + 1), e.time_ns);
    hosts.things.add(key_of(seed_, e.server) >> 8);
    if (!hosts.told && hosts.things.count() >= kHosts) {
        hosts.told = true;
        const bool worm = flow.client_ours && among(kWormPorts, e.server_port);
        out.push_back({worm ? Behaviour::worm : Behaviour::sweep, event::Outcome::unknown,
                       std::string(worm ? "worm-like spread: " : "sweep: ") + std::to_string(hosts.things.count()) + " machines tried at port " +
                           std::to_string(e.server_port) + " by " + e.client.to_string() + " within " +
                           std::to_string(kWindow / kSecondNs) + " s"});
    }
}

}  // namespace sekisho::judge
