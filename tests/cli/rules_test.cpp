#include <gmock/gmock.h>

#include "cli/box.h"
#include "cli/rule_files.h"

namespace sekisho::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kRule[] =
    "drop tcp any any -> any any (msg:\"mine\"; content:\"z\"; sid:1000001; rev:1;)";

class RulesCommand : public Box {
  protected:
    void SetUp() override {
        Box::SetUp();
        fast_answers_["rule"] = [](const control::Request& request) {
            return control::Reply{
                true, R"({"sid":)" + request.args.at(0) + R"(,"action":"alert","msg":"one"})"};
        };
    }
};

TEST_F(RulesCommand, AddChecksKeepsAndApplies) {
    start_fastpath();
    EXPECT_EQ(run({"rules", "add", kRule}), 0) << err();
    EXPECT_EQ(read("local.rules"), std::string(kRule) + "\n");
    EXPECT_EQ(asked("reload"), 1u);
    EXPECT_THAT(out(), HasSubstr("added: rule 1000001"));
    EXPECT_EQ(run({"rules", "add",
                   "alert tcp any any -> any any (msg:\"b\"; content:\"b\"; sid:1000002;)"}),
              0)
        << err();
    EXPECT_THAT(read("local.rules"), HasSubstr("mine"));
    EXPECT_THAT(read("local.rules"), HasSubstr("sid:1000002"));
}

TEST_F(RulesCommand, AddRefusesBeforeAnythingIsWritten) {
    start_fastpath();
    const char* wrong[] = {
        "this is no rule",
        "alert tcp any any -> any any (msg:\"x\"; content:\"a\";)",  // no sid
        "alert tcp any any -> any any (msg:\"x\"; nosuchkeyword:1; sid:9;)",
        "alert tcp any any -> any any (msg:\"x\"; pcre:\"/(/\"; sid:9;)",
        "alert tcp $NO_SUCH any -> any any (msg:\"x\"; content:\"a\"; sid:9;)",
        "alert tcp any any -> any any (msg:\"x\"; content:\"a\"; sid:1;)",  // taken
        "alert tcp any any -> any any (msg:\"x\"; content:\"a\"; sid:2;)",  // taken, switched off
        "alert tcp any any -> any any (msg:\"x\"; content:\"a\"; sid:9;)\nalert ip any any -> any "
        "any (sid:10;)",
    };
    for (const char* rule : wrong) {
        EXPECT_EQ(run({"rules", "add", rule}), 1) << rule;
        EXPECT_NE(err(), "") << rule;
    }
    EXPECT_EQ(read("local.rules"), "(none)");
    EXPECT_EQ(asked("reload"), 0u);
}

TEST_F(RulesCommand, ARefusedReloadPutsTheFileBack) {
    fast_answers_["reload"] = [](const auto&) {
        return control::Reply{false, "no memory for this many rules"};
    };
    start_fastpath();
    EXPECT_EQ(run({"rules", "add", kRule}), 1);
    EXPECT_THAT(err(), HasSubstr("no memory for this many rules; nothing is changed"));
    EXPECT_EQ(read("local.rules"), "(none)");
    write("local.rules", "# mine\n");
    EXPECT_EQ(run({"rules", "add", kRule}), 1);
    EXPECT_EQ(read("local.rules"), "# mine\n");
}

TEST_F(RulesCommand, ARuleThatDoesNotRunAfterwardsIsTakenBack) {
    fast_answers_["rule"] = [](const auto&) {
        return control::Reply{false, "no rule 1000001 is running"};
    };
    start_fastpath();
    EXPECT_EQ(run({"rules", "add", kRule}), 1);
    EXPECT_EQ(read("local.rules"), "(none)");
    EXPECT_EQ(asked("reload"), 2u) << "once with it, once without";
}

TEST_F(RulesCommand, WithoutAFastPathTheRuleIsKeptForItsStart) {
    EXPECT_EQ(run({"rules", "add", kRule}), 0);
    EXPECT_THAT(err(), HasSubstr("applied at the next start"));
    EXPECT_THAT(err(), HasSubstr("systemctl start sekisho-fastpathd"));
    EXPECT_EQ(read("local.rules"), std::string(kRule) + "\n");
}

TEST_F(RulesCommand, RemoveTakesBackOnlyLocalRules) {
    start_fastpath();
    write("local.rules", std::string("# before\n") + kRule + "\n# after\n");
    EXPECT_EQ(run({"rules", "remove", "1000001"}), 0) << err();
    EXPECT_EQ(read("local.rules"), "# before\n# after\n");
    EXPECT_EQ(run({"rules", "remove", "1"}), 1);
    EXPECT_THAT(err(), HasSubstr("rules disable 1"));
}

