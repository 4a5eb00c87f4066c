// Lists beside the rules: datasets, classifications, threshold.config.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sekisho/base/base64.h"
#include "sekisho/signature/dataset.h"
#include "sekisho/signature/reputation.h"
#include "signature/language_support.h"

namespace sekisho::signature::testing {
namespace {

TEST(Datasets, InJson) {
    using Kind = DatasetFormat::Kind;
    const auto parsed = [](std::string_view text, const DatasetFormat& format, DatasetType type = DatasetType::string) {
        return parse_dataset_json(text, "list.json", type, format);
    };
    const auto array = parsed(R"([{"host": "a.example", "year": 5}, {"year": 6}, {"host": "b.example"}])", {Kind::json, "", "host"});
    ASSERT_TRUE(array) << array.error().message();
    EXPECT_EQ((*array)->size, 2u);
    EXPECT_TRUE((*array)->contains(as_bytes("b.example"))) << "plain text, no base64";
    const auto nested = parsed(R"({"info": {"threat": [{"host": {"fqdn": "a.example"}}]}})", {Kind::json, "info.threat", "host.fqdn"});
    ASSERT_TRUE(nested) << nested.error().message();
    EXPECT_TRUE((*nested)->contains(as_bytes("a.example")));
    const auto lines = parsed("{\"ip\": \"192.0.2.1\"}\n\n{\"ip\": \"2001:db8::1\"}\r\n", {Kind::json_lines, "", "ip"}, DatasetType::ip);
    ASSERT_TRUE(lines) << lines.error().message();
    EXPECT_TRUE((*lines)->contains(IpAddress::parse("2001:db8::1")->octets));

    const auto mistake = [&](std::string_view text, const DatasetFormat& format, DatasetType type = DatasetType::string) {
        const auto set = parsed(text, format, type);
        return set ? std::string() : set.error().message();
    };
    EXPECT_THAT(mistake("[{", {Kind::json, "", "host"}), ::testing::HasSubstr("no JSON"));
    EXPECT_THAT(mistake("{\"host\": 1}", {Kind::json, "", "host"}), ::testing::HasSubstr("no array"));
    EXPECT_THAT(mistake("[]", {Kind::json, "a.b", "host"}), ::testing::HasSubstr("'a.b'"));
    EXPECT_THAT(mistake("[{\"host\": 1}]", {Kind::json, "", "host"}), ::testing::HasSubstr("under 'host'"));
    EXPECT_THAT(mistake("{}\nx", {Kind::json_lines, "", "host"}), ::testing::HasSubstr("line 2"));
    EXPECT_THAT(mistake("[{\"ip\": \"here\"}]", {Kind::json, "", "ip"}, DatasetType::ip), ::testing::HasSubstr("'here'"));
}

TEST(Datasets, FindSubdomains) {
    const auto set = parse_dataset_text("LmV2aWwuZXhhbXBsZQ==\n", "s", DatasetType::string);  // .evil.example
    ASSERT_TRUE(set);
    EXPECT_TRUE((*set)->contains_domain(as_bytes(".evil.example")));
    EXPECT_TRUE((*set)->contains_domain(as_bytes(".www.evil.example")));
    EXPECT_TRUE((*set)->contains_domain(as_bytes("www.evil.example")));
    EXPECT_FALSE((*set)->contains_domain(as_bytes("evil.example")));
    EXPECT_FALSE((*set)->contains_domain(as_bytes(".notevil.example")));
    EXPECT_FALSE((*set)->contains_domain({}));
    EXPECT_FALSE((*set)->contains_domain(as_bytes(std::string(300, '.') + "evil.example"))) << "no name is so long";
}

TEST(Datasets, OfEachType) {
    const auto strings = parse_dataset_text("# comment\nYWJj\n\nZGVm,5\r\nYWJj\n", "s", DatasetType::string);
    ASSERT_TRUE(strings) << strings.error().message();
    EXPECT_EQ((*strings)->size, 2u);
    EXPECT_TRUE((*strings)->contains(as_bytes("abc")));
    EXPECT_TRUE((*strings)->contains(as_bytes("def")));
    EXPECT_FALSE((*strings)->contains(as_bytes("ab")));
    EXPECT_FALSE((*strings)->contains({}));

    const auto digests = parse_dataset_text("900150983cd24fb0d6963f7d28e17f72", "m", DatasetType::md5);
    ASSERT_TRUE(digests);
    EXPECT_TRUE((*digests)->contains(as_bytes("\x90\x01\x50\x98\x3c\xd2\x4f\xb0\xd6\x96\x3f\x7d\x28\xe1\x7f\x72")));

    const auto addresses = parse_dataset_text("192.0.2.1\n2001:db8::1\n", "a", DatasetType::ip);
    ASSERT_TRUE(addresses);
    EXPECT_TRUE((*addresses)->contains(IpAddress::parse("192.0.2.1")->octets));
    EXPECT_TRUE((*addresses)->contains(IpAddress::parse("192.0.2.1")->wire()));
    EXPECT_TRUE((*addresses)->contains(IpAddress::parse("2001:db8::1")->wire()));
    EXPECT_FALSE((*addresses)->contains(IpAddress::parse("192.0.2.2")->wire()));
}

TEST(Datasets, MistakesNameTheLine) {
    const auto bad = parse_dataset_text("YWJj\n###\n?!\n", "list", DatasetType::string);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().where, "list:3");
    EXPECT_FALSE(parse_dataset_text("2001:db8::1", "v4", DatasetType::ipv4));
    EXPECT_FALSE(load_dataset("/nonexistent/list", DatasetType::ip));
}

TEST(Datasets, KeepTheReputationBesideAValue) {
    const auto set = parse_dataset_text("YWJj,200\nZGVm\n", "s", DatasetType::string);
    ASSERT_TRUE(set);
    EXPECT_EQ((*set)->reputation(as_bytes("abc")), 200u);
    EXPECT_EQ((*set)->reputation(as_bytes("def")), 0u);
    EXPECT_EQ((*set)->reputation(as_bytes("ghi")), std::nullopt);
    EXPECT_EQ(parse_dataset_text("YWJj,70000", "s", DatasetType::string).error().where, "s:1");
}

TEST(Datasets, AreKnownByNameAfterTheirFirstMention) {
    Datasets sets;
    EXPECT_FALSE(sets.get({.name = "seen", .type = {}, .file = ""})) << "no type yet";
    const auto first = sets.get({.name = "seen", .type = DatasetType::md5, .file = ""});
    ASSERT_TRUE(first);
    EXPECT_FALSE((*first)->changes);
    const auto second = sets.get({.name = "seen", .type = {}, .file = "", .changes = true});
    ASSERT_TRUE(second);
    EXPECT_EQ(*first, *second);
    EXPECT_TRUE((*first)->changes);
    EXPECT_FALSE(sets.get({.name = "seen", .type = DatasetType::string, .file = ""})) << "another type";
    EXPECT_TRUE(sets.get({.name = "state", .type = DatasetType::ip, .file = "/nonexistent/x"})) << "it may come later";
    EXPECT_FALSE(sets.get({.name = "list", .type = DatasetType::ip, .file = "/nonexistent/x", .must_exist = true}));
}

TEST(Reputation, TheNarrowestEntryCounts) {
    Reputation reputation;
    ASSERT_TRUE(reputation.add_categories("# c\n1,bad,Bad hosts\n2,spam,Spam\n", "cats"));
    ASSERT_TRUE(reputation.add_entries("10.0.0.0/8,1,10\n10.1.0.0/16,1,20\n10.1.2.3,1,30\n10.1.2.3,1,35\n10.200.0.0/16,1,40\n"
                                       "2001:db8::/32,2,127\n", "ips"));
    reputation.finish();
    const auto bad = reputation.category("bad");
    ASSERT_TRUE(bad);
    const auto score = [&](const char* ip) { return bad->score(*IpAddress::parse(ip)); };
    EXPECT_EQ(score("10.0.0.1"), 10);
    EXPECT_EQ(score("10.1.2.2"), 20);
    EXPECT_EQ(score("10.1.2.3"), 35);
    EXPECT_EQ(score("10.1.2.4"), 20);
    EXPECT_EQ(score("10.1.255.255"), 20);
    EXPECT_EQ(score("10.2.0.0"), 10);
    EXPECT_EQ(score("10.200.1.1"), 40);
    EXPECT_EQ(score("10.255.255.255"), 10);
    EXPECT_EQ(score("11.0.0.0"), std::nullopt);
    EXPECT_EQ(reputation.category("spam")->score(*IpAddress::parse("2001:db8::9")), 127);
    EXPECT_EQ(reputation.category("none"), nullptr);
}

TEST(Reputation, MistakesNameTheLine) {
    Reputation reputation;
    EXPECT_EQ(reputation.add_categories("1,bad,Bad\n61,x,y\n", "cats").error().where, "cats:2");
    EXPECT_EQ(reputation.add_entries("10.0.0.1,1,5\n10.0.0.1,2,5\n", "ips").error().where, "ips:2");
    EXPECT_EQ(reputation.add_entries("10.0.0.1,1,128\n", "ips").error().where, "ips:1");
    EXPECT_EQ(reputation.add_entries("ten,1,1\n", "ips").error().where, "ips:1");
}

TEST(Base64, TakesBlanksAndStopsAtTheRest) {
    std::array<std::uint8_t, 16> out{};
    const auto done = decode_base64(as_bytes("aGVs\r\nbG8=!x"), out);
    EXPECT_EQ(as_text(Bytes(out).first(done.written)), "hello");
    EXPECT_EQ(done.read, 9u);
    EXPECT_EQ(decode_base64(as_bytes("aGVsbG8="), MutableBytes(out).first(2)).written, 2u);
}

TEST(Classifications, ReadAndRefused) {
    const auto table = parse_classifications("# x\nconfig classification: Some-Class,Words, with comma,2\n", "c");
    ASSERT_TRUE(table) << table.error().message();
    EXPECT_EQ(table->at("some-class").description, "Words, with comma");
    EXPECT_EQ(table->at("some-class").priority, 2);
    const auto bad = parse_classifications("config classification: a,b\n", "c");
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().where, "c:1");
}

