#include "sekisho/urlfilter/client.h"

#include <algorithm>
#include <optional>

#include "sekisho/base/text.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::int64_t kVlanMax = 4094;

std::optional<MacAddress> parse_mac(std::string_view text) {
    const auto parts = split(text, text.find('-') != std::string_view::npos ? '-' : ':');
    MacAddress mac;
    if (parts.size() != mac.octets.size()) return std::nullopt;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto octet = parts[i].size() == 2 ? parse_int("0x" + std::string(parts[i]), 0, 255) : std::nullopt;
        if (!octet) return std::nullopt;
        mac.octets[i] = static_cast<std::uint8_t>(*octet);
    }
    return mac;
}

}  // namespace

Result<std::size_t> ClientGroups::add(const std::string& name, const std::vector<std::string>& members) {
    if (groups_.size() == kGroupsMax) return fail(ErrorCode::limit, "more than 64 groups of clients", name);
    if (find(name) != kGroupsMax) return fail(ErrorCode::invalid, "there are two groups of this name", name);
    Group group;
    group.name = name;
    for (const std::string& member : members) {
        const std::string_view text = trim(member);
        if (starts_with_nocase(text, "vlan ")) {
            const auto vlan = parse_int(trim(text.substr(5)), 1, kVlanMax);
            if (!vlan) return fail(ErrorCode::invalid, "'" + member + "' names no VLAN from 1 to 4094", name);
            group.vlans.push_back(static_cast<std::uint16_t>(*vlan));
        } else if (starts_with_nocase(text, "mac ")) {
            const auto mac = parse_mac(trim(text.substr(4)));
            if (!mac) return fail(ErrorCode::invalid, "'" + member + "' names no MAC address", name);
            group.macs.push_back(*mac);
        } else if (const auto network = Network::parse(text)) {
            group.networks.push_back(*network);
        } else {
            return fail(ErrorCode::invalid, "'" + member + "' is no address, network, 'vlan N' or 'mac XX:XX:XX:XX:XX:XX'", name);
        }
    }
    groups_.push_back(std::move(group));
    return groups_.size() - 1;
}

std::size_t ClientGroups::find(std::string_view name) const noexcept {
    const auto found = std::find_if(groups_.begin(), groups_.end(), [&](const Group& group) { return group.name == name; });
    return found == groups_.end() ? kGroupsMax : static_cast<std::size_t>(found - groups_.begin());
}

bool ClientGroups::holds(const Group& group, const Client& client) noexcept {
    return std::any_of(group.networks.begin(), group.networks.end(), [&](const Network& network) { return network.contains(client.address); }) ||
           (client.vlan != 0 && std::find(group.vlans.begin(), group.vlans.end(), client.vlan) != group.vlans.end()) ||
           std::find(group.macs.begin(), group.macs.end(), client.mac) != group.macs.end();
}

ClientGroups::Set ClientGroups::groups_of(const Client& client) const noexcept {
    Set set = 0;
    for (std::size_t i = 0; i < groups_.size(); ++i)
        if (holds(groups_[i], client)) set |= Set{1} << i;
    return set;
}

}  // namespace sekisho::urlfilter
