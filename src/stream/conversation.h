// One packet of one TCP conversation: the steps of Reassembler::accept. Made on the stack for each packet.
#pragma once

#include "sekisho/packet/tcp_options.h"
#include "stream/assembly.h"
#include "stream/session.h"

namespace sekisho::stream {

class Conversation {
  public:
    Conversation(const TcpConfig& config, Counters<TcpCounter>& counters, Assembly& assembly, flow::Flow& flow,
                 TcpSession& session, const packet::Packet& packet, Direction direction, SegmentResult& result)
        : config_(config), counters_(counters), assembly_(assembly), flow_(flow), session_(session), packet_(packet),
          direction_(direction), sender_(session.of(direction)), receiver_(session.of(opposite(direction))),
          result_(result) {}

    // A session's first packet (open_session.cpp).
    void open_with_syn() noexcept;
    void open_with_syn_ack() noexcept;   ///< midstream
    void open_midstream() noexcept;
    /// Any later packet.
    void accept() noexcept;
    /// More of what waited behind a hole (Reassembler::go_on).
    void go_on() noexcept;

  private:
    // handshake.cpp
    void in_handshake() noexcept;
    bool check_echo() noexcept;
    void in_syn_sent() noexcept;
    void in_syn_received() noexcept;
    void early_ack() noexcept;
    void answer_to_syn() noexcept;
    void crossing_syn() noexcept;
    void syn_in_syn_received() noexcept;
    void syn_ack_in_syn_received() noexcept;
    void ack_in_syn_received() noexcept;
    void take_syn(bool with_ack) noexcept;
    // synchronized.cpp
    void in_synchronized() noexcept;
    void late_syn() noexcept;
    void reset() noexcept;
    bool undo_forged_reset() noexcept;
    bool revive_handshake() noexcept;
    bool check_timestamp() noexcept;
    bool is_keepalive() const noexcept;
    bool check_range() noexcept;
    bool check_ack() noexcept;
    void check_window_update() noexcept;
    void take_ack() noexcept;
    void take_data(std::uint32_t seq) noexcept;
    void take_stretch(std::uint32_t first, std::uint64_t higher, Bytes data, Assembly::Taken& taken) noexcept;
    // urgent.cpp
    void note_urgent_pointer() noexcept;
    void aim_at_urgent(Direction side, Assembly::Taken& taken) const noexcept;
    void note_left_out() noexcept;
    void take_around_urgent(std::uint32_t first, Bytes data, Assembly::Taken& taken) noexcept;
    // synchronized.cpp
    void take_fin() noexcept;
    void advance_close() noexcept;
    void report(Direction side, const Assembly::Taken& taken) noexcept;
    void report_closed() noexcept;
    void settle_peer() noexcept;

    Assembly::Taken begin_taking(Direction side) const noexcept {
        Assembly::Taken taken;
        if (side == direction_) taken.receiver = &packet_.dst;
        if (session_.urgent.awaited()) [[unlikely]] aim_at_urgent(side, taken);
        return taken;
    }
    void end_taking(Direction side, const Assembly::Taken& taken) noexcept {
        if (taken.left_out) [[unlikely]] note_left_out();
        report(side, taken);
    }
    bool has(std::uint8_t flags) const noexcept { return (packet_.tcp_flags & flags) == flags; }
    std::uint32_t seq() const noexcept { return packet_.tcp_seq; }
    std::uint32_t size() const noexcept { return packet_.payload_size; }
    void raise(StreamEvent event) noexcept { result_.events.push_back(event); }
    /// Not part of the conversation; inline it is not let through where the receiver might think otherwise.
    void reject(StreamEvent event, bool refuse) noexcept {
        raise(event);
        result_.refuse = result_.refuse || (refuse && config_.enforce);
    }
    void enter(TcpState state) noexcept;

    const TcpConfig& config_;
    Counters<TcpCounter>& counters_;
    Assembly& assembly_;
    flow::Flow& flow_;
    TcpSession& session_;
    const packet::Packet& packet_;
    const Direction direction_;
    Side& sender_;
    Side& receiver_;
    SegmentResult& result_;
};

}  // namespace sekisho::stream
