// Out-of-order data waits here: blocks of one size from one mapping, chained by index, sorted by offset.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sekisho/base/bytes.h"
#include "sekisho/stream/limits.h"

namespace sekisho::stream {

struct HeldBlock {
    std::uint64_t offset;  ///< stream offset of data[0]
    std::uint32_t next;    ///< 0: none
    std::uint32_t size;
    static constexpr std::size_t kRoom = kHeldBlockBytes - 16;
    std::uint8_t data[kRoom];

    std::uint64_t end() const noexcept { return offset + size; }
    Bytes bytes() const noexcept { return {data, size}; }
};
static_assert(sizeof(HeldBlock) == kHeldBlockBytes);

class HeldPool {
  public:
    explicit HeldPool(std::size_t bytes);
    ~HeldPool();
    HeldPool(const HeldPool&) = delete;
    HeldPool& operator=(const HeldPool&) = delete;

    std::uint32_t take() noexcept;  ///< 0 when there is none
    void give(std::uint32_t index) noexcept;
    HeldBlock& operator[](std::uint32_t index) noexcept { return blocks_[index]; }
    const HeldBlock& operator[](std::uint32_t index) const noexcept { return blocks_[index]; }
    std::size_t in_use() const noexcept { return in_use_; }

  private:
    HeldBlock* blocks_ = nullptr;  // block 0 is not used
    std::uint32_t count_ = 0;
    std::uint32_t fresh_ = 1;      // blocks from here on were never taken
    std::uint32_t free_ = 0;
    std::size_t in_use_ = 0;
};

}  // namespace sekisho::stream
