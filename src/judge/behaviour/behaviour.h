// What no single packet shows: scans, worms, guessed passwords, calls home at regular intervals, unusual
// volume, new services. Found in flow and HTTP records. Each detector is a file; its method and the source of
// its numbers stand at its head. All tables are fixed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "judge/home_net.h"
#include "sekisho/event/alert.h"
#include "sekisho/event/event.h"

namespace sekisho::judge {

enum class Behaviour : std::uint8_t { scan, sweep, worm, brute_force, beacon, volume, new_service, end_of_support, count_ };

/// The generator number of alerts made here; signature numbers are 1 + the behaviour.
constexpr std::uint32_t kBehaviourGid = 9001;
std::string_view classtype_of(Behaviour behaviour) noexcept;  ///< "sekisho-scan": what rules/severity.yaml maps

/// One thing found.
struct Sighting {
    Behaviour what = Behaviour::scan;
    event::Outcome outcome = event::Outcome::unknown;
    std::string text;  ///< with the numbers: "15 ports of 192.168.1.5 tried within 300 s"
};
using Sightings = std::vector<Sighting>;

/// A flow record seen from our network, worked out once for all detectors.
struct FlowView {
    const event::Event& e;
    bool client_ours = false, server_ours = false;
    bool answered = false;   ///< the server's side carried data
    TimeNs start = 0;

    FlowView(const event::Event& event, const HomeNet& home) noexcept;
    bool outbound() const noexcept { return client_ours && !server_ours; }
};

/// True when the server's side of a flow carried data, as far as octets tell.
bool spoke_back(const event::Event& flow) noexcept;

/// An event that says what was found, to be judged like any other alert.
event::Event event_of(const Sighting& sighting, const event::Event& cause) noexcept;

}  // namespace sekisho::judge
