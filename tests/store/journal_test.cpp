#include "sekisho/store/journal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace sekisho::store {
namespace {

using event::Alert;
using event::Severity;

class JournalTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "sekisho-journal-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        path_ = folder_ + "/alerts.db";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    static Alert alert(std::uint64_t id, Severity severity = Severity::medium) {
        Alert a;
        a.id = id;
        a.telling = 1;
        a.severity = severity;
        a.outcome = event::Outcome::unknown;
        a.bearing = event::Bearing::lateral;
        a.class_name = "malware";
        a.cause = "sid 1:9";
        a.host = *IpAddress::parse("192.168.1." + std::to_string(id % 250));
        a.mac = MacAddress{{2, 0, 0xab, 1, 2, 3}};
        a.peers = {*IpAddress::parse("203.0.113.1"), *IpAddress::parse("2001:db8::1")};
        a.peers_more = 3;
        a.first_ns = id * kSecondNs;
        a.last_ns = id * kSecondNs + 5;
        a.count = 7;
        a.blocked = 2;
        a.gid = 1, a.sid = 9, a.rev = 4;
        a.signature = "quote ' and \"; DROP TABLE alert;--";
        a.category = "c", a.app = "http", a.target = "t", a.url = std::string("/a\0b", 4);
        a.src = a.host;
        a.dst = a.peers[0];
        a.src_port = 1, a.dst_port = 65535, a.ip_protocol = 6;
        a.flow_id = 0xfedcba9876543210ULL;
        a.via = a.peers[1];
        a.title = {"題", "title"};
        a.reason = {"理由", "reason"};
        a.advice = {"助言", "advice"};
        return a;
    }
    static std::string json(const Alert& a) {
        std::string text;
        append_json(text, a);
        return text;
    }
    std::string folder_, path_;
};

TEST_F(JournalTest, KeepsAnAlertWhole) {
    auto journal = Journal::open(path_);
    ASSERT_TRUE(journal) << journal.error().message();
    const Alert a = alert(1);
    ASSERT_TRUE(journal->write({.tell = {a}, .alerts = {a}, .rings = {}}));
    journal = Journal::open(path_);
    const auto back = journal->find(1);
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(json(*back), json(a));
    EXPECT_EQ(back->via, a.via);
    EXPECT_EQ(*journal->next_id(), 2U);
    EXPECT_EQ(journal->find(2).error().code, ErrorCode::not_found);
}

TEST_F(JournalTest, UpdatesInPlaceAndKeepsHistory) {
    auto journal = Journal::open(path_);
    Alert a = alert(1);
    ASSERT_TRUE(journal->write({.tell = {a}, .alerts = {a}, .rings = {}}));
    a.telling = 2;
    a.severity = Severity::high;
    a.count = 50;
    ASSERT_TRUE(journal->write({.tell = {a}, .alerts = {a}, .rings = {}}));
    a.count = 51;
    ASSERT_TRUE(journal->write({.tell = {}, .alerts = {a}, .rings = {}}));
    EXPECT_EQ(journal->find(1)->count, 51U);
    const auto rows = *journal->history(1);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].severity, Severity::medium);
    EXPECT_EQ(rows[1].severity, Severity::high);
    EXPECT_EQ(rows[1].count, 50U);
    const auto untold = *journal->untold(10);
    ASSERT_EQ(untold.size(), 2U);
    EXPECT_EQ(untold[1].alert.telling, 2U);
    ASSERT_TRUE(journal->told(untold[0].number));
    EXPECT_EQ(journal->untold(10)->size(), 1U);
    EXPECT_EQ((*journal->counts())[2], 1U);
}

TEST_F(JournalTest, NumbersOfTellingsNeverComeBack) {
    auto journal = Journal::open(path_);
    const Alert a = alert(1);
    ASSERT_TRUE(journal->write({.tell = {a}, .alerts = {a}, .rings = {}}));
    const auto first = journal->untold(1)->at(0).number;
    ASSERT_TRUE(journal->told(first));
    journal = Journal::open(path_);
    ASSERT_TRUE(journal->write({.tell = {a}, .alerts = {a}, .rings = {}}));
    EXPECT_GT(journal->untold(1)->at(0).number, first);
}

