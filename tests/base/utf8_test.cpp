#include "sekisho/base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace sekisho {
namespace {

std::string text(std::uint32_t code) {
    const Utf8 octets(code);
    return {octets.begin(), octets.end()};
}

TEST(Utf8, OneToFourOctets) {
    EXPECT_EQ(text(0), std::string(1, '\0'));
    EXPECT_EQ(text(0x7f), "\x7f");
    EXPECT_EQ(text(0x80), "\xc2\x80");
    EXPECT_EQ(text(0x7ff), "\xdf\xbf");
    EXPECT_EQ(text(0x800), "\xe0\xa0\x80");
    EXPECT_EQ(text(0x95a2), "関");
    EXPECT_EQ(text(0xffff), "\xef\xbf\xbf");
    EXPECT_EQ(text(0x10000), "\xf0\x90\x80\x80");
    EXPECT_EQ(text(0x10ffff), "\xf4\x8f\xbf\xbf");
}

TEST(Utf8, PairsOfUtf16) {
    EXPECT_EQ(utf16_pair(0xd800, 0xdc00), 0x10000u);
    EXPECT_EQ(utf16_pair(0xdbff, 0xdfff), 0x10ffffu);
    EXPECT_FALSE(utf16_pair(0xdc00, 0xd800));
    EXPECT_FALSE(utf16_pair(0xd800, 0x41));
    EXPECT_FALSE(utf16_pair(0x41, 0xdc00));
}

}  // namespace
}  // namespace sekisho
