#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "sekisho/file/digests.h"
#include "sekisho/file/magic.h"
#include "support/member_recorder.h"

namespace sekisho::file {
namespace {

using namespace std::string_view_literals;
using ::testing::ElementsAre;
using sekisho::testing::RecordedMember;

std::string corpus(const std::string& name) {
    std::ifstream in(SEKISHO_SOURCE_DIR "/tests/file/corpus/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string type(std::string_view head) { return std::string(magic_of(as_bytes(head)).text()); }

std::string repeat(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

TEST(Magic, TypesAsTheFileProgramWordsThem) {
    EXPECT_EQ(type(corpus("magic/pdf")), "PDF document, version 1.4");
    EXPECT_EQ(type(corpus("magic/pe")), "PE32+ executable (console) x86-64, for MS Windows, 5 sections");
    EXPECT_EQ(type(corpus("magic/zip")), "Zip archive data, at least v2.0 to extract, compression method=deflate");
    EXPECT_EQ(type(corpus("magic/elf")), "ELF 64-bit LSB shared object, x86-64, version 1 (SYSV)");
    EXPECT_EQ(type(corpus("magic/png")), "PNG image data, 3 x 4, 8-bit/color RGBA, non-interlaced");
    EXPECT_EQ(type(corpus("magic/html")), "HTML document, ASCII text, with CRLF line terminators");
    EXPECT_EQ(type(corpus("magic/utf8")), "Unicode text, UTF-8 text");
    EXPECT_EQ(type("plain"), "ASCII text, with no line terminators");
    EXPECT_EQ(type("a\nb\n"), "ASCII text");
    EXPECT_EQ(type("\x1f\x8b\x08\0"sv), "gzip compressed data");
    EXPECT_EQ(type("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv), "Composite Document File V2 Document");
    EXPECT_EQ(type("\0\1\2\3"sv), "data");
    EXPECT_EQ(type("x"), "very short file (no magic)");
    EXPECT_EQ(type(""), "empty");
    EXPECT_EQ(type("CWS\x0a"), "Macromedia Flash data (compressed), version 10");
    EXPECT_EQ(type("{\\rtf1\\ansi x"), "Rich Text Format data, version 1, ANSI");
    EXPECT_EQ(type("#!/bin/sh\nx\n"), "POSIX shell script, ASCII text executable");
}

TEST(Archive, MembersOfAZip) {
    const std::string zip = corpus("archive/zip");
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, zip.size()})
        EXPECT_THAT(sekisho::testing::read_members(as_bytes(zip), piece),
                    ElementsAre(RecordedMember{"dir/a.exe", "MZ" + repeat("hello ", 50), true},
                                RecordedMember{"b.txt", "stored text", true}));
}

TEST(Archive, MembersWhoseSizeFollowsThem) {
    const std::string zip = corpus("archive/zip_streamed");
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, zip.size()})
        EXPECT_THAT(sekisho::testing::read_members(as_bytes(zip), piece),
                    ElementsAre(RecordedMember{"streamed.js", repeat("alert(1);", 20), true},
                                RecordedMember{"two.js", repeat("alert(2);", 20), true}));
}

TEST(Archive, GzipWithItsName) {
    const std::string gzip = corpus("archive/gzip");
    EXPECT_THAT(sekisho::testing::read_members(as_bytes(gzip), gzip.size()),
                ElementsAre(RecordedMember{"inner.txt", repeat("gzip member ", 30), true}, RecordedMember{"", "second", true}));
}

TEST(Archive, WhatIsCutOffIsToldAsItIs) {
    const std::string cut = corpus("archive/cut");
    const auto members = sekisho::testing::read_members(as_bytes(cut), 3);
    ASSERT_EQ(members.size(), 1u);
    EXPECT_EQ(members[0].name, "dir/a.exe");
    EXPECT_TRUE(members[0].content.starts_with("MZhello"));
    EXPECT_TRUE(members[0].ended);
}

TEST(Digests, OnlyThoseThatAreWanted) {
    Digests digests;
    digests.start(digest_bit(crypto::DigestAlgorithm::md5));
    digests.update(as_bytes("a"));
    digests.update(as_bytes("bc"));
    EXPECT_TRUE(digests.value(crypto::DigestAlgorithm::md5).empty());
    digests.finish();
    std::uint8_t hex[96];
    const Bytes md5 = digests.value(crypto::DigestAlgorithm::md5);
    const std::size_t size = crypto::write_hex(md5, '\0', false, hex);
    EXPECT_EQ(as_text(Bytes(hex).first(size)), "900150983cd24fb0d6963f7d28e17f72");  // RFC 1321, A.5
    EXPECT_TRUE(digests.value(crypto::DigestAlgorithm::sha256).empty());
}

}  // namespace
}  // namespace sekisho::file
