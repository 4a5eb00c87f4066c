// How many different things, without keeping them: a bitmap of 256 places. Two things in one place count once,
// so the number is a lower bound, close while it is small (linear counting: Whang and others, 1990).
#pragma once

#include <array>
#include <cstdint>

namespace sekisho::judge {

class Distinct {
  public:
    /// @param hash  of the thing, well mixed
    void add(std::uint64_t hash) noexcept {
        std::uint64_t& word = words_[hash >> 6 & 3U];
        const std::uint64_t bit = std::uint64_t{1} << (hash & 63U);
        if ((word & bit) == 0) ++count_;
        word |= bit;
    }
    std::uint32_t count() const noexcept { return count_; }

  private:
    std::array<std::uint64_t, 4> words_{};
    std::uint32_t count_ = 0;
};

}  // namespace sekisho::judge
