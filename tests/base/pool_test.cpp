// The fixed pool: its cap, places used again, objects made anew each time.
#include "sekisho/base/pool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace sekisho {
namespace {

struct Thing {
    std::uint64_t value = 7;
    std::uint64_t other = 8;
};

TEST(Pool, GivesNoMoreThanItsCapacity) {
    Pool<Thing> pool(3);
    std::vector<Thing*> taken;
    for (int i = 0; i < 3; ++i) taken.push_back(pool.take());
    for (const Thing* thing : taken) ASSERT_NE(thing, nullptr);
    EXPECT_EQ(pool.take(), nullptr);
    EXPECT_EQ(pool.used(), 3u);
    pool.give(taken[1]);
    EXPECT_EQ(pool.used(), 2u);
    EXPECT_EQ(pool.take(), taken[1]) << "the place is used again";
    EXPECT_EQ(pool.take(), nullptr);
}

TEST(Pool, AnObjectIsFreshEachTime) {
    Pool<Thing> pool(1);
    Thing* thing = pool.take();
    thing->value = thing->other = 1000;
    pool.give(thing);
    thing = pool.take();
    EXPECT_EQ(thing->value, 7u);
    EXPECT_EQ(thing->other, 8u);
}

TEST(Pool, WhatWasGivenLastIsTakenFirst) {
    Pool<Thing> pool(4);
    Thing* a = pool.take();
    Thing* b = pool.take();
    pool.give(a);
    pool.give(b);
    EXPECT_EQ(pool.take(), b) << "its memory is warm";
    EXPECT_EQ(pool.take(), a);
}

}  // namespace
}  // namespace sekisho
