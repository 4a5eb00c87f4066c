#include "sekisho/base/snapshot.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace sekisho {
namespace {

/// Spoils itself when it dies, so that a reader that holds on too long sees it (or the sanitizer does).
struct Value {
    explicit Value(std::uint64_t n, std::atomic<int>& count) : first(n), last(n), alive(count) { ++alive; }
    ~Value() {
        last = ~first;
        --alive;
    }
    std::uint64_t first;
    std::uint64_t last;
    std::atomic<int>& alive;
};

TEST(Snapshot, ReadersSeeWholeValuesAndOldOnesDie) {
    std::atomic<int> alive{0};
    {
        Snapshot<Value> snapshot(std::make_unique<Value>(0, alive));
        std::atomic<bool> stop{false};
        std::atomic<std::uint64_t> torn{0}, reads{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 3; ++i) {
            auto& reader = snapshot.add_reader();
            threads.emplace_back([&] {
                std::uint64_t newest = 0;
                while (!stop) {
                    const Value* value = reader.acquire();
                    if (value->first != value->last || value->first < newest) ++torn;
                    newest = value->first;
                    ++reads;
                    reader.release();
                }
            });
        }
        for (std::uint64_t n = 1; n <= 300; ++n) {
            snapshot.publish(std::make_unique<Value>(n, alive));
            EXPECT_EQ(alive, 1);
        }
        while (reads < 1000) std::this_thread::yield();
        stop = true;
        for (auto& thread : threads) thread.join();
        EXPECT_EQ(torn, 0u);
        EXPECT_EQ(snapshot.peek().first, 300u);
    }
    EXPECT_EQ(alive, 0);
}

TEST(Snapshot, PublisherWaitsForAHolder) {
    std::atomic<int> alive{0};
    Snapshot<Value> snapshot(std::make_unique<Value>(1, alive));
    auto& reader = snapshot.add_reader();
    const Value* held = reader.acquire();
    std::atomic<bool> published{false};
    std::thread publisher([&] {
        snapshot.publish(std::make_unique<Value>(2, alive));
        published = true;
    });
    while (snapshot.peek().first != 2) std::this_thread::yield();
    EXPECT_FALSE(published);
    EXPECT_EQ(held->last, 1u);  // still whole
    reader.release();
    publisher.join();
    EXPECT_EQ(alive, 1);
}

}  // namespace
}  // namespace sekisho
