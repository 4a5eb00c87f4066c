// What strangers' traffic makes us remember for a while, in memory that is fixed: sets of eight places, and in
// a full set the entry longest without news makes room. Keys are keyed 64-bit hashes: told apart by the hash
// alone, since nobody outside knows the seed.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "sekisho/base/address.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/hash.h"

namespace sekisho::judge {

template <class Value>
class RecentTable {
  public:
    static constexpr std::size_t kWays = 8;

    /// @param places  rounded up to a power of two, at least kWays
    explicit RecentTable(std::size_t places)
        : sets_(std::max<std::size_t>(std::bit_ceil(places) / kWays, 1)), keys_(sets_ * kWays), times_(sets_ * kWays), values_(sets_ * kWays) {}

    Value* find(std::uint64_t key) noexcept {
        const std::size_t first = first_of(key);
        for (std::size_t i = first; i < first + kWays; ++i)
            if (keys_[i] == key) return &values_[i];
        return nullptr;
    }
    /// The entry, new (Value{}) when there was none; its age starts anew either way.
    Value& at(std::uint64_t key, TimeNs now) noexcept {
        const std::size_t first = first_of(key);
        for (std::size_t i = first; i < first + kWays; ++i) {
            if (keys_[i] != key) continue;
            times_[i] = now;
            return values_[i];
        }
        std::size_t place = first;
        for (std::size_t i = first; i < first + kWays; ++i)
            if (times_[i] < times_[place]) place = i;
        if (keys_[place] != 0) ++evicted_;
        keys_[place] = key;
        times_[place] = now;
        values_[place] = Value{};
        return values_[place];
    }
    void erase(std::uint64_t key) noexcept {
        const std::size_t first = first_of(key);
        for (std::size_t i = first; i < first + kWays; ++i)
            if (keys_[i] == key) keys_[i] = times_[i] = 0;
    }
    std::uint64_t evicted() const noexcept { return evicted_; }

    template <class Use>
    void for_each(Use&& use) {
        for (std::size_t i = 0; i < keys_.size(); ++i)
            if (keys_[i] != 0) use(values_[i]);
    }

  private:
    std::size_t first_of(std::uint64_t key) const noexcept { return (key & (sets_ - 1)) * kWays; }

    std::size_t sets_;
    std::vector<std::uint64_t> keys_;  ///< 0: free; a set is one cache line
    std::vector<TimeNs> times_;        ///< of the latest news
    std::vector<Value> values_;
    std::uint64_t evicted_ = 0;
};

/// A key from addresses and a number, never 0.
inline std::uint64_t key_of(std::uint64_t seed, const IpAddress& a, std::uint64_t number = 0) noexcept {
    return hash_bytes(a.octets, hash_mix(seed ^ number, 0x9e3779b97f4a7c15ULL)) | 1U << 31;
}
inline std::uint64_t key_of(std::uint64_t seed, const IpAddress& a, const IpAddress& b, std::uint64_t number = 0) noexcept {
    return key_of(key_of(seed, b, number), a);
}

}  // namespace sekisho::judge
