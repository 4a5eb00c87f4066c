// Puts segments into order: straight into the window where they follow on, into held blocks where they do
// not. The first copy of a byte counts, unless the receiver is known to take a later one.
#pragma once

#include "stream/held_pool.h"
#include "stream/session.h"

namespace sekisho::stream {

class Assembly {
  public:
    Assembly(const TcpConfig& config, Counters<TcpCounter>& counters)
        : config_(config), counters_(counters), windows_(config.window_pool_bytes), held_(config.held_pool_bytes) {}

    /// What one packet did to one side. One Taken per packet and side: the gap is skipped at most once.
    struct Taken {
        static constexpr std::uint64_t kNone = ~std::uint64_t{0};
        const IpAddress* receiver = nullptr;  ///< of the segment, for TcpConfig::hosts
        std::uint64_t leave_out = kNone;  ///< stream offset of an octet that is to be left out when it is reached
        bool left_out = false;            ///< it was
        std::uint64_t fresh_from = 0;
        std::uint64_t gap_bytes = 0;
        bool fresh = false;          ///< appended to the window, from fresh_from on
        bool added = false;          ///< appended or held
        bool conflict = false;       ///< differs from the first copy
        bool refuse = false;         ///< enforcing: do not forward
        bool no_room = false;        ///< ... because nothing more can be held behind a hole
        bool depth_reached = false;
    };

    /// Segment bytes whose first is stream offset `offset`.
    void insert(Side& side, std::uint64_t offset, Bytes data, Taken& taken) noexcept;
    /// The octet at the window's end is no part of the stream: what follows it takes its place.
    void leave_out(Side& side, Taken& taken) noexcept;
    /// The peer has everything below `acked`: a hole before held data will not be filled any more.
    void settle(Side& side, std::uint64_t acked, Taken& taken) noexcept;
    /// Whether held data follows on: more than the window had room for. Once its readers have moved on, go_on
    /// appends the next part; each call makes progress.
    bool follows_on(const Side& side) const noexcept;
    void go_on(Side& side, Taken& taken) noexcept;
    /// Data of a SYN waits until the answer says whether it was taken. False: no memory, not kept.
    bool keep_syn_data(Side& side, Bytes data) noexcept;
    void settle_syn_data(Side& side, bool was_taken, Taken& taken) noexcept;
    /// Gives the side's memory back; nothing is taken from now on.
    void stop(Side& side) noexcept;

    std::size_t held_blocks() const noexcept { return held_.in_use(); }
    const WindowPool& windows() const noexcept { return windows_; }

  private:
    bool conflicts(Side& side, std::uint64_t offset, Bytes data) noexcept;
    void replace(Side& side, std::uint64_t offset, Bytes data, const Taken& taken) noexcept;
    void fill(Side& side, std::uint64_t offset, Bytes data, Taken& taken) noexcept;
    bool append(Side& side, Bytes data, Taken& taken) noexcept;
    void skip_to(Side& side, std::uint64_t offset, Taken& taken) noexcept;
    /// @return octets that were left out on the way: by so many the offset of what comes behind is lower now
    std::uint64_t drain(Side& side, Taken& taken) noexcept;
    void end_at_depth(Side& side, Taken& taken) noexcept;
    bool hold(Side& side, std::uint32_t& before, std::uint64_t offset, Bytes data, Taken& taken) noexcept;
    void drop_held(Side& side) noexcept;

    const TcpConfig& config_;
    Counters<TcpCounter>& counters_;
    WindowPool windows_;
    HeldPool held_;
};

}  // namespace sekisho::stream
