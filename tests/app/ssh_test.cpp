#include "app/ssh/ssh.h"

#include <gtest/gtest.h>

#include "app/corpus.h"

namespace sekisho::app {
namespace {

using sekisho::testing::RecordingSink;

TEST(Ssh, BannersOfBothSides) {
    const auto segments = corpus("ssh/pair");
    testing::check_cuts(kSsh, segments);
    RecordingSink sink;
    testing::run_segments(kSsh, {segments[0]}, 0, sink);
    EXPECT_EQ(sink.value(0, Field::ssh_proto), "2.0");
    EXPECT_EQ(sink.value(0, Field::ssh_software), "OpenSSH_9.2p1");
    RecordingSink both;
    testing::run_segments(kSsh, segments, 0, both);
    EXPECT_EQ(both.value(0, Field::ssh_software), "PuTTY_0.78");
    EXPECT_TRUE(both.transactions[0].closed);
}

TEST(Ssh, AlgorithmsGiveHassh) {
    const auto segments = corpus("ssh/kex");
    testing::check_cuts(kSsh, segments);
    RecordingSink sink;
    testing::run_segments(kSsh, segments, 0, sink);
    EXPECT_EQ(sink.value(0, Field::ssh_hassh_string), "curve25519-sha256;aes128-ctr;hmac-sha2-256;none");
    EXPECT_EQ(sink.value(0, Field::ssh_hassh_server_string), "curve25519-sha256;aes256-ctr;hmac-sha1;zlib");
    EXPECT_EQ(sink.value(0, Field::ssh_hassh).size(), 32u);
    EXPECT_NE(sink.value(0, Field::ssh_hassh), sink.value(0, Field::ssh_hassh_server));
    EXPECT_TRUE(sink.transactions[0].events.empty());
    EXPECT_TRUE(sink.transactions[0].closed);
}

TEST(Ssh, BrokenKeyExchangeIsAnEvent) {
    const auto segments = corpus("ssh/bad_kex");
    testing::check_cuts(kSsh, segments);
    RecordingSink sink;
    testing::run_segments(kSsh, segments, 0, sink);
    EXPECT_TRUE(sink.has_event(0, AppEvent::ssh_invalid_record));
}

TEST(Ssh, LongBannerIsAnEvent) {
    RecordingSink sink;
    testing::run_segments(kSsh, corpus("ssh/long"), 0, sink);
    EXPECT_TRUE(sink.has_event(0, AppEvent::ssh_long_banner));
}

TEST(Ssh, AClientThatDoesNotStartWithABannerIsNoSsh) {
    RecordingSink sink;
    testing::ParserRun run(kSsh, sink);
    EXPECT_FALSE(run.feed(Direction::to_server, "GET / HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace sekisho::app
