// A value that lives inside its mutex: nobody can touch it without the lock. Control plane only.
#pragma once

#include <mutex>
#include <utility>

namespace sekisho {

template <class T>
class Guarded {
  public:
    template <class... Args>
    explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

    /// Runs `use(value)` with the lock held and gives its result.
    template <class Use>
    auto with(Use&& use) {
        std::lock_guard lock(mutex_);
        return use(value_);
    }

  private:
    std::mutex mutex_;
    T value_;
};

}  // namespace sekisho
