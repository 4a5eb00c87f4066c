// From parsed rules to the compiled set: what kind each rule is, which group of literals it stands in, which literal
// stands for it, and that look-ups by address and port find what walking through all rules would.
#include "sekisho/signature/compile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "sekisho/signature/parser.h"

namespace sekisho::signature {
namespace {

using app::Direction;
using app::Field;
using ::testing::HasSubstr;

std::unique_ptr<const CompiledSet> compiled(const std::string& text) {
    auto parsed = parse_rules(text, "test", {});
    for (const RuleError& error : parsed.errors) ADD_FAILURE() << error.message();
    auto set = compile(std::move(parsed.rules));
    if (!set) throw std::runtime_error(set.error().message());
    return std::move(*set);
}

std::string rule(const std::string& header, const std::string& options, unsigned sid = 1) {
    return header + " (msg:\"m\"; " + options + " sid:" + std::to_string(sid) + ";)\n";
}

std::set<std::uint32_t> sids_of(const CompiledSet& set, const Group* group) {
    std::set<std::uint32_t> sids;
    if (group == nullptr) return sids;
    for (const LiteralTable* table : {&group->anywhere, &group->head})
        for (const PrefilterEntry& entry : table->entries) sids.insert(set.rule(entry.rule).rule.sid);
    return sids;
}

TEST(Compile, KnowsTheKindOfARule) {
    const struct {
        std::string header, options;
        RuleKind kind;
        bool flow_scope;
    } cases[] = {
        {"alert tcp any any -> any any", "flags:S;", RuleKind::packet, false},
        {"alert tcp any any -> any any", "content:\"abcd\";", RuleKind::payload, false},  // Hit::in_stream tells
        {"alert tcp-pkt any any -> any any", "content:\"abcd\";", RuleKind::payload, false},
        {"alert tcp any any -> any any", "content:\"abcd\"; dsize:>4;", RuleKind::payload, false},
        {"alert udp any any -> any any", "content:\"abcd\";", RuleKind::payload, false},
        {"alert http any any -> any any", "http.uri; content:\"abcd\";", RuleKind::message, true},
        {"alert http any any -> any any", "content:\"abcd\";", RuleKind::payload, true},
        {"alert tcp any any -> any any", "content:\"efgh\"; http.uri; content:\"abcd\";", RuleKind::message, true},
        {"alert ip 192.0.2.0/24 any -> any any", "", RuleKind::ip_only, true},
        {"alert ip any any -> any any", "", RuleKind::ip_only, true},
        {"alert ip any any -> any any", "ip_proto:17; l3_proto:ip6;", RuleKind::ip_only, true},
        {"alert ip any any -> any any", "ip_proto:17; ttl:5;", RuleKind::packet, false},
        {"alert tcp 192.0.2.0/24 any -> any 80", "", RuleKind::ip_only, true},
        {"alert tcp !192.0.2.0/24 any -> any 80", "", RuleKind::packet, true},
        {"alert tcp any any -> any any", "flow:stateless;", RuleKind::packet, false},
    };
    for (const auto& c : cases) {
        const auto set = compiled(rule(c.header, c.options));
        EXPECT_EQ(set->rule(0).kind, c.kind) << c.header << " " << c.options;
        EXPECT_EQ(set->rule(0).flow_scope, c.flow_scope) << c.header << " " << c.options;
        EXPECT_EQ(set->rule(0).rule.ip_only, c.kind == RuleKind::ip_only);
    }
}

TEST(Compile, FieldsTellTheDirection) {
    const auto set = compiled(rule("alert http any any -> any any", "http.uri; content:\"request\";", 1) +
                              rule("alert http any any -> any any", "http.stat_msg; content:\"answer\";", 2) +
                              rule("alert tcp any any -> any any", "flow:to_client; content:\"payload\";", 3));
    EXPECT_TRUE(set->find(1)->to_server);
    EXPECT_FALSE(set->find(1)->to_client);
    EXPECT_FALSE(set->find(2)->to_server);
    EXPECT_TRUE(set->find(2)->to_client);
    EXPECT_THAT(sids_of(*set, set->payload_group(Transport::tcp, Direction::to_client, 1)), ::testing::ElementsAre(3));
    EXPECT_EQ(set->payload_group(Transport::tcp, Direction::to_server, 1), nullptr);
    EXPECT_TRUE(set->uses(Field::http_uri));
    EXPECT_FALSE(set->uses(Field::tls_sni));
    EXPECT_EQ(set->find(9), nullptr);
}

TEST(Compile, ARareLiteralGoesBeforeALongOne) {
    const std::string header = "alert tcp any any -> any any";
    const auto set = compiled(
        rule(header, R"(content:"Content-Type: text/html"; content:"X|de ad be ef|";)", 1) +
        rule(header, R"(content:"text/javascript"; content:"Zq9|ff|Kv"; distance:0;)", 2) +
        rule("alert http any any -> any any", R"(http.uri; content:"/xQ7z.php"; file_data; content:"document.write";)", 3));
    EXPECT_THAT(set->find(1)->prefilter_note, HasSubstr("\xde\xad\xbe\xef"));
    EXPECT_THAT(set->find(2)->prefilter_note, HasSubstr("Zq9"));
    EXPECT_THAT(set->find(3)->prefilter_note, HasSubstr("http.uri"));
}

TEST(Compile, NegatedContentsNeverStandForARule) {
    const auto set = compiled(rule("alert tcp any any -> any any", "content:!\"XQZJ|ff|\"; content:\"word\";", 1) +
                              rule("alert tcp any any -> any any", "content:!\"XQZJ|ff|\";", 2));
    EXPECT_THAT(set->find(1)->prefilter_note, HasSubstr("word"));
    EXPECT_EQ(set->find(2)->prefilter_note, "");
    EXPECT_EQ(set->unfiltered_payload(Transport::tcp, Direction::to_server).size(), 1u);
}

TEST(Compile, OneLiteralServesAllRulesThatShareIt) {
    std::string text;
    for (unsigned sid = 1; sid <= 50; ++sid) text += rule("alert tcp any any -> any any", "content:\"XQZJ|ff|\";", sid);
    const auto set = compiled(text);
    const Group* group = set->payload_group(Transport::tcp, Direction::to_server, 5);
    ASSERT_NE(group, nullptr);
    EXPECT_EQ(group->anywhere.literals(), 1u);
    EXPECT_EQ(sids_of(*set, group).size(), 50u);
}

TEST(Compile, BodiesAndPayloadShareAScan) {
    const auto set = compiled(rule("alert tcp any 80 -> any any", "flow:to_client; content:\"XQZJ1\";", 1) +
                              rule("alert http any any -> any any", "file_data; content:\"XQZJ2\";", 2) +
                              rule("alert http any any -> any any", "http.response_body; content:\"XQZJ3\";", 3));
    const Group* both = set->payload_and_body_group(80);
    ASSERT_NE(both, nullptr);
    EXPECT_THAT(sids_of(*set, both), ::testing::ElementsAre(1, 2, 3));
    for (const PrefilterEntry& entry : both->anywhere.entries) EXPECT_EQ(entry.body, set->rule(entry.rule).rule.sid != 1);
    EXPECT_THAT(sids_of(*set, set->field_group(Field::file_data, Direction::to_client)), ::testing::ElementsAre(2, 3));
    EXPECT_FALSE(sids_of(*set, set->payload_group(Transport::tcp, Direction::to_client, 80)).contains(2));
}

TEST(Compile, WhatCanOnlyStandAtTheFrontIsLookedForThere) {
    const std::string header = "alert tcp any any -> any any";
    const auto set = compiled(rule(header, "content:\"XQZJ1\"; depth:5;", 1) + rule(header, "content:\"XQZJ2\"; offset:4; depth:60;", 2) +
                              rule(header, "content:\"XQZJ3\"; offset:4; depth:61;", 3) + rule(header, "content:\"XQZJ4\";", 4) +
                              rule("alert http any any -> any any", "file_data; content:\"XQ\"; within:2;", 5) +
                              rule("alert http any any -> any any", "file_data; content:\"!\"; content:\"XQZJ5\"; within:5;", 6));
    const auto sids = [&](const LiteralTable& table) {
        std::set<std::uint32_t> found;
        for (const PrefilterEntry& entry : table.entries) found.insert(set->rule(entry.rule).rule.sid);
        return found;
    };
    const Group* payload = set->payload_group(Transport::tcp, Direction::to_client, 5);
    ASSERT_NE(payload, nullptr);
    EXPECT_THAT(sids(payload->head), ::testing::ElementsAre(1, 2));
    EXPECT_THAT(sids(payload->anywhere), ::testing::ElementsAre(3, 4));
    const Group* body = set->field_group(Field::file_data, Direction::to_client);
    ASSERT_NE(body, nullptr);
    EXPECT_THAT(sids(body->head), ::testing::ElementsAre(5));
    EXPECT_THAT(sids(body->anywhere), ::testing::ElementsAre(6));
}

TEST(Compile, AScanOfBodiesLeavesOutPayloadOfOtherProtocols) {
    const auto set = compiled(rule("alert tls any any -> any any", "content:\"XQZJ1\";", 1) + rule("alert http any any -> any any", "content:\"XQZJ2\";", 2) +
                              rule("alert tcp any any -> any any", "content:\"XQZJ3\";", 3) + rule("alert http any any -> any any", "file_data; content:\"XQZJ4\";", 4));
    EXPECT_THAT(sids_of(*set, set->payload_and_body_group(8000)), ::testing::ElementsAre(2, 3, 4));
    EXPECT_THAT(sids_of(*set, set->payload_group(Transport::tcp, Direction::to_client, 8000)), ::testing::ElementsAre(1, 2, 3));
}

TEST(Compile, RanksPassBeforeDropBeforeAlertAndSettersBeforeReaders) {
    const auto set = compiled(rule("alert tcp any any -> any any", "content:\"a\"; flowbits:isset,x;", 1) +
                              rule("alert tcp any any -> any any", "content:\"a\"; priority:1;", 2) +
                              rule("alert tcp any any -> any any", "content:\"a\"; flowbits:set,x;", 3) +
                              rule("drop tcp any any -> any any", "content:\"a\";", 4) +
                              rule("pass tcp any any -> any any", "content:\"a\";", 5));
    std::vector<std::uint32_t> order{1, 2, 3, 4, 5};
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return set->find(a)->rank < set->find(b)->rank; });
    EXPECT_THAT(order, ::testing::ElementsAre(5, 4, 3, 2, 1));
}

