// `quarantine` from the command line: the file it writes, what it asks of the fast path, its undo and its mistakes.
#include <gtest/gtest.h>

#include <sstream>

#include "cli/box.h"
#include "cli/table.h"

namespace sekisho::cli {
namespace {

struct QuarantineCommands : Box {
    void SetUp() override {
        Box::SetUp();
        write("sekisho.yaml", "version: 1\nrun_folder: " + folder_ + "\nrules:\n  local_file: " + folder_ + "/local.rules\nfastpath:\n  quarantine_file: " +
                                  folder_ + "/quarantine\n");
        fast_answers_["quarantine"] = [this](const auto&) {
            return refused ? control::Reply{false, "no"} : control::Reply{true, "{\"hosts\":1}"};
        };
    }
    Exit say(const Words& words, std::map<std::string, std::string, std::less<>> options = {}) {
        std::ostringstream out, err;
        Context context(out, err);
        context.config_file = path("sekisho.yaml");
        context.options = std::move(options);
        const Exit exit = run_words(context, words);
        said = out.str() + err.str();
        return exit;
    }
    std::string said;
    bool refused = false;
};

TEST_F(QuarantineCommands, AddListAndRemove) {
    start_fastpath();
    ASSERT_EQ(say({"quarantine", "add", "192.168.1.66"}, {{"--for", "8h"}, {"--reason", "malware suspected"}}), Exit::done) << said;
    EXPECT_NE(said.find("is cut off until"), std::string::npos);
    EXPECT_EQ(asked("quarantine"), 1U);
    EXPECT_NE(read("quarantine").find("192.168.1.66 "), std::string::npos);
    EXPECT_NE(read("quarantine").find(" malware suspected\n"), std::string::npos);
    ASSERT_EQ(say({"quarantine", "add", "fd00::5", "without", "end"}, {{"--reason", "bot"}}), Exit::done) << said;
    EXPECT_NE(read("quarantine").find("fd00::5 0 bot without end\n"), std::string::npos);
    ASSERT_EQ(say({"quarantine", "list"}), Exit::done);
    EXPECT_NE(said.find("until removed"), std::string::npos) << said;
    ASSERT_EQ(say({"quarantine", "remove", "192.168.1.66"}), Exit::done);
    EXPECT_EQ(read("quarantine").find("192.168.1.66"), std::string::npos);
    EXPECT_EQ(say({"quarantine", "remove", "192.168.1.66"}), Exit::failed);
    EXPECT_NE(read("audit.log").find("--reason=malware suspected"), std::string::npos);
}

TEST_F(QuarantineCommands, WhatTheFastPathRefusesIsTakenBack) {
    start_fastpath();
    ASSERT_EQ(say({"quarantine", "add", "192.168.1.66"}, {{"--reason", "x"}}), Exit::done);
    const std::string before = read("quarantine");
    refused = true;
    EXPECT_EQ(say({"quarantine", "add", "192.168.1.67"}, {{"--reason", "y"}}), Exit::failed);
    EXPECT_EQ(read("quarantine"), before);
}

TEST_F(QuarantineCommands, MistakesAreExplained) {
    EXPECT_EQ(say({"quarantine", "add", "pc-7"}, {{"--reason", "x"}}), Exit::usage);
    EXPECT_EQ(say({"quarantine", "add", "192.168.1.66"}), Exit::usage);
    EXPECT_NE(said.find("a reason is needed"), std::string::npos);
    for (const char* time : {"8", "h", "soon", "0h", "400d"})
        EXPECT_EQ(say({"quarantine", "add", "192.168.1.66"}, {{"--reason", "x"}, {"--for", time}}), Exit::usage) << time;
    EXPECT_EQ(read("quarantine"), "(none)");
}

}  // namespace
}  // namespace sekisho::cli
