// The SOC's orders: read back as written, and every way in which one must not be obeyed.
#include "sekisho/order/order.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/order/gate.h"

namespace sekisho::order {
namespace {

constexpr std::int64_t kNow = 1'796'000'000;

struct Orders : testing::Test {
    void SetUp() override {
        folder = testing::TempDir() + "orders-" + std::to_string(::getpid()) + testing::UnitTest::GetInstance()->current_test_info()->name();
        std::filesystem::create_directories(folder);
        auto made = crypto::SigningKey::open(folder + "/soc.key");
        ASSERT_TRUE(made) << made.error().message();
        key.emplace(std::move(*made));
        public_key.emplace(std::move(*key->public_half()));
        settings.box_name = "factory-7";
        settings.home_net = {"192.168.0.0/16"};
        settings.orders.key_file = folder + "/soc.key.pub";
        settings.orders.never = {"192.168.1.1"};
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    static Order order() { return {"factory-7", 17, kNow, Order::Action::add, *IpAddress::parse("192.168.1.66"), 28'800, "指令サーバーと通信: calls home"}; }
    std::string text(const Order& o) {
        auto written = write_order(o, *key);
        EXPECT_TRUE(written) << written.error().message();
        return written ? *written : std::string();
    }
    /// Why the order is refused; empty: it is obeyed.
    std::string refused(const Order& o, std::vector<Held> held = {}, std::uint64_t last = 16, std::int64_t now = kNow) {
        const auto done = allow(o, settings, held, last, now);
        return done ? std::string() : done.error().message();
    }

    std::string folder;
    std::optional<crypto::SigningKey> key;
    std::optional<crypto::VerifyingKey> public_key;
    config::Settings settings;
};

TEST_F(Orders, IsReadAsWritten) {
    for (const auto action : {Order::Action::add, Order::Action::remove}) {
        Order o = order();
        o.action = action;
        if (action == Order::Action::remove) o.seconds = 0;
        const auto back = read_order(text(o), *public_key);
        ASSERT_TRUE(back) << back.error().message();
        EXPECT_EQ(*back, o);
    }
}

TEST_F(Orders, ForgedChangedAndCutOrdersAreRefused) {
    const std::string good = text(order());
    for (std::size_t size = 0; size + 1 < good.size(); ++size) ASSERT_FALSE(read_order(good.substr(0, size), *public_key)) << size;
    for (std::size_t i = 0; i + 1 < good.size(); ++i) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        ASSERT_FALSE(read_order(bad, *public_key)) << i;
    }
    const auto others = crypto::SigningKey::open(folder + "/other.key");
    ASSERT_TRUE(others);
    const auto forged = write_order(order(), *others);
    ASSERT_TRUE(forged);
    EXPECT_EQ(read_order(*forged, *public_key).error().code, ErrorCode::denied);
    EXPECT_EQ(read_order(good + std::string(kOrderMaxOctets, ' '), *public_key).error().code, ErrorCode::limit);
    EXPECT_FALSE(read_order(good + good, *public_key));
    EXPECT_FALSE(read_order("\n" + good, *public_key));
    // Signed by the SOC, and yet not spelled as it must be.
    for (const std::string body : {"sekisho-order 1\nbox: factory-7\n", "sekisho-order 1\nbox: factory-7\nsequence: 017\nissued: 1796000000\naction: add\n"
                                                                      "host: 192.168.1.66\nfor: 60\nreason: x\n"}) {
        const auto signature = key->sign(as_bytes(body));
        ASSERT_TRUE(signature);
        EXPECT_FALSE(read_order(body + "signature: " + hex(signature->data(), signature->size()) + "\n", *public_key)) << body;
    }
}

TEST_F(Orders, WhatCannotStandInALineIsNotWritten) {
    for (const auto change : {+[](Order& o) { o.reason = "a\nhost: 192.168.1.1"; }, +[](Order& o) { o.reason.clear(); },
                              +[](Order& o) { o.reason.assign(201, 'x'); }, +[](Order& o) { o.box = ""; }, +[](Order& o) { o.seconds = 0; },
                              +[](Order& o) { o.sequence = 0; }, +[](Order& o) { o.host = {}; }, +[](Order& o) { o.seconds = 400LL * 86'400; }}) {
        Order o = order();
        change(o);
        EXPECT_FALSE(write_order(o, *key));
    }
}

TEST_F(Orders, OnlyFreshNewOrdersForThisBoxAreObeyed) {
    EXPECT_EQ(refused(order()), "");
    EXPECT_NE(refused(order(), {}, 17).find("was obeyed before"), std::string::npos);
    EXPECT_NE(refused(order(), {}, 18).find("was obeyed before"), std::string::npos);
    EXPECT_EQ(refused(order(), {}, 16, kNow + 600), "");
    EXPECT_NE(refused(order(), {}, 16, kNow + 601).find("601 s old"), std::string::npos);
    EXPECT_EQ(refused(order(), {}, 16, kNow - 300), "");
    EXPECT_NE(refused(order(), {}, 16, kNow - 301).find("look at the clocks"), std::string::npos);
    Order elsewhere = order();
    elsewhere.box = "factory-8";
    EXPECT_NE(refused(elsewhere).find("is for box 'factory-8'"), std::string::npos);
}

TEST_F(Orders, SomeHostsAreNeverCutOff) {
    settings.slowpath.soc.resize(1);
    settings.slowpath.soc[0].host = "192.168.9.9";
    settings.slowpath.trusted_proxies = {"192.168.1.2"};
    settings.logs.tcp = "192.168.1.250:601";
    for (const char* host : {"192.168.1.1", "192.168.9.9", "192.168.1.2", "192.168.1.250"}) {
        Order o = order();
        o.host = *IpAddress::parse(host);
        EXPECT_NE(refused(o).find("never cut off"), std::string::npos) << host;
    }
    Order stranger = order();
    stranger.host = *IpAddress::parse("203.0.113.1");
    EXPECT_NE(refused(stranger).find("not in home_net"), std::string::npos);
}

TEST_F(Orders, NumberAndLengthAreBounded) {
    settings.orders.hosts_max = 2;
    std::vector<Held> held{{*IpAddress::parse("192.168.1.70"), true}, {*IpAddress::parse("192.168.1.71"), false}};
    EXPECT_EQ(refused(order(), held), "");
    held.push_back({*IpAddress::parse("192.168.1.72"), true});
    EXPECT_NE(refused(order(), held).find("2 hosts already"), std::string::npos);
    held[2].host = order().host;  // the same again only changes its end
    EXPECT_EQ(refused(order(), held), "");
    Order longer = order();
    longer.seconds = 25 * 3600;
    EXPECT_NE(refused(longer).find("longest_hours"), std::string::npos);
}

TEST_F(Orders, TheAdminsHostsAreTheAdmins) {
    const std::vector<Held> held{{order().host, false}};
    EXPECT_NE(refused(order(), held).find("by the admin"), std::string::npos);
    Order remove = order();
    remove.action = Order::Action::remove;
    remove.seconds = 0;
    EXPECT_NE(refused(remove, held).find("by the admin"), std::string::npos);
    EXPECT_NE(refused(remove).find("is not cut off"), std::string::npos);
    EXPECT_EQ(refused(remove, {{order().host, true}}), "");
}

TEST_F(Orders, TheSequenceIsKept) {
    const std::string file = folder + "/state";
    EXPECT_EQ(last_sequence(file).value(), 0U);
    ASSERT_TRUE(remember(file, 17));
    EXPECT_EQ(last_sequence(file).value(), 17U);
    ASSERT_TRUE(write_file_atomic(file, "rubbish", 0600));
    EXPECT_FALSE(last_sequence(file));  // and not 0: all old orders would be new again
}

}  // namespace
}  // namespace sekisho::order
