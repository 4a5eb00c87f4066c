#include "sekisho/signature/transform.h"

#include <gtest/gtest.h>

#include <array>

#include "sekisho/base/text.h"

namespace sekisho::signature {
namespace {

using Kind = TransformKind;

std::string run(std::vector<Transform> transforms, std::string_view in) {
    std::array<std::uint8_t, 512> scratch{};
    RegexScratch regex;
    return std::string(as_text(apply_transforms(transforms, as_bytes(in), scratch, regex)));
}

TEST(Transforms, OneByOne) {
    struct Case {
        Kind kind;
        std::string_view in;
        std::string_view out;
    };
    constexpr Case cases[] = {
        {Kind::to_lowercase, "AbC\xc4", "abc\xc4"},
        {Kind::to_uppercase, "aBc1", "ABC1"},
        {Kind::strip_whitespace, " a\tb\r\n", "ab"},
        {Kind::compress_whitespace, "a  \tb c", "a b c"},
        {Kind::url_decode, "a%41+%4g%", "aA %4g%"},
        {Kind::url_decode, "%41", "A"},
        {Kind::dotprefix, "example.com", ".example.com"},
        {Kind::dotprefix, "", "."},
        {Kind::header_lowercase, "Host: Example\r\nX-A: B\r\n", "host: Example\r\nx-a: B\r\n"},
        {Kind::strip_pseudo_headers, ":method: GET\r\nhost: a\r\n:path: /\r\n", "host: a\r\n"},
    };
    for (const auto& c : cases) EXPECT_EQ(run({{c.kind, {}, nullptr}}, c.in), c.out);
}

TEST(Transforms, Digests) {
    const auto md5 = run({{Kind::to_md5, {}, nullptr}}, "abc");
    EXPECT_EQ(hex(md5.data(), md5.size()), "900150983cd24fb0d6963f7d28e17f72");  // RFC 1321 A.5
    const auto sha1 = run({{Kind::to_sha1, {}, nullptr}}, "abc");
    EXPECT_EQ(hex(sha1.data(), sha1.size()), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(run({{Kind::to_sha256, {}, nullptr}}, "abc").size(), 32u);
}

TEST(Transforms, FromBase64) {
    const auto decoded = [](std::string_view in, Base64Mode mode = Base64Mode::rfc4648, std::uint32_t offset = 0, std::uint32_t octets = 0) {
        return run({{Kind::from_base64, {}, nullptr, Base64Part{offset, octets, mode}}}, in);
    };
    EXPECT_EQ(decoded("Zm9vYmFy"), "foobar");  // RFC 4648 section 10
    EXPECT_EQ(decoded("Zm9vYg=="), "foob");
    EXPECT_EQ(decoded("Zm9v*YmFy"), "foo");
    EXPECT_EQ(decoded("Zm9v*YmFy", Base64Mode::rfc2045), "foobar");
    EXPECT_EQ(decoded("Zm9v*YmFy", Base64Mode::strict), "Zm9v*YmFy") << "not base64: as it was";
    EXPECT_EQ(decoded("Zm9vYg==", Base64Mode::strict), "foob");
    EXPECT_EQ(decoded("Zm9vYg=", Base64Mode::strict), "Zm9vYg=");
    EXPECT_EQ(decoded("$$Zm9vYmFy", Base64Mode::rfc4648, 2, 4), "foo");
    EXPECT_EQ(decoded("ab", Base64Mode::rfc4648, 2), "ab") << "nothing behind the offset";
    EXPECT_EQ(decoded("Zm9v", Base64Mode::rfc4648, 0, 4), "Zm9v") << "as many octets as there are: as it was";
    EXPECT_EQ(decoded("%%%"), "%%%");
    EXPECT_EQ(run({{Kind::from_base64, {}, nullptr}, {Kind::to_uppercase, {}, nullptr}, {Kind::dotprefix, {}, nullptr}}, "Zm9v"), ".FOO");
}

TEST(Transforms, XorWithAKeyFromTheBuffer) {
    const auto run_xor = [](std::string_view in, XorPart part, std::string key = {}) { return run({{Kind::xor_key, std::move(key), nullptr, part}}, in); };
    EXPECT_EQ(run_xor("\x01" "`cb", {1, 0, 1}), "\x01" "abc");
    EXPECT_EQ(run_xor("xyabc", {2, 0, 0}, " "), "xyABC");
    EXPECT_EQ(run_xor("abc", {0, 200, 1}), "abc") << "the key lies outside: as it was";
    EXPECT_EQ(run_xor("abc", {4, 0, 1}), "abc") << "nothing is left";
}

TEST(Transforms, Inflate) {
    const auto inflated = [](Kind kind, std::string_view in, std::uint32_t most = 1024) { return run({{kind, {}, nullptr, InflateLimit{most}}}, in); };
    constexpr std::string_view kZlib("\x78\x9c\x4b\xcf\x4f\x4b\x2c\x4a\x4f\x2d\x4a\x07\x00\x12\x80\x03\xb5", 17);
    const std::string plain = inflated(Kind::zlib_deflate, std::string(kZlib));
    EXPECT_EQ(plain, "gofargerg");
    EXPECT_EQ(inflated(Kind::zlib_deflate, std::string(kZlib), 3), "gof") << "not more than was asked for";
    EXPECT_EQ(inflated(Kind::zlib_deflate, std::string(kZlib.substr(0, 15)) + "????"), "gofargerg") << "a wrong checksum";
    EXPECT_EQ(inflated(Kind::zlib_deflate, "no zlib"), "");
    const std::string gzip = std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10) + std::string(kZlib.substr(2, 11));
    EXPECT_EQ(inflated(Kind::gunzip, gzip), "gofargerg") << "cut off before its end";
    EXPECT_EQ(inflated(Kind::gunzip, kZlib), "");
    EXPECT_EQ(inflated(Kind::gunzip, ""), "");
}

TEST(Transforms, PartsOfHostNames) {
    EXPECT_EQ(run({{Kind::domain, {}, nullptr}}, "www.Example.co.uk"), "Example.co.uk");
    EXPECT_EQ(run({{Kind::tld, {}, nullptr}}, "www.example.co.uk"), "co.uk");
    EXPECT_EQ(run({{Kind::domain, {}, nullptr}}, "co.uk"), "");
    EXPECT_EQ(run({{Kind::tld, {}, nullptr}}, "co.uk"), "") << "no registrable name, no suffix of it";
    EXPECT_EQ(run({{Kind::domain, {}, nullptr}}, std::string(300, 'a') + ".com"), "");
    EXPECT_EQ(run({{Kind::domain, {}, nullptr}}, std::string_view("a\0b.com", 7)), "");
}

TEST(Transforms, Slices) {
    const auto slice = [](Subslice part) { return run({{Kind::subslice, {}, nullptr, part}}, "abcdef"); };
    EXPECT_EQ(slice({2, {}, false}), "cdef");
    EXPECT_EQ(slice({-2, {}, false}), "ef");
    EXPECT_EQ(slice({1, 2, false}), "bc");
    EXPECT_EQ(slice({1, -2, false}), "bcd");
    EXPECT_EQ(slice({5, -3, false}), "de") << "ends the wrong way round";
    EXPECT_EQ(slice({4, 5, false}), "") << "beyond the end";
    EXPECT_EQ(slice({4, 5, true}), "ef");
    EXPECT_EQ(slice({9, {}, false}), "");
    EXPECT_EQ(slice({-9, 2, true}), "ab");
}

TEST(Transforms, JsonText) {
    const auto decoded = [](std::string_view in) { return run({{Kind::json_decode, {}, nullptr}}, in); };
    EXPECT_EQ(decoded("{ \"a b\" :\t1 }"), "{\"a b\":1}");
    EXPECT_EQ(decoded(R"("a\n\"\\\/")"), "\"a\n\"\\/\"");
    EXPECT_EQ(decoded(R"("\u0041\u00e9\u65E5\uD83D\uDE80")"), "\"A\xc3\xa9\xe6\x97\xa5\xf0\x9f\x9a\x80\"");
    EXPECT_EQ(decoded(R"("\ud83dx\q\u12g4\u12)"), "\"\xed\xa0\xbdx\\q\\u12g4\\u12") << "what is no escape stays";
    EXPECT_EQ(decoded("\"\\"), "\"\\");
}

TEST(Transforms, ChainsAndViews) {
    const auto inner = Regex::compile("\\[(.*)\\]", "");
    ASSERT_TRUE(inner);
    EXPECT_EQ(run({{Kind::to_lowercase, {}, nullptr}, {Kind::pcrexform, {}, *inner}, {Kind::dotprefix, {}, nullptr}},
                  "X[ABC]Y"), ".abc");
    EXPECT_EQ(run({{Kind::xor_key, "\x01\x02", nullptr}, {Kind::xor_key, "\x01\x02", nullptr}}, "hello"), "hello");
    EXPECT_EQ(run({{Kind::pcrexform, {}, *inner}}, "none"), "");
}

TEST(Transforms, StayInsideTheScratch) {
    RegexScratch regex;
    std::array<std::uint8_t, 4> small{};
    const std::vector<Transform> dot{{Kind::dotprefix, {}, nullptr}};
    EXPECT_EQ(as_text(apply_transforms(dot, as_bytes("abcdef"), small, regex)), ".abc");
    EXPECT_TRUE(apply_transforms(dot, as_bytes("abc"), {}, regex).empty());
}

}  // namespace
}  // namespace sekisho::signature
