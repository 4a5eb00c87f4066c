// Time as the house tells it: nanoseconds since the Unix epoch. The packet path takes time from the
// frame; only daemons read a clock, through `Clock`, so that tests can turn it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace sekisho {

using TimeNs = std::uint64_t;
constexpr TimeNs kSecondNs = 1'000'000'000;

template <class Rep, class Period>
constexpr TimeNs to_ns(std::chrono::duration<Rep, Period> d) noexcept {
    return static_cast<TimeNs>(std::chrono::duration_cast<std::chrono::nanoseconds>(d).count());
}

class Clock {
  public:
    virtual ~Clock() = default;
    virtual TimeNs now() const noexcept = 0;
};

/// CLOCK_REALTIME.
class SystemClock final : public Clock {
  public:
    TimeNs now() const noexcept override {
        return to_ns(std::chrono::system_clock::now().time_since_epoch());
    }
};

/// A clock that stands until it is set.
class FakeClock final : public Clock {
  public:
    TimeNs now() const noexcept override { return now_; }
    void set(TimeNs now) noexcept { now_ = now; }
    void advance(std::chrono::nanoseconds by) noexcept { now_ += to_ns(by); }

  private:
    TimeNs now_ = kSecondNs;
};

/// RFC 3339 with microseconds and UTC offset: "2026-11-23T01:02:03.000004+0000" (`offset_colon` false,
/// as EVE prints it) or "...+00:00".
std::string format_time(TimeNs time, bool offset_colon);

}  // namespace sekisho
