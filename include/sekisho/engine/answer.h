// Frames that the box sends in the name of one end of a conversation: TCP resets and in-sequence data (block
// page, TLS alert), UDP answers (DNS), ICMP unreachable. Each repeats the link layer of the frame that caused
// it (VLAN tags, PPPoE session), so that it takes the same way; nothing of the box's own shows.
//
// What no frame can be forged for gives none: packets from inside a tunnel or a reassembled datagram (their
// link layer is not at hand), captures without Ethernet, multicast and broadcast, and, for a reset, a reset.
#pragma once

#include <array>
#include <cstdint>

#include "sekisho/base/bytes.h"
#include "sekisho/base/fixed_vector.h"
#include "sekisho/engine/verdict.h"
#include "sekisho/packet/packet.h"

namespace sekisho::engine {

/// Payload of one forged frame: with IPv6, TCP timestamps, two tags and PPPoE it stays below an MTU of 1,280,
/// the least that IPv6 guarantees (RFC 8200 section 5).
constexpr std::size_t kAnswerPayloadMax = 1180;
/// One whole forged frame.
constexpr std::size_t kAnswerFrameMax = 1536;

/// A TCP segment between the ends of `judged`, with the timestamps option when `judged` carries it (RFC 7323
/// section 3.2: a receiver may ignore segments without).
/// @param to_sender  true: to the sender of `judged`, in the name of its destination; false: the way it went
/// @return octets written to `out`; 0 when no frame can be made or it does not fit
std::size_t build_tcp(MutableBytes out, const packet::Packet& judged, bool to_sender, std::uint8_t flags,
                      std::uint32_t seq, std::uint32_t ack, Bytes payload) noexcept;

/// A reset that the receiver takes (RFC 9293 section 3.10.7): its sequence number is what the receiver expects
/// next, as far as `judged` tells. 0 when `judged` is itself a reset.
std::size_t build_tcp_reset(MutableBytes out, const packet::Packet& judged, bool to_sender) noexcept;

/// A UDP datagram back to the sender of `judged`.
std::size_t build_udp_answer(MutableBytes out, const packet::Packet& judged, Bytes payload) noexcept;

/// ICMP "communication administratively prohibited" to the sender of `judged`, in the name of its destination
/// (RFC 792, RFC 1812 section 5.2.7.1; RFC 4443 section 3.1). None for what must not be answered: ICMP errors,
/// fragments but the first, group addresses (RFC 1122 section 3.2.2, RFC 4443 section 2.4).
std::size_t build_unreachable(MutableBytes out, const packet::Packet& judged) noexcept;

/// A fatal TLS alert as a record (RFC 8446 section 6), to be sent as TCP data.
constexpr std::uint8_t kTlsAccessDenied = 49;
constexpr std::uint8_t kTlsUnrecognizedName = 112;
std::array<std::uint8_t, 7> tls_alert_record(std::uint8_t description) noexcept;

using Answers = FixedVector<Answer, 4>;

/// Holds the frames of one judgement. One per pipeline; what it appended is valid until start().
class AnswerBuilder {
  public:
    /// Gives up all frames made so far.
    void start() noexcept { used_ = 0; }

    /// Ends a TCP conversation on both sides. @return false when neither side could be told
    bool reset_both(const packet::Packet& judged, Answers& answers) noexcept;
    /// One side only.
    bool reset(const packet::Packet& judged, bool to_sender, Answers& answers) noexcept;

    /// Says `payload` to the one end and closes, resets the other. The data are what comes next in sequence,
    /// as far as `judged` tells, in as many segments as fit; FIN is on the last.
    /// @param to_sender  who reads the payload: the sender of `judged` or the end it was sent to
    /// @param payload    at most (answers left - 1) * kAnswerPayloadMax octets
    /// @return false (nothing appended) when it does not fit or `judged` acknowledges nothing
    bool say_and_close(const packet::Packet& judged, bool to_sender, Bytes payload, Answers& answers) noexcept;

    /// A segment to the sender of `judged`; see build_tcp().
    bool tcp(const packet::Packet& judged, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack, Bytes payload, Answers& answers) noexcept;
    bool udp_answer(const packet::Packet& judged, Bytes payload, Answers& answers) noexcept;
    bool unreachable(const packet::Packet& judged, Answers& answers) noexcept;

  private:
    MutableBytes room() noexcept { return used_ < frames_.size() ? MutableBytes(frames_[used_]) : MutableBytes(); }
    bool take(std::size_t octets, bool to_sender, Answers& answers) noexcept;

    std::array<std::array<std::uint8_t, kAnswerFrameMax>, Answers::capacity()> frames_{};
    std::size_t used_ = 0;
};

}  // namespace sekisho::engine
