#include "app/smtp/smtp.h"

#include <gmock/gmock.h>

#include "app/corpus.h"


namespace sekisho::app {
namespace {

using sekisho::testing::ParserRun;
using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;


TEST(Smtp, CutsMakeNoDifference) {
    for (const std::string name : {"mail", "bdat", "starttls", "rejected"}) testing::check_cuts(kSmtp, corpus("smtp/" + name));
}

TEST(Smtp, EnvelopeMailAndFiles) {
    RecordingSink sink;
    testing::run_segments(kSmtp, corpus("smtp/mail"), 0, sink);
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(sink.value(0, Field::smtp_helo), "client.example");
    EXPECT_EQ(sink.value(0, Field::smtp_mail_from), "<a@example.com>");
    EXPECT_THAT(sink.transactions[0].fields.at(Field::smtp_rcpt_to), ElementsAre("<b@example.com>", "<c@example.com>"));
    EXPECT_EQ(sink.value(0, Field::email_subject), "two files");
    EXPECT_EQ(sink.value(0, Field::email_url), "example.com/a?b=1");
    EXPECT_THAT(sink.transactions[0].fields.at(Field::file_name), ElementsAre("a.bin", "longname.txt", "e.exe"));
    const auto& files = sink.transactions[0].bodies.at({kUp, Field::file_data});
    EXPECT_THAT(files, ElementsAre(std::string("\0\1MZ", 4) + std::string(100, 'x'), "soft end = x\r\n.dot", "EICAR"));
    EXPECT_TRUE(sink.transactions[0].closed);
}

TEST(Smtp, ChunksMakeOneMailAndTheNextIsAnother) {
    RecordingSink sink;
    testing::run_segments(kSmtp, corpus("smtp/bdat"), 0, sink);
    ASSERT_EQ(sink.transactions.size(), 3u);
    EXPECT_EQ(sink.value(0, Field::email_subject), "one");
    EXPECT_EQ(sink.value(1, Field::smtp_mail_from), "<x@y>");
    EXPECT_TRUE(sink.has_event(2, AppEvent::smtp_bdat_chunk_len_exceeded));
}

TEST(Smtp, StartTlsHandsOver) {
    RecordingSink sink;
    ParserRun run(kSmtp, sink);
    for (const auto& segment : corpus("smtp/starttls")) run.feed(segment.direction, segment.bytes);
    EXPECT_TRUE(run.broken());
    EXPECT_EQ(run.fault(), Fault::none);
}

TEST(Smtp, ARefusedStartTlsGoesOnInTheClear) {
    RecordingSink sink;
    ParserRun run(kSmtp, sink);
    run.feed(kDown, "220 mx ESMTP\r\n");
    run.feed(kUp, "EHLO c\r\nSTARTTLS\r\n");
    run.feed(kDown, "250 ok\r\n454 no\r\n");
    EXPECT_TRUE(run.feed(kUp, "MAIL FROM:<a@e>\r\n"));
    EXPECT_TRUE(sink.has_event(0, AppEvent::smtp_tls_rejected));
    EXPECT_EQ(sink.value(0, Field::smtp_mail_from), "<a@e>");
}

TEST(Smtp, ARefusedDataBringsCommandsBack) {
    RecordingSink sink;
    testing::run_segments(kSmtp, corpus("smtp/rejected"), 0, sink);
    EXPECT_TRUE(sink.has_event(0, AppEvent::smtp_data_command_rejected));
    bool long_command = false, long_reply = false, bad_reply = false;
    for (TxId tx = 0; tx < sink.transactions.size(); ++tx) {
        long_command = long_command || sink.has_event(tx, AppEvent::smtp_max_command_line_len_exceeded);
        long_reply = long_reply || sink.has_event(tx, AppEvent::smtp_max_reply_line_len_exceeded);
        bad_reply = bad_reply || sink.has_event(tx, AppEvent::smtp_invalid_reply);
        EXPECT_TRUE(sink.transactions[tx].closed);
    }
    EXPECT_TRUE(long_command && long_reply && bad_reply);
}

TEST(Smtp, ALoneLfDoesNotEndAMail) {
    RecordingSink sink;
    ParserRun run(kSmtp, sink);
    run.feed(kDown, "220 mx ESMTP\r\n");
    run.feed(kUp, "HELO c\r\nMAIL FROM:<a@e>\r\nDATA\r\n");
    run.feed(kDown, "250 a\r\n250 b\r\n354 c\r\n");
    run.feed(kUp, "Subject: x\r\n\r\na\n.\nMAIL FROM:<evil@e>\r\n.\r\n");
    ASSERT_EQ(sink.transactions.size(), 1u);
    EXPECT_EQ(sink.value(0, Field::smtp_mail_from), "<a@e>");
    EXPECT_EQ(sink.transactions[0].stage[0], Stage::complete);
}

TEST(Smtp, WhatSomeServersTakeForTheEndIsTold) {
    for (const std::string_view end : {"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r"}) {
        RecordingSink sink;
        ParserRun run(kSmtp, sink);
        run.feed(kUp, "HELO c\r\nMAIL FROM:<a@e>\r\nDATA\r\nSubject: x\r\n\r\na" + std::string(end) + "MAIL FROM:<evil@e>\r\n.\r\n");
        EXPECT_TRUE(sink.has_event(0, AppEvent::smtp_ambiguous_end_of_data)) << end;
    }
    RecordingSink sink;
    ParserRun run(kSmtp, sink);
    run.feed(kUp, "HELO c\r\nMAIL FROM:<a@e>\r\nDATA\r\nSubject: x\r\n\r\n..\r\n.\r\n");
    EXPECT_FALSE(sink.has_event(0, AppEvent::smtp_ambiguous_end_of_data));
}

TEST(Smtp, AHoleInAMailIsSurvived) {
    RecordingSink sink;
    ParserRun run(kSmtp, sink);
    run.feed(kUp, "HELO c\r\nMAIL FROM:<a@e>\r\nDATA\r\nSubject: x\r\n");
    EXPECT_TRUE(run.gap(kUp, 1000));
    EXPECT_TRUE(run.feed(kUp, "abc\r\n.\r\nQUIT\r\n"));
    run.end();
    EXPECT_TRUE(sink.transactions[0].closed);
}

}  // namespace
}  // namespace sekisho::app
