// Where one direction of a stream of units with a length stands, so that a hole inside a unit loses that unit alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sekisho::app {

class UnitPlace {
  public:
    /// A unit begins that is not all there. @param length  of the whole unit; 0: not known yet
    void waits(std::size_t octets, std::uint64_t length) noexcept {
        waiting_ = octets;
        length_ = length;
    }
    /// A unit was read.
    void done() noexcept { waiting_ = length_ = 0; }

    /// The next `octets` belong to nothing that is read.
    void pass_over(std::uint64_t octets) noexcept { skip_ = octets; }
    bool passing_over() const noexcept { return skip_ != 0; }
    /// How many of the octets at hand are such.
    std::size_t take(std::size_t at_hand) noexcept {
        const std::size_t now = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, at_hand));
        skip_ -= now;
        return now;
    }

    /// `octets` are missing. @return false when it is not known where the next unit begins
    bool lose(std::uint64_t octets) noexcept {
        const std::uint64_t known = skip_ != 0 ? skip_ : length_;
        const std::uint64_t lost = octets + (skip_ != 0 ? 0 : waiting_);
        if (known == 0 || lost > known) return false;
        skip_ = known - lost;
        done();
        return true;
    }

  private:
    std::uint64_t waiting_ = 0;
    std::uint64_t length_ = 0;
    std::uint64_t skip_ = 0;
};

}  // namespace sekisho::app