std::vector<Rule> two_rules() {
    return parse_rules("alert tcp any any -> any any (sid:1; threshold:type limit,track by_src,count 1,seconds 1;)\n"
                       "alert tcp any any -> any any (sid:2;)\n", "r", {}).rules;
}

TEST(Thresholds, GoOntoTheRulesThatTheyName) {
    auto rules = two_rules();
    const auto errors = apply_threshold_file(
        "# comment\n"
        "event_filter gen_id 1, sig_id 1, type both, track by_dst, count 5, \\\n seconds 60\n"
        "suppress gen_id 1, sig_id 2, track by_src, ip [10.0.0.0/8,!10.1.0.0/16]\n"
        "suppress gen_id 0, sig_id 0\n"
        "rate_filter gen_id 1, sig_id 2, track by_rule, count 3, seconds 4, new_action drop, timeout 5\n",
        "t", rules, {});
    EXPECT_TRUE(errors.empty()) << errors[0].message();
    ASSERT_EQ(rules[0].thresholds.size(), 2u);
    EXPECT_EQ(rules[0].thresholds[0].type, Threshold::Type::both);
    EXPECT_EQ(rules[0].thresholds[0].seconds, 60u);
    ASSERT_EQ(rules[1].thresholds.size(), 3u);
    EXPECT_FALSE(rules[1].thresholds[0].addresses.contains(*IpAddress::parse("10.1.2.3")));
    EXPECT_EQ(rules[1].thresholds[2].new_action, Action::drop);
}

TEST(Thresholds, MistakesNameTheLine) {
    auto rules = two_rules();
    const auto errors = apply_threshold_file("suppress gen_id 1, sig_id 99\nblue x\nsuppress gen_id 1, sig_id 2, ip 10.0.0.1\n"
                                             "event_filter gen_id 1, sig_id 1, type limit\nsuppress sig_id 2\n", "t", rules, {});
    ASSERT_EQ(errors.size(), 5u);
    EXPECT_THAT(errors[0].message(), ::testing::HasSubstr("t:1:1: sid 99: no rule"));
    EXPECT_THAT(errors[1].message(), ::testing::HasSubstr("unknown word 'blue'"));
    EXPECT_THAT(errors[2].message(), ::testing::HasSubstr("track and ip"));
    EXPECT_THAT(errors[3].message(), ::testing::HasSubstr("must all be given"));
    EXPECT_THAT(errors[4].message(), ::testing::HasSubstr("gen_id and sig_id"));
}

}  // namespace
}  // namespace sekisho::signature::testing
