// Keywords about files on the wire whose lists lie beside the rules, and the command of an FTP data connection.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/keyword_cases.h"
#include "support/parser_segments.h"

namespace sekisho::engine {
namespace {

using namespace testing;

void write(const std::filesystem::path& path, std::string_view text) { std::ofstream(path) << text; }

/// Rules in a folder of their own, with the lists that they name.
std::unique_ptr<const Policy> policy_beside_lists(const std::string& rules) {
    const auto folder = std::filesystem::path(::testing::TempDir()) / ("sekisho-lists-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    // Digests of "answers".
    write(folder / "md5.list", "# a comment\n78949a75178ddd3c0c73cfcd5475d75a  answers.txt\n");
    write(folder / "sha1.list", "E3D9BCA2ECAF11825872780F9493CA0DF05EC56A\n");
    write(folder / "sha256.list", "677fe21b65f4a6cf1d105853d51f4f0a562698aa6374cb4d279d46a99dd3e6a3\n");
    write(folder / "other.list", "900150983cd24fb0d6963f7d28e17f72\n");
    write(folder / "rules.rules", rules);
    config::Settings settings = no_filter();
    settings.rules.files = {(folder / "rules.rules").string()};
    auto policy = policy_of("", settings);
    std::filesystem::remove_all(folder);
    return policy;
}

TEST(FileKeywords, DigestsOfAWholeFile) {
    Rig rig(policy_beside_lists("alert http any any -> any any (filemd5:md5.list; sid:1;)\n"
                                "alert http any any -> any any (filesha1:sha1.list; sid:2;)\n"
                                "alert http any any -> any any (filesha256:sha256.list; sid:3;)\n"
                                "alert http any any -> any any (filemd5:other.list; sid:4;)\n"
                                "alert http any any -> any any (filemd5:!md5.list; sid:5;)\n"
                                "alert http any any -> any any (filemd5:!other.list; sid:6;)\n"),
            small_config());
    rig.feed(talk(80)
                 .open()
                 .client("GET / HTTP/1.1\r\nHost: h.example\r\n\r\n")
                 .server("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nans")
                 .server("wers")
                 .frames());
    rig.finish();
    EXPECT_THAT(rig.sids(), ::testing::UnorderedElementsAre(1, 2, 3, 6));
}

TEST(FileKeywords, DigestsOfAFileReadInPieces) {
    Rig rig(policy_beside_lists("alert nfs any any -> any any (filemd5:md5.list; filename:\"answers.txt\"; sid:1;)\n"
                                "alert nfs any any -> any any (filemd5:other.list; sid:2;)\n"),
            small_config());
    auto conversation = talk(2049).open();
    for (const auto& segment : sekisho::testing::load_segments(SEKISHO_SOURCE_DIR "/tests/app/corpus/nfs/compounds")) {
        if (segment.direction == app::Direction::to_server) conversation.client(segment.bytes);
        else conversation.server(segment.bytes);
    }
    rig.feed(conversation.frames());
    rig.finish();
    EXPECT_THAT(rig.sids(), ::testing::ElementsAre(1));
}

/// A transfer over a passive data connection to port 5001.
std::vector<std::uint32_t> sids_of_transfer(const std::string& command, bool upload) {
    Rig rig("alert ftp-data any any -> any any (ftpdata_command:retr; sid:1;)\n"
            "alert ftp-data any any -> any any (ftpdata_command:stor; sid:2;)\n");
    TcpTalk control("192.0.2.1", 40000, "198.51.100.7", 21);
    control.open()
        .server("220 FTP ready\r\n")
        .client("USER joe\r\n")
        .server("230 in\r\n")
        .client("PASV\r\n")
        .server("227 Entering Passive Mode (198,51,100,7,19,137)\r\n")
        .client(command + " a.bin\r\n");
    rig.feed(control.frames());
    TcpTalk data("192.0.2.1", 40001, "198.51.100.7", 5001);
    data.open();
    if (upload) data.client("content");
    else data.server("content");
    rig.feed(data.frames());
    rig.finish();
    return rig.sids();
}

TEST(FileKeywords, CommandOfAnFtpTransfer) {
    EXPECT_THAT(sids_of_transfer("RETR", false), ::testing::ElementsAre(1));
    EXPECT_THAT(sids_of_transfer("STOR", true), ::testing::ElementsAre(2));
}

}  // namespace
}  // namespace sekisho::engine
