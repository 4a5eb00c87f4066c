#include "sekisho/store/soc_queue.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace sekisho::store {
namespace {

using event::Severity;

class SocQueueTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "sekisho-queue-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        path_ = folder_ + "/queue.db";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    static QueueItem item(std::uint64_t telling, Severity severity = Severity::medium) {
        return {telling, severity, [](std::uint64_t n) { return DialectTexts{"text " + std::to_string(n), "", "json " + std::to_string(n)}; }};
    }
    std::string folder_, path_;
};

TEST_F(SocQueueTest, HoldsUntilEachTargetConfirmed) {
    auto queue = SocQueue::open(path_, {{"a", ""}, {"b", ""}}, 100);
    ASSERT_TRUE(queue) << queue.error().message();
    EXPECT_EQ(*queue->put({item(1), item(2), item(3)}), 3U);
    auto pending = *queue->pending("a", 0, 2);
    ASSERT_EQ(pending.size(), 2U);
    EXPECT_EQ(pending[0].text, "text 1");
    EXPECT_EQ(queue->pending("a", 2, 9)->at(2).text, "json 3");
    EXPECT_EQ(queue->pending("a", 1, 9)->at(0).text, "text 1");  // not kept as CEF: better than nothing
    ASSERT_TRUE(queue->confirm("a", 2));
    EXPECT_EQ(queue->pending("a", 0, 9)->size(), 1U);
    EXPECT_EQ(queue->counts()->held, 3U);
    ASSERT_TRUE(queue->confirm("b", 1));
    EXPECT_EQ(queue->counts()->held, 2U);
    EXPECT_EQ(*queue->waiting("b"), 2U);
    ASSERT_TRUE(queue->confirm("a", 1));  // never backwards
    EXPECT_EQ(*queue->waiting("a"), 1U);
}

TEST_F(SocQueueTest, KnowsWhatWasOfferedAfterARestart) {
    {
        auto queue = SocQueue::open(path_, {{"a", ""}, {"b", ""}}, 100);
        ASSERT_TRUE(queue) << queue.error().message();
        ASSERT_TRUE(queue->put({item(1), item(2), item(3)}));
        EXPECT_FALSE(queue->pending("a", 0, 9)->at(0).offered);
        ASSERT_TRUE(queue->offer("a", 2));
    }
    auto queue = SocQueue::open(path_, {{"a", ""}, {"b", ""}}, 100);
    const auto pending = *queue->pending("a", 0, 9);
    ASSERT_EQ(pending.size(), 3U);
    EXPECT_TRUE(pending[0].offered);
    EXPECT_TRUE(pending[1].offered);
    EXPECT_FALSE(pending[2].offered);
    EXPECT_FALSE(queue->pending("b", 0, 9)->at(0).offered);
}

TEST_F(SocQueueTest, ANewLowDoesNotPushOutAnOldHigh) {
    auto queue = SocQueue::open(path_, {{"a", ""}}, 3);
    ASSERT_TRUE(queue) << queue.error().message();
    ASSERT_TRUE(queue->put({item(1, Severity::high), item(2, Severity::high), item(3, Severity::high)}));
    EXPECT_EQ(*queue->put({item(4, Severity::low), item(5, Severity::medium)}), 2U);
    const auto counts = *queue->counts();
    EXPECT_EQ(counts.held, 3U);
    EXPECT_EQ(counts.dropped, (std::array<std::uint64_t, 3>{1, 1, 0}));
    EXPECT_EQ(counts.last_number, 5U) << "what was dropped has had its number: the gap shows it";
    EXPECT_EQ(queue->pending("a", 0, 9)->back().number, 3U);
}

TEST_F(SocQueueTest, HoldsNoMoreThanItsMostEvenOfOneBatch) {
    auto queue = SocQueue::open(path_, {{"a", ""}}, 2);
    ASSERT_TRUE(queue) << queue.error().message();
    EXPECT_EQ(*queue->put({item(1), item(2), item(3), item(4, Severity::high), item(5)}), 5U);
    EXPECT_EQ(queue->counts()->held, 2U);
    const auto pending = *queue->pending("a", 0, 9);
    ASSERT_EQ(pending.size(), 2U);
    EXPECT_EQ(pending[0].number, 4U);
    EXPECT_EQ(pending[1].number, 5U);
}

TEST_F(SocQueueTest, GoesOnAfterARestart) {
    {
        auto queue = SocQueue::open(path_, {{"a", ""}}, 100);
        EXPECT_EQ(*queue->put({item(1), item(2)}), 2U);
        ASSERT_TRUE(queue->confirm("a", 1));
    }
    auto queue = SocQueue::open(path_, {{"a", ""}, {"new", ""}}, 100);
    EXPECT_EQ(*queue->put({item(1), item(2), item(3)}), 1U);  // 1 and 2 were put before the crash
    EXPECT_EQ(queue->pending("a", 0, 9)->front().number, 2U);
    EXPECT_EQ(queue->pending("a", 0, 9)->back().number, 3U);
    EXPECT_EQ(queue->pending("new", 0, 9)->front().number, 3U);
    EXPECT_EQ(queue->counts()->queued[1], 3U);
}