TEST(Compile, APortsGroupHoldsEveryRuleThatMayMatchThere) {
    std::mt19937 random(11);
    const auto port = [&] { return std::to_string(1 + random() % 40); };
    std::string text;
    for (unsigned sid = 1; sid <= 400; ++sid) {
        const std::string shapes[] = {"any", port(), "[" + port() + "," + port() + "]", port() + ":60", "!" + port(), "1:5000"};
        const std::string ports = shapes[random() % std::size(shapes)];
        const std::string arrow = random() % 8 == 0 ? " <> " : " -> ";
        text += rule("alert tcp any any" + arrow + "any " + ports, "content:\"XQ" + std::to_string(sid) + "Z\";", sid);
    }
    const auto set = compiled(text);
    std::size_t narrowest = set->size();
    for (unsigned p = 0; p < 100; ++p) {
        const auto group = sids_of(*set, set->payload_group(Transport::tcp, Direction::to_server, static_cast<std::uint16_t>(p)));
        narrowest = std::min(narrowest, group.size());
        for (RuleIndex i = 0; i < set->size(); ++i) {
            const Header& header = set->rule(i).rule.header;
            const bool may = header.destination_ports.contains(static_cast<std::uint16_t>(p));
            if (may) {
                EXPECT_TRUE(group.contains(set->rule(i).rule.sid)) << "port " << p << ": " << set->rule(i).rule.text;
            }
        }
    }
    EXPECT_LT(narrowest, set->size()) << "ports set rules apart";
}

