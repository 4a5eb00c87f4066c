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

/// What a mail that is fetched raises, over POP3 or as this item over IMAP.
std::vector<AppEvent> events_of(const Parser& parser, const std::string& mail, const std::string& item = "BODY[]") {
    RecordingSink sink;
    ParserRun run(parser, sink);
    run.feed(kUp, parser.protocol == Protocol::pop3 ? "RETR 1\r\n" : "a1 FETCH 1 (" + item + ")\r\n");
    if (parser.protocol == Protocol::pop3) run.feed(kDown, "+OK ready\r\n+OK here\r\n" + mail + "\r\n.\r\n");
    else run.feed(kDown, "* OK ready\r\n* 1 FETCH (" + item + " {" + std::to_string(mail.size()) + "}\r\n" + mail + ")\r\na1 OK done\r\n");
    run.end();
    std::vector<AppEvent> events;
    for (const auto& tx : sink.transactions) events.insert(events.end(), tx.events.begin(), tx.events.end());
    return events;
}

const std::string kOddMail = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--bc\r\nContent-Type: text/plain\r\n\r\ntext\r\n--bc\r\n\r\nx\r\n--b--\r\n";
const std::string kPlainMail = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b--\r\n";

TEST(Mailboxes, MailsThatProgramsReadInDifferentWaysAreEvents) {
    EXPECT_THAT(events_of(kPop3, kOddMail), ElementsAre(AppEvent::pop3_mime_ambiguous));
    EXPECT_THAT(events_of(kImap, kOddMail), ElementsAre(AppEvent::imap_mime_ambiguous));
    EXPECT_THAT(events_of(kImap, kOddMail, "BODY[2]<0>"), ElementsAre()) << "content of a part";
    EXPECT_THAT(events_of(kImap, "Content-Transfer-Encoding: base-64\r\n\r\n", "BODY[2.MIME]"), ElementsAre(AppEvent::imap_mime_ambiguous));
    EXPECT_THAT(events_of(kPop3, kPlainMail), ElementsAre());
    EXPECT_THAT(events_of(kImap, kPlainMail), ElementsAre());
}

TEST(Mailboxes, OtherDoubtsAreToldOfMailsThatAreSentOnly) {
    EXPECT_THAT(events_of(kPop3, "Content-Type: multipart/mixed; boundary=b\r\n\r\ntext\r\n"), ElementsAre());
    EXPECT_THAT(events_of(kPop3, std::string(2000, 'x') + ": y\r\n\r\ntext"), ElementsAre());
}

TEST(Imap, PiecesOfAMailRaiseNothingByTheirCuts) {
    EXPECT_THAT(events_of(kImap, "Subject: cut\r", "BODY[]<0>"), ElementsAre());
    EXPECT_THAT(events_of(kImap, kPlainMail.substr(0, kPlainMail.size() - 3), "BODY[]<0>"), ElementsAre());
    EXPECT_THAT(events_of(kImap, "text\r\n \r\n \r\nmore\r\n", "BODY[]<4096>"), ElementsAre());
    EXPECT_THAT(events_of(kImap, "-- \r\nname\r\n---\r\n-----\r\n", "BODY[TEXT]"), ElementsAre());
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
