// One conversation: symmetric 5-tuple plus VLAN. Plain data in a fixed table; rooms above attach what
// they remember through `session`, the stream room keeps its own part in `tcp`.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "sekisho/base/address.h"
#include "sekisho/base/clock.h"
#include "sekisho/packet/packet.h"

namespace sekisho::stream {
struct TcpSession;  // stream/tcp.h
}

namespace sekisho::flow {

/// Who speaks: the flow's initiator (client) sends to_server.
enum class Direction : std::uint8_t { to_server = 0, to_client = 1 };
constexpr Direction opposite(Direction d) noexcept {
    return d == Direction::to_server ? Direction::to_client : Direction::to_server;
}
constexpr std::size_t index(Direction d) noexcept { return static_cast<std::size_t>(d); }

enum class FlowState : std::uint8_t {
    fresh,        ///< packets from one side only
    established,  ///< TCP: handshake done; others: both sides have spoken
    closing,      ///< TCP: FIN or RST seen
    closed,
};

/// Why a flow left the table; the word in flow records.
enum class FlowEnd : std::uint8_t { timeout, tcp_closed, evicted, shutdown };

/// What the engine attaches to a flow; returned to its owner through Table's remove callback.
struct Session;

struct Flow {
    IpAddress client;  ///< sender of the first packet seen (or of the SYN)
    IpAddress server;
    std::uint16_t client_port = 0;
    std::uint16_t server_port = 0;
    std::array<std::uint16_t, 2> vlan{};
    std::uint8_t ip_protocol = 0;
    FlowState state = FlowState::fresh;
    bool settled = false;            ///< the verdict below holds for all that follows
    std::uint8_t verdict = 0;        ///< engine::Verdict once settled
    std::uint16_t port = 0;          ///< data port of the first packet
    std::uint8_t seen = 0;           ///< bit per Direction that has spoken
    std::uint8_t ip_only_done = 0;   ///< bit per Direction: IP-only rules were looked up
    std::uint64_t id = 0;            ///< unique within the worker's life, stable for all its events
    TimeNs first_ns = 0;
    TimeNs last_ns = 0;
    std::array<std::uint64_t, 2> packets{};
    std::array<std::uint64_t, 2> bytes{};   ///< L3 octets
    stream::TcpSession* tcp = nullptr;      ///< owned by the stream room's pool; null until needed
    Session* session = nullptr;             ///< owned by the engine's pool; null until needed
    // Table's own links and hash.
    std::uint32_t hash = 0;
    std::uint32_t next = 0;
    std::uint32_t timer_next = 0;
    std::uint32_t timer_prev = 0;
    std::uint32_t timer_slot = 0;  ///< second at which the wheel looks at it next
    std::uint32_t icmp_key = 0;    ///< what stands for ports in ICMP: query and id, or type and code
    std::array<std::uint8_t, 6> client_mac{};
    std::array<std::uint8_t, 6> server_mac{};

    Direction direction_of(const packet::Packet& p) const noexcept {
        return p.src_port == client_port && p.src == client ? Direction::to_server : Direction::to_client;
    }

    /// The client turns out to be the server: what was booked under the one direction belongs to the other.
    void reverse() noexcept {
        std::swap(client, server);
        std::swap(client_port, server_port);
        std::swap(client_mac, server_mac);
        std::swap(packets[0], packets[1]);
        std::swap(bytes[0], bytes[1]);
        const auto other = [](std::uint8_t bits) { return static_cast<std::uint8_t>((bits & 1u) << 1 | (bits >> 1 & 1u)); };
        seen = other(seen);
        ip_only_done = other(ip_only_done);
    }

    /// Books one packet: packets, bytes, who has spoken, time; and, but for TCP (the stream room's), the state.
    void count(const packet::Packet& p, Direction direction) noexcept {
        packets[index(direction)] += 1;
        bytes[index(direction)] += p.data.size() - p.l3;
        seen = static_cast<std::uint8_t>(seen | 1u << index(direction));
        last_ns = p.time_ns;
        if (ip_protocol != packet::ip_proto::tcp && seen == 3 && state == FlowState::fresh)
            state = FlowState::established;
    }
};

static_assert(sizeof(Flow) <= 160, "an idle conversation keeps to 512 octets with what other rooms remember of it");

}  // namespace sekisho::flow
