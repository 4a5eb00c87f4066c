// Counters of one worker: plain words written by one thread and read by any. Aligned to a cache line so
// that workers never share one; the reader sums over workers.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace sekisho {

/// Counters indexed by an enum class whose last enumerator is `count_`.
template <class Name>
class alignas(64) Counters {
  public:
    static constexpr std::size_t kCount = static_cast<std::size_t>(Name::count_);

    /// Writer thread only. A relaxed load and store: no locked instruction on the packet path.
    void add(Name name, std::uint64_t by = 1) noexcept {
        auto& word = words_[static_cast<std::size_t>(name)];
        word.store(word.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }
    /// Any thread; may lag by a moment.
    std::uint64_t get(Name name) const noexcept {
        return words_[static_cast<std::size_t>(name)].load(std::memory_order_relaxed);
    }

  private:
    std::array<std::atomic<std::uint64_t>, kCount> words_{};
};

}  // namespace sekisho
