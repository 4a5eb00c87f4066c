// From the established state on (RFC 9293 section 3.10.7.4 as an observer can check it): timestamps
// (RFC 7323 section 5), sequence range, acknowledgment (RFC 5961 section 5), data, FIN, RST (RFC 5961
// section 3). One generic way for all states; the names of the events differ by state.
#include <algorithm>

#include "stream/conversation.h"

namespace sekisho::stream {
namespace {

namespace tcp_flag = packet::tcp_flag;
constexpr std::uint8_t kSynAck = tcp_flag::syn | tcp_flag::ack;
constexpr std::uint32_t kWindowUnscaledMax = 65535;

/// What a wrong sequence number or ACK is called, by state.
struct Names {
    StreamEvent wrong_seq, wrong_fin, wrong_ack;
};
constexpr Names names_of(TcpState state) noexcept {
    using E = StreamEvent;
    switch (state) {
        case TcpState::close_wait:
            return {E::closewait_ack_out_of_window, E::closewait_fin_out_of_window, E::closewait_invalid_ack};
        case TcpState::fin_wait1: return {E::fin1_ack_wrong_seq, E::fin1_fin_wrong_seq, E::fin1_invalid_ack};
        case TcpState::fin_wait2: return {E::fin2_ack_wrong_seq, E::fin2_fin_wrong_seq, E::fin2_invalid_ack};
        case TcpState::closing: return {E::closing_ack_wrong_seq, E::closing_ack_wrong_seq, E::closing_invalid_ack};
        case TcpState::last_ack: return {E::lastack_ack_wrong_seq, E::lastack_ack_wrong_seq, E::lastack_invalid_ack};
        case TcpState::time_wait: case TcpState::closed:
            return {E::timewait_ack_wrong_seq, E::timewait_ack_wrong_seq, E::timewait_invalid_ack};
        default: return {E::est_packet_out_of_window, E::fin_out_of_window, E::est_invalid_ack};
    }
}

}  // namespace

void Conversation::enter(TcpState state) noexcept {
    session_.state = state;
    switch (state) {
        case TcpState::syn_sent: case TcpState::syn_received: flow_.state = flow::FlowState::fresh; break;
        case TcpState::established: flow_.state = flow::FlowState::established; break;
        case TcpState::closed: flow_.state = flow::FlowState::closed; break;
        default: flow_.state = flow::FlowState::closing; break;
    }
}

void Conversation::accept() noexcept {
    if (!has(tcp_flag::ack) && packet_.tcp_ack != 0 && !has(tcp_flag::rst)) raise(StreamEvent::pkt_broken_ack);
    if (session_.state <= TcpState::syn_received) return in_handshake();
    in_synchronized();
}

void Conversation::go_on() noexcept {
    Assembly::Taken taken = begin_taking(direction_);
    assembly_.go_on(sender_, taken);
    end_taking(direction_, taken);
    if (sender_.has(Side::kFin)) report_closed();
}

void Conversation::in_synchronized() noexcept {
    if (session_.state == TcpState::closed && revive_handshake()) return in_handshake();
    if (session_.state == TcpState::closed && !undo_forged_reset()) {
        // Late repetitions are no news; a SYN is a new conversation on the same ports.
        // A receiver may have found the RST wanting and still read, so only what it has confirmed may come again.
        if (has(tcp_flag::syn)) return late_syn();
        result_.accepted = size() == 0 ? seq_le(seq(), sender_.next_seq + 1) : seq_le(seq() + size(), receiver_.last_ack);
        result_.refuse = config_.enforce && !result_.accepted;
        return;
    }
    if (has(tcp_flag::syn)) return late_syn();
    if (has(tcp_flag::rst)) return reset();
    if (!has(tcp_flag::ack)) {  // no receiver takes such a segment (RFC 9293 section 3.10.7.4, fifth check)
        result_.refuse = config_.enforce;
        return;
    }
    if (!check_timestamp() || !check_range() || !check_ack()) return;
    result_.accepted = true;
    check_window_update();
    take_ack();
    settle_peer();
    if (has(tcp_flag::fin)) take_fin();
    if (has(tcp_flag::urg)) [[unlikely]] note_urgent_pointer();
    if (size() > 0 && !is_keepalive()) take_data(seq());
    if (session_.state > TcpState::established || sender_.has(Side::kFin)) {
        advance_close();
        report_closed();
    }
}

void Conversation::late_syn() noexcept {
    const bool with_ack = has(kSynAck);
    const bool to_server = direction_ == Direction::to_server;
    const bool over = session_.state >= TcpState::closing || (sender_.has(Side::kFin) && receiver_.has(Side::kFin));
    if (over && !with_ack && seq() != sender_.isn) {
        // Port reuse (RFC 9293 section 3.6.1, RFC 6191).
        result_.restart = true;
        return;
    }
    if (session_.state != TcpState::established) {
        raise(StreamEvent::shutdown_syn_resend);
        result_.accepted = seq() == sender_.isn;
        return;
    }
    const bool same_seq = seq() == sender_.isn;
    if (session_.midstream && !with_ack && !same_seq) {
        // The conversation was guessed from a stray segment; this is how one begins.
        result_.restart = true;
        return;
    }
    if (with_ack) {
        // Watching: the server takes a new conversation on the same ports, so the old one ended unseen.
        if (!config_.enforce && session_.late_syn && !same_seq && packet_.tcp_ack == session_.late_isn + 1) {
            result_.restart = true;
            return;
        }
        if (to_server && !session_.both_syn) return reject(StreamEvent::est_synack_toserver, true);
        if (packet_.tcp_ack != receiver_.isn + 1 && !same_seq)
            return reject(StreamEvent::est_synack_resend_with_different_ack, true);
        if (!same_seq) return reject(StreamEvent::est_synack_resend_with_diff_seq, true);
        raise(StreamEvent::est_synack_resend);
        result_.accepted = true;
        return;
    }
    if (!to_server && !session_.both_syn) return reject(StreamEvent::est_syn_toclient, true);
    if (to_server && !same_seq) {
        session_.late_syn = true;
        session_.late_isn = seq();
    }
    // RFC 5961 section 4: the receiver answers with a challenge ACK, so the packet may pass.
    raise(same_seq ? StreamEvent::est_syn_resend : StreamEvent::est_syn_resend_diff_seq);
    result_.accepted = same_seq;
}

void Conversation::reset() noexcept {
    const bool before = session_.state <= TcpState::syn_received;
    if (before && !sender_.has(Side::kSyn)) {
        // The answer to a SYN is a RST that acknowledges it.
        if (!has(tcp_flag::ack) || packet_.tcp_ack != receiver_.next_seq)
            if (packet_.tcp_ack != receiver_.isn + 1) return reject(StreamEvent::rst_invalid_ack, true);
    } else {
        // From what the receiver has acknowledged to what was sent: one of these is what it expects next.
        const std::uint32_t left = receiver_.has(Side::kSyn) && receiver_.last_ack ? receiver_.last_ack : sender_.isn;
        const bool exact = seq_ge(seq(), left) && seq_le(seq(), sender_.next_seq + (sender_.has(Side::kFin) ? 1 : 0));
        const bool in_window = seq_ge(seq(), left) && seq_le(seq(), sender_.next_win);
        if (!exact && (config_.enforce || !in_window)) {
            counters_.add(TcpCounter::segments_out_of_window);
            return reject(session_.state == TcpState::established ? StreamEvent::est_packet_out_of_window
                                                                  : names_of(session_.state).wrong_seq, true);
        }
        if (has(tcp_flag::ack) && packet_.tcp_ack != 0 && receiver_.has(Side::kSyn) &&
            seq_gt(packet_.tcp_ack, seq_max(receiver_.next_win, receiver_.next_seq)))
            return reject(StreamEvent::rst_invalid_ack, true);
    }
    result_.accepted = true;
    if (has(tcp_flag::ack) && !before) {
        take_ack();
        settle_peer();
    }
    sender_.set(Side::kReset);
    session_.state_before_reset = session_.state;
    enter(TcpState::closed);
    for (const Direction d : {Direction::to_server, Direction::to_client}) {
        session_.of(d).set(Side::kToldClosed);
        result_.closed[index(d)] = true;
    }
}

/// Data from the side that is said to have reset the conversation, where its stream stands or in a hole of it: the
/// RST was somebody else's, or its receiver did not take it. Observing only: inline such a RST did reset the receiver.
bool Conversation::undo_forged_reset() noexcept {
    if (!sender_.has(Side::kReset) || receiver_.has(Side::kReset) || config_.enforce) return false;
    if (size() == 0 || has(tcp_flag::rst) || has(tcp_flag::syn)) return false;
    const bool fresh = sender_.offset_of(seq() + size()) > static_cast<std::int64_t>(sender_.window.end());
    if (!fresh || !seq_le(seq(), sender_.next_seq)) return false;
    if (session_.state_before_reset < TcpState::established) return false;
    raise(StreamEvent::suspected_rst_inject);
    sender_.clear(Side::kReset);
    enter(session_.state_before_reset);
    for (Side& side : session_.sides) side.clear(Side::kToldClosed);
    return true;
}

/// A SYN+ACK that answers a SYN whose sender seemed to have given up: the RST was its answer to something else.
bool Conversation::revive_handshake() noexcept {
    if (session_.state_before_reset != TcpState::syn_sent || !has(kSynAck) || sender_.has(Side::kSyn)) return false;
    if (!receiver_.has(Side::kSyn) || packet_.tcp_ack != receiver_.next_seq) return false;
    for (Side& side : session_.sides) {
        side.clear(Side::kReset);
        side.clear(Side::kToldClosed);
    }
    enter(TcpState::syn_sent);
    return true;
}

bool Conversation::check_timestamp() noexcept {
    if (!sender_.has(Side::kTimestamps)) return true;
    const auto timestamps = packet::read_tcp_timestamps(packet_);
    if (!timestamps) return true;  // must not happen (RFC 7323 section 3.2), but receivers take it
    const auto second = static_cast<std::uint32_t>(packet_.time_ns / kSecondNs);
    if (seq_lt(timestamps->value, sender_.last_timestamp) && second - sender_.timestamp_second < kPawsIdleSeconds) {
        counters_.add(TcpCounter::segments_out_of_window);
        reject(StreamEvent::pkt_invalid_timestamp, size() > 0);
        return false;
    }
    // RFC 7323 section 4.3: only a segment that covers the left edge moves the clock. Where that edge is the
    // receiver knows: inline the higher clock is taken, which refuses more, watching the lower, which sees more.
    // "In order" is next to what came without a hole: a segment that was overtaken on the way has an older clock.
    const bool in_order = config_.enforce && !sender_.has(Side::kStopped) &&
                          sender_.offset_of(seq()) == static_cast<std::int64_t>(sender_.window.end());
    if (seq_le(seq(), receiver_.last_ack) || receiver_.last_ack == 0 || in_order) {
        sender_.last_timestamp = timestamps->value;
        sender_.timestamp_second = second;
    }
    return true;
}

/// One octet, often garbage, just below what is expected: is the peer alive? (RFC 9293 section 3.8.4)
bool Conversation::is_keepalive() const noexcept {
    return size() == 1 && seq() + 1 == sender_.next_seq && seq() + 1 == receiver_.last_ack;
}

bool Conversation::check_range() noexcept {
    const std::uint32_t end = seq() + size();
    if (size() > 0 && seq_le(end, sender_.next_seq) && !is_keepalive()) {
        const bool acknowledged = seq_le(end, receiver_.last_ack);
        raise(acknowledged ? StreamEvent::pkt_spurious_retransmission : StreamEvent::pkt_retransmission);
        if (acknowledged && session_.state == TcpState::established) raise(StreamEvent::est_pkt_before_last_ack);
        if (acknowledged && session_.state == TcpState::close_wait) raise(StreamEvent::closewait_pkt_before_last_ack);
    }
    // Only one direction is seen: the other's window is not known.
    const bool beyond = seq_gt(end, sender_.next_win) && !config_.async_oneside;
    // A probe of a closed window carries one octet too many.
    const bool probe = size() == 1 && seq() == sender_.next_win;
    // Of a segment across the window's end receivers take the front, or all of it. Inline it does not get there.
    const bool across = !config_.enforce && seq_lt(seq(), sender_.next_win);
    if (!beyond || probe || across) return true;
    counters_.add(TcpCounter::segments_out_of_window);
    const Names names = names_of(session_.state);
    reject(has(tcp_flag::fin) ? names.wrong_fin : names.wrong_seq, true);
    return false;
}

bool Conversation::check_ack() noexcept {
    const std::uint32_t ack = packet_.tcp_ack;
    // Inline nothing reaches the sender past us, so it cannot confirm what was not sent: a receiver drops such a
    // segment with its data (RFC 5961 section 5). Watching, the other side's data may come later or be lost.
    const bool all_seen = config_.enforce && !session_.midstream && size() > 0;
    const std::uint32_t sent = receiver_.next_seq + (receiver_.has(Side::kFin) ? 1 : 0);
    const std::uint32_t highest = all_seen ? sent : seq_max(receiver_.next_win, receiver_.next_seq + 1);
    const bool too_high = seq_gt(ack, highest) && !config_.async_oneside;
    const bool too_low = seq_lt(ack, sender_.last_ack - (kWindowUnscaledMax << sender_.scale));
    if (!too_high && !too_low) return true;
    raise(names_of(session_.state).wrong_ack);
    reject(StreamEvent::pkt_invalid_ack, true);
    return false;
}

/// An ACK of nothing new that shrinks the window by more than data in flight can explain.
void Conversation::check_window_update() noexcept {
    const std::uint32_t offered = static_cast<std::uint32_t>(packet_.tcp_window) << sender_.scale;
    if (offered >= sender_.receive_window || has(tcp_flag::fin)) return;
    const std::uint32_t shrunk = sender_.receive_window - offered;
    if (shrunk <= size() || !seq_gt(packet_.tcp_ack, receiver_.next_seq) || !seq_gt(seq(), sender_.next_seq)) return;
    const std::uint32_t ahead = packet_.tcp_ack - receiver_.next_seq;
    if (shrunk > ahead + (offered > 1024 ? 32 : 0)) raise(StreamEvent::pkt_bad_window_update);
}

void Conversation::take_ack() noexcept {
    const std::uint32_t ack = packet_.tcp_ack;
    if (seq_ge(ack, sender_.last_ack)) {
        sender_.last_ack = ack;
        sender_.receive_window = static_cast<std::uint32_t>(packet_.tcp_window) << sender_.scale;
        receiver_.next_win = seq_max(receiver_.next_win, ack + sender_.receive_window);
    }
    if (receiver_.has(Side::kFin) && seq_gt(ack, receiver_.fin_seq)) receiver_.set(Side::kFinAcked);
}

/// The sender has acknowledged the other side's data: holes there will not be filled any more.
void Conversation::settle_peer() noexcept {
    if (receiver_.has(Side::kStopped)) return;
    std::int64_t acked = receiver_.offset_of(sender_.last_ack);
    if (receiver_.has(Side::kFin)) acked = std::min(acked, receiver_.offset_of(receiver_.fin_seq));
    if (acked <= static_cast<std::int64_t>(receiver_.window.end())) return;
    Assembly::Taken taken = begin_taking(opposite(direction_));
    assembly_.settle(receiver_, static_cast<std::uint64_t>(acked), taken);
    end_taking(opposite(direction_), taken);
}

void Conversation::take_data(std::uint32_t first) noexcept {
    const Bytes data = packet_.payload_bytes();
    const std::uint32_t end = first + size();
    if (sender_.has(Side::kFin) && seq_gt(end, sender_.fin_seq)) {
        // Data behind a FIN. Inline the FIN did arrive, so the receiver will not take it. Watching, the FIN
        // may have been forged so that we stop looking: unless the receiver has confirmed it, it is forgotten.
        if (config_.enforce || sender_.has(Side::kFinAcked)) return reject(names_of(session_.state).wrong_seq, true);
        sender_.clear(Side::kFin);
        sender_.clear(Side::kToldClosed);
    }
    sender_.next_seq = seq_max(sender_.next_seq, end);
    Assembly::Taken taken = begin_taking(direction_);
    if (session_.urgent.of(direction_)) [[unlikely]] take_around_urgent(first, data, taken);
    else take_stretch(first, 0, data, taken);
    if (receiver_.has(Side::kSyn) && !taken.refuse) {
        const std::int64_t acked = sender_.offset_of(receiver_.last_ack);
        if (acked > 0) assembly_.settle(sender_, static_cast<std::uint64_t>(acked), taken);
    }
    end_taking(direction_, taken);
}

/// @param higher  what is to be added to the offset that follows from the sequence number
void Conversation::take_stretch(std::uint32_t first, std::uint64_t higher, Bytes data, Assembly::Taken& taken) noexcept {
    std::int64_t offset = sender_.offset_of(first) + static_cast<std::int64_t>(higher);
    if (offset < 0) {  // begins before the stream: a keepalive below the first octet, or midstream
        raise(StreamEvent::reassembly_segment_before_base_seq);
        const auto before = static_cast<std::uint64_t>(-offset);
        if (before >= data.size()) return;
        data = data.subspan(static_cast<std::size_t>(before));
        offset = 0;
    }
    assembly_.insert(sender_, static_cast<std::uint64_t>(offset), data, taken);
}

void Conversation::take_fin() noexcept {
    if (sender_.has(Side::kFin)) return;  // repeated; the first one counts
    sender_.set(Side::kFin);
    sender_.fin_seq = seq() + size();
    sender_.next_seq = seq_max(sender_.next_seq, sender_.fin_seq);
    if (!receiver_.has(Side::kFin)) session_.server_closes = direction_ == Direction::to_client;
}

/// The state follows from who has sent a FIN and who has confirmed one.
void Conversation::advance_close() noexcept {
    if (session_.state == TcpState::closed) return;
    const Side& client = session_.of(Direction::to_server);
    const Side& server = session_.of(Direction::to_client);
    const bool server_acked = server.has(Side::kFinAcked);
    if (!server.has(Side::kFin)) return enter(client.has(Side::kFin) ? TcpState::close_wait : TcpState::established);
    if (!client.has(Side::kFin)) return enter(server_acked ? TcpState::fin_wait2 : TcpState::fin_wait1);
    if (server_acked && client.has(Side::kFinAcked)) return enter(TcpState::closed);
    if (!session_.server_closes) return enter(TcpState::last_ack);
    enter(server_acked ? TcpState::time_wait : TcpState::closing);
}

void Conversation::report(Direction side, const Assembly::Taken& taken) noexcept {
    const std::size_t d = index(side);
    if (side == direction_) result_.added = result_.added || taken.added;
    result_.refuse = result_.refuse || taken.refuse;
    result_.no_room = result_.no_room || taken.no_room;
    if (taken.conflict) raise(StreamEvent::reassembly_overlap_different_data);
    if (taken.depth_reached) raise(StreamEvent::reassembly_depth_reached);
    if (taken.gap_bytes) {
        raise(StreamEvent::reassembly_seq_gap);
        result_.gap_bytes[d] = taken.gap_bytes;
        result_.fresh_from[d] = taken.fresh_from;
    }
    if (taken.fresh) {
        result_.fresh[d] = true;
        result_.fresh_from[d] = taken.fresh_from;
    }
}

void Conversation::report_closed() noexcept {
    for (const Direction d : {Direction::to_server, Direction::to_client}) {
        Side& side = session_.of(d);
        if (!side.has(Side::kFin) || side.has(Side::kToldClosed)) continue;
        const bool whole = side.has(Side::kStopped) || side.offset_of(side.fin_seq) <= static_cast<std::int64_t>(side.window.end());
        if (!whole && !side.has(Side::kFinAcked)) continue;
        if (!whole && !result_.fresh[index(d)] && !result_.gap_bytes[index(d)]) {
            // The FIN was acknowledged and data before it never came.
            result_.gap_bytes[index(d)] = static_cast<std::uint64_t>(side.offset_of(side.fin_seq)) - side.window.end();
            result_.fresh_from[index(d)] = static_cast<std::uint64_t>(side.offset_of(side.fin_seq));
            raise(StreamEvent::reassembly_seq_gap);
        }
        side.set(Side::kToldClosed);
        result_.closed[index(d)] = true;
    }
}

}  // namespace sekisho::stream
