#include "sekisho/archive/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "sekisho/base/file_text.h"

namespace sekisho::archive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class Reader : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = ::testing::TempDir() + "archive.XXXXXX";
        folder_ = ::mkdtemp(pattern.data());
        std::filesystem::create_directory(folder_ + "/in");
        put("in/a.rules", "first");
        put("in/b.txt", "other");
        put("in/c.rules", "third");
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string path(const std::string& name) const { return folder_ + "/" + name; }
    void put(const std::string& name, const std::string& text) { ASSERT_TRUE(write_file_atomic(path(name), text)); }
    void shell(const std::string& words) { ASSERT_EQ(std::system(("cd " + folder_ + " && " + words).c_str()), 0); }

    Status read(const std::string& name, const Limits& limits = {}) {
        found_.clear();
        return read_files(path(name), limits, [](std::string_view file) { return file.ends_with(".rules"); },
                          [&](const std::string& file, std::string&& text) {
                              found_[std::filesystem::path(file).filename().string()] = std::move(text);
                              return Status{};
                          });
    }

    std::string folder_;
    std::map<std::string, std::string> found_;
};

TEST_F(Reader, AFileAFolderAndArchivesGiveTheSame) {
    shell("tar cf t.tar in && tar czf t.tar.gz in && tar cJf t.tar.xz in");
    for (const char* source : {"in", "t.tar", "t.tar.gz", "t.tar.xz"}) {
        const auto done = read(source);
        ASSERT_TRUE(done) << source << ": " << done.error().message();
        EXPECT_THAT(found_, ElementsAre(Pair("a.rules", "first"), Pair("c.rules", "third"))) << source;
    }
    ASSERT_TRUE(read("in/c.rules"));
    EXPECT_THAT(found_, ElementsAre(Pair("c.rules", "third")));
}

TEST_F(Reader, OneCompressedFileIsItsContent) {
    shell("gzip -k in/a.rules");
    ASSERT_TRUE(read("in/a.rules.gz"));
    EXPECT_THAT(found_, ElementsAre(Pair("a.rules", "first")));
}

TEST_F(Reader, WhatIsMissingDamagedOrTooLargeIsRefused) {
    EXPECT_EQ(read("none").error().code, ErrorCode::not_found);

    put("in/noise.rules", std::string(300'000, 'n') + std::string(1000, 'm'));
    shell("head -c 200000 /dev/urandom > in/random.rules && tar czf t.tar.gz in && head -c 100000 t.tar.gz > cut.tar.gz");
    const auto cut = read("cut.tar.gz");
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, ErrorCode::invalid);
    EXPECT_THAT(cut.error().message(), HasSubstr("cut.tar.gz"));

    EXPECT_EQ(read("t.tar.gz", {.file_bytes = 1000}).error().code, ErrorCode::limit);
    EXPECT_EQ(read("t.tar.gz", {.total_bytes = 250'000}).error().code, ErrorCode::limit);
    EXPECT_EQ(read("t.tar.gz", {.entries = 2}).error().code, ErrorCode::limit);
    EXPECT_EQ(read("in", {.entries = 2}).error().code, ErrorCode::limit);
}

TEST_F(Reader, ABombIsStoppedAtTheLimit) {
    shell("head -c 50000000 /dev/zero | gzip -9 > bomb.rules.gz");
    const auto done = read("bomb.rules.gz", {.file_bytes = MiB(1)});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::limit);
    EXPECT_TRUE(found_.empty());
}

TEST_F(Reader, WhatTheTakerSaysEndsTheReading) {
    int taken = 0;
    const auto done = read_files(path("in"), {}, [](std::string_view) { return true; },
                                 [&](const std::string&, std::string&&) -> Status {
                                     ++taken;
                                     return fail(ErrorCode::invalid, "enough");
                                 });
    EXPECT_EQ(done.error().what, "enough");
    EXPECT_EQ(taken, 1);
}

}  // namespace
}  // namespace sekisho::archive
