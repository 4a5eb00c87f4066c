// Kinds of hosts by their addresses. Systems differ in which of two copies they keep where TCP segments or IP fragments
// overlap with different octets, and who only listens has to read as the receiver does (Novak and Sturges, "Target-based
// TCP stream reassembly", 2007; Novak, "Target-based fragmentation reassembly", 2005). Names are those of Suricata's
// host-os-policy. What they mean for segments is in stream/overlap.h, for fragments in packet/defrag.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sekisho/base/address.h"

namespace sekisho {

enum class HostSystem : std::uint8_t {
    first, last, bsd, bsd_right, linux_, old_linux, solaris, old_solaris, hpux10, hpux11, irix, macos, windows, vista,
    windows_2003, count_
};

/// "old-linux", "windows2k3" and so on; none for other words. @thread any
std::optional<HostSystem> parse_host_system(std::string_view name) noexcept;

class HostSystems {
  public:
    struct Row {
        Network network;
        HostSystem system = HostSystem::first;
    };
    /// "old-linux 10.1.0.0/16"
    static std::optional<Row> parse_row(std::string_view text) noexcept;

    void add(const Row& row);
    bool empty() const noexcept { return rows_.empty(); }
    /// The one of the smallest network that holds the address. @cost a look at each row: asked only when copies differ
    std::optional<HostSystem> find(const IpAddress& address) const noexcept;

  private:
    std::vector<Row> rows_;   ///< smallest networks first
};

}  // namespace sekisho
