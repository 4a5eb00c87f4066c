#include "sekisho/store/mail_queue.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace sekisho::store {
namespace {

using event::Severity;
constexpr TimeNs kNow = 1'795'737'900ULL * kSecondNs;
constexpr TimeNs kHour = 3600 * kSecondNs;

class MailQueueTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = testing::TempDir() + "sekisho-mail-XXXXXX";
        ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    MailQueue open(std::uint64_t max = 100) const {
        auto queue = MailQueue::open(folder_ + "/mail.db", max);
        EXPECT_TRUE(queue) << queue.error().message();
        return std::move(*queue);
    }
    static std::vector<MailItem> letters(Severity rank, int count, TimeNs not_before = 0) {
        std::vector<MailItem> all;
        for (int i = 0; i < count; ++i) all.push_back({rank, not_before, "a@example.jp", "message " + std::to_string(i)});
        return all;
    }
    std::string folder_;
};

TEST_F(MailQueueTest, KeepsLettersOverARestart) {
    {
        MailQueue queue = open();
        ASSERT_TRUE(queue.put_alerts(5, letters(Severity::high, 1), kNow));
    }
    MailQueue queue = open();
    const auto letter = queue.next(kNow);
    ASSERT_TRUE(letter && *letter);
    EXPECT_EQ((*letter)->to, "a@example.jp");
    EXPECT_EQ((*letter)->message, "message 0");
    EXPECT_EQ(*queue.last_telling(), 5U);
    ASSERT_TRUE(queue.delivered((*letter)->number));
    EXPECT_FALSE(*queue.next(kNow));
    EXPECT_EQ(queue.counts()->queued[2], 1U);
}

TEST_F(MailQueueTest, WritesOfATellingOnce) {
    MailQueue queue = open();
    ASSERT_TRUE(queue.put_alerts(5, letters(Severity::high, 1), kNow));
    ASSERT_TRUE(queue.put_alerts(5, letters(Severity::high, 1), kNow));
    ASSERT_TRUE(queue.put_alerts(4, letters(Severity::high, 1), kNow));
    EXPECT_EQ(queue.counts()->held, 1U);
}

TEST_F(MailQueueTest, DropsTheLowestRankFirst) {
    MailQueue queue = open(10);
    ASSERT_TRUE(queue.put_alerts(1, letters(Severity::high, 6), kNow));
    ASSERT_TRUE(queue.put_alerts(2, letters(Severity::low, 4), kNow));
    ASSERT_TRUE(queue.put_alerts(3, letters(Severity::medium, 3), kNow));
    auto counts = queue.counts();
    EXPECT_EQ(counts->held, 10U);
    EXPECT_EQ(counts->dropped, (std::array<std::uint64_t, 3>{3, 0, 0}));
    ASSERT_TRUE(queue.put_alerts(4, letters(Severity::high, 10), kNow));
    counts = queue.counts();
    EXPECT_EQ(counts->held, 10U);
    EXPECT_EQ(counts->dropped, (std::array<std::uint64_t, 3>{4, 3, 6}));
}

TEST_F(MailQueueTest, HoldsBackWhatIsNotDue) {
    MailQueue queue = open();
    ASSERT_TRUE(queue.put_alerts(1, letters(Severity::medium, 1, kNow + kHour), kNow));
    EXPECT_FALSE(*queue.next(kNow));
    ASSERT_TRUE(*queue.next(kNow + kHour));
    // Put while the clock was days ahead: it goes now rather than then.
    EXPECT_TRUE(*queue.next(kNow - 72 * kHour));
}

TEST_F(MailQueueTest, LetsOthersPassARefusedLetter) {
    MailQueue queue = open();
    ASSERT_TRUE(queue.put_alerts(1, letters(Severity::high, 2), kNow));
    const auto first = *queue.next(kNow);
    ASSERT_TRUE(queue.postpone(first->number, kNow + kHour));
    const auto second = *queue.next(kNow);
    ASSERT_TRUE(second);
    EXPECT_NE(second->number, first->number);
    ASSERT_TRUE(queue.delivered(second->number));
    EXPECT_EQ((*queue.next(kNow + kHour))->tries, 1U);
}

TEST_F(MailQueueTest, GivesUpWhatIsTooOld) {
    MailQueue queue = open();
    ASSERT_TRUE(queue.put_alerts(1, letters(Severity::high, 1), kNow));
    ASSERT_TRUE(queue.put_alerts(2, letters(Severity::low, 1), kNow + kHour));
    EXPECT_EQ(*queue.give_up(kNow + 1), 1U);
    EXPECT_EQ(queue.counts()->given_up[2], 1U);
    EXPECT_EQ(queue.counts()->held, 1U);
}

TEST_F(MailQueueTest, KeepsTheMarkWithItsLetters) {
    {
        MailQueue queue = open();
        EXPECT_FALSE(*queue.last_due("digest"));
        ASSERT_TRUE(queue.put_occasion("digest", kNow, letters(Severity::medium, 2), kNow));
    }
    MailQueue queue = open();
    EXPECT_EQ(**queue.last_due("digest"), kNow);
    EXPECT_FALSE(*queue.last_due("report"));
    EXPECT_EQ(queue.counts()->held, 2U);
}

TEST_F(MailQueueTest, SaysWhatIsWrongWithAFile) {
    EXPECT_FALSE(MailQueue::open(folder_ + "/none/mail.db", 10));
}

}  // namespace
}  // namespace sekisho::store
