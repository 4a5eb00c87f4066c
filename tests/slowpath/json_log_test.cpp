#include "slowpath/json_log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "slowpath/process.h"

namespace sekisho::slowpath {
namespace {

using slowpath_test::lines;

class JsonLogTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "sekisho-log-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        path_ = folder_ + "/events.json";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    static event::Event event(std::uint64_t flow) {
        event::Event e;
        e.kind = event::Kind::dns;
        e.flow_id = flow;
        e.set(event::Text::name, "\xff.example");
        return e;
    }
    std::string folder_, path_;
};

TEST_F(JsonLogTest, RotatesBySizeAndKeepsTwoFiles) {
    constexpr std::uint64_t kMax = 20'000;
    auto log = JsonLog::open(path_, kMax);
    ASSERT_TRUE(log) << log.error().message();
    for (std::uint64_t flow = 1; flow <= 1000; ++flow) {
        log->write(event(flow));
        if (flow % 10 == 0) log->flush();
    }
    EXPECT_EQ(log->lines(), 1000U);
    EXPECT_LE(std::filesystem::file_size(path_), kMax);
    EXPECT_LE(std::filesystem::file_size(path_ + ".1"), kMax);
    const auto newest = lines(path_);
    EXPECT_EQ(nlohmann::json::parse(newest.back())["flow_id"], 1000);
    EXPECT_EQ(nlohmann::json::parse(lines(path_ + ".1").back())["flow_id"], 1000 - static_cast<int>(newest.size()));
}

TEST_F(JsonLogTest, GoesOnWhereItWas) {
    for (std::uint64_t flow = 1; flow <= 3; ++flow) {
        auto log = JsonLog::open(path_, 1'000'000);
        log->write(event(flow));
    }
    EXPECT_EQ(lines(path_).size(), 3U);
    EXPECT_EQ(JsonLog::open(folder_ + "/no/such.json", 1).error().code, ErrorCode::io);
}

TEST_F(JsonLogTest, CountsWhatTheDiskRefuses) {
    auto log = JsonLog::open("/dev/full", 1'000'000);
    ASSERT_TRUE(log);
    log->write(event(1));
    log->flush();
    EXPECT_GT(log->refused(), 100U);
}

}  // namespace
}  // namespace sekisho::slowpath
