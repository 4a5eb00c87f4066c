// A buddy allocator (Knuth, TAOCP 1, section 2.5) over one mapping: blocks of 2^10 to 2^17 octets, split on
// demand and joined with their buddy when given back, so that small and large windows share the memory.
// The lists run through the free blocks themselves.
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "sekisho/stream/window.h"

namespace sekisho::stream {
namespace {

constexpr unsigned kOrderMin = 10, kOrderMax = 17;
constexpr std::uint8_t kNotFree = 0;  // otherwise: the order of the free block that starts here
constexpr std::uint32_t kNone = 0xffffffffu;

struct Links {
    std::uint32_t previous, next;
};

}  // namespace

struct WindowPool::Impl {
    explicit Impl(std::size_t wanted)
        : bytes(std::max(wanted, kWindowMax) / kWindowMax * kWindowMax), free_order(bytes >> kOrderMin, kNotFree) {
        void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped == MAP_FAILED) throw std::bad_alloc();
        arena = static_cast<std::uint8_t*>(mapped);
        heads.fill(kNone);
        for (std::size_t at = bytes; at > 0; at -= kWindowMax) put(cell((at - kWindowMax)), kOrderMax);
        free = bytes;
    }
    ~Impl() { munmap(arena, bytes); }

    static std::uint32_t cell(std::size_t offset) noexcept { return static_cast<std::uint32_t>(offset >> kOrderMin); }
    std::uint8_t* address(std::uint32_t at) noexcept { return arena + (static_cast<std::size_t>(at) << kOrderMin); }
    Links load(std::uint32_t at) noexcept {
        Links links;
        std::memcpy(&links, address(at), sizeof links);
        return links;
    }
    void store(std::uint32_t at, Links links) noexcept { std::memcpy(address(at), &links, sizeof links); }

    void put(std::uint32_t at, unsigned order) noexcept {
        std::uint32_t& head = heads[order - kOrderMin];
        store(at, {kNone, head});
        if (head != kNone) store(head, {at, load(head).next});
        head = at;
        free_order[at] = static_cast<std::uint8_t>(order);
    }
    void unlink(std::uint32_t at, unsigned order) noexcept {
        const Links links = load(at);
        if (links.previous == kNone) heads[order - kOrderMin] = links.next;
        else store(links.previous, {load(links.previous).previous, links.next});
        if (links.next != kNone) store(links.next, {links.previous, load(links.next).next});
        free_order[at] = kNotFree;
    }

    std::size_t bytes;
    std::uint8_t* arena = nullptr;
    std::vector<std::uint8_t> free_order;  // one octet per KiB
    std::array<std::uint32_t, kOrderMax - kOrderMin + 1> heads{};
    std::size_t free = 0;
};

WindowPool::WindowPool(std::size_t bytes) : impl_(std::make_unique<Impl>(bytes)) {}
WindowPool::~WindowPool() = default;

std::uint8_t* WindowPool::take(unsigned order) noexcept {
    Impl& pool = *impl_;
    order = std::max(order, kOrderMin);
    unsigned from = order;
    while (from <= kOrderMax && pool.heads[from - kOrderMin] == kNone) ++from;
    if (from > kOrderMax) return nullptr;
    const std::uint32_t at = pool.heads[from - kOrderMin];
    pool.unlink(at, from);
    while (from > order) {
        --from;
        pool.put(at + (1u << (from - kOrderMin)), from);  // the upper half stays free
    }
    pool.free -= std::size_t{1} << order;
    return pool.address(at);
}

void WindowPool::give(std::uint8_t* block, unsigned order) noexcept {
    Impl& pool = *impl_;
    order = std::max(order, kOrderMin);
    pool.free += std::size_t{1} << order;
    std::uint32_t at = Impl::cell(static_cast<std::size_t>(block - pool.arena));
    for (; order < kOrderMax; ++order) {
        const std::uint32_t buddy = at ^ (1u << (order - kOrderMin));
        if (pool.free_order[buddy] != order) break;
        pool.unlink(buddy, order);
        at = std::min(at, buddy);
    }
    pool.put(at, order);
}

std::size_t WindowPool::free_bytes() const noexcept { return impl_->free; }

}  // namespace sekisho::stream
