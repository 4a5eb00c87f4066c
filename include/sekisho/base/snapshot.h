// One immutable value that many workers read and one publisher replaces: the way rules and settings
// change under traffic. Readers take no lock and write only their own cache line.
//
//   worker:     const T* t = reader.acquire();   // once per burst
//               ... use t ...
//               reader.release();                // the quiet point
//   publisher:  snapshot.publish(std::move(next));  // old value freed when every reader was quiet
//
// Epoch scheme (quiescent states, cf. P. McKenney's RCU): publish() swaps the pointer, then waits until
// each reader has released or re-acquired after the swap, then frees the old value.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace sekisho {

template <class T>
class Snapshot {
  public:
    /// One per worker thread. Must not outlive the snapshot; acquire/release from one thread only.
    class Reader {
      public:
        const T* acquire() noexcept {
            // Announce first, read second: the publisher that misses the announcement has already
            // swapped, so the pointer read here is the new one.
            seen_.store(owner_->epoch_.load(std::memory_order_acquire), std::memory_order_seq_cst);
            return owner_->current_.load(std::memory_order_seq_cst);
        }
        void release() noexcept { seen_.store(kQuiet, std::memory_order_release); }

      private:
        friend class Snapshot;
        static constexpr std::uint64_t kQuiet = ~std::uint64_t{0};
        explicit Reader(Snapshot* owner) : owner_(owner) {}
        Snapshot* owner_;
        alignas(64) std::atomic<std::uint64_t> seen_{kQuiet};
    };

    explicit Snapshot(std::unique_ptr<const T> first) : current_(first.release()) {}
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    ~Snapshot() { delete current_.load(); }

    /// A new reader, owned by the snapshot. Any thread.
    Reader& add_reader() {
        std::lock_guard lock(mutex_);
        readers_.push_back(std::unique_ptr<Reader>(new Reader(this)));
        return *readers_.back();
    }

    /// Replaces the value and frees the old one after every reader has passed a quiet point.
    /// Blocks the publisher, never a reader. Any thread.
    void publish(std::unique_ptr<const T> next) {
        std::lock_guard lock(mutex_);
        std::unique_ptr<const T> old(current_.exchange(next.release(), std::memory_order_seq_cst));
        const std::uint64_t now = epoch_.fetch_add(1, std::memory_order_seq_cst) + 1;
        for (const auto& reader : readers_) {
            while (reader->seen_.load(std::memory_order_seq_cst) < now)
                std::this_thread::sleep_for(std::chrono::microseconds{50});
        }
    }

    /// The current value; safe only for the publishing thread or before readers start.
    const T& peek() const noexcept { return *current_.load(std::memory_order_acquire); }

  private:
    std::atomic<const T*> current_;
    std::atomic<std::uint64_t> epoch_{0};
    std::mutex mutex_;
    std::vector<std::unique_ptr<Reader>> readers_;
};

}  // namespace sekisho
