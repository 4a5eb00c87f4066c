// A vector with its storage inside and a hard cap: packet-path lists that never allocate.
#pragma once

#include <array>
#include <cstddef>

namespace sekisho {

template <class T, std::size_t N>
class FixedVector {
  public:
    /// False (and unchanged) when full: the caller states what that means.
    bool push_back(const T& value) noexcept {
        if (size_ == N) return false;
        items_[size_++] = value;
        return true;
    }
    void clear() noexcept { size_ = 0; }
    void erase_unordered(std::size_t i) noexcept { items_[i] = items_[--size_]; }
    bool empty() const noexcept { return size_ == 0; }
    bool full() const noexcept { return size_ == N; }
    std::size_t size() const noexcept { return size_; }
    static constexpr std::size_t capacity() noexcept { return N; }
    T& operator[](std::size_t i) noexcept { return items_[i]; }
    const T& operator[](std::size_t i) const noexcept { return items_[i]; }
    T& back() noexcept { return items_[size_ - 1]; }
    T* begin() noexcept { return items_.data(); }
    T* end() noexcept { return items_.data() + size_; }
    const T* begin() const noexcept { return items_.data(); }
    const T* end() const noexcept { return items_.data() + size_; }

  private:
    std::array<T, N> items_{};
    std::size_t size_ = 0;
};

}  // namespace sekisho
