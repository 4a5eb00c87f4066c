#include "sekisho/base/retry.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

using namespace sekisho;
using namespace std::chrono_literals;

namespace {

TEST(Backoff, DoublesWithinItsBoundsAndStartsAnew) {
    Backoff backoff(100ms, 400ms);
    EXPECT_TRUE(backoff.at_rest());
    for (const auto whole : {100ms, 200ms, 400ms, 400ms}) {
        const auto pause = backoff.next();
        EXPECT_GE(pause, whole / 2);
        EXPECT_LE(pause, whole);
        EXPECT_FALSE(backoff.at_rest());
    }
    backoff.reset();
    EXPECT_TRUE(backoff.at_rest());
    EXPECT_LE(backoff.next(), 100ms);
}

TEST(Rest, NewsBeforeItEndTheNextOne) {
    Rest rest;
    rest.wake();
    std::atomic<bool> back{false};
    std::thread resting([&] {
        rest.await(1h);
        back = true;
        rest.await(1h);  // the news is spent: nothing but the end ends this one
    });
    while (!back) std::this_thread::yield();
    rest.stop();
    resting.join();
    EXPECT_TRUE(back);
    EXPECT_TRUE(rest.stopping());
}

TEST(Rest, StopEndsBothKinds) {
    Rest rest;
    std::thread resting([&] {
        rest.sleep(1h);
        rest.await(1h);
    });
    rest.wake();  // no news ends a sleep
    rest.stop();
    resting.join();
    EXPECT_TRUE(rest.stopping());
}

}  // namespace
