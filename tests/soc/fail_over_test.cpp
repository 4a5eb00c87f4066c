#include "sekisho/soc/fail_over.h"

#include <gtest/gtest.h>

namespace sekisho::soc {
namespace {

using namespace std::chrono_literals;

class FailOverTest : public testing::Test {
  protected:
    static constexpr std::size_t kFirst = 0, kSecond = 1, kThird = 2;

    FailOver::SteadyTime at(std::chrono::seconds after) const { return FailOver::SteadyTime(1000h) + after; }
    bool has_turn(std::size_t member, std::chrono::seconds after) { return group_.has_turn(member, at(after)); }
    void well(std::size_t member, std::chrono::seconds after) { group_.well(member, at(after)); }
    void unreachable(std::size_t member, std::chrono::seconds after) {
        group_.failed(member, {.waits = true, .words = "Connection refused"}, at(after));
    }
    /// The first has failed, the second has taken over.
    void second_serves() {
        unreachable(kFirst, 0s);
        well(kSecond, 1s);
    }

    FailOver group_{"soc", {"first", "second", "third"}, 60s};
};

TEST_F(FailOverTest, TheFirstBeginsAndTheOthersAreNotCalled) {
    EXPECT_TRUE(has_turn(kFirst, 0s));
    EXPECT_FALSE(has_turn(kSecond, 0s));
    EXPECT_EQ(group_.standing(kFirst), Standing::connected);
    EXPECT_EQ(group_.standing(kSecond), Standing::closed);
    well(kFirst, 1s);
    EXPECT_EQ(group_.status().active, "first");
    EXPECT_EQ(group_.status().switches, 0U);
}

TEST_F(FailOverTest, OneThatCannotBeReachedIsPassedOver) {
    unreachable(kFirst, 0s);
    EXPECT_FALSE(has_turn(kFirst, 0s));
    EXPECT_TRUE(has_turn(kSecond, 0s));
    EXPECT_EQ(group_.standing(kFirst), Standing::connected) << "called on, to learn when it is well";
    EXPECT_EQ(group_.standing(kThird), Standing::closed);
    EXPECT_EQ(group_.status().switches, 0U) << "the second has not answered yet";
    EXPECT_EQ(group_.status().undelivered_since, at(0s));
    well(kSecond, 1s);
    EXPECT_EQ(group_.status().switches, 1U);
    EXPECT_NE(group_.status().last_switch.find("second took over from first: Connection refused"), std::string::npos);
    EXPECT_FALSE(group_.status().undelivered_since);
}

TEST_F(FailOverTest, ABrokenLinkMayBeMadeAnewOnce) {
    well(kFirst, 0s);
    unreachable(kFirst, 1s);
    EXPECT_TRUE(has_turn(kFirst, 1s));
    well(kFirst, 2s);
    unreachable(kFirst, 3s);
    EXPECT_TRUE(has_turn(kFirst, 3s)) << "it was well in between";
    unreachable(kFirst, 4s);
    EXPECT_TRUE(has_turn(kSecond, 4s));
}

TEST_F(FailOverTest, ARefusedCertificateAndSilenceGetNoSecondTry) {
    well(kFirst, 0s);
    group_.failed(kFirst, {.refused = true, .words = "certificate has expired"}, at(1s));
    EXPECT_TRUE(has_turn(kSecond, 1s));
    well(kSecond, 2s);
    group_.failed(kSecond, {.silent = true, .waits = true, .words = "no answer"}, at(3s));
    EXPECT_TRUE(has_turn(kThird, 3s));
}

TEST_F(FailOverTest, TheFirstReturnsWhenItHasSettled) {
    second_serves();
    well(kFirst, 10s);
    EXPECT_TRUE(has_turn(kSecond, 69s));
    unreachable(kFirst, 69s);  // not settled after all
    well(kFirst, 70s);
    EXPECT_TRUE(has_turn(kSecond, 129s));
    EXPECT_FALSE(has_turn(kFirst, 130s)) << "the one that sends gives the turn away, between two batches";
    EXPECT_FALSE(has_turn(kSecond, 130s));
    EXPECT_TRUE(has_turn(kFirst, 130s));
    EXPECT_EQ(group_.status().switches, 1U);
    well(kFirst, 131s);
    EXPECT_EQ(group_.status().switches, 2U);
    EXPECT_NE(group_.status().last_switch.find("first took over from second: first is well again"), std::string::npos);
    EXPECT_EQ(group_.standing(kSecond), Standing::closed);
}

TEST_F(FailOverTest, OneThatFailsAgainMustBeWellForTwiceAsLong) {
    second_serves();
    well(kFirst, 0s);
    EXPECT_FALSE(has_turn(kSecond, 60s));
    unreachable(kFirst, 70s);
    unreachable(kFirst, 71s);
    well(kSecond, 72s);
    well(kFirst, 100s);
    EXPECT_TRUE(has_turn(kSecond, 219s));
    EXPECT_FALSE(has_turn(kSecond, 220s));
    well(kFirst, 220s);
    unreachable(kFirst, 10000s);
    unreachable(kFirst, 10001s);
    well(kSecond, 10002s);
    well(kFirst, 10010s);
    EXPECT_FALSE(has_turn(kSecond, 10070s)) << "it held for long enough to be trusted as before";
}

TEST_F(FailOverTest, WhenAllHaveFailedTheFirstThatAnswersHasTheTurn) {
    for (const std::size_t member : {kFirst, kSecond, kThird}) unreachable(member, 1s);
    EXPECT_EQ(group_.status().active, "");
    for (const std::size_t member : {kFirst, kSecond, kThird}) {
        EXPECT_FALSE(has_turn(member, 2s));
        EXPECT_EQ(group_.standing(member), Standing::connected);
    }
    well(kThird, 3s);
    EXPECT_TRUE(has_turn(kThird, 3s));
    EXPECT_EQ(group_.status().switches, 0U) << "it is connected, but has not taken a message";
    EXPECT_EQ(group_.status().undelivered_since, at(1s));
    well(kThird, 4s);
    EXPECT_EQ(group_.status().switches, 1U);
    EXPECT_FALSE(group_.status().undelivered_since);
}

TEST_F(FailOverTest, OneThatIsWellComesBeforeOneThatIsUntried) {
    second_serves();
    well(kFirst, 2s);  // not settled yet
    group_.failed(kSecond, {.silent = true, .waits = true, .words = "no answer"}, at(3s));
    EXPECT_TRUE(has_turn(kFirst, 3s));
}

}  // namespace
}  // namespace sekisho::soc
