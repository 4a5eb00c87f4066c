// The octet that the urgent pointer names. A host gives it to its program apart from the data, unless the program has
// asked for it in line (RFC 6093), so that GET /malXicious with an urgent X is a request for /malicious: the octet is left
// out of the stream. As Linux does it: the pointer names the octet before the one it points at, an octet that was read is
// past, and of two pointers the higher one counts. The last two octets that were left out are remembered, so that segments
// sent again are held against the right place; what is older than both is not compared.
#include <algorithm>
#include <limits>

#include "stream/conversation.h"

namespace sekisho::stream {
namespace {

/// Programs that interrupt with urgent data ask for it in line: FTP, Telnet, rexec, rlogin, rsh.
bool read_in_line(std::uint16_t server_port) noexcept {
    switch (server_port) {
        case 21: case 23: case 512: case 513: case 514: return true;
        default: return false;
    }
}

}  // namespace

void Conversation::note_urgent_pointer() noexcept {
    if (read_in_line(flow_.server_port) || sender_.has(Side::kStopped)) return;
    constexpr std::size_t kPointer = 18;  // octets of the TCP header before it
    const Bytes header = packet_.l4_bytes();
    if (header.size() < kPointer + 2) return;
    const auto pointer = static_cast<std::uint32_t>(header[kPointer] << 8 | header[kPointer + 1]);
    const std::uint32_t octet = seq() + (pointer != 0 ? pointer - 1 : 0);
    UrgentOctets& urgent = session_.urgent;
    if (urgent.flags != 0 && !urgent.of(direction_)) return;
    if (seq_lt(octet, sender_.window_end_seq())) return;
    if (urgent.awaited() && !seq_gt(octet, session_.urgent_next)) return;
    if (sender_.left_out == std::numeric_limits<decltype(sender_.left_out)>::max()) return;
    session_.urgent_next = octet;
    urgent.flags = UrgentOctets::kUsed | UrgentOctets::kAwaited;
    if (direction_ == Direction::to_client) urgent.flags |= UrgentOctets::kToClient;
}

void Conversation::aim_at_urgent(Direction side, Assembly::Taken& taken) const noexcept {
    if (!session_.urgent.of(side)) return;
    const std::int64_t offset = session_.of(side).offset_of(session_.urgent_next);
    if (offset >= 0) taken.leave_out = static_cast<std::uint64_t>(offset);
}

void Conversation::note_left_out() noexcept {
    session_.urgent_left_out = {session_.urgent_next, session_.urgent_left_out[0]};
    session_.urgent.flags &= static_cast<std::uint8_t>(~UrgentOctets::kAwaited);
}

/// Octets that are no part of the stream cut the segment into stretches.
void Conversation::take_around_urgent(std::uint32_t first, Bytes data, Assembly::Taken& taken) noexcept {
    const auto skip = [&](std::size_t octets) {
        data = data.subspan(std::min(octets, data.size()));
        first += static_cast<std::uint32_t>(octets);
    };
    const std::size_t known = std::min<std::size_t>(sender_.left_out, session_.urgent_left_out.size());
    for (std::size_t i = known; i-- > 0 && !data.empty();) {  // from the oldest on
        if (seq_gt(first, session_.urgent_left_out[i])) continue;
        const std::size_t before = session_.urgent_left_out[i] - first;
        const bool place_known = i + 1 < known || sender_.left_out == known;
        if (place_known) take_stretch(first, i + 1, data.first(std::min(before, data.size())), taken);
        skip(before + 1);
    }
    const std::uint32_t next = session_.urgent_next;
    const bool in_order = sender_.offset_of(first) <= static_cast<std::int64_t>(sender_.window.end());
    if (session_.urgent.awaited() && in_order && seq_le(first, next) && next - first < data.size()) {
        take_stretch(first, 0, data.first(next - first), taken);
        if (!taken.left_out && sender_.window_end_seq() == next) {
            assembly_.leave_out(sender_, taken);
            assembly_.go_on(sender_, taken);  // what waited behind it
        }
        if (taken.left_out) skip(next - first + 1);
    }
    take_stretch(first, 0, data, taken);
}

}  // namespace sekisho::stream
