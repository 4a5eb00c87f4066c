// Puts IPv4 (RFC 791 section 3.2, RFC 815) and IPv6 (RFC 8200 section 4.5) datagrams together from their
// fragments. All memory is taken at start; when it is used up the oldest datagram gives way.
#pragma once

#include <cstdint>
#include <memory>

#include "sekisho/base/counters.h"
#include "sekisho/base/host_system.h"
#include "sekisho/packet/decode_event.h"
#include "sekisho/packet/packet.h"

namespace sekisho::packet {

/// Whose bytes win where fragments overlap: what the protected hosts would do, or else an attacker writes
/// two datagrams at once (Ptacek and Newsham 1998; Novak, "Target-based fragmentation reassembly", 2005).
enum class OverlapPolicy : std::uint8_t {
    first,    ///< the copy that came first (also Windows and Solaris in nearly all cases)
    last,     ///< the copy that came last
    bsd,      ///< the first copy, but a piece that starts earlier wins over one that starts later
    linux_,   ///< like bsd, but of two that start together the later one wins
    bsd_right,  ///< a piece that starts later wins; of two that start together the later one
};

/// What hosts of this kind do.
OverlapPolicy overlap_policy(HostSystem system) noexcept;

struct DefragConfig {
    std::uint32_t trackers = 4096;                ///< datagrams in the making at a time
    std::size_t pool_bytes = 32u << 20;           ///< all fragments held together
    std::uint32_t timeout_seconds = 60;           ///< RFC 8200 section 4.5 and RFC 1122 section 3.3.2
    OverlapPolicy overlap = OverlapPolicy::bsd;
    HostSystems hosts = {};                       ///< receivers that do otherwise
    bool by_vlan = true;                          ///< pieces of two VLANs are not put together
    bool refuse_conflicts = false;                ///< inline: overlapping fragments that differ end the datagram
};

enum class DefragCounter : std::uint8_t {
    fragments, whole, overlaps, conflicts, too_large, refused_full, evicted, expired, count_
};

/// The defragmenter of one worker. One thread.
class Defragmenter {
  public:
    enum class Outcome : std::uint8_t {
        not_fragment,  ///< nothing to do
        held,          ///< kept; the datagram is not yet whole
        whole,         ///< `packet` now describes the whole datagram (kReassembled)
        refused,       ///< not kept: malformed, too large, conflicting, or no memory. A decode event says which
    };

    explicit Defragmenter(const DefragConfig& config);
    ~Defragmenter();
    Defragmenter(const Defragmenter&) = delete;
    Defragmenter& operator=(const Defragmenter&) = delete;

    /// Takes a decoded packet. When whole, packet.data is the defragmenter's and lives until the next call.
    /// Pieces keep apart by addresses, protocol (IPv4), identification and VLANs. Events about the datagram
    /// (overlap, ...) are noted on the fragment that shows them.
    Outcome accept(Packet& packet) noexcept;

    /// What was made whole last at this tunnel depth was dropped: its other pieces are at the host, so until they are
    /// forgotten there every further piece is refused. Else the last piece, sent again, would be all that lacks.
    void condemn(std::uint8_t tunnel_depth) noexcept;

    /// Forgets datagrams older than the timeout; at most `budget` of them. Cheap when none is due.
    void expire(TimeNs now, std::size_t budget) noexcept;

    std::size_t pending() const noexcept;  ///< datagrams in the making
    const Counters<DefragCounter>& counters() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sekisho::packet
