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
