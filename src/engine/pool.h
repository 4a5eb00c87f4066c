// Fixed pools of one worker: objects taken and given back in constant time, memory reserved at start and
// touched when first used.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace sekisho::engine {

/// `T` has a member `T* next_free`.
template <class T>
class Pool {
  public:
    explicit Pool(std::size_t capacity)
        : memory_(static_cast<T*>(::operator new(capacity * sizeof(T), std::align_val_t{alignof(T)}))),
          capacity_(capacity) {}
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool() { ::operator delete(memory_, std::align_val_t{alignof(T)}); }

    /// A fresh object, or null when all are taken.
    T* take() noexcept {
        T* object = free_;
        if (object != nullptr) free_ = object->next_free;
        else if (touched_ < capacity_) object = memory_ + touched_++;
        else return nullptr;
        ++used_;
        return new (object) T();
    }
    void give(T* object) noexcept {
        object->~T();
        object->next_free = free_;
        free_ = object;
        --used_;
    }
    std::size_t used() const noexcept { return used_; }
    std::size_t capacity() const noexcept { return capacity_; }

  private:
    T* memory_;
    std::size_t capacity_;
    std::size_t touched_ = 0;
    std::size_t used_ = 0;
    T* free_ = nullptr;
};

}  // namespace sekisho::engine
