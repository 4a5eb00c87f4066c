// Up to the established state: the three-way handshake (RFC 9293 section 3.5), SYNs that cross (figure 8
// there; the split handshake of "The TCP Split Handshake", 2010, is the same on the wire), fast open (RFC 7413),
// and the ways to begin in the middle.
#include "stream/conversation.h"

namespace sekisho::stream {

namespace tcp_flag = packet::tcp_flag;
constexpr std::uint8_t kSynAck = tcp_flag::syn | tcp_flag::ack;
constexpr std::uint8_t kSynAcksMax = 5;  // different ones in one handshake; more is a flood

/// The sender's SYN: sequence space, window scale, timestamps, and data that came along (fast open).
void Conversation::take_syn(bool with_ack) noexcept {
    const packet::TcpOptions options = packet::read_tcp_options(packet_);
    sender_.set(Side::kSyn);
    sender_.isn = seq();
    sender_.next_seq = seq() + 1;
    sender_.scale = options.window_scale.value_or(0);
    if (options.window_scale) sender_.set(Side::kScale);
    else sender_.clear(Side::kScale);
    if (options.timestamps) {
        sender_.set(Side::kTimestamps);
        sender_.last_timestamp = options.timestamps->value;
        sender_.timestamp_second = static_cast<std::uint32_t>(packet_.time_ns / kSecondNs);
    }
    sender_.receive_window = packet_.tcp_window;  // never scaled in a SYN (RFC 7323 section 2.2)
    receiver_.next_win = (with_ack ? packet_.tcp_ack : receiver_.next_seq) + packet_.tcp_window;
    if (with_ack) sender_.last_ack = packet_.tcp_ack;
    if (options.fast_open_cookie || (with_ack && receiver_.has(Side::kFastOpen))) sender_.set(Side::kFastOpen);
    if (size() == 0) return;
    if (sender_.has(Side::kFastOpen)) return take_data(seq() + 1);
    // Without a cookie most receivers drop the data of a SYN, some keep it: the ACK will tell.
    if (!with_ack && assembly_.keep_syn_data(sender_, packet_.payload_bytes())) sender_.next_seq += size();
}

void Conversation::open_with_syn() noexcept {
    session_.state = TcpState::syn_sent;
    take_syn(false);
    result_.accepted = true;
}

void Conversation::open_with_syn_ack() noexcept {
    receiver_.set(Side::kSyn);
    receiver_.isn = packet_.tcp_ack - 1;
    receiver_.next_seq = packet_.tcp_ack;
    receiver_.scale = kUnknownScale;
    take_syn(true);
    sender_.scale = kUnknownScale;
    sender_.next_win = sender_.next_seq;  // until the client's ACK says more
    receiver_.last_ack = sender_.next_seq;
    session_.midstream = true;
    session_.state = TcpState::syn_received;
    result_.accepted = true;
    counters_.add(TcpCounter::midstream_pickups);
}

void Conversation::open_midstream() noexcept {
    for (Side* side : {&sender_, &receiver_}) {
        side->set(Side::kSyn);
        side->scale = kUnknownScale;
        side->receive_window = 0xffffu << kUnknownScale;
    }
    sender_.isn = seq() - 1;
    sender_.next_seq = seq();
    sender_.last_ack = packet_.tcp_ack;
    sender_.next_win = seq() + sender_.receive_window;
    receiver_.isn = packet_.tcp_ack - 1;
    receiver_.next_seq = packet_.tcp_ack;
    receiver_.last_ack = seq();
    receiver_.next_win = packet_.tcp_ack + receiver_.receive_window;
    session_.midstream = true;
    enter(TcpState::established);
    counters_.add(TcpCounter::midstream_pickups);
    in_synchronized();
}

/// An answer to a SYN echoes its timestamp; the opener drops others whatever they say (RFC 7323 section 3.2), so
/// that a forged RST or FIN does not end for us what goes on for it.
bool Conversation::check_echo() noexcept {
    constexpr std::uint32_t kRepeatsMax = 600'000;  // a repeated SYN is stamped later: ten minutes in milliseconds
    if (sender_.has(Side::kSyn) || !receiver_.has(Side::kTimestamps)) return true;
    const auto timestamps = packet::read_tcp_timestamps(packet_);
    if (!timestamps || timestamps->echo == 0) return true;  // not filled in: taken
    if (timestamps->echo - receiver_.last_timestamp <= kRepeatsMax) return true;
    reject(StreamEvent::pkt_invalid_timestamp, true);
    return false;
}

void Conversation::in_handshake() noexcept {
    if (session_.state == TcpState::syn_sent && !check_echo()) return;
    if (has(tcp_flag::rst)) return reset();
    if (has(tcp_flag::syn | tcp_flag::fin)) return reject(StreamEvent::fin_syn, true);
    if (session_.state == TcpState::syn_sent) return in_syn_sent();
    in_syn_received();
}

void Conversation::in_syn_sent() noexcept {
    const bool from_opener = sender_.has(Side::kSyn);
    if (has(kSynAck)) {
        if (from_opener) return reject(StreamEvent::three_whs_synack_in_wrong_direction, true);
        return answer_to_syn();
    }
    if (has(tcp_flag::syn)) {
        if (!from_opener) return crossing_syn();
        if (seq() == sender_.isn) {  // repeated; with fast open the data may have been left out this time
            result_.accepted = true;
            if (size() > 0 && sender_.has(Side::kFastOpen)) take_data(seq() + 1);
            return;
        }
        // The same ports and a new start before anyone answered: the new one counts.
        for (Side& side : session_.sides) {
            assembly_.stop(side);
            side = Side{};
        }
        return open_with_syn();
    }
    if (!from_opener || !has(tcp_flag::ack)) return;
    if (!config_.async_oneside) return early_ack();
    // Only one direction is visible: the opener goes on, so it was answered.
    if (seq() != sender_.next_seq) return reject(StreamEvent::three_whs_async_wrong_seq, true);
    receiver_.set(Side::kSyn);
    receiver_.isn = packet_.tcp_ack - 1;
    receiver_.next_seq = packet_.tcp_ack;
    receiver_.scale = sender_.scale = kUnknownScale;
    receiver_.receive_window = 0xffffu << kUnknownScale;
    receiver_.last_ack = sender_.next_seq;
    sender_.next_win = sender_.next_seq + receiver_.receive_window;
    session_.midstream = true;
    enter(TcpState::established);
    in_synchronized();
}

/// The opener's ACK before the SYN+ACK that it confirms: two taps of one mirror port may hand them over in the wrong
/// order. Inline nothing can be confirmed that has not passed here.
void Conversation::early_ack() noexcept {
    if (config_.enforce || size() != 0 || seq() != sender_.next_seq) return;
    sender_.last_ack = packet_.tcp_ack;
    sender_.set(Side::kEarlyAck);
    result_.accepted = true;
}

void Conversation::answer_to_syn() noexcept {
    // Any part of the SYN's data may be acknowledged with it, or none.
    const std::uint32_t opened = receiver_.isn + 1;
    if (seq_lt(packet_.tcp_ack, opened) || seq_gt(packet_.tcp_ack, receiver_.next_seq))
        return reject(StreamEvent::three_whs_synack_with_wrong_ack, true);
    if (packet_.tcp_ack != receiver_.next_seq) {
        if (receiver_.has(Side::kFastOpen)) raise(StreamEvent::three_whs_synack_tfo_data_ignored);
        else receiver_.next_seq = opened;
    }
    Assembly::Taken taken;
    assembly_.settle_syn_data(receiver_, packet_.tcp_ack != opened, taken);
    report(opposite(direction_), taken);
    take_syn(true);
    if (!sender_.has(Side::kScale) || !receiver_.has(Side::kScale)) sender_.scale = receiver_.scale = 0;
    if (!sender_.has(Side::kTimestamps) || !receiver_.has(Side::kTimestamps)) {
        sender_.clear(Side::kTimestamps);
        receiver_.clear(Side::kTimestamps);
    }
    sender_.next_win = sender_.next_seq + receiver_.receive_window;
    const bool confirmed_before = receiver_.has(Side::kEarlyAck) && receiver_.last_ack == sender_.isn + 1;
    receiver_.last_ack = sender_.isn + 1;  // what its ACK must say at the least
    session_.state = TcpState::syn_received;
    session_.syn_acks = 1;
    result_.accepted = true;
    if (confirmed_before) enter(TcpState::established);
}

void Conversation::crossing_syn() noexcept {
    take_syn(false);
    if (!sender_.has(Side::kScale) || !receiver_.has(Side::kScale)) sender_.scale = receiver_.scale = 0;
    sender_.next_win = sender_.next_seq + receiver_.receive_window;
    session_.state = TcpState::syn_received;
    session_.both_syn = true;
    result_.accepted = true;
}

void Conversation::in_syn_received() noexcept {
    if (has(kSynAck)) return syn_ack_in_syn_received();
    if (has(tcp_flag::syn)) return syn_in_syn_received();
    if (has(tcp_flag::ack)) return ack_in_syn_received();
}

void Conversation::syn_in_syn_received() noexcept {
    if (direction_ == Direction::to_client && !session_.both_syn)
        return reject(StreamEvent::three_whs_syn_toclient_on_syn_recv, true);
    if (seq() != sender_.isn) return reject(StreamEvent::three_whs_syn_resend_diff_seq_on_syn_recv, true);
    result_.accepted = true;  // the SYN again: the answer was lost on its way
}

void Conversation::syn_ack_in_syn_received() noexcept {
    if (session_.both_syn) {  // each side confirms the other's SYN
        if (packet_.tcp_ack != receiver_.isn + 1) return reject(StreamEvent::four_whs_synack_with_wrong_ack, true);
        if (seq() != sender_.isn) return reject(StreamEvent::four_whs_synack_with_wrong_syn, true);
        sender_.last_ack = packet_.tcp_ack;
        result_.accepted = true;
        // The second confirmation, or the one that an ACK follows.
        if (receiver_.last_ack == sender_.isn + 1) enter(TcpState::established);
        return;
    }
    if (direction_ == Direction::to_server) return reject(StreamEvent::three_whs_synack_toserver_on_syn_recv, true);
    if (packet_.tcp_ack != sender_.last_ack) {
        if (seq_lt(packet_.tcp_ack, receiver_.isn + 1) || seq_gt(packet_.tcp_ack, receiver_.next_seq))
            return reject(StreamEvent::three_whs_synack_resend_with_different_ack, true);
        sender_.last_ack = packet_.tcp_ack;
    }
    if (seq() != sender_.isn) {
        if (++session_.syn_acks > kSynAcksMax) return reject(StreamEvent::three_whs_synack_flood, true);
        return reject(StreamEvent::three_whs_synack_resend_with_diff_seq, true);
    }
    result_.accepted = true;
}

void Conversation::ack_in_syn_received() noexcept {
    const bool right_ack = packet_.tcp_ack == receiver_.isn + 1 ||
                           (seq_gt(packet_.tcp_ack, receiver_.isn) && seq_le(packet_.tcp_ack, receiver_.next_seq));
    if (session_.both_syn) {
        if (!right_ack) return reject(StreamEvent::four_whs_invalid_ack, true);
        if (seq() != sender_.next_seq) return reject(StreamEvent::four_whs_wrong_seq, true);
        sender_.last_ack = receiver_.isn + 1;
        receiver_.last_ack = sender_.isn + 1;
    } else if (direction_ == Direction::to_client) {
        // The server speaks before the handshake ended: with fast open it may; when the last ACK was lost on
        // its way to us and not to the server, it acknowledges what the client has sent since.
        const bool fast_open = receiver_.has(Side::kFastOpen) && right_ack;
        if (!fast_open && !config_.async_oneside && !session_.midstream)
            return reject(size() > 0 ? StreamEvent::three_whs_ack_data_inject : StreamEvent::three_whs_ack_in_wrong_dir,
                          true);
        if (!check_range()) return;
        result_.accepted = true;
        if (has(tcp_flag::urg)) note_urgent_pointer();
        return take_data(seq());
    } else {
        const bool right_seq = seq_ge(seq(), sender_.isn + 1) && seq_le(seq(), sender_.next_seq);
        // A later segment may come first: within the server's window it proves the handshake as well.
        const bool in_window = seq_gt(seq(), sender_.next_seq) && seq_le(seq() + size(), sender_.next_win);
        if (!right_ack)
            return reject(right_seq ? StreamEvent::three_whs_right_seq_wrong_ack_evasion
                                    : StreamEvent::three_whs_wrong_seq_wrong_ack, true);
        if (!right_seq && !in_window) return reject(StreamEvent::est_packet_out_of_window, true);
    }
    enter(TcpState::established);
    in_synchronized();
}

}  // namespace sekisho::stream
