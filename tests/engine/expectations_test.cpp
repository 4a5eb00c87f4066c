#include "sekisho/engine/expectations.h"

#include <gtest/gtest.h>

namespace sekisho::engine {
namespace {

constexpr TimeNs kNow = 1'000 * kSecondNs;

ExpectedEnds ends(std::uint32_t host, std::uint16_t port) {
    return {IpAddress::v4(host), IpAddress::v4(0x0a000001), port, 6};
}
app::Expected file(std::string_view name, std::uint8_t command = 1) {
    return {app::Protocol::ftp_data, app::Direction::to_server, 0, as_bytes(name), command};
}

TEST(Expectations, AreMetOnceAndTellWhatWasSaidLast) {
    Expectations table;
    EXPECT_FALSE(table.any(kNow));
    table.put(ends(1, 5001), file("", 0), kNow);
    table.put(ends(1, 5001), file("a.exe"), kNow + 1);
    EXPECT_TRUE(table.any(kNow));
    EXPECT_FALSE(table.take(ends(1, 5002), kNow));
    const auto met = table.take(ends(1, 5001), kNow + 2);
    ASSERT_TRUE(met);
    EXPECT_EQ(met->protocol, app::Protocol::ftp_data);
    EXPECT_EQ(as_text(met->file_name()), "a.exe");
    EXPECT_EQ(met->command, 1);
    EXPECT_FALSE(table.take(ends(1, 5001), kNow + 3));
    EXPECT_EQ(table.met(), 1u);
    EXPECT_EQ(table.evicted(), 0u);
}

TEST(Expectations, AreForgottenInTime) {
    Expectations table;
    table.put(ends(1, 1), file("x"), kNow);
    EXPECT_FALSE(table.take(ends(1, 1), kNow + Expectations::kTimeout + 1));
    EXPECT_FALSE(table.any(kNow + Expectations::kTimeout + 1));
}

TEST(Expectations, WhenFullTheOldestGivesWay) {
    Expectations table;
    constexpr std::uint32_t kMany = 3 * Expectations::kCapacity;
    for (std::uint32_t i = 0; i < kMany; ++i) table.put(ends(i + 1, 21), file("x"), kNow + i);
    std::size_t found = 0;
    for (std::uint32_t i = 0; i < kMany; ++i) found += table.take(ends(i + 1, 21), kNow).has_value();
    EXPECT_LE(found, Expectations::kCapacity);
    EXPECT_GT(found, Expectations::kCapacity / 2);
    EXPECT_EQ(table.evicted(), kMany - found);
}

TEST(Expectations, TheEndOfALongNameCounts) {
    Expectations table;
    table.put(ends(1, 1), file(std::string(300, 'd') + ".exe"), kNow);
    const auto met = table.take(ends(1, 1), kNow);
    ASSERT_TRUE(met);
    EXPECT_EQ(met->file_name().size(), Announced::kNameMax);
    EXPECT_TRUE(as_text(met->file_name()).ends_with(".exe"));
}

}  // namespace
}  // namespace sekisho::engine
