#include "stream/held_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace sekisho::stream {

HeldPool::HeldPool(std::size_t bytes)
    : count_(static_cast<std::uint32_t>(std::clamp<std::size_t>(bytes / kHeldBlockBytes, 1, 0x7fffffff)) + 1) {
    void* mapped = mmap(nullptr, count_ * kHeldBlockBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    blocks_ = static_cast<HeldBlock*>(mapped);
}

HeldPool::~HeldPool() { munmap(blocks_, count_ * kHeldBlockBytes); }

std::uint32_t HeldPool::take() noexcept {
    std::uint32_t index = free_;
    if (index) free_ = blocks_[index].next;
    else if (fresh_ < count_) index = fresh_++;
    else return 0;
    ++in_use_;
    return index;
}

void HeldPool::give(std::uint32_t index) noexcept {
    blocks_[index].next = free_;
    free_ = index;
    --in_use_;
}

}  // namespace sekisho::stream
