// The window that stands for a content: rare before long, inside the content, never the octets that must not be used.
#include "signature/literal_choice.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "sekisho/signature/pattern_db.h"

namespace sekisho::signature {
namespace {

std::string chosen(std::string_view content, bool nocase = false, std::size_t skip = 0) {
    const LiteralChoice choice = choose_literal(content, nocase, skip);
    return std::string(content.substr(choice.offset, choice.size));
}

TEST(LiteralChoice, TakesShortContentsWhole) {
    EXPECT_EQ(chosen("a"), "a");
    EXPECT_EQ(chosen("abcdefgh"), "abcdefgh");
}

TEST(LiteralChoice, FindsTheRarePartOfALongContent) {
    EXPECT_NE(chosen("Content-Type: text/html\r\nX-Zq9KvWJ7: 1").find("Zq9"), std::string::npos);
    EXPECT_NE(chosen("                XQZJ0W").find("XQZJ"), std::string::npos);
}

TEST(LiteralChoice, KnowsWhatEverybodySays) {
    const LiteralChoice common = choose_literal("document.write(", true);
    EXPECT_TRUE(common.everyday);
    const LiteralChoice rare = choose_literal("|3Xq", false);
    EXPECT_FALSE(rare.everyday);
    EXPECT_GT(rare.bits, common.bits) << "four strange octets say more than fifteen common ones";
}

TEST(LiteralChoice, SkipsWhatMayNotBeUsed) {
    EXPECT_EQ(chosen(".example", false, 1), "example");
    EXPECT_EQ(choose_literal(".", false, 1).size, 0u);
    EXPECT_EQ(choose_literal("", false).size, 0u);
}

TEST(LiteralChoice, StaysInsideTheContent) {
    std::mt19937 random(3);
    for (int round = 0; round < 2000; ++round) {
        std::string content(random() % 40, '\0');
        for (char& c : content) c = static_cast<char>(random() % (round % 2 == 0 ? 256 : 3));
        const std::size_t skip = random() % 3;
        const LiteralChoice choice = choose_literal(content, random() % 2 == 0, skip);
        if (content.size() <= skip) {
            EXPECT_EQ(choice.size, 0u);
            continue;
        }
        EXPECT_GE(choice.size, 1u);
        EXPECT_LE(choice.size, kLiteralMax);
        EXPECT_GE(choice.offset, skip);
        EXPECT_LE(choice.offset + choice.size, content.size());
        EXPECT_GT(choice.bits, 0);
    }
}

}  // namespace
}  // namespace sekisho::signature
