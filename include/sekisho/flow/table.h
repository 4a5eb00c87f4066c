// The flow table of one worker: fixed capacity taken at start, open hashing with chains by index, a timer
// wheel for timeouts. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "sekisho/base/counters.h"
#include "sekisho/flow/flow.h"

namespace sekisho::flow {

struct Timeouts {  // seconds, by state (defaults: Suricata's stock timeouts, doc configuration/suricata-yaml flow-timeouts)
    std::uint32_t tcp_new = 60, tcp_established = 600, tcp_closed = 60;
    std::uint32_t udp_new = 30, udp_established = 300;
    std::uint32_t icmp_new = 30, icmp_established = 300;
    std::uint32_t other_new = 30, other_established = 300;
};

struct TableConfig {
    std::uint32_t capacity = 65536;  ///< flows; memory is capacity * sizeof(Flow) + buckets
    Timeouts timeouts{};
    bool by_vlan = true;             ///< the same ends in two VLANs are two conversations
    std::uint8_t worker = 0;         ///< goes into Flow.id, so that ids of several workers differ
};

enum class TableCounter : std::uint8_t { created, expired, removed, refused_full, evicted, count_ };

class Table {
  public:
    /// Called just before a flow's slot is given back: the rooms above take back what they attached.
    using OnRemove = std::function<void(Flow&, FlowEnd)>;

    Table(const TableConfig& config, OnRemove on_remove);
    ~Table();
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    /// The packet's flow, new if there is none. The first packet's sender is the client (for a TCP SYN+ACK
    /// seen first: the receiver). When the table is full: the flow that has been closed or idle longest in
    /// the due timer slots makes room (counted `evicted`); none eligible: null (counted `refused_full`).
    Flow* find_or_add(const packet::Packet& packet) noexcept;
    Flow* find(const packet::Packet& packet) noexcept;
    /// Asks the processor for the packet's bucket, a burst ahead of find_or_add.
    void prefetch(const packet::Packet& packet) const noexcept;

    /// Re-arms the flow's timer after its state changed or it was seen; sets last_ns. A later deadline costs
    /// nothing (the wheel re-files the flow when it gets there), an earlier one re-files it at once.
    void touch(Flow& flow, TimeNs now) noexcept;
    /// Ends flows whose time is over; at most `budget` of them, so that a burst stays bounded.
    void expire(TimeNs now, std::size_t budget) noexcept;
    void remove(Flow& flow, FlowEnd why) noexcept;
    /// Ends all flows (end of a replay, shutdown).
    void clear(FlowEnd why) noexcept;

    std::size_t size() const noexcept;
    std::size_t capacity() const noexcept;
    const Counters<TableCounter>& counters() const noexcept { return counters_; }

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    Counters<TableCounter> counters_;
};

}  // namespace sekisho::flow
