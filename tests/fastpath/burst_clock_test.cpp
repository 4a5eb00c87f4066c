#include "fastpath/burst_clock.h"

#include <gtest/gtest.h>

namespace sekisho::fastpath {
namespace {

constexpr std::uint64_t kAnyRate = 2'000'000'000;

TEST(BurstClock, StartsAtTheClockAndNeverGoesBack) {
    FakeClock wall;
    wall.set(1'000 * kSecondNs);
    BurstClock clock(wall, kAnyRate);
    TimeNs last = clock.now();
    EXPECT_GE(last, 1'000 * kSecondNs);
    wall.set(10 * kSecondNs);  // set back: waited for, not followed
    for (int i = 0; i < 10'000; ++i) {
        const TimeNs now = clock.now();
        ASSERT_GE(now, last);
        last = now;
    }
}

TEST(BurstClock, LooksAtTheClockOnceASecond) {
    FakeClock wall;
    wall.set(1'000 * kSecondNs);
    BurstClock clock(wall, 1);  // each cycle is a second: every call looks
    wall.set(1'000'000'000'000 * kSecondNs / 100);
    EXPECT_GE(clock.now(), wall.now());  // set forward: followed at once
}

}  // namespace
}  // namespace sekisho::fastpath
