#include "app/mime/mime.h"

#include <gmock/gmock.h>

#include "app/mime/parameters.h"
#include "app/mime/transfer_decoder.h"
#include "support/recording_sink.h"

namespace sekisho::app::mime {
namespace {

using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;

RecordingSink read(std::string_view mail) {
    RecordingSink sink;
    const auto mime = std::make_unique<Mime>();
    const TxId tx = sink.open();
    mime->start(Direction::to_server, Protocol::smtp);
    mime->write(tx, as_bytes(mail), sink);
    mime->finish(tx, sink);
    return sink;
}

std::string file(const RecordingSink& sink) { return sink.body_of(0, Direction::to_server, Field::file_data); }

std::string parameter(std::string_view field, std::string_view name) {
    std::uint8_t out[64];
    return std::string(as_text(Bytes(out).first(read_parameter(field, name, out))));
}

TEST(Mime, ParametersInAllTheirForms) {
    struct Case {
        std::string_view field, value;
    };
    constexpr Case kCases[] = {
        {"attachment; filename=a.txt", "a.txt"},
        {"attachment;\tFILENAME = \"a b;c.txt\" ; size=1", "a b;c.txt"},
        {"attachment; filename=\"a\\\"b.txt\"", "a\"b.txt"},
        {"attachment; filename*=utf-8'ja'%e8%a9%a6.exe", "\xe8\xa9\xa6.exe"},
        {"attachment; filename*1=\"b.exe\"; filename*0=\"a\"", "ab.exe"},
        {"attachment; filename*0*=utf-8''a%20; filename*1=b", "a b"},
        {"attachment; filename=\"=?utf-8?B?YS5leGU=?=\"", "a.exe"},
        {"attachment; filename=\"=?x?Q?a=2Ee?= =?x?q?xe?=\"", "a.exe"},
        {"attachment filename=a.exe", "a.exe"},
        {"attachment; notfilename=a.exe", ""},
        {"attachment; filename=\"open", "open"},
        {"attachment (a; b=c); (x;filename=y) filename=a.exe", "a.exe"},
        {"attachment; filename=report (1).pdf", "report (1).pdf"},
    };
    for (const Case& c : kCases) EXPECT_EQ(parameter(c.field, "filename"), c.value) << c.field;
}

TEST(Mime, CodingsPassOverWhatIsNoLetter) {
    constexpr std::string_view kHead = "Content-Disposition: attachment; filename=x\r\nContent-Transfer-Encoding: ";
    EXPECT_EQ(file(read(std::string(kHead) + "base64\r\n\r\nQ!UJ\r\nD*RE==\r\nRUY=\r\n")), "ABCDEF");
    EXPECT_EQ(file(read(std::string(kHead) + "Quoted-Printable\r\n\r\na=3Db=\r\nc=zz\r\nd\r\n")), "a=bc=zz\r\nd");
    EXPECT_EQ(file(read(std::string(kHead) + "x-uuencode\r\n\r\nbegin 644 y\r\n#0V%T\r\n`\r\nend\r\n")), "Cat");
    EXPECT_EQ(file(read(std::string(kHead) + "8bit\r\n\r\na\nb\r\n")), "a\nb");
}

TEST(Mime, AnUuencodedFileInTheTextIsAFile) {
    const auto sink = read("Subject: u\r\n\r\ntext\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nhttp://e.com/ more\r\n");
    EXPECT_EQ(sink.value(0, Field::file_name), "cat.txt");
    EXPECT_EQ(file(sink), "Cat");
    EXPECT_EQ(sink.value(0, Field::email_url), "e.com/");
}

TEST(Mime, AnInnerDelimiterThatIsMissingIsClosedByTheOuterOne) {
    const auto sink = read("Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: multipart/x; boundary=i\r\n\r\n"
                           "--i\r\nContent-Type: a/b; name=1.bin\r\n\r\none\r\n--o  \r\nContent-Type: a/b; name=2.bin\r\n\r\ntwo\r\n--o--\r\n");
    EXPECT_THAT(sink.transactions[0].bodies.at({Direction::to_server, Field::file_data}), ElementsAre("one", "two"));
}

TEST(Mime, FieldsOfInnerMailsAreNotTheMailsOwn) {
    const auto sink = read("Subject: outer\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nContent-Type: a/b; name=x\r\n\r\nfile\r\n");
    EXPECT_EQ(sink.value(0, Field::email_subject), "outer");
    EXPECT_EQ(file(sink), "file");  // the last line end is the mail's
}

TEST(Mime, OddMailsAreEvents) {
    EXPECT_TRUE(read("no colon\r\n\r\n").has_event(0, AppEvent::smtp_mime_malformed_msg));
    EXPECT_TRUE(read("A: " + std::string(3000, 'x') + "\r\n\r\n").has_event(0, AppEvent::smtp_mime_long_header_value));
    EXPECT_TRUE(read(std::string(200, 'n') + ": x\r\n\r\n").has_event(0, AppEvent::smtp_mime_long_header_name));
    EXPECT_TRUE(read("A: b\r\n\r\n" + std::string(2000, 'x') + "\r\n").has_event(0, AppEvent::smtp_mime_long_line));
    EXPECT_TRUE(read("Content-Type: multipart/x; boundary=" + std::string(200, 'b') + "\r\n\r\n")
                    .has_event(0, AppEvent::smtp_mime_boundary_too_long));
    EXPECT_TRUE(read("Content-Type: a/b; name=x\r\nContent-Transfer-Encoding: base64\r\n\r\n####\r\n")
                    .has_event(0, AppEvent::smtp_mime_invalid_base64));
}

constexpr std::string_view kPart = "Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n";

std::string parts(std::string_view type, std::string_view delimiter) {
    const std::string line = "--" + std::string(delimiter);
    return "Content-Type: " + std::string(type) + "\r\n\r\n" + line + "\r\n" + std::string(kPart) + line + "--\r\n";
}

TEST(MimeBoundaries, AreReadInAllTheirForms) {
    struct Case {
        std::string_view type, delimiter;
    };
    constexpr Case kCases[] = {
        {"multipart/mixed; boundary=b", "b"},
        {"(really) multipart/mixed; (x;y=z) boundary=b", "b"},
        {"multipart/mixed; boundary=b (that one)", "b"},
        {"multipart/mixed; boundary=\"a b(c)\"", "a b(c)"},
        {"multipart/mixed; boundary=\"b \"", "b"},
        {"multipart / mixed; boundary=b", "b"},
        {"multipart; boundary=b", "b"},
    };
    for (const Case& c : kCases) {
        const auto sink = read(parts(c.type, c.delimiter));
        EXPECT_EQ(file(sink), "ABC") << c.type;
        EXPECT_TRUE(sink.transactions[0].events.empty()) << c.type;
    }
}

TEST(MimeBoundaries, OddOnesAreFollowedAndTold) {
    struct Case {
        std::string type, delimiter;
        AppEvent event;
    };
    const std::string long_one(300, 'x');
    const Case kCases[] = {
        {"multipart/mixed", "any", AppEvent::smtp_mime_malformed_msg},
        {"multipart/mixed; boundary=\"\"", "", AppEvent::smtp_mime_malformed_msg},
        {"multipart/mixed; boundary=" + long_one, long_one, AppEvent::smtp_mime_boundary_too_long},
        {"multipart/mixed; boundary=x; boundary=b", "b", AppEvent::smtp_duplicate_fields},
        {"multipart/mixed; boundary=b; boundary=x", "b", AppEvent::smtp_duplicate_fields},
        {"multipart/mixed; boundary=b\r\nContent-Type: text/plain", "b", AppEvent::smtp_duplicate_fields},
        {"multipart/mixed; boundary=x\r\nContent-Type: multipart/mixed; boundary=b", "b", AppEvent::smtp_duplicate_fields},
        {"multipart/mixed; boundary=b", "bc", AppEvent::smtp_mime_ambiguous},
    };
    for (const Case& c : kCases) {
        const auto sink = read(parts(c.type, c.delimiter));
        EXPECT_EQ(file(sink).substr(0, 3), "ABC") << c.type;
        EXPECT_TRUE(sink.has_event(0, c.event)) << c.type;
    }
    EXPECT_TRUE(read(parts("multipart/mixed; boundary=other", "b")).has_event(0, AppEvent::smtp_mime_malformed_msg));
}

TEST(MimeBoundaries, APartBehindTheEndCounts) {
    const auto sink = read("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b--\r\nend\r\n--b\r\n" + std::string(kPart));
    EXPECT_EQ(file(sink), "ABC");
    EXPECT_TRUE(sink.has_event(0, AppEvent::smtp_mime_ambiguous));
}

TEST(MimeLines, EndInThreeWays) {
    const std::string mail = parts("multipart/mixed; boundary=b", "b");
    for (const std::string_view end : {"\n", "\r", "\r\r\n"}) {
        std::string odd;
        for (std::size_t at = 0, next; (next = mail.find("\r\n", at)) != std::string::npos; at = next + 2)
            odd.append(mail, at, next - at).append(end);
        EXPECT_EQ(file(read(odd)), "ABC") << end.size() << static_cast<int>(end[0]);
    }
    constexpr std::string_view kHead = "Content-Type: a/b\r\n\r\n";
    EXPECT_EQ(file(read(std::string(kHead) + "a\rb\r\r\nc\n\r\nd\r\n")), "a\rb\r\r\nc\n\r\nd");   // content as it was
}

TEST(MimeHeads, PartsThatAreNoTextAreFilesWithoutAName) {
    EXPECT_EQ(file(read(kPart)), "ABC");
    EXPECT_EQ(file(read("Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n")), "");
}

TEST(MimeHeads, CodingsAreReadAsMailProgramsDo) {
    for (const std::string_view coding : {"BASE64", "(so) base64 (it is)", "base64(it is)", "\"base64\"", "base64; x=y", "7bit\r\nContent-Transfer-Encoding: base64",
                                          "base64\r\nContent-Transfer-Encoding: 7bit"})
        EXPECT_EQ(file(read("Content-Type: a/b\r\nContent-Transfer-Encoding: " + std::string(coding) + "\r\n\r\nQUJD\r\n")), "ABC") << coding;
    EXPECT_TRUE(read("Content-Type: a/b\r\nContent-Transfer-Encoding: base-64\r\n\r\nQUJD\r\n").has_event(0, AppEvent::smtp_mime_ambiguous));
    EXPECT_TRUE(read("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\n").has_event(0, AppEvent::smtp_mime_ambiguous));
}

TEST(MimeHeads, NamesAreThoseUnderWhichFilesAreStored) {
    struct Case {
        std::string head, name;
        bool told;
    };
    const Case kCases[] = {
        {"Content-Disposition: attachment; filename=\"a.exe. .\"", "a.exe", false},
        {"Content-Disposition: attachment; filename*=utf-8''a.exe%00.txt", "a.exe", false},
        {"Content-Disposition: attachment; filename=" + std::string(400, 'a') + ".exe", std::string(251, 'a') + ".exe", false},
        {"Content-Type: a/b; name=a.txt\r\nContent-Disposition: attachment; filename=b.exe", "b.exe", true},
        {"Content-Disposition: attachment; filename=a.txt; filename*=utf-8''a.exe", "a.txt", true},
        {"Content-Type: a/b; name=\"=?utf-8?Q?a.txt?=\"\r\nContent-Disposition: attachment; filename*=utf-8''b.TXT", "b.TXT", false},
    };
    for (const Case& c : kCases) {
        const auto sink = read(c.head + "\r\n\r\nx\r\n");
        EXPECT_EQ(sink.value(0, Field::file_name), c.name);
        EXPECT_EQ(sink.has_event(0, AppEvent::smtp_mime_ambiguous), c.told) << c.head;
    }
}

}  // namespace
}  // namespace sekisho::app::mime
