// What an event means for us, before any ranking: whose machine, which way, what came of it.
#pragma once

#include <optional>
#include <vector>

#include "sekisho/base/address.h"
#include "sekisho/event/alert.h"
#include "sekisho/event/event.h"
#include "sekisho/judge/severity_table.h"

namespace sekisho::judge {

/// Our networks. Linear: a site names a handful.
class HomeNet {
  public:
    explicit HomeNet(std::vector<Network> networks) : networks_(std::move(networks)) {}
    bool contains(const IpAddress& ip) const noexcept {
        for (const Network& network : networks_)
            if (network.contains(ip)) return true;
        return false;
    }

  private:
    std::vector<Network> networks_;
};

struct Facts {
    event::Bearing bearing = event::Bearing::transit;
    event::Outcome outcome = event::Outcome::unknown;
    IpAddress host;                ///< our machine, or the machine called when neither is ours
    IpAddress peer;
    std::optional<IpAddress> via;  ///< the proxy between, when the event names the machine behind it
};

Facts facts_of(const event::Event& event, const HomeNet& home, const ClassFacts& cls) noexcept;

}  // namespace sekisho::judge
