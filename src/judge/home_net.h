// Our networks. Linear: a site names a handful.
#pragma once

#include <utility>
#include <vector>

#include "sekisho/base/address.h"

namespace sekisho::judge {

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

}  // namespace sekisho::judge
