// Countries of addresses: databases of both versions, and what damaged ones lead to.
#include "sekisho/signature/countries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/country_database.h"

namespace sekisho::signature::testing {
namespace {

using sekisho::testing::CountryDatabaseWriter;

std::string name_of(const CountryDatabase& database, const char* ip) {
    const auto code = database.country(*IpAddress::parse(ip));
    return code ? std::string{static_cast<char>(*code >> 8), static_cast<char>(*code & 0xff)} : "none";
}

CountryDatabaseWriter small(unsigned version) {
    CountryDatabaseWriter writer(version);
    writer.add("192.0.2.0/24", "JP").add("192.0.2.128/25", "FR").add("198.51.100.7", "DE").add("203.0.113.0/24", "nowhere");
    return writer;
}

TEST(Countries, TheNarrowestNetworkCounts) {
    for (const unsigned version : {4u, 6u}) {
        CountryDatabaseWriter writer = small(version);
        if (version == 6) writer.add("2001:db8::/32", "US");
        const auto database = CountryDatabase::read(writer.octets(), "test");
        ASSERT_TRUE(database) << database.error().message();
        EXPECT_EQ(name_of(**database, "192.0.2.1"), "JP");
        EXPECT_EQ(name_of(**database, "192.0.2.200"), "FR");
        EXPECT_EQ(name_of(**database, "198.51.100.7"), "DE");
        EXPECT_EQ(name_of(**database, "198.51.100.8"), "none");
        EXPECT_EQ(name_of(**database, "203.0.113.1"), "none") << "what is no country of two letters";
        EXPECT_EQ(name_of(**database, "2001:db8::1"), version == 6 ? "US" : "none");
        EXPECT_EQ(name_of(**database, "2001:db9::1"), "none");
    }
}

TEST(Countries, CodesAreTwoLetters) {
    EXPECT_EQ(country_code("JP"), CountryCode{'J' << 8 | 'P'});
    EXPECT_EQ(country_code("jp"), country_code("JP"));
    for (const char* wrong : {"", "J", "JPN", "J1", "!J", "@A", "[A"}) EXPECT_FALSE(country_code(wrong)) << wrong;
}

TEST(Countries, WhatIsNoDatabaseIsNamed) {
    const auto error = [](std::string_view octets) { return CountryDatabase::read(octets, "x.mmdb").error(); };
    for (const std::string_view octets : {"", "text\n", "\xab\xcd\xefMaxMind.com"}) {
        EXPECT_EQ(error(octets).where, "x.mmdb");
        EXPECT_THAT(error(octets).what, ::testing::HasSubstr("not a MaxMind database"));
    }
    const auto missing = CountryDatabase::open("/nonexistent/x.mmdb");
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error().message(), ::testing::HasSubstr("/nonexistent/x.mmdb"));
}

TEST(Countries, DamageIsRefusedOrUnknown) {
    const std::string whole = small(4).octets();
    std::size_t refused = 0;
    const auto ask = [&](const std::string& octets) {
        const auto database = CountryDatabase::read(octets, "x");
        if (!database) ++refused;
        else for (const char* ip : {"192.0.2.1", "198.51.100.7", "0.0.0.0", "255.255.255.255"}) name_of(**database, ip);
    };
    for (std::size_t size = 0; size < whole.size(); ++size) ask(whole.substr(0, size));
    EXPECT_EQ(refused, whole.size()) << "a cut database lacks its metadata";
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(~damaged[at]);
        ask(damaged);
    }
    // One whose tree is gone, with sound metadata.
    ask(whole.substr(whole.find("\xab\xcd\xefMaxMind.com")));
    EXPECT_GT(refused, whole.size());
}

}  // namespace
}  // namespace sekisho::signature::testing
