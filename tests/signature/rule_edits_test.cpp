// The enable, disable, drop and modify files of suricata-update.
#include "sekisho/signature/rule_edits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sekisho::signature {
namespace {

using ::testing::HasSubstr;

const std::string kRule =
    R"(alert http any any -> any any (msg:"ET TROJAN one sid:9\;"; content:"a"; classtype:trojan-activity; )"
    R"(metadata:deployment Perimeter, created_at 2020_01_01; sid:2019401; rev:3;))";

RuleLine rule(const std::string& text = kRule, const std::string& file = "rules/emerging-dos.rules") {
    auto read = read_rule_line(text, file);
    EXPECT_TRUE(read) << text;
    return read.value_or(RuleLine{});
}

/// The rule after one edit.
RuleLine after(EditKind kind, const std::string& line, RuleLine subject = rule()) {
    RuleEdits edits;
    const auto added = edits.add(kind, line, "edits.conf");
    EXPECT_TRUE(added) << (added ? "" : added.error().message());
    EditCounts counts;
    EXPECT_TRUE(edits.apply(subject, counts));
    return subject;
}

TEST(RuleLine, KnowsRulesFromOtherLines) {
    EXPECT_EQ(rule().sid, 2019401u);
    EXPECT_EQ(rule().gid, 1u);
    EXPECT_EQ(rule().file, "emerging-dos.rules");
    EXPECT_TRUE(rule().enabled);
    EXPECT_FALSE(rule("#" + kRule).enabled);
    EXPECT_EQ(rule("# # " + kRule).text, kRule);
    EXPECT_EQ(rule("drop ip any any -> any any (gid:7; sid: 5 ;)").gid, 7u);
    for (const char* other : {"", "# just words", "alert without options", "alert ip any any -> any any (msg:\"no id\";)",
                              "config classification: a,b,1"})
        EXPECT_FALSE(read_rule_line(other, "a.rules")) << other;
}

TEST(RuleEdits, SelectInEveryForm) {
    for (const char* line : {"2019401", "1:2019401", "1:7, 1:2019401", "group:emerging-dos.rules", "group:emerging-*",
                             "filename:*/emerging-dos.rules", "re:trojan", "re:ET TROJAN.*one", "metadata:deployment perimeter", "*",
                             "2019401  # why"})
        EXPECT_FALSE(after(EditKind::disable, line).enabled) << line;
    for (const char* line : {"2019402", "3:2019401", "group:emerging-web", "re:^nothing", "metadata:deployment Datacenter",
                             "# 2019401", ""})
        EXPECT_TRUE(after(EditKind::disable, line).enabled) << line;
}

TEST(RuleEdits, EnableWinsOverDisable) {
    RuleEdits edits;
    ASSERT_TRUE(edits.add(EditKind::enable, "2019401", "enable.conf"));
    ASSERT_TRUE(edits.add(EditKind::disable, "group:emerging-dos", "disable.conf"));
    RuleLine subject = rule();
    EditCounts counts;
    ASSERT_TRUE(edits.apply(subject, counts));
    EXPECT_TRUE(subject.enabled);
    EXPECT_EQ(counts.disabled, 1u);
    EXPECT_EQ(counts.enabled, 1u);
}

TEST(RuleEdits, DropChangesAlertsOnly) {
    EXPECT_TRUE(after(EditKind::drop, "*").text.starts_with("drop http any"));
    EXPECT_TRUE(after(EditKind::drop, "*", rule("pass ip any any -> any any (sid:1;)")).text.starts_with("pass"));
    EXPECT_TRUE(after(EditKind::drop, "*", rule("alert ip any any -> any any (flowbits:set,a; flowbits:noalert; sid:1;)"))
                    .text.starts_with("alert"))
        << "it only keeps state";
}

TEST(RuleEdits, ModifyReplacesWithGroups) {
    EXPECT_THAT(after(EditKind::modify, R"(2019401 "content:\"(.)\"" "content:\"$\1\"")").text, HasSubstr(R"(content:"$a")"));
    EXPECT_THAT(after(EditKind::modify, R"(re:trojan ^alert drop)").text, HasSubstr("drop http"));
    EXPECT_THAT(after(EditKind::modify, R"(modifysid 2019401 "rev:3" | "rev:4")").text, HasSubstr("rev:4"));
    EXPECT_EQ(after(EditKind::modify, R"(1 "rev:3" "rev:4")").text, kRule);
}

TEST(RuleEdits, MistakesNameTheirLine) {
    for (const auto& [kind, text, words] :
         {std::tuple(EditKind::disable, "# fine\nnonsense", "selects no rule"), {EditKind::enable, "\nre:(", "expression"},
          {EditKind::modify, "\n1 only", "three words"}, {EditKind::modify, "\n1 \"( b", "not closed"},
          {EditKind::modify, "\n1 ( b", "expression"}}) {
        RuleEdits edits;
        const auto done = edits.add(kind, text, "x.conf");
        ASSERT_FALSE(done) << text;
        EXPECT_THAT(done.error().message(), HasSubstr("x.conf:2"));
        EXPECT_THAT(done.error().message(), HasSubstr(words));
    }
}

TEST(RuleEdits, WhatEnabledRulesNeedIsSwitchedOn) {
    std::vector<RuleLine> rules{
        rule("alert ip any any -> any any (flowbits:isset,b; sid:1;)"),
        rule("# alert ip any any -> any any (flowbits:isset,a; flowbits:set,b; flowbits:noalert; sid:2;)"),
        rule("# alert ip any any -> any any (flowbits:set,a; sid:3;)"),
        rule("# alert ip any any -> any any (flowbits:set,c; sid:4;)"),
    };
    EXPECT_EQ(enable_required_by_flowbits(rules), 2u);
    EXPECT_TRUE(rules[1].enabled && rules[2].enabled);
    EXPECT_FALSE(rules[3].enabled);
}

}  // namespace
}  // namespace sekisho::signature