TEST(Compile, IpOnlyLookUpFindsWhatAWalkFinds) {
    std::mt19937 random(5);
    const auto address = [&] { return "10.0." + std::to_string(random() % 4) + "." + std::to_string(random() % 256); };
    const auto network = [&] { return address() + "/" + std::to_string(20 + random() % 13); };
    std::string text;
    for (unsigned sid = 1; sid <= 60; ++sid) {
        const std::string list = "[" + network() + "," + address() + (sid % 3 == 0 ? ",!" + address() : "") + "]";
        const std::string source = sid % 3 == 1 ? "any" : list;
        const std::string destination = sid % 3 == 1 || sid % 5 == 0 ? network() : "any";
        text += rule("alert ip " + source + " any -> " + destination + " any", "", sid);
    }
    const auto set = compiled(text);
    ASSERT_TRUE(set->has_ip_only());
    std::vector<RuleIndex> found(256);
    for (int round = 0; round < 2000; ++round) {
        const IpAddress from = *IpAddress::parse(address()), to = *IpAddress::parse(address());
        const std::size_t count = set->ip_only(from, to, found.data(), found.size());
        const auto admits = [&](RuleIndex i) {
            const Header& header = set->rule(i).rule.header;
            return header.source.contains(from) && header.destination.contains(to);
        };
        std::multiset<RuleIndex> looked_up, walked;
        for (std::size_t i = 0; i < count; ++i)
            if (admits(found[i])) looked_up.insert(found[i]);
        for (RuleIndex i = 0; i < set->size(); ++i)
            if (set->rule(i).kind == RuleKind::ip_only && admits(i)) walked.insert(i);
        ASSERT_EQ(looked_up, walked) << from.to_string() << " -> " << to.to_string();
    }
}

TEST(Compile, NoRulesAreASetToo) {
    const auto set = compiled("");
    EXPECT_EQ(set->size(), 0u);
    EXPECT_TRUE(set->databases().empty());
    EXPECT_EQ(set->payload_group(Transport::tcp, Direction::to_server, 80), nullptr);
    EXPECT_EQ(set->payload_and_body_group(80), nullptr);
    RuleIndex none[1];
    EXPECT_EQ(set->ip_only(IpAddress::v4(1), IpAddress::v4(2), none, 1), 0u);
}

}  // namespace
}  // namespace sekisho::signature
