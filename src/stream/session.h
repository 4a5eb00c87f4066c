// What is remembered of one TCP conversation.
#pragma once

#include <array>
#include <cstdint>

#include "sekisho/stream/tcp.h"
#include "stream/sequence.h"

namespace sekisho::stream {

/// The conversation as an observer sees it. After the handshake the names are those of the client's peer:
/// close_wait: the client has sent FIN; fin_wait: the server has.
enum class TcpState : std::uint8_t {
    syn_sent,      ///< SYN from the client
    syn_received,  ///< SYN+ACK from the server, or SYNs from both
    established,
    close_wait,    ///< FIN from the client, data may come from the server
    fin_wait1,     ///< FIN from the server, not yet acknowledged
    fin_wait2,     ///< ... acknowledged, data may come from the client
    closing,       ///< FINs crossed
    last_ack,      ///< FIN from both, the second not yet acknowledged
    time_wait,     ///< FIN from both, acknowledged, the server's first
    closed,
};

/// One end: what it has sent, and what it has said about what it received.
struct Side {
    enum Flag : std::uint16_t {
        kSyn = 1,           ///< its SYN (or first segment, midstream) is known: isn holds
        kFin = 2,           ///< fin_seq holds
        kStopped = 4,       ///< not reassembled any more
        kTimestamps = 8,    ///< last_timestamp holds
        kReset = 16,        ///< sent a RST
        kToldClosed = 32,   ///< SegmentResult::closed was given
        kScale = 64,        ///< its SYN offered window scaling
        kFastOpen = 128,    ///< its SYN carried the fast open option
        kFinAcked = 256,
        kEarlyAck = 512,    ///< it has confirmed an answer to its SYN that we had not seen yet: last_ack
    };

    Window window;                    ///< stream offset 0 is sequence number isn + 1
    std::uint32_t isn = 0;
    std::uint32_t next_seq = 0;       ///< behind the highest octet it sent
    std::uint32_t next_win = 0;       ///< behind the highest octet it may send (the peer's ACK + window)
    std::uint32_t last_ack = 0;       ///< highest ACK it sent
    std::uint32_t receive_window = 0; ///< as last offered by it, scaled
    std::uint32_t fin_seq = 0;        ///< sequence number of its FIN
    std::uint32_t held_head = 0;      ///< out-of-order blocks, sorted; 0: none
    std::uint32_t held_tail = 0;
    std::uint32_t held_bytes = 0;     ///< memory of the blocks
    std::uint32_t last_timestamp = 0;
    std::uint32_t timestamp_second = 0;
    std::uint16_t flags = 0;
    std::uint8_t scale = 0;
    std::uint8_t left_out = 0;        ///< urgent octets that are no part of the stream

    bool has(Flag flag) const noexcept { return (flags & flag) != 0; }
    void set(Flag flag) noexcept { flags = static_cast<std::uint16_t>(flags | flag); }
    void clear(Flag flag) noexcept { flags = static_cast<std::uint16_t>(flags & ~flag); }
    /// The sequence number that follows on what is in the window.
    std::uint32_t window_end_seq() const noexcept {
        return isn + 1 + left_out + static_cast<std::uint32_t>(window.end());
    }
    /// Stream offset of a sequence number near the window's end; negative before the stream. Right from the newest
    /// octet that was left out on; of what is older, one octet too low for each left out behind it.
    std::int64_t offset_of(std::uint32_t seq) const noexcept {
        return static_cast<std::int64_t>(window.end()) + seq_diff(seq, window_end_seq());
    }
};

/// Octets that one side has marked as urgent: urgent.cpp. The first side that does so has it for good.
struct UrgentOctets {
    enum Flag : std::uint8_t { kUsed = 1, kToClient = 2, kAwaited = 4 };
    std::uint8_t flags = 0;
    bool of(Direction d) const noexcept {
        return (flags & kUsed) != 0 && ((flags & kToClient) != 0) == (d == Direction::to_client);
    }
    bool awaited() const noexcept { return (flags & kAwaited) != 0; }
};

struct TcpSession {
    std::array<Side, 2> sides;  ///< by Direction of what they send
    TcpState state = TcpState::syn_sent;
    TcpState state_before_reset = TcpState::syn_sent;
    bool midstream = false;
    bool both_syn = false;        ///< simultaneous open: SYNs crossed
    bool server_closes = false;   ///< the first FIN was the server's
    std::uint8_t syn_acks = 0;    ///< different SYN+ACKs seen in the handshake
    UrgentOctets urgent;
    bool late_syn = false;        ///< the client has sent another SYN: late_isn holds
    std::uint32_t late_isn = 0;
    std::uint32_t urgent_next = 0;                    ///< sequence number of the octet to be left out, when awaited
    std::array<std::uint32_t, 2> urgent_left_out{};   ///< ... of those that were, the newest first

    Side& of(Direction d) noexcept { return sides[index(d)]; }
    const Side& of(Direction d) const noexcept { return sides[index(d)]; }
};
static_assert(sizeof(TcpSession) <= 184, "an idle conversation keeps to 512 octets: flow/flow.h");

}  // namespace sekisho::stream
