#include "stream/assembly.h"

#include <algorithm>
#include <cstring>

#include "stream/overlap.h"

namespace sekisho::stream {
namespace {

bool differ(Bytes a, Bytes b) noexcept { return std::memcmp(a.data(), b.data(), a.size()) != 0; }

}  // namespace

void Assembly::insert(Side& side, std::uint64_t offset, Bytes data, Taken& taken) noexcept {
    if (side.has(Side::kStopped) || data.empty()) return;
    Window& window = side.window;
    if (config_.depth_bytes) {
        const std::uint64_t depth = config_.depth_bytes;
        data = data.first(static_cast<std::size_t>(std::min<std::uint64_t>(data.size(), depth - std::min(depth, offset))));
    }
    if (side.held_head == 0 && offset == window.end()) {
        append(side, data, taken);  // the usual way: in order, nothing waiting
    } else {
        if (conflicts(side, offset, data)) {
            taken.conflict = true;
            counters_.add(TcpCounter::overlap_conflicts);
            if (config_.enforce) {
                taken.refuse = true;
                return;
            }
            if (!config_.hosts.empty()) replace(side, offset, data, taken);
        }
        offset -= drain(side, taken);  // what an earlier packet had no room for
        if (offset < window.end()) {
            const std::uint64_t old = window.end() - offset;
            counters_.add(TcpCounter::overlaps);
            data = data.subspan(static_cast<std::size_t>(std::min<std::uint64_t>(old, data.size())));
            offset = window.end();
        }
        fill(side, offset, data, taken);
    }
    end_at_depth(side, taken);
}

void Assembly::end_at_depth(Side& side, Taken& taken) noexcept {
    if (!config_.depth_bytes || side.window.end() < config_.depth_bytes) return;
    taken.depth_reached = true;
    side.set(Side::kStopped);  // the window stays for this packet's readers
    drop_held(side);
    counters_.add(TcpCounter::depth_reached);
}

bool Assembly::follows_on(const Side& side) const noexcept {
    return side.held_head && !side.has(Side::kStopped) && held_[side.held_head].offset <= side.window.end();
}

void Assembly::go_on(Side& side, Taken& taken) noexcept {
    if (!follows_on(side)) return;
    drain(side, taken);
    end_at_depth(side, taken);
}

/// Compares with every first copy that is still here: the window's history and the held blocks.
bool Assembly::conflicts(Side& side, std::uint64_t offset, Bytes data) noexcept {
    const Window& window = side.window;
    const std::uint64_t end = offset + data.size();
    const std::uint64_t from = std::max(offset, window.begin()), to = std::min(end, window.end());
    if (from < to) {
        const auto size = static_cast<std::size_t>(to - from);
        if (differ(data.subspan(static_cast<std::size_t>(from - offset), size), window.from(from).first(size))) return true;
    }
    if (!side.held_tail || held_[side.held_tail].end() <= offset) return false;
    for (std::uint32_t i = side.held_head; i && held_[i].offset < end; i = held_[i].next) {
        const HeldBlock& block = held_[i];
        const std::uint64_t first = std::max(offset, block.offset), last = std::min(end, block.end());
        if (first >= last) continue;
        const auto size = static_cast<std::size_t>(last - first);
        if (differ(data.subspan(static_cast<std::size_t>(first - offset), size),
                   block.bytes().subspan(static_cast<std::size_t>(first - block.offset), size)))
            return true;
    }
    return false;
}

/// Overwrites held bytes where the receiver would. What it puts in their place belongs to the earlier segment from now on.
void Assembly::replace(Side& side, std::uint64_t offset, Bytes data, const Taken& taken) noexcept {
    const auto system = taken.receiver != nullptr ? config_.hosts.find(*taken.receiver) : std::nullopt;
    if (!system) return;
    const Stretch later{offset, offset + data.size()};
    for (std::uint32_t i = side.held_head; i && held_[i].offset < later.end; i = held_[i].next) {
        HeldBlock& block = held_[i];
        const Stretch earlier{block.offset, block.end()};
        const std::uint64_t from = std::max(later.begin, earlier.begin), to = std::min(later.end, earlier.end);
        if (from < to && later_segment_wins(*system, later, earlier))
            std::memcpy(block.data + (from - earlier.begin), data.data() + (from - later.begin), static_cast<std::size_t>(to - from));
    }
}

/// Puts the bytes that nobody sent before between those that are held.
void Assembly::fill(Side& side, std::uint64_t offset, Bytes data, Taken& taken) noexcept {
    std::uint32_t before = 0, behind = side.held_head;
    if (side.held_tail && held_[side.held_tail].end() <= offset) {  // beyond all: the usual case after a loss
        before = side.held_tail;
        behind = 0;
    }
    while (!data.empty()) {
        while (behind && held_[behind].end() <= offset) {
            before = behind;
            behind = held_[behind].next;
        }
        std::size_t size = data.size();
        if (behind && held_[behind].offset <= offset) {  // already here
            size = static_cast<std::size_t>(std::min<std::uint64_t>(size, held_[behind].end() - offset));
        } else {
            if (behind) size = static_cast<std::size_t>(std::min<std::uint64_t>(size, held_[behind].offset - offset));
            if (offset == side.window.end() && append(side, data.first(size), taken)) {
                offset -= drain(side, taken);
                if (side.window.end() >= offset + data.size()) return;
                size = static_cast<std::size_t>(side.window.end() - offset);
                before = 0;
                behind = side.held_head;
            } else if (!hold(side, before, offset, data.first(size), taken)) {
                if (config_.enforce) {
                    taken.refuse = taken.no_room = true;
                    return;
                }
                if (taken.fresh || taken.gap_bytes) return;
                // Observing, and no place to wait: what is missing is taken for lost.
                skip_to(side, side.held_head ? std::min(held_[side.held_head].offset, offset) : offset, taken);
                offset -= drain(side, taken);
                if (side.window.end() >= offset + data.size()) return;
                if (side.window.end() > offset) size = static_cast<std::size_t>(side.window.end() - offset);
                else size = 0;
                before = 0;
                behind = side.held_head;
            }
        }
        data = data.subspan(size);
        offset += size;
    }
}

/// Appends at the window's end; where it cannot grow, unparsed bytes are given up. False: nothing was taken.
bool Assembly::append(Side& side, Bytes data, Taken& taken) noexcept {
    Window& window = side.window;
    const std::uint64_t at = window.end();
    if (!window.append(data, windows_)) {
        counters_.add(TcpCounter::window_full);
        if (taken.fresh) return false;  // its readers have not seen the window yet; the sender or held data come again
        const std::uint64_t lost_from = window.parsed_to();
        window.restart_at(at);
        if (!window.append(data, windows_)) {
            window.restart_at(at + data.size());
            taken.gap_bytes += at + data.size() - lost_from;
            return true;
        }
        taken.gap_bytes += at - lost_from;
    }
    if (!taken.fresh) taken.fresh_from = at;
    taken.fresh = taken.added = true;
    return true;
}

void Assembly::skip_to(Side& side, std::uint64_t offset, Taken& taken) noexcept {
    const std::uint64_t lost = offset - side.window.end();
    taken.gap_bytes += lost;
    taken.fresh_from = offset;
    side.window.restart_at(offset);
    counters_.add(TcpCounter::gaps);
    counters_.add(TcpCounter::gap_bytes, lost);
}

void Assembly::leave_out(Side& side, Taken& taken) noexcept {
    ++side.left_out;
    for (std::uint32_t i = side.held_head; i; i = held_[i].next) --held_[i].offset;
    taken.leave_out = Taken::kNone;
    taken.left_out = true;
}

/// Moves held data that now follows on into the window.
std::uint64_t Assembly::drain(Side& side, Taken& taken) noexcept {
    std::uint64_t left_out = 0;
    while (const std::uint32_t i = side.held_head) {
        const HeldBlock& block = held_[i];
        const std::uint64_t end = side.window.end();
        if (block.offset > end) break;
        if (block.end() > end) {
            Bytes more = block.bytes().subspan(static_cast<std::size_t>(end - block.offset));
            if (taken.leave_out >= end) more = more.first(static_cast<std::size_t>(std::min<std::uint64_t>(more.size(), taken.leave_out - end)));
            if (!more.empty() && !append(side, more, taken)) break;
            if (side.window.end() == taken.leave_out && block.end() > taken.leave_out) {
                leave_out(side, taken);
                ++left_out;
                continue;
            }
        }
        side.held_head = block.next;
        if (!side.held_head) side.held_tail = 0;
        side.held_bytes -= static_cast<std::uint32_t>(kHeldBlockBytes);
        held_.give(i);
    }
    return left_out;
}

/// Keeps bytes behind block `before` (0: in front), which moves along. False: no memory; what was kept stays.
bool Assembly::hold(Side& side, std::uint32_t& before, std::uint64_t offset, Bytes data, Taken& taken) noexcept {
    // Where it matters which segment held bytes came in, segments do not share blocks.
    for (bool apart = !config_.hosts.empty(); !data.empty(); apart = false) {
        HeldBlock* block = before ? &held_[before] : nullptr;
        if (!block || apart || block->end() != offset || block->size == HeldBlock::kRoom) {
            const bool capped = side.held_bytes + kHeldBlockBytes > config_.held_per_direction_bytes;
            const std::uint32_t i = capped ? 0 : held_.take();
            if (!i) {
                counters_.add(TcpCounter::held_full);
                return false;
            }
            std::uint32_t& link = before ? held_[before].next : side.held_head;
            block = &held_[i];
            block->offset = offset;
            block->size = 0;
            block->next = link;
            link = i;
            if (!block->next) side.held_tail = i;
            side.held_bytes += static_cast<std::uint32_t>(kHeldBlockBytes);
            before = i;
        }
        const std::size_t size = std::min(data.size(), HeldBlock::kRoom - block->size);
        std::memcpy(block->data + block->size, data.data(), size);
        block->size += static_cast<std::uint32_t>(size);
        data = data.subspan(size);
        offset += size;
        taken.added = true;
    }
    return true;
}

void Assembly::settle(Side& side, std::uint64_t acked, Taken& taken) noexcept {
    if (side.has(Side::kStopped) || acked <= side.window.end() || taken.fresh || taken.gap_bytes) return;
    // Without data beyond the hole the ACK may only have overtaken the segment on its way to us.
    if (!side.held_head) return;
    const std::uint64_t resume = held_[side.held_head].offset;
    if (resume > acked) return;
    skip_to(side, resume, taken);
    drain(side, taken);
}

bool Assembly::keep_syn_data(Side& side, Bytes data) noexcept {
    Taken taken;
    std::uint32_t before = 0;
    if (hold(side, before, 0, data, taken)) return true;
    drop_held(side);
    return false;
}

void Assembly::settle_syn_data(Side& side, bool was_taken, Taken& taken) noexcept {
    if (was_taken) drain(side, taken);
    else drop_held(side);
}

void Assembly::drop_held(Side& side) noexcept {
    while (const std::uint32_t i = side.held_head) {
        side.held_head = held_[i].next;
        held_.give(i);
    }
    side.held_tail = 0;
    side.held_bytes = 0;
}

void Assembly::stop(Side& side) noexcept {
    side.set(Side::kStopped);
    drop_held(side);
    side.window.release(windows_);
}

}  // namespace sekisho::stream
