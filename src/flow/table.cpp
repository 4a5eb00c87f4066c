// Flows lie in one array, slot 0 unused so that index 0 can mean none. A bucket holds the index of the first
// flow of its chain; chains, the free list and the timer lists all run through the flows by index.
#include "sekisho/flow/table.h"

#include <algorithm>
#include <bit>

#include "flow/key.h"
#include "flow/wheel.h"
#include "sekisho/flow/limits.h"

namespace sekisho::flow {
namespace {

/// Whole seconds, rounded up: a flow is never over before its time.
std::uint32_t second_of(TimeNs time) noexcept {
    return static_cast<std::uint32_t>((time + kSecondNs - 1) / kSecondNs);
}

bool is_syn_ack(const packet::Packet& p) noexcept {
    constexpr std::uint8_t kBoth = packet::tcp_flag::syn | packet::tcp_flag::ack;
    return p.is_tcp() && (p.tcp_flags & kBoth) == kBoth;
}

}  // namespace

struct Table::Impl {
    Impl(const TableConfig& config, OnRemove callback)
        : flow_capacity(std::clamp<std::uint32_t>(config.capacity, 1, kFlowsMax)),
          flows(flow_capacity + 1),
          buckets(std::bit_ceil(flow_capacity)),
          bucket_mask(static_cast<std::uint32_t>(buckets.size()) - 1),
          wheel(flows.data()),
          on_remove(std::move(callback)),
          worker(config.worker),
          by_vlan(config.by_vlan) {
        set_timeouts(config.timeouts);
        for (std::uint32_t i = flow_capacity; i >= 1; --i) give_slot(i);
    }

    void set_timeouts(const Timeouts& t) noexcept {
        timeouts[0] = {t.tcp_new, t.tcp_established, t.tcp_closed, t.tcp_closed};
        timeouts[1] = {t.udp_new, t.udp_established, t.udp_new, t.udp_new};
        timeouts[2] = {t.icmp_new, t.icmp_established, t.icmp_new, t.icmp_new};
        timeouts[3] = {t.other_new, t.other_established, t.other_new, t.other_new};
    }
    std::uint32_t timeout_of(const Flow& flow) const noexcept {
        std::size_t kind = 3;
        switch (flow.ip_protocol) {
            case packet::ip_proto::tcp: kind = 0; break;
            case packet::ip_proto::udp: kind = 1; break;
            case packet::ip_proto::icmp: case packet::ip_proto::icmpv6: kind = 2; break;
            default: break;
        }
        return timeouts[kind][static_cast<std::size_t>(flow.state)];
    }
    std::uint32_t deadline_of(const Flow& flow) const noexcept {
        return second_of(flow.last_ns) + timeout_of(flow);
    }
    bool is_over(const Flow& flow, std::uint32_t now) const noexcept {
        return static_cast<std::int32_t>(deadline_of(flow) - now) <= 0;
    }

    std::uint32_t index_of(const Flow& flow) const noexcept {
        return static_cast<std::uint32_t>(&flow - flows.data());
    }
    void give_slot(std::uint32_t i) noexcept {
        flows[i].next = free_head;
        free_head = i;
    }

    Flow* find(const packet::Packet& p, std::uint32_t icmp, std::uint32_t hash) noexcept {
        for (std::uint32_t i = buckets[hash & bucket_mask]; i; i = flows[i].next)
            if (flows[i].hash == hash && is_of(flows[i], p, icmp, by_vlan)) return &flows[i];
        return nullptr;
    }

    Flow& add(const packet::Packet& p, std::uint32_t icmp, std::uint32_t hash) noexcept {
        const std::uint32_t i = free_head;
        Flow& flow = flows[i];
        free_head = flow.next;
        flow = Flow{};
        const bool swapped = is_syn_ack(p);
        flow.client = swapped ? p.dst : p.src;
        flow.server = swapped ? p.src : p.dst;
        flow.client_port = swapped ? p.dst_port : p.src_port;
        flow.server_port = swapped ? p.src_port : p.dst_port;
        flow.vlan = p.vlan;
        flow.ip_protocol = p.ip_protocol;
        flow.port = p.port;
        flow.icmp_key = icmp;
        flow.hash = hash;
        flow.first_ns = flow.last_ns = p.time_ns;
        // 53 bits, so that JSON readers keep it exactly: worker, second, count.
        const std::uint64_t second = p.time_ns / kSecondNs;
        flow.id = static_cast<std::uint64_t>(worker) << 45 | (second & 0x1fff) << 32 | ++born;
        flow.next = buckets[hash & bucket_mask];
        buckets[hash & bucket_mask] = i;
        if (size++ == 0) wheel.start_at(static_cast<std::uint32_t>(p.time_ns / kSecondNs));
        wheel.file(i, deadline_of(flow));
        return flow;
    }

    void remove(Flow& flow, FlowEnd why) noexcept {
        const std::uint32_t i = index_of(flow);
        if (on_remove) on_remove(flow, why);
        wheel.take_out(i);
        std::uint32_t* link = &buckets[flow.hash & bucket_mask];
        while (*link != i) link = &flows[*link].next;
        *link = flow.next;
        --size;
        give_slot(i);
    }