TEST_F(RulesCommand, OverridesRoundTrip) {
    start_fastpath();
    EXPECT_EQ(run({"rules", "disable", "1"}), 0) << err();
    EXPECT_EQ(run({"rules", "enable", "2"}), 0) << err();
    EXPECT_THAT(read("overrides.txt"), HasSubstr("disable 1\nenable 2\n"));
    EXPECT_EQ(run({"rules", "drop", "1"}), 0);
    EXPECT_EQ(run({"rules", "alert", "2"}), 0);
    EXPECT_THAT(read("overrides.txt"), HasSubstr("drop 1\nalert 2\n"));
    EXPECT_THAT(read("overrides.txt"), Not(HasSubstr("disable 1")));
    EXPECT_EQ(asked("reload"), 4u);
    EXPECT_EQ(run({"rules", "drop", "99"}), 0);
    EXPECT_THAT(err(), HasSubstr("no rule file has a rule 99"));
    for (const char* wrong : {"x", "0", "-1", "4294967296", ""})
        EXPECT_EQ(run({"rules", "drop", wrong}), 2) << wrong;
}

TEST_F(RulesCommand, OverridesThatAreNotUnderstoodAreNotOverwritten) {
    write("overrides.txt", "remove 4\n");
    EXPECT_EQ(run({"rules", "drop", "1"}), 1);
    EXPECT_THAT(err(), HasSubstr("overrides.txt:1"));
    EXPECT_EQ(read("overrides.txt"), "remove 4\n");
}

TEST_F(RulesCommand, ListShowsRunningRulesOrThoseOfTheFiles) {
    EXPECT_EQ(run({"rules", "list"}), 0);
    EXPECT_THAT(err(), HasSubstr("not running"));
    EXPECT_THAT(out(), HasSubstr("alert   3                one"));
    EXPECT_THAT(out(), HasSubstr("1 of 1 rules"));
    fast_answers_["rules"] = [](const auto&) {
        return control::Reply{
            true,
            "{\"sid\":5,\"action\":\"drop\",\"msg\":\"SQL "
            "\\u6ce8\\u5165\",\"classtype\":\"web\"}\n{\"sid\":6,\"msg\":\"other\"}\n"};
    };
    start_fastpath();
    EXPECT_EQ(run({"rules", "list", "sql"}), 0);
    EXPECT_THAT(out(), HasSubstr("SQL 注入"));
    EXPECT_THAT(out(), Not(HasSubstr("other")));
    EXPECT_THAT(out(), HasSubstr("1 of 2 rules"));
    EXPECT_EQ(run({"rules", "list"}, true), 0);
    EXPECT_THAT(out(), HasSubstr("{\"sid\":5,"));
}

TEST_F(RulesCommand, ShowGivesTheRunningRuleOrItsLine) {
    EXPECT_EQ(run({"rules", "show", "2"}), 0);
    EXPECT_THAT(out(), HasSubstr("# alert tcp"));
    EXPECT_EQ(run({"rules", "show", "77"}), 1);
    start_fastpath();
    EXPECT_EQ(run({"rules", "show", "1"}), 0);
    EXPECT_THAT(out(), HasSubstr("action  alert"));
}

TEST_F(RulesCommand, CheckTellsEveryMistakeWithItsPlace) {
    write("bad.rules",
          "alert tcp any any -> any any (msg:\"ok\"; content:\"a\"; sid:1;)\nalert tcp any any -> "
          "any any (bogus:1; sid:2;)\nnonsense\n");
    EXPECT_EQ(run({"rules", "check", path("bad.rules")}), 1);
    EXPECT_THAT(out(), HasSubstr("bad.rules:2"));
    EXPECT_THAT(out(), HasSubstr("bad.rules:3"));
    EXPECT_THAT(out(), HasSubstr("1 good, 2 with mistakes"));
    EXPECT_EQ(run({"rules", "check", path("main.rules")}), 0) << out();
    EXPECT_EQ(run({"rules", "check", path("none.rules")}), 1);
}

TEST_F(RulesCommand, ReloadNeedsAFastPath) {
    EXPECT_EQ(run({"rules", "reload"}), 1);
    EXPECT_THAT(err(), HasSubstr("the fast path is not running"));
    start_fastpath();
    EXPECT_EQ(run({"rules", "reload"}), 0);
    EXPECT_THAT(out(), HasSubstr("applied: 2 rules"));
}

TEST_F(RulesCommand, ChangesLeaveAnAuditLine) {
    start_fastpath();
    EXPECT_EQ(run({"rules", "disable", "1"}), 0);
    EXPECT_EQ(run({"rules", "remove", "1"}), 1);
    EXPECT_EQ(run({"rules", "list"}), 1);
    const auto log = read("audit.log");
    EXPECT_THAT(log, HasSubstr(R"("command":"rules disable","args":["1"],"result":"done"})"));
    EXPECT_THAT(log, HasSubstr(R"("command":"rules remove","args":["1"],"result":"refused"})"));
    EXPECT_THAT(log, Not(HasSubstr("rules list")));
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 2);
}

TEST(FindRuleLine, TakesTheOptionAndNotTheMessage) {
    const std::string text =
        "# c\nalert (sid:6; msg:\"x\\; sid:5\\; here\";)\nalert (msg:\"a\"; sid: 5 ;rev:1;)";
    EXPECT_EQ(text.substr(find_rule_line(text, 6).begin, 10), "alert (sid");
    EXPECT_EQ(find_rule_line(text, 5).end, text.size());
    EXPECT_FALSE(find_rule_line(text, 7).found());
    EXPECT_FALSE(find_rule_line("", 7).found());
}

}  // namespace
}  // namespace sekisho::cli
