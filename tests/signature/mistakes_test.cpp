// A file with fifty different mistakes gives fifty messages with file, line and cause, and the good rules between
// them load.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/signature/parser.h"

namespace sekisho::signature {
namespace {

TEST(Mistakes, EachIsNamedAndTheRestLoads) {
    const auto text = read_file(SEKISHO_SOURCE_DIR "/tests/signature/data/fifty-mistakes.rules", MiB(1));
    ASSERT_TRUE(text) << text.error().message();
    // "#! words" above a rule says what its message must hold.
    std::vector<std::pair<std::uint32_t, std::string>> expected;
    std::size_t good = 0;
    std::uint32_t number = 0;
    for (const auto line : split(*text, '\n')) {
        ++number;
        if (line.starts_with("#! ")) expected.emplace_back(number + 1, line.substr(3));
        good += line.find("msg:\"good\"") != std::string_view::npos;
    }
    const auto report = parse_rules(*text, "fifty-mistakes.rules", {});
    ASSERT_EQ(expected.size(), 50u);
    ASSERT_EQ(report.errors.size(), expected.size());
    EXPECT_EQ(report.rules.size(), good);
    std::set<std::string> causes;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const std::string message = report.errors[i].message();
        EXPECT_THAT(message, ::testing::StartsWith("fifty-mistakes.rules:" + std::to_string(expected[i].first) + ":"));
        EXPECT_THAT(message, ::testing::HasSubstr(expected[i].second));
        EXPECT_FALSE(report.errors[i].excerpt.empty());
        causes.insert(report.errors[i].what);
    }
    EXPECT_EQ(causes.size(), 50u);
}

}  // namespace
}  // namespace sekisho::signature