    /// How gladly a flow is given up for a new one; 0: not at all.
    unsigned eviction_rank(const Flow& flow, std::uint32_t now) const noexcept {
        if (flow.state == FlowState::closed) return 4;
        if (is_over(flow, now)) return 3;
        if (flow.state == FlowState::closing) return 2;
        const auto idle = static_cast<std::int32_t>(now - second_of(flow.last_ns));
        return flow.state == FlowState::fresh && idle >= static_cast<std::int32_t>(kEvictFreshAfterSeconds) ? 1 : 0;
    }
    /// The best of the first flows that the wheel would look at; null when none may go.
    Flow* find_evictable(TimeNs time) noexcept {
        const auto now = static_cast<std::uint32_t>(time / kSecondNs);
        Flow* best = nullptr;
        unsigned best_rank = 0;
        std::size_t looked = 0;
        const std::uint32_t end = wheel.now() + kWheelSlots;
        for (std::uint32_t at = wheel.now(); at != end && looked < kEvictScan; ++at) {
            at = wheel.next_used(at, end - at);
            if (at == end) break;
            for (std::uint32_t i = wheel.head(at); i && looked < kEvictScan; i = flows[i].timer_next, ++looked) {
                const unsigned rank = eviction_rank(flows[i], now);
                if (rank <= best_rank) continue;
                best_rank = rank;
                best = &flows[i];
            }
        }
        return best;
    }

    const std::uint32_t flow_capacity;
    std::vector<Flow> flows;
    std::vector<std::uint32_t> buckets;
    const std::uint32_t bucket_mask;
    Wheel wheel;
    OnRemove on_remove;
    const std::uint8_t worker;
    const bool by_vlan;
    const std::uint64_t seed = process_hash_seed();
    std::uint32_t free_head = 0;
    std::uint32_t size = 0;
    std::uint32_t born = 0;
    std::array<std::array<std::uint32_t, 4>, 4> timeouts{};  // by protocol, by FlowState
};

Table::Table(const TableConfig& config, OnRemove on_remove)
    : impl_(std::make_unique<Impl>(config, std::move(on_remove))) {}
Table::~Table() { clear(FlowEnd::shutdown); }

Flow* Table::find(const packet::Packet& packet) noexcept {
    const std::uint32_t icmp = icmp_key(packet);
    return impl_->find(packet, icmp, hash_key(packet, icmp, impl_->by_vlan, impl_->seed));
}

void Table::prefetch(const packet::Packet& packet) const noexcept {
    const std::uint32_t hash = hash_key(packet, icmp_key(packet), impl_->by_vlan, impl_->seed);
    __builtin_prefetch(&impl_->buckets[hash & impl_->bucket_mask]);
}

Flow* Table::find_or_add(const packet::Packet& packet) noexcept {
    const std::uint32_t icmp = icmp_key(packet);
    const std::uint32_t hash = hash_key(packet, icmp, impl_->by_vlan, impl_->seed);
    if (Flow* known = impl_->find(packet, icmp, hash)) return known;
    if (!impl_->free_head) {
        Flow* victim = impl_->find_evictable(packet.time_ns);
        if (!victim) {
            counters_.add(TableCounter::refused_full);
            return nullptr;
        }
        impl_->remove(*victim, FlowEnd::evicted);
        counters_.add(TableCounter::evicted);
    }
    counters_.add(TableCounter::created);
    return &impl_->add(packet, icmp, hash);
}

void Table::touch(Flow& flow, TimeNs now) noexcept {
    flow.last_ns = now;
    const std::uint32_t deadline = impl_->deadline_of(flow);
    if (static_cast<std::int32_t>(deadline - flow.timer_slot) >= 0) return;
    const std::uint32_t i = impl_->index_of(flow);
    impl_->wheel.take_out(i);
    impl_->wheel.file(i, deadline);
}

void Table::expire(TimeNs now, std::size_t budget) noexcept {
    Wheel& wheel = impl_->wheel;
    const auto second = static_cast<std::uint32_t>(now / kSecondNs);
    if (impl_->size == 0) return wheel.start_at(std::max(second, wheel.now()));
    while (static_cast<std::int32_t>(second - wheel.now()) > 0) {
        // A slot holds only flows filed for this very second (filing never reaches a full turn ahead).
        const std::uint32_t gap = std::min(second - wheel.now(), kWheelSlots - 1);
        const std::uint32_t due = wheel.next_used(wheel.now() + 1, gap);
        if (due == wheel.now() + 1 + gap) return wheel.start_at(second);
        wheel.start_at(due - 1);
        while (const std::uint32_t i = wheel.head(due)) {
            if (budget-- == 0) return;
            Flow& flow = impl_->flows[i];
            if (impl_->is_over(flow, second)) {
                impl_->remove(flow, flow.state == FlowState::closed ? FlowEnd::tcp_closed : FlowEnd::timeout);
                counters_.add(TableCounter::expired);
            } else {
                wheel.take_out(i);
                wheel.file(i, impl_->deadline_of(flow));  // later than `second`, so never into this slot
            }
        }
        wheel.start_at(due);
    }
}

void Table::remove(Flow& flow, FlowEnd why) noexcept {
    impl_->remove(flow, why);
    counters_.add(TableCounter::removed);
}

void Table::clear(FlowEnd why) noexcept {
    for (std::uint32_t second = impl_->wheel.now(), turn = 0; impl_->size > 0 && turn < kWheelSlots; ++turn)
        while (const std::uint32_t i = impl_->wheel.head(second + turn)) remove(impl_->flows[i], why);
}

std::size_t Table::size() const noexcept { return impl_->size; }
std::size_t Table::capacity() const noexcept { return impl_->flow_capacity; }

}  // namespace sekisho::flow
