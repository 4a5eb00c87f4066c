// Two public rule sets load nearly whole: what is left out needs a parser that is not here. They are not part of the
// source; without them the test says so.
#include <gtest/gtest.h>

#include <filesystem>

#include "sekisho/base/bytes.h"
#include "sekisho/base/file_text.h"
#include "sekisho/signature/parser.h"

namespace sekisho::signature {
namespace {

TEST(PublicSets, LoadNearlyWhole) {
    const std::string path = SEKISHO_SOURCE_DIR "/../shared/oracle/open/rules/etopen-2024-04.rules";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
    const auto text = read_file(path, MiB(256));
    ASSERT_TRUE(text) << text.error().message();
    const auto report = parse_rules(*text, "etopen-2024-04.rules", {});
    const std::size_t all = report.rules.size() + report.errors.size();
    EXPECT_EQ(all, 30212u);
    EXPECT_GE(report.rules.size() * 1000, all * 999) << report.errors.front().message();
}

}  // namespace
}  // namespace sekisho::signature
