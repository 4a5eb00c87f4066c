#include "sekisho/base/host_system.h"

#include <algorithm>
#include <array>

#include "sekisho/base/text.h"

namespace sekisho {
namespace {

/// By value of HostSystem.
constexpr std::array<std::string_view, static_cast<std::size_t>(HostSystem::count_)> kNames{
    "first", "last", "bsd", "bsd-right", "linux", "old-linux", "solaris", "old-solaris", "hpux10", "hpux11", "irix", "macos",
    "windows", "vista", "windows2k3"};

}  // namespace

std::optional<HostSystem> parse_host_system(std::string_view name) noexcept {
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) return std::nullopt;
    return static_cast<HostSystem>(found - kNames.begin());
}

std::optional<HostSystems::Row> HostSystems::parse_row(std::string_view text) noexcept {
    const auto blank = text.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    const auto system = parse_host_system(text.substr(0, blank));
    const auto network = Network::parse(trim(text.substr(blank)));
    if (!system || !network) return std::nullopt;
    return Row{*network, *system};
}

void HostSystems::add(const Row& row) {
    const auto place = std::find_if(rows_.begin(), rows_.end(), [&](const Row& other) { return other.network.prefix_bits < row.network.prefix_bits; });
    rows_.insert(place, row);
}

std::optional<HostSystem> HostSystems::find(const IpAddress& address) const noexcept {
    for (const Row& row : rows_)
        if (row.network.contains(address)) return row.system;
    return std::nullopt;
}

}  // namespace sekisho
