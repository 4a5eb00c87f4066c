// IMAP: parts of mails that are fetched one by one.
#include <gmock/gmock.h>

#include "app/imap/imap.h"
#include "app/imap/section.h"
#include "app/imap/structure.h"
#include "support/parser_segments.h"

namespace sekisho::app::imap {
namespace {

using sekisho::testing::ParserRun;
using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;

constexpr auto kDown = Direction::to_client;

constexpr std::string_view kStructure =
    "(((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\") NIL NIL \"7BIT\" 5 1 NIL NIL NIL)(\"TEXT\" \"HTML\" NIL NIL NIL \"QUOTED-PRINTABLE\" 5 1) "
    "\"ALTERNATIVE\" (\"BOUNDARY\" \"i\"))(\"APPLICATION\" \"X-MSDOWNLOAD\" (\"NAME\" \"a.exe\") NIL NIL \"BASE64\" 8 NIL (\"ATTACHMENT\" "
    "(\"FILENAME\" \"b.exe\")) NIL)(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 99 (NIL \"s\" NIL NIL NIL NIL NIL NIL NIL NIL) "
    "(\"APPLICATION\" \"PDF\" (\"NAME*0*\" \"utf-8''c%20\" \"NAME*1\" \"d.pdf\") NIL NIL \"BASE64\" 4) 7) \"MIXED\")";

std::string literal(std::string_view item, std::string_view content) {
    return std::string(item) + " {" + std::to_string(content.size()) + "}\r\n" + std::string(content);
}

/// The files of one connection in which the server says `said`.
RecordingSink session(const std::string& said) {
    RecordingSink sink;
    ParserRun run(kImap, sink);
    run.feed(kDown, "* OK ready\r\n" + said);
    run.end();
    return sink;
}

std::string fetch(std::string_view inside, int message = 1) {
    return "* " + std::to_string(message) + " FETCH (" + std::string(inside) + ")\r\n";
}

std::vector<std::string> files(const RecordingSink& sink) {
    std::vector<std::string> out;
    for (const auto& tx : sink.transactions)
        if (const auto found = tx.bodies.find({kDown, Field::file_data}); found != tx.bodies.end())
            out.insert(out.end(), found->second.begin(), found->second.end());
    return out;
}

TEST(ImapSection, IsReadFromWhatStandsBeforeTheLiteral) {
    struct Case {
        std::string_view before;
        Kind kind;
        std::string_view section;
        std::uint64_t origin;
    };
    constexpr Case kCases[] = {
        {"* 1 FETCH (BODY[] ", Kind::mail, "", 0},         {" BODY[]<4096> ", Kind::mail, "", 4096},
        {"(RFC822 ", Kind::mail, "", 0},                   {"(rfc822.text ", Kind::text, "", 0},
        {"BODY[2.1]", Kind::part, "2.1", 0},               {"BODY[2.1.MIME]", Kind::mime, "2.1", 0},
        {"body[3.header] ", Kind::header, "3", 0},         {"BINARY[2]<7> ~", Kind::binary, "2", 7},
        {"BODY[HEADER.FIELDS (TO)] ", Kind::none, "", 0},  {"FLAGS ", Kind::none, "", 0},
        {"BODY[2]<x> ", Kind::none, "", 0},
    };
    for (const Case& c : kCases) {
        const Item item = fetched_item(c.before);
        EXPECT_EQ(item.kind, c.kind) << c.before;
        EXPECT_EQ(item.section.view(), c.section) << c.before;
        EXPECT_EQ(item.origin, c.origin) << c.before;
    }
}

TEST(ImapStructure, TellsPartsByTheirNumbers) {
    Structures structures;
    structures.read(7, "* 7 FETCH (UID 9 BODYSTRUCTURE " + std::string(kStructure) + ")");
    const auto find = [&](std::string_view section) { return structures.find(7, Section(section)); };
    const auto name = [&](std::string_view section) { return std::string(find(section)->name.data(), find(section)->name_size); };
    ASSERT_TRUE(find("1.1") != nullptr && find("1.2") != nullptr && find("2") != nullptr && find("3") != nullptr && find("3.1") != nullptr);
    EXPECT_TRUE(find("1.1")->is_text);
    EXPECT_EQ(find("1.2")->coding, mime::Coding::quoted_printable);
    EXPECT_EQ(find("2")->coding, mime::Coding::base64);
    EXPECT_EQ(name("2"), "b.exe");
    EXPECT_TRUE(find("3")->is_mail);
    EXPECT_EQ(name("3.1"), "c d.pdf");
    EXPECT_EQ(find("4"), nullptr);
    EXPECT_EQ(structures.find(8, Section("2")), nullptr);
    structures.forget();
    EXPECT_EQ(find("2"), nullptr);
}

TEST(ImapParts, AreDecodedAsTheStructureSays) {
    const auto sink = session(fetch("BODYSTRUCTURE " + std::string(kStructure)) + fetch(literal("BODY[2]", "QUJD\r\n")));
    EXPECT_THAT(files(sink), ElementsAre("ABC"));
    EXPECT_EQ(sink.value(0, Field::file_name), "b.exe");
}

TEST(ImapParts, AreDecodedByTheirHead) {
    const std::string head = "Content-Type: a/b; name=x.exe\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
    const auto sink = session(fetch(literal("BODY[4.MIME]", head) + literal(" BODY[4]", "=41B\r\n") + literal(" BODY[5]", "abc def\r\n")));
    EXPECT_THAT(files(sink), ElementsAre("AB\r\n", "abc def\r\n"));
    EXPECT_EQ(sink.value(0, Field::file_name), "x.exe");
}

TEST(ImapParts, OfUnknownCodingAreDecodedAsTheyLook) {
    EXPECT_THAT(files(session(fetch(literal("BODY[2]", "\r\nQUJD\r\nREVG\r\n")))), ElementsAre("\r\nABCDEF"));
    EXPECT_THAT(files(session(fetch(literal("BODY[2]", "a=3D b\r\nc=\r\nd")))), ElementsAre("a= b\r\ncd"));
    EXPECT_THAT(files(session(fetch(literal("BINARY[2]", "QUJD\r\n")))), ElementsAre("QUJD\r\n"));
}

TEST(ImapParts, PiecesFollowOneAnother) {
    const std::string said = fetch(literal("BODY[2]<0>", "QU")) + "a OK\r\n" + fetch(literal("BODY[2]<2>", "JD\r\nRE")) + fetch(literal("BODY[2]<8>", "VG\r\n"));
    EXPECT_THAT(files(session(fetch("BODYSTRUCTURE " + std::string(kStructure)) + said)), ElementsAre("ABCDEF"));
}

TEST(ImapParts, ATextIsTakenApartWithAndWithoutItsHeader) {
    const std::string head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    const std::string text = "--b\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b--\r\n";
    EXPECT_THAT(files(session(fetch(literal("BODY[HEADER]", head) + literal(" BODY[TEXT]", text)))), ElementsAre("ABC"));
    EXPECT_THAT(files(session(fetch(literal("BODY[TEXT]", text)))), ElementsAre("ABC"));
    EXPECT_THAT(files(session(fetch(literal("BODY[HEADER]", head)) + "a OK\r\n" + fetch(literal("RFC822.TEXT", text)))), ElementsAre("ABC"));
}

TEST(ImapParts, CutsMakeNoDifference) { testing::check_cuts(kImap, testing::load_segments(SEKISHO_SOURCE_DIR "/tests/app/corpus/imap/parts")); }

}  // namespace
}  // namespace sekisho::app::imap
