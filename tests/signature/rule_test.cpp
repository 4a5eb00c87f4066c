// What the rule tree says after parsing: where contents go, what modifiers mean, how headers resolve.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sekisho/signature/compare.h"
#include "signature/language_support.h"

namespace sekisho::signature::testing {
namespace {

const Content& content_at(const Rule& rule, std::size_t group, std::size_t test) {
    return std::get<Content>(rule.buffers.at(group).tests.at(test));
}

TEST(Buffers, LegacyModifierMovesTheContentBefore) {
    const auto rule = rule_of("content:\"one\"; content:\"two\"; http_uri; nocase; content:\"three\"; distance:0; http_uri;",
                              "http any any -> any any");
    ASSERT_TRUE(rule) << rule.error().what;
    ASSERT_EQ(rule->buffers.size(), 2u);
    EXPECT_EQ(rule->buffers[0].field, app::Field::payload);
    EXPECT_EQ(content_at(*rule, 0, 0).bytes, "one");
    EXPECT_FALSE(content_at(*rule, 0, 0).nocase);
    EXPECT_EQ(rule->buffers[1].field, app::Field::http_uri);
    EXPECT_TRUE(content_at(*rule, 1, 0).nocase);
    EXPECT_EQ(content_at(*rule, 1, 1).bytes, "three");
    EXPECT_TRUE(content_at(*rule, 1, 1).relative());
}

TEST(Buffers, SingleFieldsMergeAndMultiFieldsDoNot) {
    const auto http = rule_of("http.uri; content:\"a\"; http.method; content:\"GET\"; http.uri; content:\"b\"; distance:0;",
                              "http any any -> any any");
    ASSERT_TRUE(http) << http.error().what;
    ASSERT_EQ(http->buffers.size(), 2u);
    EXPECT_EQ(http->buffers[0].tests.size(), 2u);
    const auto dns = rule_of("dns.query; content:\"a\"; dns.query; content:\"b\";", "dns any any -> any any");
    ASSERT_TRUE(dns);
    EXPECT_EQ(dns->buffers.size(), 2u);
}

TEST(Buffers, TransformsMakeAGroupOfTheirOwn) {
    const auto rule = rule_of("http.host; content:\"x\"; http.host; dotprefix; content:\".a\"; http.host; dotprefix; "
                              "content:\".b\";", "http any any -> any any");
    ASSERT_TRUE(rule) << rule.error().what;
    ASSERT_EQ(rule->buffers.size(), 2u);
    EXPECT_TRUE(rule->buffers[0].transforms.empty());
    EXPECT_EQ(rule->buffers[1].tests.size(), 2u);
}

TEST(Buffers, RelativeTestsFollowTheLastMatch) {
    const auto rule = rule_of("content:\"a\"; http_uri; isdataat:!1,relative; pcre:\"/b/UR\";", "http any any -> any any");
    ASSERT_TRUE(rule) << rule.error().what;
    ASSERT_EQ(rule->buffers.size(), 1u);
    EXPECT_EQ(rule->buffers[0].tests.size(), 3u);
}

TEST(Buffers, Base64DataTakesWhatFollows) {
    const auto rule = rule_of("content:\"a\"; base64_decode:relative; base64_data; content:\"b\"; pkt_data; content:\"c\";");
    ASSERT_TRUE(rule) << rule.error().what;
    ASSERT_EQ(rule->buffers.size(), 1u);
    ASSERT_EQ(rule->buffers[0].tests.size(), 3u);
    EXPECT_EQ(std::get<std::shared_ptr<const Base64Decode>>(rule->buffers[0].tests[1])->tests.size(), 1u);
}

TEST(Content, KeepsWhatWasWritten) {
    const auto rule = rule_of("content:\"a|0d 0a|\\\"\"; offset:3; depth:9; fast_pattern:1,2;");
    ASSERT_TRUE(rule) << rule.error().what;
    const Content& content = content_at(*rule, 0, 0);
    EXPECT_EQ(content.bytes, "a\r\n\"");
    EXPECT_EQ(content.offset->value, 3);
    EXPECT_EQ(content.depth->value, 9);
    EXPECT_EQ(content.fast_pattern_offset, 1);
    EXPECT_EQ(content.fast_pattern_length, 2);
}

TEST(Header, WordsOfAllKinds) {
    const auto rule = parse_rule("reject tcp-pkt [10.0.0.0/8, !10.1.0.0/16] !80 <> $HOME_NET [1024:,!2000:3000] (sid:5;)", {});
    ASSERT_TRUE(rule) << rule.error().what;
    EXPECT_EQ(rule->header.action, Action::reject);
    EXPECT_TRUE(rule->header.packet_only);
    EXPECT_TRUE(rule->header.both_ways);
    EXPECT_TRUE(rule->header.source.contains(*IpAddress::parse("10.2.0.1")));
    EXPECT_FALSE(rule->header.source.contains(*IpAddress::parse("10.1.0.1")));
    EXPECT_FALSE(rule->header.source_ports.contains(80));
    EXPECT_TRUE(rule->header.destination_ports.contains(65535));
    EXPECT_FALSE(rule->header.destination_ports.contains(2500));
}

TEST(Header, Mistakes) {
    const std::pair<const char*, const char*> cases[] = {
        {"warn tcp any any -> any any (sid:1;)", "unknown action"},
        {"alert blue any any -> any any (sid:1;)", "unknown protocol"},
        {"alert tcp any any <- any any (sid:1;)", "direction"},
        {"alert tcp any any -> any (sid:1;)", "destination port is missing"},
        {"alert tcp 10.0.0.0/33 any -> any any (sid:1;)", "not an address"},
        {"alert tcp any 70000 -> any any (sid:1;)", "not a port"},
        {"alert tcp any 20:10 -> any any (sid:1;)", "backwards"},
        {"alert tcp $NOWHERE any -> any any (sid:1;)", "not defined"},
        {"alert tcp !any any -> any any (sid:1;)", "leaves no address"},
        {"alert tcp [10.0.0.0/8,!10.0.0.0/8] any -> any any (sid:1;)", "leaves no address"},
        {"alert tcp [10.0.0.0/8 any -> any any (sid:1;)", "missing"},
        {"alert tcp any any -> any any (sid:1)", "';'"},
        {"alert tcp any any -> any any (sid:1;", "')'"},
        {"alert tcp any any -> any any (msg:\"x\";)", "no sid"},
    };
    for (const auto& [text, words] : cases) {
        const auto rule = parse_rule(text, {});
        ASSERT_FALSE(rule) << text;
        EXPECT_THAT(rule.error().what, ::testing::HasSubstr(words)) << text;
    }
}

TEST(Header, VariableThatNamesItself) {
    ParseContext context;
    context.variables["LOOP"] = "[$LOOP,10.0.0.1]";
    const auto rule = parse_rule("alert tcp $LOOP any -> any any (sid:1;)", context);
    ASSERT_FALSE(rule);
    EXPECT_THAT(rule.error().what, ::testing::HasSubstr("nest deeper"));
}

TEST(Meta, RulesAboutLoggingAreNeverTold) {
    const auto report = parse_rules("config dns any any -> any any (dns.query; content:\"a\"; config:logging disable, type tx, scope tx; sid:1;)\n", "r", {});
    ASSERT_EQ(report.rules.size(), 1u);
    EXPECT_TRUE(report.rules[0].noalert);
}

TEST(Meta, PriorityComesFromTheClassUnlessGiven) {
    EXPECT_EQ(rule_of("classtype:trojan-activity;")->priority, 1);
    EXPECT_EQ(rule_of("priority:4; classtype:trojan-activity;")->priority, 4);
    EXPECT_EQ(rule_of("")->priority, 3);
}

TEST(PacketTests, FlagsAndSizes) {
    packet::Packet packet;
    packet.ip_version = 4;
    packet.ip_protocol = packet::ip_proto::tcp;
    packet.tcp_flags = packet::tcp_flag::syn | packet::tcp_flag::ece;
    packet.payload_size = 7;
    const std::pair<const char*, bool> cases[] = {
        {"flags:S;", false}, {"flags:S,12;", true}, {"flags:+S;", true},   {"flags:*SA;", true}, {"flags:!SA;", true},
        {"flags:SE;", true}, {"flags:0;", false},   {"dsize:5<>8;", true}, {"dsize:7<>9;", false}, {"dsize:!7;", false},
    };
    for (const auto& [options, expected] : cases) {
        const auto rule = rule_of(options);
        ASSERT_TRUE(rule) << options;
        const PacketTest& test = rule->packet_tests.at(0);
        EXPECT_EQ(test.match(test, packet), expected) << options;
    }
}

TEST(Rules, NewestRevisionCounts) {
    const std::string text =
        "alert tcp any any -> any any (msg:\"old\"; sid:7; rev:1;)\n"
        "# alert tcp any any -> any any (sid:8;)\n"
        "alert tcp any any -> any any \\\n  (msg:\"new\"; sid:7; rev:2;)\n"
        "alert tcp any any -> any any (msg:\"again\"; sid:7; rev:2;)\r\n";
    const auto report = parse_rules(text, "r.rules", {});
    ASSERT_EQ(report.rules.size(), 1u);
    EXPECT_EQ(report.rules[0].msg, "new");
    EXPECT_EQ(report.rules[0].place.line, 3u);
    EXPECT_EQ(report.disabled, 1u);
    EXPECT_EQ(report.warnings.size(), 1u);
    ASSERT_EQ(report.errors.size(), 1u);
    EXPECT_THAT(report.errors[0].message(), ::testing::StartsWith("r.rules:5: sid 7: "));
}

TEST(Rules, RequiresLeavesRulesOutSilently) {
    const auto report = parse_rules("alert tcp any any -> any any (requires:version >= 8; blue:1; sid:1;)\n"
                                    "alert tcp any any -> any any (requires:version >= 7.0.3 < 8 | >= 9; sid:2;)\n",
                                    "r", {});
    EXPECT_TRUE(report.errors.empty());
    ASSERT_EQ(report.rules.size(), 1u);
    EXPECT_EQ(report.rules[0].sid, 2u);
}

}  // namespace
}  // namespace sekisho::signature::testing
