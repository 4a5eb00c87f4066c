// One worker: its receive queues, its pipelines, its event ring. Runs on one core and shares nothing with other
// workers but the rings between them (software spreading). rx, judge, act, tx; in bursts.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <vector>

#include "fastpath/burst_clock.h"
#include "fastpath/limits.h"
#include "fastpath/port.h"
#include "fastpath/send_buffer.h"
#include "sekisho/base/counters.h"
#include "sekisho/base/snapshot.h"
#include "sekisho/engine/pipeline.h"
#include "sekisho/engine/policy.h"
#include "sekisho/engine/quarantine.h"
#include "sekisho/event/ring.h"

struct rte_ring;

namespace sekisho::fastpath {

enum class WorkerCounter : std::uint8_t {
    frames,           ///< taken from a queue, before any verdict
    octets,
    forwarded,
    dropped,          ///< by verdict
    mirrored,         ///< looked at and freed
    answers,          ///< frames of our own making
    tx_full,          ///< lost: the send queue took no more
    frames_too_long,  ///< lost: longer than kFrameMax
    no_buffer,        ///< lost: no frame buffer for an answer or a tag
    handed_over,      ///< given to another worker
    inbox_full,       ///< lost on the way to another worker
    bursts,
    sleeps,
    count_,
};
const char* to_string(WorkerCounter counter) noexcept;

/// What a worker is told at its making. All pointers outlive it.
struct WorkerPlan {
    struct Outlet {               ///< by port index
        std::uint16_t port_id = 0;
        bool mirror = false;
        std::size_t peer = 0;
    };
    struct Queue {
        std::size_t port = 0;     ///< index
        std::uint16_t port_id = 0;
        std::uint16_t queue = 0;
    };
    unsigned index = 0;
    std::uint16_t burst = 32;
    std::vector<Outlet> outlets;
    std::vector<Queue> queues;
    std::vector<rte_ring*> inboxes;  ///< of all workers; empty: frames are spread before they get here
    rte_mempool* pool = nullptr;
    std::uint64_t hash_seed = 0;
};

class Worker {
  public:
    using Policies = Snapshot<engine::Policy>;
    using Quarantines = Snapshot<engine::Quarantine>;

    /// @param inline_pipeline, mirror_pipeline  null where the box has no such ports, both null: forward only
    Worker(WorkerPlan plan, const Clock& clock, Policies& policies, Quarantines& quarantines, std::unique_ptr<event::RingWriter> ring,
           std::unique_ptr<event::RingWriter> evidence, std::unique_ptr<engine::Pipeline> inline_pipeline, std::unique_ptr<engine::Pipeline> mirror_pipeline);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Until `stop`. On return all frames are sent or freed, and open flows have been reported.
    void run(const std::atomic<bool>& stop) noexcept;

    // For the control thread.
    unsigned index() const noexcept { return plan_.index; }
    std::uint64_t heartbeat() const noexcept { return heartbeat_.load(std::memory_order_relaxed); }
    const Counters<WorkerCounter>& counters() const noexcept { return counters_; }
    const engine::Pipeline* pipeline(bool mirror) const noexcept { return (mirror ? mirror_ : inline_).get(); }
    const event::RingWriter* ring() const noexcept { return ring_.get(); }

  private:
    using Frames = std::array<rte_mbuf*, kBurstMax>;

    bool round() noexcept;
    bool receive(const WorkerPlan::Queue& queue) noexcept;
    bool take_inbox() noexcept;
    std::uint16_t hand_over(Frames& frames, std::uint16_t count) noexcept;
    void judge(Frames& frames, std::uint16_t count) noexcept;
    void forward_all(Frames& frames, std::uint16_t count) noexcept;
    void act(rte_mbuf* frame, const WorkerPlan::Outlet& outlet, const engine::Judgement& judgement) noexcept;
    void answer(const engine::Answer& answer, std::size_t in_port, std::size_t peer) noexcept;
    bool bytes_of(rte_mbuf*& frame, Bytes& bytes) noexcept;
    void send(std::size_t port, rte_mbuf* frame) noexcept;
    void flush() noexcept;
    void tick(TimeNs now) noexcept;
    void rest() noexcept;
    void drain() noexcept;
    std::size_t port_of(const rte_mbuf* frame) const noexcept;

    WorkerPlan plan_;
    BurstClock clock_;
    Policies::Reader& policies_;
    Quarantines::Reader& quarantines_;
    std::unique_ptr<event::RingWriter> ring_;
    std::unique_ptr<event::RingWriter> evidence_;  // before the pipelines that write to it
    std::unique_ptr<engine::Pipeline> inline_;
    std::unique_ptr<engine::Pipeline> mirror_;
    std::vector<SendBuffer> outlets_;
    std::array<std::uint8_t, RTE_MAX_ETHPORTS> port_index_{};  // by DPDK's port id
    std::array<std::uint8_t, kFrameMax> joined_{};             // a frame that came in several buffers
    TimeNs last_tick_ = 0;
    unsigned idle_rounds_ = 0;
    Counters<WorkerCounter> counters_;
    alignas(64) std::atomic<std::uint64_t> heartbeat_{0};
};

}  // namespace sekisho::fastpath
