#include "fastpath/watchdog.h"

#include <gtest/gtest.h>

namespace sekisho::fastpath {
namespace {

constexpr TimeNs kLimit = to_ns(kStuckAfter);

TEST(Watchdog, TurningWorkersAreWell) {
    Watchdog dog(2);
    for (std::uint64_t beat = 0; beat < 100; ++beat) {
        EXPECT_FALSE(dog.look(0, beat, 1 + beat * kLimit));
        EXPECT_FALSE(dog.look(1, 2 * beat, 1 + beat * kLimit));
    }
    EXPECT_TRUE(dog.all_well());
}

TEST(Watchdog, AStuckWorkerIsToldOnceAndRecovers) {
    Watchdog dog(2);
    dog.look(0, 7, 1);
    EXPECT_FALSE(dog.look(0, 7, kLimit));
    EXPECT_TRUE(dog.look(0, 7, 1 + kLimit));
    EXPECT_FALSE(dog.look(0, 7, 2 * kLimit));
    EXPECT_FALSE(dog.all_well());
    EXPECT_FALSE(dog.look(0, 8, 3 * kLimit));
    EXPECT_TRUE(dog.all_well());
    EXPECT_TRUE(dog.look(0, 8, 4 * kLimit));
}

}  // namespace
}  // namespace sekisho::fastpath
