// POP3 and IMAP: the mails that are fetched.
#include <gmock/gmock.h>

#include "app/corpus.h"
#include "app/imap/imap.h"
#include "app/pop3/pop3.h"

namespace sekisho::app {
namespace {

using sekisho::testing::ParserRun;
using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;

TEST(Pop3, AFetchedMailHasItsFiles) {
    testing::check_cuts(kPop3, corpus("pop3/retr"));
    RecordingSink sink;
    testing::run_segments(kPop3, corpus("pop3/retr"), 0, sink);
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(sink.value(0, Field::email_subject), "two files");
    EXPECT_THAT(sink.transactions[0].fields.at(Field::file_name), ElementsAre("a.bin", "longname.txt", "e.exe"));
    EXPECT_EQ(sink.transactions[0].bodies.at({Direction::to_client, Field::file_data}).back(), "EICAR");
    EXPECT_TRUE(sink.transactions[0].closed);
}

TEST(Imap, AFetchedMailAndAStoredOne) {
    testing::check_cuts(kImap, corpus("imap/fetch"));
    RecordingSink sink;
    testing::run_segments(kImap, corpus("imap/fetch"), 0, sink);
    ASSERT_EQ(sink.transactions.size(), 2u);
    EXPECT_EQ(sink.transactions[0].bodies.at({Direction::to_client, Field::file_data}).size(), 3u);
    EXPECT_EQ(sink.transactions[1].bodies.at({Direction::to_server, Field::file_data}).back(), "EICAR");
}

TEST(Imap, PiecesMakeOneMail) {
    testing::check_cuts(kImap, corpus("imap/partial"));
    RecordingSink sink;
    testing::run_segments(kImap, corpus("imap/partial"), 0, sink);
    ASSERT_EQ(sink.transactions.size(), 3u);   // with a part of another mail, and an empty mail
    EXPECT_EQ(sink.value(0, Field::email_subject), "two files");
    EXPECT_EQ(sink.transactions[0].bodies.at({Direction::to_client, Field::file_data}).size(), 3u);
}

TEST(Mailboxes, TlsTakesOver) {
    struct Case {
        const Parser& parser;
        std::string name;
    };
    for (const Case& c : {Case{kPop3, "pop3/stls"}, Case{kImap, "imap/starttls"}}) {
        RecordingSink sink;
        ParserRun run(c.parser, sink);
        for (const auto& segment : corpus(c.name)) run.feed(segment.direction, segment.bytes);
        EXPECT_TRUE(run.broken()) << c.name;
        EXPECT_EQ(run.fault(), Fault::none) << c.name;
    }
}

}  // namespace
}  // namespace sekisho::app
