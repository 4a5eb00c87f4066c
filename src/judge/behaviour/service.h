// New services: a machine of ours answers at a port where none did before. What answers in the first three days
// is taken for granted; after them each new one is told once. Ports from 32768 up, which systems hand out to
// clients and short-lived channels (Linux ip_local_port_range, RFC 6335 section 6), count only when strangers
// are answered.
#pragma once

#include "judge/behaviour/behaviour.h"
#include "judge/recent_table.h"

namespace sekisho::judge {

class ServiceDetector {
  public:
    ServiceDetector();
    void see(const FlowView& flow, Sightings& out);

    /// For the journal: what was learned, and put back after a restart.
    std::string remember();
    void recall(std::string_view text);

  private:
    struct Service {
        IpAddress host;
        std::uint16_t port = 0;
        std::uint8_t protocol = 0;
        bool outside = false;  ///< strangers were answered
    };
    std::uint64_t key(const IpAddress& host, std::uint8_t protocol, std::uint16_t port) const noexcept {
        return key_of(seed_, host, std::uint64_t{protocol} << 16 | port);
    }

    RecentTable<Service> services_;
    TimeNs began_ = 0;
    std::uint64_t seed_;
};

}  // namespace sekisho::judge
