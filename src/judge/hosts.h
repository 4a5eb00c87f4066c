// The machines of ours as passive signs show them: name, operating system, maker of the network card. One
// record an address, bounded; an address that another card uses is another machine.
#pragma once

#include <string>

#include "judge/behaviour/behaviour.h"
#include "judge/behaviour/distinct.h"
#include "judge/home_net.h"
#include "judge/limits.h"
#include "judge/recent_table.h"
#include "sekisho/event/alert.h"
#include "sekisho/event/event.h"
#include "sekisho/judge/host_table.h"

namespace sekisho::judge {

class Hosts {
  public:
    Hosts(HostTable table, const HomeNet& home) : table_(std::move(table)), home_(home), hosts_(kHostsMax), cards_(kHostsMax), seed_(process_hash_seed()) {}

    /// Learns from host and HTTP records, and from the cards of flows. A machine of ours whose system is out of
    /// support and that called out is a sighting, once a day.
    /// @param day  local day
    void see(const event::Event& event, std::uint32_t day, Sightings& out);

    /// Fills name, system and maker; takes back what is no longer known.
    void describe(event::Alert& alert);
    /// True when the machine's system got its last fixes before `now`, and more than its SYN says so.
    bool unsupported(const IpAddress& host, TimeNs now) noexcept;

  private:
    enum class Weight : std::uint8_t { none, low, medium, high };
    struct Host {
        MacAddress mac;
        std::string name;
        Weight name_weight = Weight::none;
        Weight system_weight = Weight::none;
        std::uint16_t system = 0;
        char by[16] = {};               ///< the kind of sign the system is known by
        std::uint64_t user_agent = 0;   ///< hash of the one looked at last
        std::uint32_t told_day = 0;
        bool shared_card = false;       ///< several addresses on this card: a router's, it says nothing
    };
    void learn(Host& host, const event::Event& event);
    bool unsupported(const Host& host, TimeNs now) const noexcept;
    Host& host_of(const IpAddress& ip, TimeNs now, const MacAddress& mac);
    void learn_system(Host& host, std::uint16_t system, Weight weight, std::string_view by) noexcept;
    Host* find(const IpAddress& ip) noexcept { return hosts_.find(key_of(seed_, ip)); }
    std::string system_text(const Host& host) const;

    HostTable table_;
    const HomeNet& home_;
    RecentTable<Host> hosts_;
    RecentTable<Distinct> cards_;  ///< addresses by card
    std::uint64_t seed_;
};

}  // namespace sekisho::judge
