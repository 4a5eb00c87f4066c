#include "sekisho/event/ring.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace sekisho::event {
namespace {

class Ring : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "sekisho-ring-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        path_ = ring_path(folder_, 0);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    static Event numbered(std::uint32_t n) {
        Event e;
        e.kind = Kind::alert;
        e.sid = n;
        e.set(Text::signature, "number " + std::to_string(n));
        return e;
    }
    std::string folder_, path_;
};

TEST_F(Ring, CarriesEventsInOrder) {
    auto writer = RingWriter::open(path_, 16);
    ASSERT_TRUE(writer) << writer.error().message();
    auto reader = RingReader::open(path_);
    ASSERT_TRUE(reader) << reader.error().message();
    Event e;
    EXPECT_EQ(reader->read(e), RingReader::Outcome::empty);
    for (std::uint32_t n = 0; n < 100; ++n) {
        writer->write(numbered(n));
        ASSERT_EQ(reader->read(e), RingReader::Outcome::event);
        EXPECT_EQ(e.sid, n);
        EXPECT_EQ(e.sequence, n);
        EXPECT_EQ(e.get(Text::signature), "number " + std::to_string(n));
        reader->commit();
    }
    EXPECT_EQ(writer->lost(), 0U);
}

TEST_F(Ring, CountsWhatDoesNotFitAndShowsTheGap) {
    auto writer = RingWriter::open(path_, 16);
    auto reader = RingReader::open(path_);
    for (std::uint32_t n = 0; n < 20; ++n) writer->write(numbered(n));
    EXPECT_EQ(writer->lost(), 4U);
    EXPECT_EQ(reader->lost(), 4U);
    EXPECT_EQ(reader->waiting(), 16U);
    Event e;
    for (std::uint32_t n = 0; n < 16; ++n) ASSERT_EQ(reader->read(e), RingReader::Outcome::event);
    writer->write(numbered(77));  // read but not committed: still no room
    EXPECT_EQ(writer->lost(), 5U);
    reader->commit();
    writer->write(numbered(78));
    ASSERT_EQ(reader->read(e), RingReader::Outcome::event);
    EXPECT_EQ(e.sid, 78U);
    EXPECT_EQ(e.sequence, 21U);  // 16 written and 5 lost before it
}

TEST_F(Ring, GivesADeadReadersEventsAgain) {
    auto writer = RingWriter::open(path_, 16);
    for (std::uint32_t n = 0; n < 8; ++n) writer->write(numbered(n));
    Event e;
    {
        auto reader = RingReader::open(path_);
        for (int i = 0; i < 3; ++i) ASSERT_EQ(reader->read(e), RingReader::Outcome::event);
        reader->commit();
        ASSERT_EQ(reader->read(e), RingReader::Outcome::event);  // dies before it commits this one
    }
    auto reader = RingReader::open(path_);
    ASSERT_EQ(reader->read(e), RingReader::Outcome::event);
    EXPECT_EQ(e.sid, 3U);
    EXPECT_FALSE(reader->seek(2));   // may be written over
    EXPECT_FALSE(reader->seek(9));   // not written yet
    EXPECT_TRUE(reader->seek(6));
    ASSERT_EQ(reader->read(e), RingReader::Outcome::event);
    EXPECT_EQ(e.sid, 6U);
}

TEST_F(Ring, ContinuesAfterTheWriterWasKilled) {
    const pid_t child = ::fork();
    if (child == 0) {
        auto writer = RingWriter::open(path_, 16);
        for (std::uint32_t n = 0; n < 5; ++n) writer->write(numbered(n));
        ::_exit(0);  // no destructor runs
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    auto reader = RingReader::open(path_);
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->epoch(), 1U);
    auto writer = RingWriter::open(path_, 16);
    ASSERT_TRUE(writer) << writer.error().message();
    EXPECT_EQ(reader->epoch(), 2U);
    EXPECT_FALSE(reader->replaced());
    writer->write(numbered(5));
    Event e;
    for (std::uint32_t n = 0; n < 6; ++n) {
        ASSERT_EQ(reader->read(e), RingReader::Outcome::event);
        EXPECT_EQ(e.sid, n);
        EXPECT_EQ(e.sequence, n);
    }
}

