#include "sekisho/stream/window.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sekisho::stream {
namespace {

constexpr unsigned kOrderMin = 10, kOrderMax = 17;
static_assert(std::size_t{1} << kOrderMax == kWindowMax);

unsigned order_for(std::size_t bytes) noexcept {
    return std::clamp<unsigned>(static_cast<unsigned>(std::bit_width(bytes - 1)), kOrderMin, kOrderMax);
}

}  // namespace

// Sliding moves what is kept to the front. It is done only when that is at most half of the block, so each
// byte is moved once per half block appended: constant cost per byte however long the stream is.
bool Window::append(Bytes fresh, WindowPool& pool) noexcept {
    if (fresh.empty()) return true;
    const std::size_t room = data_ ? std::size_t{1} << order_ : 0;
    if (size_ + fresh.size() > room && !make_room(fresh.size(), room, pool)) return false;
    std::memcpy(data_ + size_, fresh.data(), fresh.size());
    size_ += static_cast<std::uint32_t>(fresh.size());
    return true;
}

bool Window::make_room(std::size_t fresh, std::size_t room, WindowPool& pool) noexcept {
    const std::uint64_t unparsed_from = std::clamp(keep_from_, begin_, end());
    const std::uint64_t history = std::min<std::uint64_t>(unparsed_from - begin_, kWindowHistory);
    const std::uint64_t wanted_from = unparsed_from - history;
    const auto wanted = static_cast<std::size_t>(end() - wanted_from);
    if (data_ && wanted * 2 <= room && wanted + fresh <= room) {
        slide_to(wanted_from);
        return true;
    }
    // Twice what is kept, so that sliding stays rare; once, when the pool has no such block.
    for (unsigned order = order_for(wanted * 2 + fresh); order >= kOrderMin; --order) {
        const bool larger = !data_ || order > order_;
        if (!larger || wanted + fresh > std::size_t{1} << order) break;
        if (move_to(wanted_from, order, pool)) return true;
    }
    // No larger block to be had: give up as much history as leaves half of the slack free.
    const auto unparsed = static_cast<std::size_t>(end() - unparsed_from);
    if (unparsed + fresh > room) return false;
    slide_to(unparsed_from - std::min<std::uint64_t>(history, (room - unparsed - fresh) / 2));
    return true;
}

void Window::slide_to(std::uint64_t offset) noexcept {
    const auto drop = static_cast<std::uint32_t>(offset - begin_);
    std::memmove(data_, data_ + drop, size_ - drop);
    size_ -= drop;
    begin_ = offset;
}

bool Window::move_to(std::uint64_t offset, unsigned order, WindowPool& pool) noexcept {
    std::uint8_t* block = pool.take(order);
    if (!block) return false;
    const auto drop = static_cast<std::uint32_t>(offset - begin_);
    if (data_) {
        std::memcpy(block, data_ + drop, size_ - drop);
        pool.give(data_, order_);
    }
    data_ = block;
    order_ = static_cast<std::uint8_t>(order);
    size_ -= drop;
    begin_ = offset;
    return true;
}

void Window::restart_at(std::uint64_t offset) noexcept {
    begin_ = keep_from_ = offset;
    size_ = 0;
}

void Window::release(WindowPool& pool) noexcept {
    if (data_) pool.give(data_, order_);
    data_ = nullptr;
    restart_at(end());
}

}  // namespace sekisho::stream
