#include "sekisho/signature/regex.h"

#include <gtest/gtest.h>

#include <string>

namespace sekisho::signature {
namespace {

bool found(std::string_view pattern, std::string_view options, std::string_view text, RegexMatch& match,
           std::size_t from = 0) {
    const auto regex = Regex::compile(pattern, options);
    EXPECT_TRUE(regex) << pattern;
    RegexScratch scratch;
    return regex && (*regex)->search(as_bytes(text), from, scratch, match);
}

TEST(Regex, FindsPlacesAndGroups) {
    RegexMatch match;
    ASSERT_TRUE(found("a(b+)c", "i", "xxABBCx", match));
    EXPECT_EQ(match.begin, 2u);
    EXPECT_EQ(match.end, 6u);
    EXPECT_TRUE(match.has_group);
    EXPECT_EQ(match.group_begin, 3u);
    EXPECT_EQ(match.group_end, 5u);
    ASSERT_TRUE(found("a|(b)", "", "a", match));
    EXPECT_FALSE(match.has_group);
    EXPECT_FALSE(found("a", "", "a", match, 1));
    EXPECT_FALSE(found("a", "", "a", match, 2));
    EXPECT_TRUE(found("^$", "", "", match));
}

TEST(Regex, TellsWhetherMoreOctetsMayCompleteAMatch) {
    const auto may_come = [](std::string_view pattern, std::string_view text, bool goes_on = true) {
        const auto regex = Regex::compile(pattern, "", goes_on);
        EXPECT_TRUE(regex) << pattern;
        RegexScratch scratch;
        RegexMatch match;
        EXPECT_FALSE((*regex)->search(as_bytes(text), 0, scratch, match)) << pattern << " on " << text;
        return match.may_come;
    };
    EXPECT_TRUE(may_come("^abc", "ab"));
    EXPECT_TRUE(may_come("^abc", ""));
    EXPECT_FALSE(may_come("^abc", "abx"));
    EXPECT_FALSE(may_come("^abc", "xabc"));
    EXPECT_TRUE(may_come("^[^z]{3}z", "abx"));
    EXPECT_TRUE(may_come("abc", "xyz")) << "it may begin later";
    EXPECT_TRUE(may_come("^abc", "abx", false)) << "nobody asked";
}

TEST(Regex, SharesIdenticalExpressions) {
    const auto a = Regex::compile("same", "i");
    const auto b = Regex::compile("same", "i");
    const auto c = Regex::compile("same", "");
    ASSERT_TRUE(a && b && c);
    EXPECT_EQ(*a, *b);
    EXPECT_NE(*a, *c);
}

TEST(Regex, GivesUpInsteadOfRunningForever) {
    RegexMatch match;
    EXPECT_FALSE(found("(a+)+$", "", std::string(2000, 'a') + "b", match));
    EXPECT_FALSE(found("(?:(?:a*)*)*x", "O", std::string(200, 'a'), match));
}

TEST(Regex, RefusesWithPlaceAndCause) {
    const auto broken = Regex::compile("a(b", "");
    ASSERT_FALSE(broken);
    EXPECT_NE(broken.error().what.find("octet 3"), std::string::npos) << broken.error().what;
    EXPECT_FALSE(Regex::compile("a", "q"));
    EXPECT_FALSE(Regex::compile(std::string(500, '('), ""));
}

}  // namespace
}  // namespace sekisho::signature
