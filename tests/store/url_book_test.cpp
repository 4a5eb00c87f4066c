#include "sekisho/store/url_book.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace sekisho::store {
namespace {

constexpr TimeNs kNoon = 1'795'780'800 * kSecondNs;  // 2026-11-27T12:00:00Z

event::Event decision(const char* client, const char* host, const char* category, TimeNs at, std::uint32_t incident,
                      event::Action action = event::Action::blocked) {
    event::Event event;
    event.kind = event::Kind::url;
    event.time_ns = at;
    event.id = incident;
    event.client = *IpAddress::parse(client);
    event.src_mac = {2, 0, 0, 0, 0, 9};
    event.action = action;
    event.type = 3;
    event.server_port = 443;
    event.set(event::Text::host, host);
    event.set(event::Text::category, category);
    event.set(event::Text::list, "ut1/x/domains:7");
    event.set(event::Text::extra, "lunch");
    return event;
}

class UrlBookTest : public testing::Test {
  protected:
    void SetUp() override {
        path_ = testing::TempDir() + "/url_book_" + std::to_string(::getpid());
        TearDown();
        auto opened = UrlBook::open(path_);
        ASSERT_TRUE(opened) << opened.error().message();
        book_ = std::make_unique<UrlBook>(std::move(*opened));
    }
    void TearDown() override {
        book_.reset();
        for (const char* end : {"", "-wal", "-shm"}) std::remove((path_ + end).c_str());
    }
    std::string path_;
    std::unique_ptr<UrlBook> book_;
};

TEST_F(UrlBookTest, FindsByClientSiteTimeAndNumber) {
    book_->add(decision("192.168.0.7", "WWW.Play.example", "games", kNoon, 1'000'001), 0);
    book_->add(decision("192.168.0.7", "play.example", "games", kNoon + 60 * kSecondNs, 1'000'002), 0);
    book_->add(decision("192.168.0.8", "play.example", "games", kNoon, 1'000'003), 0);
    book_->add(decision("192.168.0.7", "notplay.example", "games", kNoon, 1'000'004), 0);
    ASSERT_TRUE(book_->write());
    EXPECT_EQ(book_->waiting(), 0u);
    const IpAddress client = *IpAddress::parse("192.168.0.7");
    const auto newest = book_->find(client, "Play.example", 0, 10);
    ASSERT_TRUE(newest);
    ASSERT_EQ(newest->size(), 2u);
    EXPECT_EQ((*newest)[0].incident, 1'000'002u);
    EXPECT_EQ((*newest)[1].host, "www.play.example");
    EXPECT_EQ((*newest)[1].list, "ut1/x/domains:7");
    EXPECT_EQ((*newest)[1].rule, "lunch");
    EXPECT_EQ((*newest)[1].mac.octets[5], 9);
    EXPECT_EQ((*newest)[1].decided, 3);
    const auto nearest = book_->find(client, "play.example", kNoon + kSecondNs, 1);
    ASSERT_EQ(nearest->size(), 1u);
    EXPECT_EQ((*nearest)[0].incident, 1'000'001u);
    EXPECT_EQ(book_->find_incident(1'000'003, 5)->size(), 1u);
    EXPECT_TRUE(book_->find_incident(9, 5)->empty());
    EXPECT_TRUE(book_->find(client, "pl%y.example", 0, 5)->empty()) << "% is a character like others";
}

TEST_F(UrlBookTest, CountsByClientCategoryAndDay) {
    const std::int64_t tokyo = 9 * 3600LL * 1'000'000'000;
    for (int i = 0; i < 5; ++i) book_->add(decision("192.168.0.7", "ads.example", "adware", kNoon, 1), tokyo);
    book_->add(decision("192.168.0.7", "ads.example", "adware", kNoon + 4 * 3600 * kSecondNs, 1), tokyo);
    book_->add(decision("192.168.0.7", "ads.example", "adware", kNoon, 1, event::Action::allowed), tokyo);
    ASSERT_TRUE(book_->write());
    book_->add(decision("192.168.0.7", "ads.example", "adware", kNoon, 1), tokyo);
    book_->add(decision("192.168.0.8", "ads.example", "adware", kNoon, 1), tokyo);
    ASSERT_TRUE(book_->write());
    const auto all = book_->counts("2026-11-01", nullptr, 100);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 3u);
    EXPECT_EQ((*all)[0].day, "2026-11-28") << "one in the morning in Tokyo";
    EXPECT_EQ((*all)[1].stopped, 6u);
    EXPECT_EQ((*all)[1].passed, 1u);
    const IpAddress other = *IpAddress::parse("192.168.0.8");
    EXPECT_EQ(book_->counts("2026-11-01", &other, 100)->size(), 1u);
    EXPECT_EQ(book_->counts("2026-11-28", nullptr, 100)->size(), 1u);
}

TEST_F(UrlBookTest, RetiresWhatIsOldOrTooMuch) {
    for (std::uint32_t i = 0; i < 10; ++i) book_->add(decision("192.168.0.7", "a.example", "games", kNoon + i * kSecondNs, i), 0);
    ASSERT_TRUE(book_->write());
    ASSERT_TRUE(book_->retire(kNoon + 3 * kSecondNs, "2026-11-27", 100));
    EXPECT_TRUE(book_->find_incident(2, 1)->empty());
    EXPECT_EQ(book_->find_incident(3, 1)->size(), 1u);
    ASSERT_TRUE(book_->retire(0, "2026-11-28", 2));
    EXPECT_TRUE(book_->find_incident(7, 1)->empty());
    EXPECT_EQ(book_->find_incident(8, 1)->size(), 1u);
    EXPECT_TRUE(book_->counts("2000-01-01", nullptr, 10)->empty());
}

}  // namespace
}  // namespace sekisho::store
