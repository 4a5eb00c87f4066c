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
    mime->start(Direction::to_server, true);
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

}  // namespace
}  // namespace sekisho::app::mime
