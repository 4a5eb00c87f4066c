// Letters that the calendar asks for, on a disk, with a mail server that is not there: they wait in the queue.
#include "slowpath/planner.h"

#include <gtest/gtest.h>

#include <vector>

#include "figures_fixture.h"
#include "process.h"
#include "sekisho/base/clock.h"
#include "sekisho/mail/schedule.h"
#include "sekisho/store/mail_queue.h"

namespace sekisho::slowpath {
namespace {

using mail::Occasion;

constexpr TimeNs kDayNs = 24 * 3600 * kSecondNs;

class PlannerTest : public slowpath_test::FiguresFixture {
  protected:
    void SetUp() override {
        FiguresFixture::SetUp();
        settings_.mail.host = "127.0.0.1";
        settings_.mail.port = 1;  // nobody listens
        settings_.mail.from = "box@example.jp";
        settings_.mail.recipients = {{.address = "all@example.jp"},
                                     {.address = "report@example.jp", .alerts = true, .digest = false, .sign_of_life = false, .report = true}};
        settings_.mail.queue_file = folder_ + "/mail.db";
        settings_.mail.language = config::MailLanguage::en;
    }
    void TearDown() override {
        post_.reset();
        FiguresFixture::TearDown();
    }

    void open_post() { post_ = std::move(*Post::open(settings_)); }
    /// A letter of the occasion was written so long before the newest moment at which one is due.
    void written_before(Occasion occasion, TimeNs earlier) {
        const TimeNs due = *mail::newest_due(occasion, settings_.mail, SystemClock().now());
        ASSERT_TRUE(post_->write(std::string(to_string(occasion)), due - earlier, {}, &config::MailRecipient::digest));
    }
    bool all_marked() {
        for (const Occasion occasion : mail::kOccasions) {
            const auto due = mail::newest_due(occasion, settings_.mail, SystemClock().now());
            if (*post_->last_due(std::string(to_string(occasion))) != due) return false;
        }
        return true;
    }
    /// Runs a planner until each occasion is marked. @return its letters: to whom, and the text
    std::vector<std::pair<std::string, std::string>> plan() {
        {
            Planner planner(settings_, *post_, figure_maker());
            EXPECT_TRUE(slowpath_test::eventually([this] { return all_marked(); }));
        }
        post_.reset();  // its sender postpones what it cannot deliver
        auto queue = *store::MailQueue::open(settings_.mail.queue_file, settings_.mail.queue_max);
        std::vector<std::pair<std::string, std::string>> letters;
        while (const auto letter = *queue.next(SystemClock().now() + kDayNs)) {
            letters.emplace_back(letter->to, letter->message);
            EXPECT_TRUE(queue.delivered(letter->number));
        }
        return letters;
    }
    std::unique_ptr<Post> post_;
};

TEST_F(PlannerTest, OnTheFirstDayOnlyMarksAreSet) {
    keep({alert(1, SystemClock().now() - kDayNs, SystemClock().now())});
    open_post();
    EXPECT_TRUE(plan().empty());
}

TEST_F(PlannerTest, ADigestGoesToThoseWhoWantIt) {
    const TimeNs due = *mail::newest_due(Occasion::digest, settings_.mail, SystemClock().now());
    keep({alert(1, due - kDayNs / 2, due - kDayNs / 4)});
    open_post();
    written_before(Occasion::digest, kDayNs);
    const auto letters = plan();
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].first, "all@example.jp");
    EXPECT_NE(letters[0].second.find("To: <all@example.jp>"), std::string::npos);
}

TEST_F(PlannerTest, ADigestOfNothingIsNoLetter) {
    const TimeNs due = *mail::newest_due(Occasion::digest, settings_.mail, SystemClock().now());
    keep({alert(1, due - 3 * kDayNs, due - 2 * kDayNs)});  // told in an earlier one
    open_post();
    written_before(Occasion::digest, kDayNs);
    EXPECT_TRUE(plan().empty()) << "and the mark is set all the same";
}

TEST_F(PlannerTest, ASignOfLifeGoesOutWhenNothingHappened) {
    open_post();
    written_before(Occasion::sign_of_life, 7 * kDayNs);
    const auto letters = plan();
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].first, "all@example.jp");
}

TEST_F(PlannerTest, AReportGoesToAllThatWantItAndOnce) {
    open_post();
    written_before(Occasion::report, 20 * kDayNs);
    const auto letters = plan();
    ASSERT_EQ(letters.size(), 2U);
    EXPECT_EQ(letters[0].first, "all@example.jp");
    EXPECT_EQ(letters[1].first, "report@example.jp");
    for (const auto& [to, message] : letters) EXPECT_NE(message.find("text/html"), std::string::npos);
    open_post();
    EXPECT_TRUE(plan().empty()) << "it was written of";
}

TEST_F(PlannerTest, WhatIsSwitchedOffIsNotWritten) {
    keep({alert(1, SystemClock().now() - 2 * kDayNs, SystemClock().now())});
    settings_.mail.sign_of_life = false;
    settings_.mail.digest = config::MailDigest::none;
    open_post();
    constexpr TimeNs kLongAgo = 1000 * kSecondNs;
    for (const char* occasion : {"digest", "sign-of-life"})
        ASSERT_TRUE(post_->write(occasion, kLongAgo, {}, &config::MailRecipient::digest));
    {
        Planner planner(settings_, *post_, figure_maker());  // looks at the report last
        EXPECT_TRUE(slowpath_test::eventually([this] { return post_->last_due("report")->has_value(); }));
    }
    EXPECT_EQ(post_->last_due("digest")->value(), kLongAgo);
    post_.reset();
    auto queue = *store::MailQueue::open(settings_.mail.queue_file, settings_.mail.queue_max);
    EXPECT_EQ(queue.counts()->held, 0U);
}

}  // namespace
}  // namespace sekisho::slowpath
