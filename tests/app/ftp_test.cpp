#include "app/ftp/ftp.h"

#include <gmock/gmock.h>

#include "app/corpus.h"
#include "app/ftp/data_port.h"
#include "app/tftp/tftp.h"

namespace sekisho::app {
namespace {

using sekisho::testing::ParserRun;
using sekisho::testing::RecordedExpectation;
using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;


TEST(Ftp, CutsMakeNoDifference) {
    for (const std::string name : {"ftp/passive", "ftp/active", "ftp/tls"}) testing::check_cuts(kFtp, corpus(name));
}

TEST(Ftp, CommandsWithTheirReplies) {
    RecordingSink sink;
    testing::run_segments(kFtp, corpus("ftp/passive"), 0, sink);
    ASSERT_EQ(sink.transactions.size(), 6u);
    EXPECT_THAT(sink.transactions[0].fields.at(Field::ftp_reply), ElementsAre("hello", "FTP ready"));
    EXPECT_EQ(sink.value(1, Field::ftp_command), "USER");
    EXPECT_EQ(sink.value(4, Field::ftp_command_data), "dir/a.exe");
    EXPECT_THAT(sink.transactions[4].fields.at(Field::ftp_reply), ElementsAre("here", "done"));
    EXPECT_EQ(sink.transactions[4].facts.at(Fact::ftp_reply_code), 226u);
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.closed);
}

TEST(Ftp, DataConnectionsAreAnnounced) {
    RecordingSink passive;
    testing::run_segments(kFtp, corpus("ftp/passive"), 0, passive);
    EXPECT_THAT(passive.expected, ElementsAre(RecordedExpectation{Protocol::ftp_data, kUp, 5001, "", 0},
                                              RecordedExpectation{Protocol::ftp_data, kUp, 5001, "dir/a.exe", 1}));
    RecordingSink active;
    testing::run_segments(kFtp, corpus("ftp/active"), 0, active);
    EXPECT_THAT(active.expected, ElementsAre(RecordedExpectation{Protocol::ftp_data, kDown, 1025, "", 0},
                                             RecordedExpectation{Protocol::ftp_data, kDown, 1025, "up.bin", 2},
                                             RecordedExpectation{Protocol::ftp_data, kDown, 1030, "", 0},
                                             RecordedExpectation{Protocol::ftp_data, kUp, 6446, "", 0}));
}

TEST(Ftp, LongLinesAreEvents) {
    RecordingSink sink;
    testing::run_segments(kFtp, corpus("ftp/active"), 0, sink);
    EXPECT_TRUE(sink.has_event(sink.transactions.size() - 1, AppEvent::ftp_request_command_too_long));
}

TEST(Ftp, PortsInAllTheirForms) {
    EXPECT_EQ(ftp::read_port("10,0,0,1,4,1"), 1025);
    EXPECT_EQ(ftp::read_port("Entering Passive Mode (10,0,0,1,255,255)"), 65535);
    EXPECT_EQ(ftp::read_port("=10,0,0,1,0,21"), 21);
    EXPECT_EQ(ftp::read_port("10,0,0,1,4"), 0);
    EXPECT_EQ(ftp::read_port("10,0,0,256,4,1"), 0);
    EXPECT_EQ(ftp::read_extended_port("|1|132.235.1.2|6275|"), 6275);
    EXPECT_EQ(ftp::read_extended_port("Entering (|||6446|)"), 6446);
    EXPECT_EQ(ftp::read_extended_port("(|||70000|)"), 0);
    EXPECT_EQ(ftp::read_extended_port("(|||6446"), 0);
}

TEST(FtpData, AFileWithTheNameThatWasAnnounced) {
    RecordingSink sink;
    std::vector<std::uint64_t> state(kFtpData.state_size / 8 + 1);
    kFtpData.init(state.data());
    kFtpData.announced(state.data(), {Protocol::ftp_data, kUp, 1, as_bytes("a.exe"), 1});
    EXPECT_EQ(kFtpData.parse(state.data(), kDown, as_bytes("MZ"), sink).octets, 2u);
    EXPECT_EQ(kFtpData.parse(state.data(), kDown, as_bytes("rest"), sink).octets, 4u);
    kFtpData.end(state.data(), kDown, sink);
    kFtpData.destroy(state.data());
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(sink.value(0, Field::file_name), "a.exe");
    EXPECT_EQ(sink.body_of(0, kDown, Field::file_data), "MZrest");
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::ftp_data_command), 1u);
    EXPECT_TRUE(sink.transactions[0].closed);
}

TEST(FtpData, AListingIsNoFile) {
    RecordingSink sink;
    ParserRun run(kFtpData, sink);
    EXPECT_TRUE(run.feed(kDown, "drwxr-xr-x"));
    run.end();
    EXPECT_TRUE(sink.transactions.empty());
}

TEST(Tftp, ARequestAnnouncesItsTransfer) {
    RecordingSink sink;
    testing::run_segments(kTftp, corpus("tftp/read"), 0, sink);
    EXPECT_THAT(sink.expected, ElementsAre(RecordedExpectation{Protocol::tftp, kDown, 0, "a.bin", 1}));
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.value(0, Field::tftp_file), "a.bin");
    // A block that is sent twice counts once.
    EXPECT_EQ(sink.body_of(1, kDown, Field::file_data), "12345678abc");
    EXPECT_TRUE(sink.transactions[1].closed);
}

}  // namespace
}  // namespace sekisho::app
