// Many literals in one pass: each occurrence is told with its end, as a plain search finds it.
#include "sekisho/signature/pattern_db.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "sekisho/base/text.h"

namespace sekisho::signature {
namespace {

using Match = std::pair<std::size_t, std::uint32_t>;  // end, id

struct Found {
    std::vector<Match> matches;
    static void on_match(void* context, std::uint32_t id, std::size_t end) noexcept {
        static_cast<Found*>(context)->matches.emplace_back(end, id);
    }
};

std::vector<Match> scan(const std::vector<Literal>& literals, std::string_view text) {
    const auto db = PatternDb::compile(literals);
    if (!db) {
        ADD_FAILURE() << db.error().message();
        return {};
    }
    PatternScratch scratch;
    EXPECT_TRUE(scratch.add(**db));
    Found found;
    (*db)->scan(as_bytes(text), scratch, Found::on_match, &found);
    return found.matches;
}

TEST(PatternDb, TellsIdAndEnd) {
    EXPECT_THAT(scan({{"abc", false}, {"BC", true}}, "..abc.bC"),
                ::testing::UnorderedElementsAre(Match{5, 0}, Match{5, 1}, Match{8, 1}));
    EXPECT_THAT(scan({{"abc", false}}, ""), ::testing::IsEmpty());
    EXPECT_THAT(scan({{std::string("\0\xff\0", 3), false}}, std::string_view("a\0\xff\0\xff\0", 6)),
                ::testing::ElementsAre(Match{4, 0}, Match{6, 0}));
    EXPECT_THAT(scan({{"a.*", false}}, "abba.*"), ::testing::ElementsAre(Match{6, 0})) << "no metacharacters";
}

TEST(PatternDb, AgreesWithAPlainSearch) {
    std::mt19937 random(7);
    constexpr std::string_view kAlphabet = "aAbB01|\r\n";
    const auto bytes = [&](std::size_t size) {
        std::string out;
        while (out.size() < size) out += kAlphabet[random() % kAlphabet.size()];
        return out;
    };
    for (int round = 0; round < 30; ++round) {
        std::vector<Literal> literals(1 + random() % 60);
        for (Literal& literal : literals) {
            literal.nocase = random() % 2 == 0;
            literal.bytes = bytes(1 + random() % kLiteralMax);
        }
        const std::string text = bytes(2000);
        std::set<Match> expected;
        for (std::uint32_t id = 0; id < literals.size(); ++id) {
            const std::string hay = literals[id].nocase ? to_lower(text) : text;
            const std::string needle = literals[id].nocase ? to_lower(literals[id].bytes) : literals[id].bytes;
            for (auto at = hay.find(needle); at != std::string::npos; at = hay.find(needle, at + 1))
                expected.emplace(at + needle.size(), id);
        }
        const auto found = scan(literals, text);
        EXPECT_EQ(std::set<Match>(found.begin(), found.end()), expected) << "round " << round;
        EXPECT_EQ(found.size(), expected.size()) << "each once";
        EXPECT_TRUE(std::is_sorted(found.begin(), found.end(), [](auto& a, auto& b) { return a.first < b.first; }));
    }
}

TEST(PatternDb, OneScratchServesManyDatabases) {
    PatternScratch scratch;
    std::vector<std::unique_ptr<PatternDb>> databases;
    for (int i = 0; i < 8; ++i) {
        std::vector<Literal> literals;
        for (int n = 0; n <= 100 * i; ++n) literals.push_back({"w" + std::to_string(i) + std::to_string(n), false});
        auto db = PatternDb::compile(literals);
        ASSERT_TRUE(db);
        ASSERT_TRUE(scratch.add(**db));
        EXPECT_GT((*db)->memory_bytes(), 0u);
        databases.push_back(std::move(*db));
    }
    for (int i = 0; i < 8; ++i) {
        Found found;
        databases[static_cast<std::size_t>(i)]->scan(as_bytes("-w" + std::to_string(i) + "0-"), scratch, Found::on_match, &found);
        EXPECT_EQ(found.matches.size(), 1u) << i;
    }
}

TEST(PatternDb, NoLiteralsIsAnErrorWithWords) {
    const auto db = PatternDb::compile(std::vector<Literal>{});
    ASSERT_FALSE(db);
    EXPECT_FALSE(db.error().what.empty());
}

// Large groups get filler literals (pattern_db.cpp): they must never be told, and compiling must not cost the memory of a
// DFA that is thrown away.
TEST(PatternDb, LargeGroupsTellTheirOwnLiteralsOnly) {
    std::mt19937 random(11);
    std::vector<Literal> literals;
    std::string text;
    for (std::size_t i = 0; i < 1500; ++i) {
        std::string bytes(4 + random() % 5, '\0');
        for (char& c : bytes) c = static_cast<char>(random());
        literals.push_back({bytes, i % 2 == 1});
        text += bytes + "--";
    }
    for (std::size_t i = 0; i < 400'000; ++i) text.push_back(static_cast<char>(random()));
    std::set<std::uint32_t> told;
    for (const auto& [end, id] : scan(literals, text)) told.insert(id);
    EXPECT_EQ(told.size(), literals.size());
    EXPECT_EQ(*told.rbegin(), literals.size() - 1) << "an id beyond the literals is filler";
}

}  // namespace
}  // namespace sekisho::signature
