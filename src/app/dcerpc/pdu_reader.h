// Reads connection-oriented DCERPC PDUs of one direction as they come, cut anywhere: headers through a small carry,
// stub data straight to the call. C706 section 12.6, MS-RPCE section 2.2.2.
//
//   0       1       2     3     4..7  8..9         10..11       12..15
//   5       0 / 1   type  flags drep  frag_length  auth_length  call_id     then by type
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "app/dcerpc/conversation.h"

namespace sekisho::app::dcerpc {

// Stub data is what Suricata's rules know: of a request all behind its 24 octets of header, the object's UUID and the
// verifier of the last fragment included; of an answer over TCP all behind the common header. Object and verifier of
// the fragments between are left out, so that a pattern is found across them.
class PduReader {
  public:
    PduReader() noexcept = default;
    /// @param answer_head  the eight octets before an answer's stub data belong to it (TCP)
    explicit PduReader(bool answer_head) noexcept : answer_head_(answer_head) {}
    /// Takes all of `in`. False when it is not DCERPC: the reader waits for a new beginning.
    bool feed(Conversation& conversation, std::uint8_t channel, Direction direction, Bytes in, FieldSink& out) noexcept;
    /// Octets were lost. True when they were part of the fragment at hand, whose rest is passed over; else it is not
    /// known where the next one begins.
    bool lost(std::uint64_t octets) noexcept;
    /// Whether the next octet begins a PDU.
    bool at_begin() const noexcept { return phase_ == Phase::header && have_ == 0; }
    /// Octets of the PDU at hand that are still to come; 0 where its header has not been read.
    std::size_t left() const noexcept { return phase_ == Phase::header ? 0 : left_ - std::size_t{have_}; }
    /// The channel is another one now.
    void reset() noexcept { *this = PduReader(answer_head_); }

  private:
    enum class Phase : std::uint8_t { header, call_head, bind_head, bind_item, ack_head, ack_count, ack_result, stub, skip };
    struct Target {
        Conversation& conversation;
        std::uint8_t channel;
        Direction direction;
        FieldSink& out;
    };
    static constexpr std::size_t kCarry = 24;

    bool bulk() const noexcept { return phase_ == Phase::stub || phase_ == Phase::skip; }
    std::size_t unit() const noexcept;
    bool gather(Bytes& in) noexcept;
    std::uint16_t u16(std::size_t at) const noexcept;
    std::uint32_t u32(std::size_t at) const noexcept;
    bool on_unit(const Target& to) noexcept;
    bool on_header() noexcept;
    void on_call_head(const Target& to) noexcept;
    void on_bind_item(const Target& to) noexcept;
    void on_result(const Target& to) noexcept;
    void pass(Phase phase, std::size_t octets, Phase after) noexcept;
    void pass_stub() noexcept;
    void advance(const Target& to) noexcept;
    void end_fragment(const Target& to) noexcept;

    std::array<std::uint8_t, kCarry> carry_{};
    std::uint32_t call_ = 0;
    std::uint16_t left_ = 0;      ///< octets of the fragment that are not taken yet
    std::uint16_t bulk_ = 0;      ///< octets of it that go on as they are: stub data, or passed over
    std::uint16_t trailer_ = 0;   ///< octets of it that are the authentication verifier, at its end
    std::uint8_t have_ = 0;       ///< octets in the carry
    std::uint8_t type_ = 0, flags_ = 0;
    std::uint8_t items_ = 0, item_ = 0;
    Phase phase_ = Phase::header, after_ = Phase::header;
    bool answer_head_ = false;
    bool little_ = false;
    bool known_call_ = false;
};

}  // namespace sekisho::app::dcerpc
