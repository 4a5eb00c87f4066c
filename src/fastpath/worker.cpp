#include "fastpath/worker.h"

#include <rte_prefetch.h>
#include <rte_ring.h>
#include <sys/prctl.h>
#include <time.h>

#include <algorithm>
#include <cstring>

#include "fastpath/symmetric_hash.h"

namespace sekisho::fastpath {
namespace {

constexpr std::uint16_t kPrefetchAhead = 4;
constexpr std::uint64_t kGoodChecksums = RTE_MBUF_F_RX_IP_CKSUM_GOOD | RTE_MBUF_F_RX_L4_CKSUM_GOOD;

const std::uint8_t* data_of(const rte_mbuf* frame) noexcept { return rte_pktmbuf_mtod(frame, const std::uint8_t*); }

}  // namespace

const char* to_string(WorkerCounter counter) noexcept {
    constexpr std::array<const char*, Counters<WorkerCounter>::kCount> kNames{
        "frames",          "octets",    "forwarded",   "dropped",    "mirrored", "answers", "tx_full",
        "frames_too_long", "no_buffer", "handed_over", "inbox_full", "bursts",   "sleeps"};
    return kNames[static_cast<std::size_t>(counter)];
}

Worker::Worker(WorkerPlan plan, const Clock& clock, Policies& policies, Quarantines& quarantines,
               std::unique_ptr<event::RingWriter> ring, std::unique_ptr<event::RingWriter> evidence, std::unique_ptr<engine::Pipeline> inline_pipeline, std::unique_ptr<engine::Pipeline> mirror_pipeline)
    : plan_(std::move(plan)),
      clock_(clock, ::rte_get_tsc_hz()),
      policies_(policies.add_reader()),
      quarantines_(quarantines.add_reader()),
      ring_(std::move(ring)),
      evidence_(std::move(evidence)),
      inline_(std::move(inline_pipeline)),
      mirror_(std::move(mirror_pipeline)) {
    for (std::size_t i = 0; i < plan_.outlets.size(); ++i) {
        outlets_.emplace_back(plan_.outlets[i].port_id, static_cast<std::uint16_t>(plan_.index));
        port_index_[plan_.outlets[i].port_id] = static_cast<std::uint8_t>(i);
    }
}

Worker::~Worker() = default;

void Worker::run(const std::atomic<bool>& stop) noexcept {
    ::prctl(PR_SET_TIMERSLACK, 1000UL);  // nanoseconds; the default would double the idle sleep
    while (!stop.load(std::memory_order_relaxed)) {
        heartbeat_.store(heartbeat_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        round() ? void(idle_rounds_ = 0) : rest();
    }
    drain();
}

bool Worker::round() noexcept {
    bool busy = false;
    for (const auto& queue : plan_.queues) busy |= receive(queue);
    if (!plan_.inboxes.empty()) busy |= take_inbox();
    if (busy) flush();
    return busy;
}

bool Worker::receive(const WorkerPlan::Queue& queue) noexcept {
    Frames frames;
    std::uint16_t count = ::rte_eth_rx_burst(queue.port_id, queue.queue, frames.data(), plan_.burst);
    if (count == 0) return false;
    counters_.add(WorkerCounter::bursts);
    for (std::uint16_t i = 0; i < count; ++i) frames[i]->port = queue.port_id;  // not every driver says
    if (!plan_.inboxes.empty()) count = hand_over(frames, count);
    judge(frames, count);
    return true;
}

bool Worker::take_inbox() noexcept {
    Frames frames;
    const unsigned count = ::rte_ring_dequeue_burst(plan_.inboxes[plan_.index], reinterpret_cast<void**>(frames.data()),
                                                    plan_.burst, nullptr);
    if (count == 0) return false;
    judge(frames, static_cast<std::uint16_t>(count));
    return true;
}

/// Gives away what belongs to others. @return how many of our own are left, moved to the front in their order
std::uint16_t Worker::hand_over(Frames& frames, std::uint16_t count) noexcept {
    std::uint16_t own = 0;
    for (std::uint16_t i = 0; i < count; ++i) {
        rte_mbuf* frame = frames[i];
        const auto hash = symmetric_hash({data_of(frame), frame->data_len}, plan_.hash_seed);
        const std::size_t target = hash % plan_.inboxes.size();
        if (target == plan_.index) {
            frames[own++] = frame;
        } else if (::rte_ring_enqueue(plan_.inboxes[target], frame) == 0) {
            counters_.add(WorkerCounter::handed_over);
        } else {
            counters_.add(WorkerCounter::inbox_full);
            ::rte_pktmbuf_free(frame);
        }
    }
    return own;
}

void Worker::judge(Frames& frames, std::uint16_t count) noexcept {
    if (count == 0) return;
    if (!inline_ && !mirror_) return forward_all(frames, count);

    const TimeNs now = clock_.now();
    const engine::Policy& policy = *policies_.acquire();
    const engine::Quarantine* quarantine = quarantines_.acquire();
    for (engine::Pipeline* pipeline : {inline_.get(), mirror_.get()})
        if (pipeline) pipeline->isolate(quarantine);
    for (std::uint16_t i = 0; i < std::min(count, kPrefetchAhead); ++i) ::rte_prefetch0(data_of(frames[i]));
    for (std::uint16_t i = 0; i < count; ++i) {
        if (i + kPrefetchAhead < count) ::rte_prefetch0(data_of(frames[i + kPrefetchAhead]));
        packet::Frame view;
        if (!bytes_of(frames[i], view.bytes)) continue;
        const std::size_t port = port_of(frames[i]);
        const WorkerPlan::Outlet& outlet = plan_.outlets[port];
        view.time_ns = now;
        view.port = static_cast<std::uint16_t>(port);
        view.checksums_verified = (frames[i]->ol_flags & kGoodChecksums) == kGoodChecksums;
        act(frames[i], outlet, (outlet.mirror ? mirror_ : inline_)->inspect(view, policy));
    }
    for (engine::Pipeline* pipeline : {inline_.get(), mirror_.get()})
        if (pipeline) pipeline->tick(now, policy);
    last_tick_ = now;
    for (engine::Pipeline* pipeline : {inline_.get(), mirror_.get()})
        if (pipeline) pipeline->isolate(nullptr);  // the set may go once it is released
    quarantines_.release();
    policies_.release();
}

void Worker::forward_all(Frames& frames, std::uint16_t count) noexcept {
    for (std::uint16_t i = 0; i < count; ++i) {
        Bytes bytes;
        if (bytes_of(frames[i], bytes)) act(frames[i], plan_.outlets[port_of(frames[i])], {});
    }
}

void Worker::act(rte_mbuf* frame, const WorkerPlan::Outlet& outlet, const engine::Judgement& judgement) noexcept {
    if (outlet.mirror) {
        counters_.add(WorkerCounter::mirrored);
        ::rte_pktmbuf_free(frame);
        return;
    }
    switch (judgement.verdict) {
        case engine::Verdict::pass:
        case engine::Verdict::hold:
            counters_.add(WorkerCounter::forwarded);
            send(outlet.peer, frame);
            return;
        case engine::Verdict::reset:
        case engine::Verdict::answer:
            for (const engine::Answer& made : judgement.answers) answer(made, port_of(frame), outlet.peer);
            break;
        case engine::Verdict::drop:
        case engine::Verdict::count_:
            break;
    }
    counters_.add(WorkerCounter::dropped);
    ::rte_pktmbuf_free(frame);
}

void Worker::answer(const engine::Answer& answer, std::size_t in_port, std::size_t peer) noexcept {
    rte_mbuf* frame = ::rte_pktmbuf_alloc(plan_.pool);
    char* room = frame ? ::rte_pktmbuf_append(frame, static_cast<std::uint16_t>(answer.frame.size())) : nullptr;
    if (room == nullptr) {
        counters_.add(WorkerCounter::no_buffer);
        ::rte_pktmbuf_free(frame);
        return;
    }
    std::memcpy(room, answer.frame.data(), answer.frame.size());
    counters_.add(WorkerCounter::answers);
    send(answer.to_sender ? in_port : peer, frame);
}

/// The frame as it stood on the wire, in one piece. False: it cannot be had, the frame is gone and counted.
bool Worker::bytes_of(rte_mbuf*& frame, Bytes& bytes) noexcept {
    counters_.add(WorkerCounter::frames);
    counters_.add(WorkerCounter::octets, frame->pkt_len);
    WorkerCounter lost = WorkerCounter::frames_too_long;
    if ((frame->ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED) && ::rte_vlan_insert(&frame) != 0) {
        lost = WorkerCounter::no_buffer;
    } else if (frame->nb_segs == 1) {
        bytes = {data_of(frame), frame->data_len};
        return true;
    } else if (frame->pkt_len <= joined_.size()) {
        // Only looked at here; the frame itself is sent as it is, piece by piece.
        const void* whole = ::rte_pktmbuf_read(frame, 0, frame->pkt_len, joined_.data());
        bytes = {static_cast<const std::uint8_t*>(whole), frame->pkt_len};
        return true;
    }
    counters_.add(lost);
    ::rte_pktmbuf_free(frame);
    return false;
}

std::size_t Worker::port_of(const rte_mbuf* frame) const noexcept { return port_index_[frame->port]; }

void Worker::send(std::size_t port, rte_mbuf* frame) noexcept {
    frame->ol_flags = 0;  // what the receiving device noted must not ask the sending one for work
    if (const unsigned lost = outlets_[port].add(frame); lost > 0) counters_.add(WorkerCounter::tx_full, lost);
}

void Worker::flush() noexcept {
    for (SendBuffer& outlet : outlets_)
        if (const unsigned lost = outlet.flush(); lost > 0) counters_.add(WorkerCounter::tx_full, lost);
}

void Worker::tick(TimeNs now) noexcept {
    const engine::Policy& policy = *policies_.acquire();
    for (engine::Pipeline* pipeline : {inline_.get(), mirror_.get()})
        if (pipeline) pipeline->tick(now, policy);
    policies_.release();
    last_tick_ = now;
}

/// Nothing came: poll on for a moment, then give the core to others for short times.
void Worker::rest() noexcept {
    const TimeNs now = clock_.now();
    if (now - last_tick_ >= to_ns(kIdleTick)) tick(now);
    if (++idle_rounds_ < kIdleRounds) return ::rte_pause();
    counters_.add(WorkerCounter::sleeps);
    const timespec sleep{0, static_cast<long>(to_ns(kIdleSleep))};
    ::nanosleep(&sleep, nullptr);
}

/// What has arrived still goes its way; then the flows are closed.
void Worker::drain() noexcept {
    constexpr unsigned kRoundsMax = 1000;  // traffic that does not end must not keep us
    for (unsigned i = 0; i < kRoundsMax && round(); ++i) {}
    const engine::Policy& policy = *policies_.acquire();
    for (engine::Pipeline* pipeline : {inline_.get(), mirror_.get()})
        if (pipeline) pipeline->finish(policy);
    policies_.release();
    flush();
}

}  // namespace sekisho::fastpath
