#include "sekisho/fetch/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace sekisho::fetch {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<std::pair<std::string, std::string>>;

class UnpackTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("unpack_" + std::to_string(::getpid()));
        fs::remove_all(folder_);
        fs::create_directories(folder_ / "out");
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string make(const std::string& name, const Files& files, bool zip = false) {
        const std::string path = folder_ / name;
        archive* a = archive_write_new();
        zip ? archive_write_set_format_zip(a) : archive_write_set_format_pax_restricted(a);
        if (!zip) archive_write_add_filter_gzip(a);
        archive_write_open_filename(a, path.c_str());
        for (const auto& [file, text] : files) {
            archive_entry* entry = archive_entry_new();
            archive_entry_set_pathname(entry, file.c_str());
            archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
            archive_entry_set_filetype(entry, AE_IFREG);
            archive_entry_set_perm(entry, 0644);
            archive_entry_set_mtime(entry, 1'600'000'000, 0);
            archive_write_header(a, entry);
            archive_write_data(a, text.data(), text.size());
            archive_entry_free(entry);
        }
        archive_write_close(a);
        archive_write_free(a);
        return path;
    }
    Result<Unpacked> run(const std::string& path, std::uint64_t octets = 1 << 20, std::uint32_t entries = 100) {
        return unpack(path, (folder_ / "out").string(), {octets, entries}, [](std::string_view name) { return !name.ends_with("usage"); });
    }
    std::string read(const std::string& file) {
        std::ifstream in(folder_ / "out" / file);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    fs::path folder_;
};

TEST_F(UnpackTest, TarAndZip) {
    for (const bool zip : {false, true}) {
        const auto done = run(make(zip ? "l.zip" : "l.tar.gz", {{"bl/ads/domains", "a.example\n"}, {"bl/ads/usage", "black\n"}}, zip));
        ASSERT_TRUE(done) << done.error().message();
        EXPECT_TRUE(done->archive);
        EXPECT_EQ(done->files, 1u);
        EXPECT_EQ(read("bl/ads/domains"), "a.example\n");
        EXPECT_FALSE(fs::exists(folder_ / "out/bl/ads/usage"));
        const auto date = std::chrono::file_clock::to_sys(fs::last_write_time(folder_ / "out/bl/ads/domains")).time_since_epoch();
        EXPECT_EQ(std::chrono::duration_cast<std::chrono::seconds>(date).count(), 1'600'000'000) << "the list's own date";
    }
}

TEST_F(UnpackTest, NothingLeavesTheFolder) {
    const auto done = run(make("evil.tar.gz", {{"../escape", "x"}, {"/abs", "x"}, {"a/../../b", "x"}, {"ok/./x", "x"}, {"c\\d", "x"}, {"fine", "y"}}));
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(done->files, 1u);
    EXPECT_FALSE(fs::exists(folder_ / "escape"));
    EXPECT_EQ(read("fine"), "y");
}

TEST_F(UnpackTest, BombsAndDamageAreRefused) {
    const std::string bomb = make("bomb.tar.gz", {{"big", std::string(4 << 20, 'a')}});
    EXPECT_LT(fs::file_size(bomb), 64u << 10);
    EXPECT_EQ(run(bomb).error().code, ErrorCode::limit);
    Files many;
    for (int i = 0; i < 101; ++i) many.emplace_back("f" + std::to_string(i), "");
    EXPECT_EQ(run(make("many.zip", many, true)).error().code, ErrorCode::limit);
    const std::string good = make("cut.tar.gz", {{"a", std::string(100'000, 'x') + "end"}, {"b", "y"}});
    fs::resize_file(good, fs::file_size(good) / 2);
    EXPECT_EQ(run(good).error().code, ErrorCode::invalid);
    EXPECT_EQ(run(folder_ / "absent").error().code, ErrorCode::not_found);
}

TEST_F(UnpackTest, PlainFilesAreNoArchives) {
    std::ofstream(folder_ / "list.txt") << "a.example\nb.example\n";
    const auto done = run(folder_ / "list.txt");
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_FALSE(done->archive);
}

}  // namespace
}  // namespace sekisho::fetch
