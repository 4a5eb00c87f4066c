// What a thread that delivers things needs between two tries: a rest that others can end, and growing pauses.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>

namespace sekisho {

/// One thread rests; any thread wakes or stops it.
class Rest {
  public:
    /// Ends a rest that news may end, the present one or else the next.
    void wake() {
        {
            const std::lock_guard lock(mutex_);
            woken_ = true;
        }
        news_.notify_all();
    }
    /// Ends every rest from now on.
    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        news_.notify_all();
    }
    const std::atomic<bool>& stopping() const noexcept { return stopping_; }

    /// At most so long; news do not end it.
    void sleep(std::chrono::milliseconds most) {
        std::unique_lock lock(mutex_);
        news_.wait_for(lock, most, [this] { return stopping_.load(); });
    }
    /// At most so long, or until there is news.
    void await(std::chrono::milliseconds most) {
        std::unique_lock lock(mutex_);
        news_.wait_for(lock, most, [this] { return stopping_.load() || woken_; });
        woken_ = false;
    }

  private:
    std::mutex mutex_;
    std::condition_variable news_;
    std::atomic<bool> stopping_{false};
    bool woken_ = false;
};

/// Pauses that double from `least` to `most`. Each is drawn from half to all of that: a fleet that lost its server must not
/// come back in step. One thread.
class Backoff {
  public:
    Backoff(std::chrono::milliseconds least, std::chrono::milliseconds most) : least_(least), most_(most) {}

    bool at_rest() const noexcept { return pause_.count() == 0; }  ///< nothing has failed since the last success
    void reset() noexcept { pause_ = std::chrono::milliseconds(0); }
    std::chrono::milliseconds next() {
        pause_ = std::clamp(pause_ * 2, least_, most_);
        return std::chrono::milliseconds(std::uniform_int_distribution<long long>(pause_.count() / 2, pause_.count())(random_));
    }

  private:
    std::chrono::milliseconds least_, most_, pause_{0};
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace sekisho
