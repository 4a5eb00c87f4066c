// Who asks: the client of a connection, and the groups that an admin sorts clients into.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/address.h"
#include "sekisho/base/result.h"

namespace sekisho::urlfilter {

/// What a packet tells of its sender.
struct Client {
    IpAddress address;
    std::uint16_t vlan = 0;  ///< outer tag; 0: none
    MacAddress mac;          ///< all zero: not known
};

/// Named groups of clients; a client may be in several. Immutable.
class ClientGroups {
  public:
    static constexpr std::size_t kGroupsMax = 64;
    using Set = std::uint64_t;  ///< bit n: the group with index n

    /// @param members  each "192.168.7.0/24", "2001:db8::7", "vlan 20" or "mac 00:11:22:33:44:55"
    /// @return the group's index     @error invalid: names the member; limit
    Result<std::size_t> add(const std::string& name, const std::vector<std::string>& members);

    /// @return kGroupsMax when there is none
    std::size_t find(std::string_view name) const noexcept;
    const std::string& name(std::size_t index) const noexcept { return groups_[index].name; }
    /// @thread any; no allocation
    Set groups_of(const Client& client) const noexcept;

  private:
    struct Group {
        std::string name;
        std::vector<Network> networks;
        std::vector<std::uint16_t> vlans;
        std::vector<MacAddress> macs;
    };
    static bool holds(const Group& group, const Client& client) noexcept;

    std::vector<Group> groups_;
};

}  // namespace sekisho::urlfilter
