// `sekisho replay` as a whole: captures made here, standard output and the exit code as a person or a script sees
// them.
#include "sekisho/replay/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sekisho/base/text.h"
#include "sekisho/replay/pcap_source.h"
#include "support/packet_builder.h"

namespace sekisho::replay {
namespace {

using namespace sekisho::testing;
using ::testing::HasSubstr;
using ::testing::Not;

struct Outcome {
    int code = 0;
    std::string out, err;
};

Outcome replay(std::vector<std::string> words) {
    words.insert(words.begin(), "replay");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    Outcome outcome;
    outcome.code = run(static_cast<int>(argv.size()), argv.data());
    std::fflush(stdout);
    outcome.out = ::testing::internal::GetCapturedStdout();
    outcome.err = ::testing::internal::GetCapturedStderr();
    return outcome;
}

class Replay : public ::testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::path(::testing::TempDir()) / ("sekisho-replay-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
        std::ofstream(file("rules")) << "drop http any any -> any any (msg:\"evil path\"; flow:established,to_server; "
                                        "http.uri; content:\"/evil\"; sid:7; rev:2;)\n";
        write_pcap(file("web.pcap"), TcpTalk("192.0.2.1", 40000, "198.51.100.7", 80)
                                         .open()
                                         .client("GET /evil HTTP/1.1\r\nHost: a.example\r\n\r\n")
                                         .server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                                         .close()
                                         .frames());
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string file(const std::string& name) const { return (folder_ / name).string(); }
    std::string bytes_of(const std::string& name) const {
        std::ifstream in(file(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

  private:
    std::filesystem::path folder_;
};

TEST_F(Replay, WritesOneObjectALine) {
    const Outcome outcome = replay({"--rules", file("rules"), "--json", file("web.pcap")});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, ::testing::StartsWith("{\"event\":\"rules\",\"loaded\":1,\"failed\":0}\n"));
    EXPECT_THAT(outcome.out, HasSubstr("\"signature_id\":7"));
    EXPECT_THAT(outcome.out, HasSubstr("\"pcap_cnt\":4"));
    EXPECT_THAT(outcome.out, Not(HasSubstr("pcap_filename")));
    for (const std::string_view line : split(outcome.out, '\n')) {
        if (line.empty()) continue;
        EXPECT_EQ(line.front(), '{');
        EXPECT_EQ(line.back(), '}');
    }
}

TEST_F(Replay, NamesTheCaptureWhenThereAreSeveral) {
    const Outcome outcome = replay({"--rules", file("rules"), "--json", file("web.pcap"), file("web.pcap")});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("\"pcap_filename\""));
}

TEST_F(Replay, SaysItInWordsWithoutJson) {
    const Outcome outcome = replay({"--rules", file("rules"), file("web.pcap")});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("alert packet 4"));
    EXPECT_THAT(outcome.out, HasSubstr("[7] evil path"));
}

TEST_F(Replay, TracesEachStation) {
    const Outcome outcome = replay({"--rules", file("rules"), "--trace", "--set", "mode=ips", file("web.pcap")});
    for (const char* word : {"packet 1\n", "decode", "flow", "stream", "hit 7", "verdict", "drop, cause rule"})
        EXPECT_THAT(outcome.out, HasSubstr(word));
}

TEST_F(Replay, GivesTheSameEventsEachTime) {
    const std::vector<std::string> words{"--rules", file("rules"), "--json", file("web.pcap")};
    EXPECT_EQ(replay(words).out, replay(words).out);
}

TEST_F(Replay, AMissingCaptureIsNamedAndTheOthersAreRead) {
    const Outcome outcome = replay({"--rules", file("rules"), "--json", file("absent.pcap"), file("web.pcap")});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("absent.pcap"));
    EXPECT_THAT(outcome.out, HasSubstr("\"signature_id\":7"));
}

TEST_F(Replay, WhatIsNoCaptureIsRefused) {
    std::ofstream(file("text.pcap")) << "this is a text, not a capture of anything";
    std::ofstream(file("empty.pcap"));
    for (const char* name : {"text.pcap", "empty.pcap"}) {
        const Outcome outcome = replay({file(name)});
        EXPECT_EQ(outcome.code, 1) << name;
        EXPECT_THAT(outcome.err, HasSubstr(name));
    }
    write_pcap(file("usb.pcap"), {Octets{1, 2, 3}}, 189);
    EXPECT_THAT(replay({file("usb.pcap")}).err, HasSubstr("is not decoded"));
    EXPECT_THAT(replay({"--set", "bpf=nonsense (", file("web.pcap")}).err, HasSubstr("nonsense"));
}

TEST_F(Replay, ACutCaptureIsReadAsFarAsItGoes) {
    const std::string whole = bytes_of("web.pcap");
    std::size_t told = 0;
    for (std::size_t size = 24; size < whole.size(); size += 13) {
        std::ofstream(file("cut.pcap"), std::ios::binary | std::ios::trunc) << whole.substr(0, size);
        const Outcome outcome = replay({"--rules", file("rules"), "--json", file("cut.pcap")});
        EXPECT_EQ(outcome.code, 0) << size;
        told += outcome.out.find("\"signature_id\":7") != std::string::npos;
    }
    EXPECT_GT(told, 10u);
    std::ofstream(file("cut.pcap"), std::ios::binary | std::ios::trunc) << whole.substr(0, whole.size() - 3);
    EXPECT_THAT(replay({file("cut.pcap")}).err, HasSubstr("truncated"));
}

TEST_F(Replay, SourceNumbersAndTimesFrames) {
    auto source = PcapSource::open(file("web.pcap"), "src host 192.0.2.1");
    ASSERT_TRUE(source) << source.error().message();
    packet::Frame frame;
    std::uint64_t count = 0;
    TimeNs last = 0;
    while ((*source)->next(frame)) {
        EXPECT_EQ(frame.number, ++count);
        EXPECT_GT(frame.time_ns, last);
        last = frame.time_ns;
    }
    EXPECT_EQ(count, 6u);
    EXPECT_EQ((*source)->error(), "");
}

TEST_F(Replay, RulesThatCannotBeReadEndIt) {
    const Outcome outcome = replay({"--rules", file("absent.rules"), file("web.pcap")});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("absent.rules"));
    std::ofstream(file("bad.rules")) << "alert tcp any any -> any any (frobnicate; sid:1;)\n" << bytes_of("rules");
    const Outcome bad = replay({"--rules", file("bad.rules"), "--json", file("web.pcap")});
    EXPECT_EQ(bad.code, 0);
    EXPECT_THAT(bad.err, HasSubstr("bad.rules:1:"));
    EXPECT_THAT(bad.out, HasSubstr("\"loaded\":1,\"failed\":1"));
}

TEST_F(Replay, UsageIsForThoseWhoAskAndThoseWhoErr) {
    EXPECT_EQ(replay({"--help"}).code, 0);
    EXPECT_THAT(replay({"--help"}).out, HasSubstr("usage:"));
    EXPECT_EQ(replay({}).code, 2);
    const Outcome outcome = replay({"--frobnicate"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("--frobnicate"));
}

}  // namespace
}  // namespace sekisho::replay
