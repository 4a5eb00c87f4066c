// A bump allocator over memory of the caller (the stack of one parse): joined header values and the like.
#pragma once

#include <cstring>
#include <string_view>

#include "sekisho/base/bytes.h"

namespace sekisho::app::http {

class TextArena {
  public:
    explicit TextArena(MutableBytes memory) noexcept
        : memory_(reinterpret_cast<char*>(memory.data())), room_(memory.size()) {}

    /// Copies the parts behind one another; what does not fit is cut off.
    template <class... Parts>
    std::string_view join(Parts... parts) noexcept {
        char* start = memory_ + used_;
        (append(parts), ...);
        return {start, static_cast<std::size_t>(memory_ + used_ - start)};
    }
    /// Grows `text` in place when it was the last one made, else copies it.
    std::string_view extend(std::string_view text, std::string_view part1, std::string_view part2) noexcept {
        if (text.data() + text.size() != memory_ + used_) return join(text, part1, part2);
        const std::size_t before = used_;
        append(part1);
        append(part2);
        return {text.data(), text.size() + (used_ - before)};
    }
    void append(std::string_view part) noexcept {
        const std::size_t n = part.size() < room_ - used_ ? part.size() : room_ - used_;
        if (n != 0) std::memcpy(memory_ + used_, part.data(), n);
        used_ += n;
    }
    void append(char c) noexcept {
        if (used_ < room_) memory_[used_++] = c;
    }
    /// Gives back what lies behind `end`, a place in this arena.
    void rewind(const char* end) noexcept { used_ = static_cast<std::size_t>(end - memory_); }
    /// All that was written from `start`, a place in this arena, on.
    std::string_view since(const char* start) const noexcept {
        return {start, static_cast<std::size_t>(memory_ + used_ - start)};
    }
    /// Whether something may have been cut off.
    bool full() const noexcept { return used_ == room_; }
    const char* mark() const noexcept { return memory_ + used_; }

  private:
    char* memory_;
    std::size_t room_;
    std::size_t used_ = 0;
};

}  // namespace sekisho::app::http