TEST_F(JournalTest, Lists) {
    auto journal = Journal::open(path_);
    Batch batch;
    for (std::uint64_t id = 1; id <= 30; ++id) {
        batch.alerts.push_back(alert(id, id % 3 == 0 ? Severity::high : Severity::low));
        batch.alerts.back().open = id % 2 == 0;
    }
    ASSERT_TRUE(journal->write(batch));
    EXPECT_EQ(journal->list({})->front().id, 30U);
    EXPECT_EQ(journal->list({.least = Severity::high})->size(), 10U);
    EXPECT_EQ(journal->list({.host = *IpAddress::parse("192.168.1.7")})->size(), 1U);
    EXPECT_EQ(journal->list({.open = true})->size(), 15U);
    EXPECT_EQ(journal->list({.since_ns = 21 * kSecondNs})->size(), 10U);
    EXPECT_EQ(journal->list({.before_id = 10, .limit = 3})->back().id, 7U);
    EXPECT_EQ(journal->open_alerts()->front().id, 2U);
}

TEST_F(JournalTest, RetiresOldAndThenTheLeastWorth) {
    auto journal = Journal::open(path_);
    Batch batch;
    for (std::uint64_t id = 1; id <= 20; ++id) {
        batch.alerts.push_back(alert(id, id % 2 == 0 ? Severity::high : Severity::low));
        batch.alerts.back().open = id == 1;
    }
    batch.tell = batch.alerts;
    ASSERT_TRUE(journal->write(batch));
    EXPECT_EQ(*journal->retire({.keep_since_ns = 5 * kSecondNs}), 3U);  // 2, 3, 4: the first is open
    EXPECT_EQ(*journal->retire({.max_alerts = 12}), 5U);
    const auto left = *journal->list({});
    ASSERT_EQ(left.size(), 12U);
    EXPECT_EQ(std::count_if(left.begin(), left.end(), [](const Alert& a) { return a.severity == Severity::high; }), 8);
    EXPECT_TRUE(journal->history(5)->empty());
    EXPECT_EQ(*journal->retire({.max_alerts = 12}), 0U);
}

TEST_F(JournalTest, RemembersRings) {
    auto journal = Journal::open(path_);
    const std::uint64_t id = 0xffffffff00000001ULL;
    EXPECT_FALSE(journal->ring_position(id)->has_value());
    ASSERT_TRUE(journal->write({.tell = {}, .alerts = {}, .rings = {{id, {100, 3}}}}));
    journal = Journal::open(path_);
    EXPECT_EQ((*journal->ring_position(id))->position, 100U);
    EXPECT_EQ((*journal->ring_position(id))->lost, 3U);
}

TEST_F(JournalTest, SurvivesAKillInMidWriting) {
    for (unsigned round = 0; round < 3; ++round) {
        int written[2];  // a byte for each batch: the kill comes when there are some, however slow the disk is
        ASSERT_EQ(::pipe(written), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            auto journal = Journal::open(path_);
            for (std::uint64_t n = 1;; ++n) {
                Batch batch;
                for (std::uint64_t id = 1; id <= 5; ++id) {
                    batch.alerts.push_back(alert(id));
                    batch.alerts.back().count = n;
                }
                batch.rings[1] = {n, 0};
                if (!journal->write(batch) || ::write(written[1], "", 1) != 1) ::_exit(1);
            }
        }
        ::close(written[1]);
        char batches[4];
        for (std::size_t got = 0; got < sizeof batches;) {
            const ssize_t n = ::read(written[0], batches, sizeof batches - got);
            ASSERT_GT(n, 0) << "the writer ended";
            got += static_cast<std::size_t>(n);
        }
        ::usleep(700 * round);  // somewhere in the next ones
        ASSERT_EQ(::kill(child, SIGKILL), 0);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
        ::close(written[0]);
        auto journal = Journal::open(path_);
        ASSERT_TRUE(journal) << journal.error().message();
        const auto ring = *journal->ring_position(1);
        ASSERT_TRUE(ring);
        const auto all = *journal->list({});
        for (const Alert& a : all) EXPECT_EQ(a.count, ring->position);  // all of a batch or none of it
    }
}

TEST_F(JournalTest, RefusesWhatIsNoJournal) {
    std::ofstream(path_) << std::string(8192, 'x');
    EXPECT_EQ(Journal::open(path_).error().code, ErrorCode::invalid);
    EXPECT_EQ(Journal::open("/nonexistent/alerts.db").error().code, ErrorCode::io);
}

}  // namespace
}  // namespace sekisho::store
