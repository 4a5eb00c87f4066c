// TCP state (RFC 9293) as an observer between the two ends sees it, and reassembly into Windows.
// Overlaps: the first copy counts, or what the receiver's kind keeps (TcpConfig::hosts); when enforcing, a segment whose
// bytes differ from the first copy is not let through. In-order data goes straight to the window; only out-of-order data is held, under a cap.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "sekisho/base/counters.h"
#include "sekisho/base/fixed_vector.h"
#include "sekisho/base/host_system.h"
#include "sekisho/flow/flow.h"
#include "sekisho/stream/stream_event.h"
#include "sekisho/stream/window.h"

namespace sekisho::stream {

using flow::Direction;

struct TcpConfig {
    bool enforce = false;             ///< inline: bad segments are refused, not only ignored
    bool midstream = false;           ///< take up conversations whose handshake was not seen
    bool async_oneside = false;       ///< only one direction is visible
    std::uint32_t depth_bytes = 1048576;    ///< per direction; beyond it bytes are not reassembled (0: no end)
    std::size_t window_pool_bytes = MiB(256);
    std::size_t held_pool_bytes = MiB(64);
    std::uint32_t held_per_direction_bytes = MiB(1);
    std::uint32_t sessions = 65536;         ///< TCP flows at the most
    HostSystems hosts = {};                 ///< what receivers keep of overlapping segments; else the first copy
};

/// What a packet did to its conversation.
struct SegmentResult {
    bool accepted = false;      ///< belongs to the conversation; false: out of window, bad state, bad checksum
    bool refuse = false;        ///< enforce only: must not be forwarded (conflicting overlap, bad sequence, ...)
    bool no_room = false;       ///< refused because too much waits behind a hole; its sender will repeat it
    bool established = false;   ///< state after this packet: handshake complete (or midstream pick-up)
    bool tracked = false;       ///< there is a session (false: no handshake seen and midstream is off)
    bool added = false;         ///< its payload was added to (or held for) the stream
    bool restart = false;       ///< a SYN that reuses the ports of a finished conversation: nothing was done; remove
                                ///< the flow, find_or_add it anew and accept the packet again
    std::array<std::uint64_t, 2> fresh_from{};  ///< per direction: first new stream offset, valid where fresh[d]
    std::array<bool, 2> fresh{};                ///< per direction: bytes were appended to the window
    std::array<std::uint64_t, 2> gap_bytes{};   ///< per direction: bytes lost just before fresh_from
    std::array<bool, 2> closed{};               ///< per direction: nothing more will come (FIN in order, RST)
    bool more = false;          ///< of the packet's direction: held data follows on, see Reassembler::go_on
    FixedVector<StreamEvent, 4> events;
};

/// Per-flow TCP memory; pool-owned, 184 octets, so that an idle flow keeps to 512.
struct TcpSession;

enum class TcpCounter : std::uint8_t {
    sessions_refused, segments_out_of_window, segments_bad_checksum, overlaps, overlap_conflicts, gaps, gap_bytes,
    held_full, window_full, depth_reached, midstream_pickups, count_
};

/// Reassembles the TCP flows of one worker. One thread.
class Reassembler {
  public:
    explicit Reassembler(const TcpConfig& config);
    ~Reassembler();
    Reassembler(const Reassembler&) = delete;
    Reassembler& operator=(const Reassembler&) = delete;

    /// Takes one TCP packet of `flow`: updates state, appends what is in order. Sets flow.state.
    /// A packet may release held bytes of its direction, and its ACK may settle a gap of the other one.
    SegmentResult accept(flow::Flow& flow, const packet::Packet& packet, Direction direction) noexcept;

    /// A packet that fills a hole gives its receiver all that waited behind it, which may be more than a window
    /// holds. While the result says `more`: once the window's readers have moved on, this appends the next part.
    SegmentResult go_on(flow::Flow& flow, const packet::Packet& packet, Direction direction) noexcept;

    /// The window of one direction; the flow must have a session.
    Window& window(flow::Flow& flow, Direction direction) noexcept;
    /// No more reassembly in this direction (nobody reads it); memory is given back, state goes on.
    void stop(flow::Flow& flow, Direction direction) noexcept;
    /// Whether the packet is a SYN of another conversation than the one that `flow` holds: its sequence number is not
    /// that of the SYN before. Says nothing of whether the old one is over; for flows that were cut, it is.
    bool is_another_syn(const flow::Flow& flow, const packet::Packet& packet, Direction direction) const noexcept;
    /// Sequence-space bytes seen in a direction (rule keyword stream_size).
    std::uint64_t stream_size(const flow::Flow& flow, Direction direction) const noexcept;
    /// Next sequence number expected from `direction` (to forge a RST or an answer), and last ACK sent by it.
    std::uint32_t next_seq(const flow::Flow& flow, Direction direction) const noexcept;
    std::uint32_t last_ack(const flow::Flow& flow, Direction direction) const noexcept;
    /// Takes back all memory of the flow. Call from the flow table's remove callback.
    void release(flow::Flow& flow) noexcept;

    const Counters<TcpCounter>& counters() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sekisho::stream
