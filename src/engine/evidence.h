// Packets around a match, for the slow path to keep as evidence. Each flow's first packets are copied into a
// bounded history as they come; when a rule matches, what the history holds of the flow, the packet itself and
// the next few go to a second ring (event::Kind::packet), so that packets can never push events out. Everything is
// fixed; what does not fit is counted by the ring.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "sekisho/event/event.h"
#include "sekisho/flow/flow.h"
#include "sekisho/packet/packet.h"
#include "session.h"

namespace sekisho::engine {

class Evidence {
  public:
    /// @param sink  null: nothing is kept, and nothing is copied
    explicit Evidence(event::Sink* sink) : sink_(sink), history_(sink != nullptr ? kHistory : 0) {}

    /// Once for each packet of a flow, before it is judged.
    void remember(const packet::Packet& packet, const flow::Flow& flow) noexcept;
    /// A rule matched in the flow.
    void match(const packet::Packet& packet, const flow::Flow& flow, flow::Session& session, std::uint32_t sid) noexcept;
    /// A later packet of a flow that matched, when the rule did not match again.
    void follow(const packet::Packet& packet, const flow::Flow& flow, flow::Session& session) noexcept;
    bool on() const noexcept { return sink_ != nullptr; }

  private:
    static constexpr std::size_t kHistory = 512;         ///< packets
    static constexpr std::uint64_t kFirstPackets = 8;    ///< of each flow
    static constexpr std::uint8_t kPacketsAfter = 16;

    struct Kept {
        std::uint64_t flow_id = 0;
        TimeNs at = 0;
        std::uint64_t number = 0;
        std::uint16_t port = 0;
        std::uint16_t size = 0;
        std::uint32_t wire_size = 0;
        std::array<std::uint8_t, event::kPacketOctets> octets;
    };
    void write(std::uint64_t flow_id, TimeNs at, std::uint64_t number, std::uint16_t port, Bytes octets, std::size_t wire_size,
               std::uint32_t sid) noexcept;

    event::Sink* sink_;
    std::vector<Kept> history_;
    std::size_t newest_ = 0;  ///< where the next one goes
    bool matched_ = false;    ///< the packet at hand has been written
    event::Event event_;
};

}  // namespace sekisho::engine
