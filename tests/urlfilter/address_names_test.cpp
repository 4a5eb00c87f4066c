#include "sekisho/urlfilter/address_names.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace sekisho::urlfilter {
namespace {

const IpAddress kClient = *IpAddress::parse("192.168.0.7");
const IpAddress kOther = *IpAddress::parse("192.168.0.8");
const IpAddress kServer = *IpAddress::parse("203.0.113.10");

TEST(AddressNames, KnowTheNameThatAClientAskedFor) {
    AddressNames names(64);
    EXPECT_EQ(names.find(kClient, kServer, 10).text(), "");
    names.learn(kClient, kServer, "www.example.jp.", 10);
    EXPECT_EQ(names.find(kClient, kServer, 10).text(), "www.example.jp");
    EXPECT_EQ(names.find(kOther, kServer, 10).text(), "") << "another client did not ask";
    EXPECT_EQ(names.find(kClient, kServer, 10 + AddressNames::kKeepSeconds).text(), "") << "too long ago";
}

TEST(AddressNames, TwoNamesOfOneAddressAreNone) {
    AddressNames names(64);
    names.learn(kClient, kServer, "a.example", 10);
    names.learn(kClient, kServer, "A.example", 11);
    EXPECT_EQ(names.find(kClient, kServer, 12).text(), "A.example");
    names.learn(kClient, kServer, "b.example", 12);
    EXPECT_EQ(names.find(kClient, kServer, 13).text(), "");
}

TEST(AddressNames, AFullTableGivesUpTheOldest) {
    AddressNames names(8);
    for (std::uint32_t i = 0; i < 100; ++i) names.learn(kClient, IpAddress::v4(i), "n" + std::to_string(i) + ".example", 100 + i);
    unsigned known = 0;
    for (std::uint32_t i = 0; i < 100; ++i) {
        const auto name = names.find(kClient, IpAddress::v4(i), 200);
        if (name.size == 0) continue;
        ++known;
        EXPECT_EQ(name.text(), "n" + std::to_string(i) + ".example");
    }
    EXPECT_GT(known, 0u);
    EXPECT_LE(known, 8u);
    EXPECT_EQ(names.find(kClient, IpAddress::v4(99), 200).text(), "n99.example");
}

TEST(AddressNames, LongNamesKeepTheirEnd) {
    AddressNames names(8);
    names.learn(kClient, kServer, std::string(200, 'x') + ".evil.example", 1);
    EXPECT_EQ(names.find(kClient, kServer, 1).text(), "evil.example");
    names.learn(kOther, kServer, std::string(300, 'x'), 1);
    EXPECT_EQ(names.find(kOther, kServer, 1).text(), "");
}

TEST(AddressNames, ReadersSeeWholeNames) {
    AddressNames names(4);
    std::vector<std::thread> threads;
    for (int t = 0; t < 2; ++t)
        threads.emplace_back([&names, t] {
            for (std::uint32_t i = 0; i < 20'000; ++i)
                names.learn(kClient, IpAddress::v4(i % 7), std::string(static_cast<std::size_t>(20 + t), static_cast<char>('a' + i % 7)), i);
        });
    for (std::uint32_t i = 0; i < 20'000; ++i) {
        const auto name = names.find(kClient, IpAddress::v4(i % 7), 0);
        for (const char c : name.text()) ASSERT_EQ(c, 'a' + static_cast<char>(i % 7));
    }
    for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace sekisho::urlfilter
