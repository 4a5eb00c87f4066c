#include "sekisho/config/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "sekisho/base/file_text.h"
#include "sekisho/config/document.h"
#include "sekisho/config/load.h"

namespace sekisho::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kText[] = R"(# our box
version: 1
fastpath:
  # two of them
  workers: 2   # enough
  ports:
  - name: lan
    device: x

  burst: 16
url:
  categories:
    malware: block
)";

class StoreTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "store.XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
        file_ = folder_ + "/sekisho.yaml";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::uint32_t workers() const { return load_settings(file_)->fastpath.workers; }

    std::string folder_;
    std::string file_;
};

TEST_F(StoreTest, SetCommitRollback) {
    ASSERT_TRUE(write_file_atomic(file_, kText));
    Store store(file_);
    ASSERT_TRUE(store.set("fastpath.workers", "3"));
    EXPECT_EQ(workers(), 2u) << "a candidate changes nothing";
    const auto first = store.commit();
    ASSERT_TRUE(first) << first.error().message();
    EXPECT_EQ(first->number, 2u) << "revision 1 is the text that was there before";
    EXPECT_THAT(first->changed, ElementsAre("fastpath.workers"));
    EXPECT_EQ(workers(), 3u);
    EXPECT_FALSE(store.has_candidate());

    ASSERT_TRUE(store.set("fastpath.workers", "4"));
    ASSERT_TRUE(store.set("box_name", "b"));
    EXPECT_THAT(store.commit()->changed, ElementsAre("box_name", "fastpath.workers"));
    ASSERT_TRUE(store.rollback({}));
    EXPECT_EQ(workers(), 3u);
    ASSERT_TRUE(store.rollback(1));
    EXPECT_EQ(workers(), 2u);
    EXPECT_EQ(*store.live(), kText);
    const auto history = store.history();
    ASSERT_EQ(history->size(), 5u);
    EXPECT_TRUE(history->back().live);
    EXPECT_GT(history->back().written, 0u);
}

TEST_F(StoreTest, ACandidateWithMistakesIsNotCommitted) {
    ASSERT_TRUE(write_file_atomic(file_, kText));
    Store store(file_);
    ASSERT_TRUE(store.set("fastpath.pairs", "[{inside: lan, outside: wan}]"))
        << "not complete yet, but well typed";
    const auto refused = store.commit();
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message(), HasSubstr("fastpath.pairs[0].outside"));
    EXPECT_EQ(*store.live(), kText);
    ASSERT_TRUE(store.set("fastpath.ports", "[{name: lan, device: x}, {name: wan, device: y}]"));
    EXPECT_TRUE(store.commit());
}

TEST_F(StoreTest, RefusalsSayWhatIsMissing) {
    Store store(file_);
    EXPECT_EQ(store.commit().error().code, ErrorCode::not_found);
    EXPECT_EQ(store.rollback({}).error().code, ErrorCode::not_found);
    EXPECT_EQ(store.rollback(7).error().code, ErrorCode::not_found);
    EXPECT_FALSE(store.set("fastpath.workers", "none"));
    EXPECT_FALSE(store.has_candidate());
    EXPECT_TRUE(store.set("fastpath.workers", "2")) << "a first file begins as a candidate";
    EXPECT_EQ(store.commit()->number, 1u);
}

TEST_F(StoreTest, KeepsTheLastRevisionsOnly) {
    Store store(file_);
    for (std::size_t i = 0; i < kRevisionsMax + 5; ++i) {
        ASSERT_TRUE(store.set("slowpath.keep_days", std::to_string(i + 1)));
        ASSERT_TRUE(store.commit());
    }
    const auto history = store.history();
    EXPECT_EQ(history->size(), kRevisionsMax);
    EXPECT_EQ(history->back().number, kRevisionsMax + 5);
    EXPECT_EQ(store.revision(1).error().code, ErrorCode::not_found);
}

TEST(EditText, KeepsCommentsAndOrder) {
    const auto edited = edit_text(kText, "fastpath.burst", "64");
    ASSERT_TRUE(edited);
    EXPECT_EQ(diff_lines(kText, *edited), "-10:   burst: 16\n+10:   burst: 64\n");
}

TEST(EditText, ReplacesListsAndAddsKeys) {
    auto edited = edit_text(kText, "fastpath.ports[0].device", "\"net_tap0,iface=t0\"");
    ASSERT_TRUE(edited);
    EXPECT_THAT(*edited, HasSubstr("# two of them"));
    EXPECT_THAT(*edited, HasSubstr("\n\n  burst: 16"))
        << "the blank line before the next key stays";
    EXPECT_EQ(parse_settings(*edited, "")->fastpath.ports[0].device, "net_tap0,iface=t0");
    edited = edit_text(*edited, "slowpath.keep_days", "7");
    edited = edit_text(*edited, "url.enabled", "no");
    edited = edit_text(*edited, "url.categories.games", "alert");
    edited = edit_text(*edited, "log_level", "debug");
    const auto settings = parse_settings(*edited, "");
    ASSERT_TRUE(settings) << settings.error().message() << *edited;
    EXPECT_EQ(settings->slowpath.keep_days, 7u);
    EXPECT_FALSE(settings->url.enabled);
    EXPECT_EQ(settings->url.categories.size(), 2u);
    EXPECT_EQ(settings->log_level, "debug");
    EXPECT_THAT(*edited, HasSubstr("# our box"));
}

TEST(EditText, LayoutsItCannotEditAreWrittenAnew) {
    const auto edited = edit_text("fastpath: {workers: 2, burst: 8}\n", "fastpath.workers", "5");
    ASSERT_TRUE(edited);
    const auto settings = parse_settings(*edited, "");
    ASSERT_TRUE(settings) << settings.error().message();
    EXPECT_EQ(settings->fastpath.workers, 5u);
    EXPECT_EQ(settings->fastpath.burst, 8u);
}

TEST(DiffLines, TellsWhatChanged) {
    EXPECT_EQ(diff_lines("a\nb\nc\n", "a\nb\nc\n"), "");
    EXPECT_EQ(diff_lines("a\nb\nc\n", "a\nx\nc\nd\n"), "-2: b\n+2: x\n+4: d\n");
    EXPECT_EQ(diff_lines("", "a"), "-1: \n+1: a\n");
}

TEST(Document, TheShippedFilesAreFresh) {
    const std::string root = SEKISHO_SOURCE_DIR;
    EXPECT_EQ(read_file(root + "/firmware/sekisho.yaml", 1 << 20).value_or(""), example_file())
        << "run: sekisho docs config-example > firmware/sekisho.yaml";
    EXPECT_EQ(read_file(root + "/docs/configuration.md", 1 << 20).value_or(""),
              settings_reference())
        << "run: sekisho docs settings > docs/configuration.md";
}

TEST(Document, TheExampleFileIsValidAndComplete) {
    const auto settings = parse_settings(example_file(), "sekisho.yaml");
    ASSERT_TRUE(settings) << settings.error().message();
    EXPECT_TRUE(changed_keys(*settings, shipped_settings()).empty());
    for (const auto& facts : key_facts()) {
        EXPECT_FALSE(facts.help.empty()) << facts.path;
        EXPECT_THAT(example_file(),
                    HasSubstr(facts.path.substr(facts.path.find_last_of('.') + 1) + ":"));
    }
}

}  // namespace
}  // namespace sekisho::config
