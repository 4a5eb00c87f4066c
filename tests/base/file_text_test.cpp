#include "sekisho/base/file_text.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace sekisho {
namespace {

class FileText : public ::testing::Test {
  protected:
    void SetUp() override {
        char name[] = "/tmp/file_text_XXXXXX";
        ASSERT_NE(mkdtemp(name), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::string path(const char* name) const { return folder_ + "/" + name; }
    std::string folder_;
};

TEST_F(FileText, WhatWasWrittenIsRead) {
    const std::string text("a\0b\n", 4);
    ASSERT_TRUE(write_file_atomic(path("x"), text, 0600));
    EXPECT_EQ(read_file(path("x"), 100).value(), text);
    struct stat info{};
    ASSERT_EQ(stat(path("x").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
    ASSERT_TRUE(write_file_atomic(path("x"), "new"));
    EXPECT_EQ(read_file(path("x"), 3).value(), "new");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);  // nothing left beside it
}

TEST_F(FileText, ErrorsNameTheFile) {
    const auto missing = read_file(path("none"), 10);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::not_found);
    EXPECT_NE(missing.error().message().find("none"), std::string::npos);
    ASSERT_TRUE(write_file_atomic(path("big"), "0123456789"));
    EXPECT_EQ(read_file(path("big"), 9).error().code, ErrorCode::limit);
    EXPECT_FALSE(write_file_atomic(path("no/such/folder"), "x"));
}

}  // namespace
}  // namespace sekisho
