// NFS over ONC RPC: versions, procedures, names, record fragments.
#include "app/rpc/nfs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"

namespace sekisho::app {
namespace {

using namespace std::string_view_literals;
using sekisho::testing::RecordingSink;
using ::testing::Contains;
using ::testing::ElementsAre;

std::string number(char n) { return std::string("\0\0\0"sv) + n; }

TEST(Nfs, CallsAndTheirReplies) {
    const auto sink = run(kNfsTcp, "nfs/calls");
    ASSERT_EQ(sink.transactions.size(), 6u);  // five calls and what the write brings
    EXPECT_THAT(sink.transactions[0].fields.at(Field::nfs_procedure), ElementsAre(number(3)));
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::nfs_version), 3u);
    EXPECT_THAT(sink.transactions[0].fields.at(Field::detail), Contains("filename=drawing.dwg"));
    EXPECT_THAT(sink.transactions[1].fields.at(Field::detail), Contains("new_name=new"));
    for (const auto& tx : sink.transactions) EXPECT_TRUE(tx.closed);
}

TEST(Nfs, AVersionFourCallHasSeveralProcedures) {
    const auto sink = run(kNfsTcp, "nfs/calls");
    EXPECT_THAT(sink.transactions[2].fields.at(Field::nfs_procedure),
                ElementsAre(number(22), number(15), number(10), number(9)));
    EXPECT_THAT(sink.transactions[2].fields.at(Field::detail), Contains("filename=plans"));
}

TEST(Nfs, OddVersionsAreEvents) {
    EXPECT_TRUE(run(kNfsTcp, "nfs/calls").has_event(5, AppEvent::nfs_unsupported_version));
}

TEST(Nfs, FragmentsOfARecordArePassedOver) {
    const auto sink = run(kNfsTcp, "nfs/fragments");
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_THAT(sink.transactions[1].fields.at(Field::detail), Contains("filename=second"));
}

TEST(Nfs, GapsInsideARecordAreStepped) {
    const auto segments = corpus("nfs/calls");
    RecordingSink sink;
    testing::ParserRun run(kNfsTcp, sink);
    const std::string& write = segments[6].bytes;  // 9,000 octets, of which the head is waited for
    run.feed(Direction::to_server, write.substr(0, 5000));
    EXPECT_TRUE(run.gap(Direction::to_server, 1000));
    run.feed(Direction::to_server, write.substr(6000) + segments[0].bytes);
    ASSERT_EQ(sink.transactions.size(), 3u);  // two calls and what the write brings
    EXPECT_THAT(sink.transactions[2].fields.at(Field::detail), Contains("procedure=LOOKUP"));
    EXPECT_FALSE(run.gap(Direction::to_server, 10)) << "between two records a gap hides where the next one begins";
}

TEST(NfsUdp, OtherProgramsAreNotNfs) {
    const auto sink = run(kNfsUdp, "nfs_udp/calls");
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_THAT(sink.transactions[0].fields.at(Field::detail), Contains("filename=gone.txt"));
}

}  // namespace
}  // namespace sekisho::app
