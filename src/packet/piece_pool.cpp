#include "packet/piece_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace sekisho::packet {

PiecePool::PiecePool(std::size_t bytes)
    : count_(static_cast<std::uint32_t>(std::clamp<std::size_t>(bytes / sizeof(Piece), 1, 0x7fffffff)) + 1) {
    void* mapped = mmap(nullptr, count_ * sizeof(Piece), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    pieces_ = static_cast<Piece*>(mapped);
}

PiecePool::~PiecePool() { munmap(pieces_, count_ * sizeof(Piece)); }

std::uint32_t PiecePool::take() noexcept {
    std::uint32_t index = free_;
    if (index) free_ = pieces_[index].next;
    else if (fresh_ < count_) index = fresh_++;
    return index;
}

void PiecePool::give(std::uint32_t index) noexcept {
    pieces_[index].next = free_;
    free_ = index;
}

}  // namespace sekisho::packet
