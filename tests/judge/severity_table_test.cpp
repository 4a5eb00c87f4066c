#include "sekisho/judge/severity_table.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/config/yaml_reader.h"

namespace sekisho::judge {
namespace {

using event::Bearing;
using event::Outcome;
using event::Severity;

constexpr char kSmall[] = R"(version: 1
classes:
  - name: bad
    story: signature
    classtypes: [trojan-activity]
    categories: [malware]
  - name: other
otherwise: {classtype: other, category: other, anomaly: other}
rows:
  - class: bad
    direction: outbound
    at_least: 3
    severity: high
    because: {ja: a, en: again}
  - class: bad
    severity: medium
    hint: lower
    because: {ja: b, en: once}
  - severity: low
    because: {ja: c, en: rest}
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

TEST(SeverityTable, TakesTheFirstRowThatFits) {
    const auto table = SeverityTable::parse(kSmall, "s.yaml");
    ASSERT_TRUE(table) << table.error().message();
    const ClassId bad = *table->find_class("bad");
    const auto rank = [&](Bearing b, std::uint64_t n, std::optional<Severity> hint = {}) {
        return table->rank(bad, b, Outcome::blocked, {n, 1, false, hint});
    };
    EXPECT_EQ(rank(Bearing::outbound, 2).severity, Severity::medium);
    EXPECT_EQ(rank(Bearing::outbound, 3).severity, Severity::high);
    EXPECT_EQ(table->because(rank(Bearing::outbound, 3)).en, "again");
    EXPECT_EQ(rank(Bearing::inbound, 3).severity, Severity::medium);
    EXPECT_EQ(rank(Bearing::inbound, 3, Severity::low).severity, Severity::low);
    EXPECT_EQ(rank(Bearing::inbound, 3, Severity::high).severity, Severity::medium);
    EXPECT_EQ(rank(Bearing::outbound, 3, Severity::low).severity, Severity::high);  // that row ignores hints
    EXPECT_EQ(table->rank(*table->find_class("other"), Bearing::lateral, Outcome::succeeded, {}).severity, Severity::low);
}

TEST(SeverityTable, ClassifiesByClasstypeCategoryAndName) {
    const auto table = SeverityTable::parse(kSmall, "s.yaml");
    event::Event e;
    e.kind = event::Kind::alert;
    e.set(event::Text::classtype, "trojan-activity");
    EXPECT_EQ(table->facts(table->classify(e)).name, "bad");
    e.set(event::Text::classtype, "no-such");
    EXPECT_EQ(table->facts(table->classify(e)).name, "other");
    e.kind = event::Kind::url;
    e.set(event::Text::category, "malware");
    EXPECT_EQ(table->facts(table->classify(e)).name, "bad");
}

TEST(SeverityTable, NamesEachMistake) {
    const std::string good = kSmall;
    const std::pair<std::string, std::string> cases[] = {
        {replaced(good, "version: 1", "version: 2"), "'version' must be 1"},
        {replaced(good, "severity: high", "severity: terrible"), "'severity' is high, medium or low"},
        {replaced(good, "class: bad", "class: bod"), "'bod' is no known class"},
        {replaced(good, "direction: outbound", "direction: sideways"), "'sideways' is no known direction"},
        {replaced(good, "at_least: 3", "at_least: 0"), "'0' is not a number"},
        {replaced(good, "hint: lower", "hint: perhaps"), "'hint' is"},
        {replaced(good, "hint: lower", "hnit: lower"), "'hnit' is not a word"},
        {replaced(good, "en: rest", "de: rest"), "'de' is not a word"},
        {replaced(good, "- name: other", "- name: bad"), "stands here twice"},
        {replaced(good, "classtype: other,", "classtype: none,"), "is no class"},
        {replaced(good, "  - severity: low\n    because: {ja: c, en: rest}\n", ""), "the last row must fit everything"},
        {replaced(good, "categories: [malware]", "count_only: maybe"), "neither true nor false"},
    };
    for (const auto& [text, message] : cases) {
        const auto table = SeverityTable::parse(text, "s.yaml");
        ASSERT_FALSE(table) << message;
        EXPECT_NE(table.error().message().find(message), std::string::npos) << table.error().message();
        EXPECT_EQ(table.error().where.substr(0, 7), "s.yaml:") << table.error().message();
    }
    EXPECT_EQ(SeverityTable::load("/no/such").error().code, ErrorCode::not_found);
}

// The default table against FIELD's examples and the classtypes rules use.
struct Expectation {
    std::string_view classtype, category;
    Bearing bearing;
    Outcome outcome;
    Severity severity;
};
constexpr Expectation kField[] = {
    {"web-application-attack", "", Bearing::inbound, Outcome::unknown, Severity::high},   // SQL injection on a public service
    {"web-application-attack", "", Bearing::inbound, Outcome::blocked, Severity::high},
    {"successful-admin", "", Bearing::inbound, Outcome::succeeded, Severity::high},       // an attack that succeeded
    {"command-and-control", "", Bearing::outbound, Outcome::blocked, Severity::high},     // bot traffic from inside
    {"domain-c2", "", Bearing::outbound, Outcome::attempted, Severity::high},
    {"trojan-activity", "", Bearing::outbound, Outcome::blocked, Severity::high},         // worm traffic from inside
    {"trojan-activity", "", Bearing::inbound, Outcome::blocked, Severity::medium},        // infection attempt from outside
    {"trojan-activity", "", Bearing::fetched, Outcome::blocked, Severity::medium},
    {"trojan-activity", "", Bearing::fetched, Outcome::succeeded, Severity::high},
    {"attempted-admin", "", Bearing::inbound, Outcome::blocked, Severity::medium},        // mechanical attack from outside
    {"attempted-admin", "", Bearing::lateral, Outcome::unknown, Severity::high},
    {"policy-violation", "", Bearing::outbound, Outcome::succeeded, Severity::medium},    // P2P from inside
    {"attempted-recon", "", Bearing::inbound, Outcome::unknown, Severity::low},           // port scan from outside
    {"network-scan", "", Bearing::lateral, Outcome::unknown, Severity::medium},
    {"bad-unknown", "", Bearing::inbound, Outcome::unknown, Severity::low},
    {"", "malware", Bearing::outbound, Outcome::blocked, Severity::medium},            // a list says so, and it was stopped
    {"", "botnet", Bearing::outbound, Outcome::blocked, Severity::medium},
    {"", "compromised", Bearing::outbound, Outcome::blocked, Severity::medium},
    {"", "compromised", Bearing::outbound, Outcome::unknown, Severity::high},
    {"", "botnet", Bearing::outbound, Outcome::succeeded, Severity::high},            // "traffic was established"
    {"sekisho-worm", "", Bearing::lateral, Outcome::unknown, Severity::high},
    {"sekisho-brute-force", "", Bearing::inbound, Outcome::unknown, Severity::medium},
    {"sekisho-scan", "", Bearing::inbound, Outcome::unknown, Severity::low},
    {"", "phishing", Bearing::outbound, Outcome::blocked, Severity::medium},
    {"", "gambling", Bearing::outbound, Outcome::blocked, Severity::low},
};

TEST(SeverityTable, DefaultTableIsFieldsTable) {
    const auto table = SeverityTable::load(SEKISHO_SOURCE_DIR "/rules/severity.yaml");
    ASSERT_TRUE(table) << table.error().message();
    for (const Expectation& x : kField) {
        event::Event e;
        e.kind = x.classtype.empty() ? event::Kind::url : event::Kind::alert;
        e.set(event::Text::classtype, x.classtype);
        e.set(event::Text::category, x.category);
        const auto rank = table->rank(table->classify(e), x.bearing, x.outcome, {});
        EXPECT_EQ(rank.severity, x.severity) << x.classtype << x.category << " " << to_string(x.bearing);
    }
    event::Event ad;
    ad.kind = event::Kind::url;
    ad.set(event::Text::category, "adware");
    EXPECT_TRUE(table->facts(table->classify(ad)).count_only);
}

/// A classtype or category that fell to `otherwise` would be Low by oversight.
TEST(SeverityTable, DefaultTableKnowsEachClasstypeAndCategoryOfTheProject) {
    const std::string rules = SEKISHO_SOURCE_DIR "/rules";
    const auto text = read_file(rules + "/severity.yaml", 1 << 20);
    ASSERT_TRUE(text);
    const auto root = config::parse_yaml(*text, "severity.yaml");
    ASSERT_TRUE(root);
    std::set<std::string> listed;
    for (const auto& cls : root->find("classes")->items())
        for (const char* key : {"classtypes", "categories"})
            if (const auto* node = cls.find(key)) {
                const auto names = *node->as_texts();
                listed.insert(names.begin(), names.end());
            }
    if (const auto classification = read_file(rules + "/classification.config", 1 << 20)) {
        constexpr std::string_view kStart = "config classification:";
        for (const auto line : split(*classification, '\n'))
            if (line.starts_with(kStart)) {
                const auto name = trim(split(line.substr(kStart.size()), ',')[0]);
                EXPECT_TRUE(listed.contains(std::string(name))) << name;
            }
    }
    if (std::filesystem::exists(rules + "/categories"))
        for (const auto& entry : std::filesystem::directory_iterator(rules + "/categories"))
            if (entry.is_directory()) {
                EXPECT_TRUE(listed.contains(entry.path().filename().string())) << entry.path();
            }
}

TEST(SeverityTable, ReadsTheHintsOfRules) {
    EXPECT_EQ(severity_hint("High"), Severity::high);
    EXPECT_EQ(severity_hint("Critical"), Severity::high);
    EXPECT_EQ(severity_hint("major"), Severity::high);
    EXPECT_EQ(severity_hint("Informational"), Severity::low);
    EXPECT_EQ(severity_hint(""), std::nullopt);
    EXPECT_EQ(severity_hint("whatever"), std::nullopt);
}

}  // namespace
}  // namespace sekisho::judge
