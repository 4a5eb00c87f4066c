// Asks the sign room about packets that may tell who their sender is, and tells each answer once an hour.
#pragma once

#include <array>
#include <vector>

#include "records.h"
#include "sekisho/base/address.h"
#include "sekisho/flow/flow.h"

namespace sekisho::engine {

class HostSigns {
  public:
    HostSigns(std::vector<Network> home, Records& records) : home_(std::move(home)), records_(records) {}

    /// Cheap: ports, flags and sizes alone.
    bool wanted(const packet::Packet& packet, const flow::Flow& flow) const noexcept;
    void see(const packet::Packet& packet, const flow::Flow& flow) noexcept;

  private:
    static std::optional<sign::Sign> read(const packet::Packet& packet) noexcept;
    bool ours(const IpAddress& ip) const noexcept;

    // What was told lately, by hash; a place that is taken over tells again.
    struct Told {
        std::uint64_t what = 0;
        TimeNs at = 0;
    };
    static constexpr std::size_t kPlaces = 1024;
    std::array<Told, kPlaces> told_{};
    std::vector<Network> home_;
    Records& records_;
};

}  // namespace sekisho::engine
