// The timer wheel: flows filed by the second at which they may be over. Lists by index through the flows
// themselves; filing and taking out cost a few stores. After G. Varghese and T. Lauck, "Hashed and
// hierarchical timing wheels" (1987), one level: what lies further ahead is filed again when its turn comes.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "sekisho/flow/flow.h"
#include "sekisho/flow/limits.h"

namespace sekisho::flow {

class Wheel {
  public:
    explicit Wheel(Flow* flows) : flows_(flows) {}

    std::uint32_t now() const noexcept { return now_; }
    /// Sets the hand without running what lies between; for the first packet.
    void start_at(std::uint32_t second) noexcept { now_ = second; }
    void step() noexcept { ++now_; }

    /// Files flow `i` for `second`, at the earliest the coming one, at the latest one turn from now.
    void file(std::uint32_t i, std::uint32_t second) noexcept {
        Flow& flow = flows_[i];
        const auto ahead = static_cast<std::int32_t>(second - now_);
        if (ahead < 1) second = now_ + 1;
        if (ahead >= static_cast<std::int32_t>(kWheelSlots)) second = now_ + kWheelSlots - 1;
        const std::uint32_t slot = second % kWheelSlots;
        flow.timer_slot = second;
        flow.timer_prev = 0;
        flow.timer_next = heads_[slot];
        if (flow.timer_next) flows_[flow.timer_next].timer_prev = i;
        heads_[slot] = i;
        used_[slot / 64] |= std::uint64_t{1} << slot % 64;
    }
    void take_out(std::uint32_t i) noexcept {
        Flow& flow = flows_[i];
        const std::uint32_t slot = flow.timer_slot % kWheelSlots;
        if (flow.timer_prev) flows_[flow.timer_prev].timer_next = flow.timer_next;
        else heads_[slot] = flow.timer_next;
        if (flow.timer_next) flows_[flow.timer_next].timer_prev = flow.timer_prev;
        if (!heads_[slot]) used_[slot / 64] &= ~(std::uint64_t{1} << slot % 64);
    }
    /// First flow filed for `second`'s slot; go on with Flow::timer_next. 0: none.
    std::uint32_t head(std::uint32_t second) const noexcept { return heads_[second % kWheelSlots]; }

    /// The first second from `from` on (less than `limit` ahead) with flows; `from + limit` when there is none.
    std::uint32_t next_used(std::uint32_t from, std::uint32_t limit) const noexcept {
        for (std::uint32_t ahead = 0; ahead < limit;) {
            const std::uint32_t slot = (from + ahead) % kWheelSlots;
            const std::uint64_t word = used_[slot / 64] >> slot % 64;
            if (word) {
                const auto skip = static_cast<std::uint32_t>(std::countr_zero(word));
                return ahead + skip < limit ? from + ahead + skip : from + limit;
            }
            ahead += 64 - slot % 64;
        }
        return from + limit;
    }

  private:
    Flow* flows_;
    std::uint32_t now_ = 0;
    std::array<std::uint32_t, kWheelSlots> heads_{};
    std::array<std::uint64_t, kWheelSlots / 64> used_{};
};

}  // namespace sekisho::flow