TEST_F(Ring, RefusesASecondWriter) {
    auto writer = RingWriter::open(path_, 16);
    auto second = RingWriter::open(path_, 16);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::unavailable);
}

TEST_F(Ring, ReplacesARingOfAnotherSizeAndLetsTheOldOneDrain) {
    auto old = std::make_unique<RingWriter>(*RingWriter::open(path_, 16));
    old->write(numbered(1));
    auto reader = RingReader::open(path_);
    old.reset();
    auto writer = RingWriter::open(path_, 64);
    ASSERT_TRUE(writer) << writer.error().message();
    writer->write(numbered(2));
    EXPECT_TRUE(reader->replaced());
    Event e;
    ASSERT_EQ(reader->read(e), RingReader::Outcome::event);
    EXPECT_EQ(e.sid, 1U);
    auto next = RingReader::open(path_);
    EXPECT_NE(next->ring_id(), reader->ring_id());
    ASSERT_EQ(next->read(e), RingReader::Outcome::event);
    EXPECT_EQ(e.sid, 2U);
}

TEST_F(Ring, RefusesFilesThatAreNoRing) {
    EXPECT_EQ(RingReader::open(path_).error().code, ErrorCode::not_found);
    std::ofstream(path_) << "hello";
    EXPECT_EQ(RingReader::open(path_).error().code, ErrorCode::invalid);
    std::ofstream(path_) << std::string(4096 + 16 * 2048, '\0');
    EXPECT_EQ(RingReader::open(path_).error().code, ErrorCode::invalid);
    EXPECT_TRUE(RingWriter::open(path_, 16));  // the writer puts a good one in its place
    EXPECT_TRUE(RingReader::open(path_));
}

TEST_F(Ring, StepsOverDamage) {
    auto writer = RingWriter::open(path_, 16);
    for (std::uint32_t n = 0; n < 3; ++n) writer->write(numbered(n));
    const auto scribble = [this](std::streamoff at, std::uint64_t value) {
        std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(at);
        file.write(reinterpret_cast<const char*>(&value), sizeof value);
    };
    scribble(4096 + 2048, ~std::uint64_t{0});  // slot 1
    auto reader = RingReader::open(path_);
    Event e;
    EXPECT_EQ(reader->read(e), RingReader::Outcome::event);
    EXPECT_EQ(reader->read(e), RingReader::Outcome::damaged);
    EXPECT_EQ(reader->read(e), RingReader::Outcome::event);
    EXPECT_EQ(e.sid, 2U);
    scribble(64, 1'000'000'000);  // head
    EXPECT_EQ(reader->read(e), RingReader::Outcome::damaged);
    EXPECT_EQ(reader->read(e), RingReader::Outcome::empty);
    EXPECT_EQ(reader->damaged(), 2U);
    scribble(128, 5'000'000'000);  // tail, beyond the writer's head: it must not write past unread slots for ever
    for (std::uint32_t n = 0; n < 40; ++n) writer->write(numbered(n));
    EXPECT_EQ(writer->lost(), 27U);
}

TEST_F(Ring, AgreesAcrossThreads) {
    constexpr std::uint32_t kEvents = 200'000;
    auto writer = RingWriter::open(path_, 64);
    auto reader = RingReader::open(path_);
    std::thread producer([&] {
        for (std::uint32_t n = 0; n < kEvents; ++n) writer->write(numbered(n));
    });
    std::uint64_t got = 0, expected = 0;
    Event e;
    while (got + reader->lost() < kEvents || reader->waiting() != 0) {
        if (reader->read(e) != RingReader::Outcome::event) continue;
        ASSERT_GE(e.sequence, expected);
        ASSERT_EQ(e.sequence, e.sid);
        ASSERT_EQ(e.get(Text::signature), "number " + std::to_string(e.sid));
        expected = e.sequence + 1;
        ++got;
        reader->commit();
    }
    producer.join();
    EXPECT_EQ(got + reader->lost(), kEvents);
    EXPECT_EQ(reader->damaged(), 0U);
}

}  // namespace
}  // namespace sekisho::event
