// A fixed pool of one worker: objects taken and given back in constant time, the address space reserved at start, memory
// touched when it is first used.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace sekisho {

/// Objects of one type, owned by the pool, lent to whoever takes them. What was not given back when the pool ends is not
/// destroyed: `T` holds nothing that must be. One thread.
template <class T>
class Pool {
  public:
    /// @error std::bad_alloc when there is no address space for `capacity` objects
    explicit Pool(std::size_t capacity)
        : memory_(static_cast<T*>(::operator new(capacity * sizeof(T), std::align_val_t{alignof(T)}))),
          capacity_(capacity) {}
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool() { ::operator delete(memory_, std::align_val_t{alignof(T)}); }

    /// A fresh object, or null when all are taken.
    T* take() noexcept {
        void* place = free_;
        if (free_ != nullptr) free_ = free_->next;
        else if (touched_ < capacity_) place = memory_ + touched_++;
        else return nullptr;
        ++used_;
        return new (place) T();
    }
    /// @param object  one that take() gave; gone afterwards
    void give(T* object) noexcept {
        std::destroy_at(object);
        free_ = new (static_cast<void*>(object)) Free{free_};
        --used_;
    }
    std::size_t used() const noexcept { return used_; }
    std::size_t capacity() const noexcept { return capacity_; }

  private:
    struct Free {
        Free* next;
    };
    static_assert(sizeof(T) >= sizeof(Free) && alignof(T) >= alignof(Free), "the list of free places runs through them");

    T* memory_;
    std::size_t capacity_;
    std::size_t touched_ = 0;
    std::size_t used_ = 0;
    Free* free_ = nullptr;
};

}  // namespace sekisho
