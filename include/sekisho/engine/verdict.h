// What the engine decides about a frame, and what the caller should send because of it. The engine judges,
// the caller acts: inline sends, drops or answers; mirror and replay only count.
#pragma once

#include <cstdint>
#include <string_view>

#include "sekisho/base/bytes.h"
#include "sekisho/base/fixed_vector.h"

namespace sekisho::engine {

enum class Verdict : std::uint8_t {
    pass,    ///< forward the frame
    drop,    ///< do not forward
    reset,   ///< do not forward; send the frames in `answers` (TCP resets, ICMP unreachable)
    answer,  ///< do not forward; send the frames in `answers` (block page, DNS answer, TLS alert)
    hold,    ///< part of a fragmented datagram: forward (the datagram is judged when it is whole)
    count_,
};

/// Why a frame was dropped or passed without inspection; each has a counter of its own.
enum class Cause : std::uint8_t {
    none,
    rule,              ///< a drop or reject rule matched
    url,               ///< the URL filter blocked
    flow_settled,      ///< an earlier packet of the flow decided
    stream_conflict,   ///< overlapping TCP data or fragments with different bytes
    stream_out_of_place,  ///< a TCP segment that its receiver would not take: sequence, state, time stamp
    stream_no_room,    ///< too much TCP data waits behind a hole; the sender repeats it
    bad_checksum,      ///< of a fragment's header: no host puts it together with others
    ambiguous,         ///< hosts read it in different ways: request framing, urgent data
    flow_table_full,   ///< bypass or drop, as on_overload says
    memory_full,       ///< stream, transaction or fragment memory is used up
    malformed,         ///< headers beyond our bounds: what is behind them was not seen
    application,       ///< application control blocked
    pass_rule,         ///< a pass rule exempted the flow
    quarantine,        ///< from or to a host that is cut off
    app_error,         ///< the policy for bytes that their protocol's parser refuses
    no_handshake,      ///< the midstream policy: the beginning of the TCP conversation was not seen
    count_,
};

std::string_view to_string(Verdict verdict) noexcept;
std::string_view to_string(Cause cause) noexcept;

/// A frame that the engine made: complete Ethernet frame with the VLAN tags of the conversation. The bytes
/// live in the pipeline until the next inspect.
struct Answer {
    Bytes frame;
    bool to_sender = true;  ///< out of the port that the judged frame came in by; false: out of its peer
};

struct Judgement {
    Verdict verdict = Verdict::pass;
    Cause cause = Cause::none;
    FixedVector<Answer, 4> answers;
};

}  // namespace sekisho::engine
