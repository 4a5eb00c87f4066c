#include "sekisho/config/rule_overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sekisho/base/file_text.h"

namespace sekisho::config {
namespace {

TEST(RuleOverrides, ReadsLinesCommentsAndBlanks) {
    const auto read = parse_overrides(
        "# why\n disable 5 # noisy\n\ndrop\t6\r\nenable 7\nalert 4294967295\n", "o");
    EXPECT_TRUE(read.errors.empty());
    EXPECT_EQ(read.overrides, (RuleOverrides{{5, Override::disable},
                                             {6, Override::drop},
                                             {7, Override::enable},
                                             {4294967295u, Override::alert}}));
}

TEST(RuleOverrides, TheLaterLineCounts) {
    EXPECT_EQ(parse_overrides("drop 1\nalert 1\n", "o").overrides.at(1), Override::alert);
}

TEST(RuleOverrides, BadLinesAreToldAndLeftOut) {
    const auto read = parse_overrides(
        "remove 1\ndrop\ndrop x\ndrop 0\ndrop 4294967296\ndrop 1 2\nalert 9\n", "o.txt");
    ASSERT_EQ(read.errors.size(), 6u);
    EXPECT_EQ(read.errors[0].message(),
              "o.txt:1: 'remove' is none of enable, disable, drop, alert");
    EXPECT_EQ(read.errors[5].message(), "o.txt:6: '1 2' is not a rule id");
    EXPECT_EQ(read.overrides.size(), 1u);
}

TEST(RuleOverrides, WrittenTextReadsBack) {
    const RuleOverrides overrides{
        {1, Override::drop}, {2, Override::enable}, {3, Override::disable}, {4, Override::alert}};
    const auto read = parse_overrides(format_overrides(overrides), "o");
    EXPECT_TRUE(read.errors.empty());
    EXPECT_EQ(read.overrides, overrides);
}

TEST(RuleOverrides, RulesInCommentsAreTakenOutWhereWanted) {
    const std::string text =
        "# two words sid:2;\n#alert ip any any -> any any (sid:2;)\n  ## drop ip any any "
        "(msg:\"a\"; sid: 3 ;)\n"
        "# alert ip (sid:4;)\n# alert ip (sid:5;)\nalert ip (sid:6;)\n#\n# (sid:2;";
    const RuleOverrides overrides{
        {2, Override::enable}, {3, Override::drop}, {4, Override::disable}, {6, Override::alert}};
    EXPECT_EQ(uncomment_overridden(text, overrides),
              "# two words sid:2;\nalert ip any any -> any any (sid:2;)\ndrop ip any any "
              "(msg:\"a\"; sid: 3 ;)\n"
              "# alert ip (sid:4;)\n# alert ip (sid:5;)\nalert ip (sid:6;)\n#\n(sid:2;");
    EXPECT_EQ(uncomment_overridden(text, {}), text);
    EXPECT_EQ(uncomment_overridden("", overrides), "");
}

TEST(RuleOverrides, TheRuleIdIsTheOptionAndNotTheMessage) {
    EXPECT_EQ(rule_id_of("alert ip (msg:\"sid:1\\; x\"; sid:7; rev:1;)"), 7u);
    EXPECT_EQ(rule_id_of("alert ip (sid:7; msg:\"a\\; sid:1\\; x\";)"), 7u);
    for (const char* none : {"", "sid:1;", "alert ip (msg:\"x\";)", "(sid:0;)", "(sid:x;)",
                             "(sid:", "(sid:4294967296;)"})
        EXPECT_FALSE(rule_id_of(none)) << none;
}

TEST(RuleOverrides, AMissingFileHoldsNone) {
    const auto read = load_overrides("/no/such/file");
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->overrides.empty());
}

}  // namespace
}  // namespace sekisho::config