TEST_F(SocQueueTest, ForgetsTargetsThatAreGone) {
    {
        auto queue = SocQueue::open(path_, {{"a", ""}, {"dead", ""}}, 100);
        EXPECT_EQ(*queue->put({item(1)}), 1U);
        ASSERT_TRUE(queue->confirm("a", 1));
        EXPECT_EQ(queue->counts()->held, 1U);
    }
    auto queue = SocQueue::open(path_, {{"a", ""}}, 100);
    EXPECT_EQ(queue->counts()->held, 0U);
    EXPECT_EQ(queue->pending("dead", 0, 9)->size(), 0U);
}

TEST_F(SocQueueTest, TargetsOfAGroupShareTheirPosition) {
    const std::vector<QueueTarget> targets{{"a", "soc"}, {"b", "soc"}, {"alone", ""}};
    {
        auto queue = SocQueue::open(path_, targets, 100);
        ASSERT_TRUE(queue) << queue.error().message();
        ASSERT_TRUE(queue->put({item(1), item(2), item(3), item(4)}));
        ASSERT_TRUE(queue->confirm("a", 1));
        ASSERT_TRUE(queue->offer("a", 2));
        ASSERT_TRUE(queue->confirm("alone", 4));
    }
    auto queue = SocQueue::open(path_, targets, 100);  // as after a kill
    auto pending = *queue->pending("b", 0, 9);
    ASSERT_EQ(pending.size(), 3U);
    EXPECT_EQ(pending[0].number, 2U);
    EXPECT_TRUE(pending[0].offered) << "a may have it";
    EXPECT_FALSE(pending[1].offered);
    EXPECT_EQ(queue->counts()->held, 3U);
    ASSERT_TRUE(queue->confirm("b", 4));
    EXPECT_EQ(*queue->waiting("a"), 0U);
    EXPECT_EQ(queue->counts()->held, 0U);
}

TEST_F(SocQueueTest, GroupsAreMadeJoinedAndDissolvedWithoutLoss) {
    {
        auto queue = SocQueue::open(path_, {{"a", ""}, {"b", ""}}, 100);
        ASSERT_TRUE(queue->put({item(1), item(2), item(3), item(4)}));
        ASSERT_TRUE(queue->confirm("a", 2));
    }
    {
        auto queue = SocQueue::open(path_, {{"a", "soc"}, {"b", "soc"}}, 100);
        EXPECT_EQ(queue->pending("b", 0, 9)->front().number, 3U) << "a has the others";
    }
    {
        auto queue = SocQueue::open(path_, {{"a", "soc"}, {"b", "soc"}, {"c", "soc"}}, 100);
        EXPECT_EQ(queue->pending("c", 0, 9)->front().number, 3U) << "who joins a group starts where it is";
        ASSERT_TRUE(queue->confirm("c", 3));
    }
    auto queue = SocQueue::open(path_, {{"b", ""}, {"new", "other"}, {"newer", "other"}}, 100);
    EXPECT_EQ(queue->pending("b", 0, 9)->front().number, 4U);
    EXPECT_TRUE(queue->pending("new", 0, 9)->empty());
    EXPECT_TRUE(queue->pending("newer", 0, 9)->empty());
    ASSERT_TRUE(queue->confirm("b", 4));
    EXPECT_EQ(*queue->waiting("new"), 0U);
}

TEST_F(SocQueueTest, DropsTheLeastWorthWhenFull) {
    auto queue = SocQueue::open(path_, {{"a", ""}}, 10);
    std::uint64_t telling = 0;
    std::vector<QueueItem> items;
    for (const auto severity : {Severity::high, Severity::low, Severity::medium, Severity::low, Severity::high, Severity::medium,
                                Severity::low, Severity::high, Severity::high, Severity::high})
        items.push_back(item(++telling, severity));
    ASSERT_EQ(*queue->put(items), 10U);
    for (int i = 0; i < 4; ++i) ASSERT_EQ(*queue->put({item(++telling, Severity::high)}), 1U);
    const auto counts = *queue->counts();
    EXPECT_EQ(counts.held, 10U);
    EXPECT_EQ(counts.dropped[0], 3U);
    EXPECT_EQ(counts.dropped[1], 1U);
    EXPECT_EQ(counts.dropped[2], 0U);
    EXPECT_EQ(queue->pending("a", 0, 99)->front().severity, Severity::high);
    auto again = SocQueue::open(path_, {{"a", ""}}, 10);
    EXPECT_EQ(again->counts()->dropped[0], 3U);
}

}  // namespace
}  // namespace sekisho::store
