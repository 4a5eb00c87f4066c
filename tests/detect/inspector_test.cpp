// What the tests of one buffer mean, case by case: a rule's options as text, the bytes, the answer. The meaning
// of each option is that of the Suricata 7 user guide, chapters "Payload Keywords" and "Base64 keywords".
#include "sekisho/detect/inspector.h"

#include <gtest/gtest.h>

#include <string>

#include "sekisho/base/text.h"
#include "signature/language_support.h"

namespace sekisho::detect {
namespace {

using signature::testing::rule_of;
using namespace std::string_literals;

struct Case {
    std::string options;
    std::string bytes;
    Match expected;
};

/// The answer of the rule's first buffer; a rule that does not parse fails the test.
Match inspect(const std::string& options, const BufferView& view, const std::string& header = "tcp any any -> any any") {
    const auto rule = rule_of(options, header);
    if (!rule || rule->buffers.size() != 1) {
        ADD_FAILURE() << options << ": " << (rule ? "not one buffer" : rule.error().what);
        return Match::no;
    }
    static Inspector inspector;
    inspector.begin_rule();
    return inspector.match(rule->buffers[0], view);
}

void expect_all(const std::vector<Case>& cases, bool complete) {
    for (const Case& c : cases) {
        const BufferView view{as_bytes(c.bytes), 0, complete, true};
        EXPECT_EQ(inspect(c.options, view), c.expected) << c.options << " on '" << c.bytes << "'";
    }
}

constexpr Match yes = Match::yes, no = Match::no, later = Match::later;

TEST(Inspector, DceNumbersHaveTheByteOrderOfTheirSender) {
    const std::string options = R"(dce_stub_data; content:"|5c 00|"; byte_test:2,=,55,0,relative,dce;)";
    const std::string bytes = "\x5c\0\x37\0"s;
    BufferView view{as_bytes(bytes), 0, true, true, false, true};
    EXPECT_EQ(inspect(options, view), Match::yes);
    view.little_endian = false;
    EXPECT_EQ(inspect(options, view), Match::no);
}

TEST(Inspector, FindsContents) {
    expect_all(
        {
            {R"(content:"abc";)", "xxabcxx", yes},
            {R"(content:"abc";)", "", no},
            {R"(content:"abc";)", "ab", no},
            {R"(content:"ABC";)", "abc", no},
            {R"(content:"ABC"; nocase;)", "xaBc", yes},
            {R"(content:"a|00 ff|c";)", "a\x00\xff""c"s, yes},
            {R"(content:"abc"; offset:3;)", "abcabc", yes},
            {R"(content:"abc"; offset:4;)", "abcabc", no},
            {R"(content:"abc"; offset:9;)", "abcabc", no},
            {R"(content:"abc"; depth:3;)", "abcx", yes},
            {R"(content:"abc"; depth:3;)", "xabc", no},
            {R"(content:"abc"; offset:1; depth:3;)", "xabc", yes},
            {R"(content:"abc"; offset:1; depth:3;)", "xxabc", no},
            {R"(content:"abc"; startswith;)", "abcd", yes},
            {R"(content:"abc"; startswith;)", "xabc", no},
            {R"(content:"abc"; endswith;)", "abcabc", yes},
            {R"(content:"abc"; endswith;)", "abcx", no},
            {R"(content:"abc"; startswith; endswith;)", "abc", yes},
            {R"(content:"abc"; startswith; endswith;)", "abcabc", no},
            {R"(content:"abc"; nocase; endswith;)", "xABC", yes},
        },
        true);
}

TEST(Inspector, PlacesContentsRelativeToTheLastMatch) {
    expect_all(
        {
            {R"(content:"ab"; content:"cd"; distance:2;)", "abXXcd", yes},
            {R"(content:"ab"; content:"cd"; distance:2;)", "abXcd", no},
            {R"(content:"ab"; content:"cd"; within:2;)", "abcd", yes},
            {R"(content:"ab"; content:"cd"; within:2;)", "abXcd", no},
            {R"(content:"ab"; content:"cd"; distance:1; within:3;)", "abXXcd", yes},
            {R"(content:"ab"; content:"cd"; distance:1; within:3;)", "abXXXcd", no},
            {R"(content:"cd"; content:"ab"; distance:-4;)", "abcd", yes},
            {R"(content:"cd"; content:"ab"; distance:-4; within:2;)", "abcd", yes},
            {R"(content:"cd"; content:"ab"; distance:-3;)", "abcd", no},
            // A relative content may not reach behind the first octet, however far back it is told to look.
            {R"(content:"ab"; content:"ab"; distance:-90;)", "ab", yes},
            // Without a distance the second content may stand anywhere.
            {R"(content:"cd"; content:"ab";)", "abcd", yes},
        },
        true);
}

TEST(Inspector, TracksBackOnlyToContentsWithARelativeSuccessor) {
    expect_all(
        {
            {R"(content:"a"; content:"b"; within:1;)", "a-a-ab", yes},
            {R"(content:"a"; content:"b"; distance:0; content:"c"; within:1;)", "abXabc", yes},
            {R"(content:"a"; content:"b"; distance:0; content:"c"; within:1;)", "abXab", no},
            {R"(content:"aa"; content:"b"; within:1;)", "aaab", yes},
            {R"(content:"id="; pcre:"/^\d+\x3b/R";)", "id=x id=12;", yes},
            {R"(content:"id="; pcre:"/^\d+\x3b/R";)", "id=x id=12", no},
            {R"(pcre:"/k\d/"; content:"z"; within:1;)", "k1 k2z", yes},
            {R"(pcre:"/k\d/"; content:"z"; within:1;)", "k1 k2 z", no},
            {R"(content:"len="; byte_test:1,>,5,0,relative,string,dec;)", "len=3 len=7", yes},
            {R"(content:"len="; byte_test:1,>,8,0,relative,string,dec;)", "len=3 len=7", no},
            {R"(content:"end"; isdataat:!1,relative;)", "end end", yes},
        },
        true);
}

TEST(Inspector, NegatedContentsMustBeAbsentFromTheirPlace) {
    expect_all(
        {
            {R"(content:!"evil";)", "good", yes},
            {R"(content:!"evil";)", "so evil", no},
            {R"(content:!"EVIL"; nocase;)", "so evil", no},
            {R"(content:!"evil"; depth:4;)", "so evil", yes},
            {R"(content:!"evil"; offset:4;)", "evil", yes},
            {R"(content:"GET "; content:!"/ok"; within:3;)", "GET /ok", no},
            {R"(content:"GET "; content:!"/ok"; within:3;)", "GET /no /ok", yes},
            {R"(content:"GET "; content:!"/ok"; within:3;)", "GET /ok GET /no", yes},
            {R"(content:!"abc"; endswith;)", "abcx", yes},
            {R"(content:!"abc"; endswith;)", "xabc", no},
            {R"(content:!"abc"; startswith;)", "abc", no},
        },
        true);
}

TEST(Inspector, MatchesPatterns) {
    expect_all(
        {
            {R"(pcre:"/a+b$/";)", "xaab", yes},
            {R"(pcre:"/a+b$/";)", "xaabc", no},
            {R"(pcre:"/A+B/i";)", "xaab", yes},
            {R"(pcre:!"/a+b/";)", "xaab", no},
            {R"(pcre:!"/a+b/";)", "xc", yes},
            {R"(content:"q="; pcre:"/^[a-z]{3}$/R";)", "q=abc", yes},
            {R"(content:"q="; pcre:!"/[0-9]/R";)", "9q=abc", yes},
            {R"(content:"q="; pcre:!"/[0-9]/R";)", "q=a9", no},
        },
        true);
}

TEST(Inspector, AsksWhetherDataIsThere) {
    expect_all(
        {
            {R"(isdataat:4;)", "abcde", yes},
            {R"(isdataat:4;)", "abcd", no},
            {R"(isdataat:!4;)", "abcd", yes},
            {R"(isdataat:!4;)", "abcde", no},
            {R"(content:"ab"; isdataat:1,relative;)", "abcd", yes},
            {R"(content:"ab"; isdataat:2,relative;)", "abcd", yes},
            {R"(content:"ab"; isdataat:3,relative;)", "abcd", no},
            {R"(content:"ab"; isdataat:!1,relative;)", "abc", no},
        },
        true);
}

TEST(Inspector, TestsNumbers) {
    expect_all(
        {
            {R"(byte_test:1,>,64,0;)", "A", yes},
            {R"(byte_test:1,>,65,0;)", "A", no},
            {R"(byte_test:1,<,66,0;)", "A", yes},
            {R"(byte_test:1,=,65,0;)", "A", yes},
            {R"(byte_test:1,!=,65,0;)", "A", no},
            {R"(byte_test:1,!<,66,0;)", "A", no},
            {R"(byte_test:1,>=,65,0;)", "A", yes},
            {R"(byte_test:1,<=,64,0;)", "A", no},
            {R"(byte_test:1,&,0x40,0;)", "A", yes},
            {R"(byte_test:1,&,0x20,0;)", "A", no},
            {R"(byte_test:2,=,258,0;)", "\x01\x02", yes},
            {R"(byte_test:2,=,513,0,little;)", "\x01\x02", yes},
            {R"(byte_test:4,=,0xfffffffe,0;)", "\xff\xff\xff\xfe", yes},
            {R"(byte_test:2,=,0x2,0,bitmask 0xf0;)", "\x01\x2f", yes},
            {R"(byte_test:3,=,123,1,string,dec;)", "x123", yes},
            {R"(byte_test:4,=,255,0,string,hex;)", "0xff", yes},
            {R"(byte_test:3,=,8,0,string,oct;)", "010", yes},
            {R"(byte_test:3,=,0,0,string,dec;)", "abc", no},
            {R"(byte_test:2,=,1,0;)", "\x01", no},
            {R"(content:"x"; byte_test:1,=,49,0,relative;)", "x1", yes},
            {R"(content:"x"; byte_test:1,=,49,-1,relative;)", "x1", no},
        },
        true);
}

TEST(Inspector, Jumps) {
    expect_all(
        {
            {R"(byte_jump:1,0; content:"X"; within:1;)", "\x02""abX", yes},
            {R"(byte_jump:1,0; content:"X"; within:1;)", "\x03""abX", no},
            {R"(byte_jump:1,0; content:"X"; within:1;)", "\x7f""abX", no},
            {R"(content:"L"; byte_jump:1,0,relative; content:"X"; within:1;)", "..L\x01-X", yes},
            {R"(byte_jump:1,0,multiplier 2; content:"X"; within:1;)", "\x01""abX", yes},
            {R"(byte_jump:1,0,align; content:"X"; within:1;)", "\x01""abcdX", yes},
            {R"(byte_jump:1,1,from_beginning; content:"X"; within:1;)", "a\x03""bX", yes},
            {R"(byte_jump:1,0,post_offset -1; content:"X"; within:1;)", "\x03""abX", yes},
            {R"(byte_jump:2,0,string,dec; content:"X"; within:1;)", "02abX", yes},
            {R"(byte_jump:4,0;)", "\xff\xff\xff\xff", no},
        },
        true);
}

TEST(Inspector, CarriesNumbersFromTestToTest) {
    expect_all(
        {
            {R"(byte_extract:1,0,at; content:"Z"; offset:at;)", "\x03""abZ", yes},
            {R"(byte_extract:1,0,at; content:"Z"; offset:at;)", "\x03""aZb", no},
            {R"(byte_extract:1,0,n; content:"Z"; depth:n;)", "\x03""aZ", yes},
            {R"(byte_extract:1,0,n; content:"Z"; depth:n;)", "\x02""aZ", no},
            {R"(byte_extract:1,0,n; byte_test:1,=,n,1;)", "\x07\x07", yes},
            {R"(byte_extract:1,0,n; byte_test:1,=,n,1;)", "\x07\x08", no},
            {R"(byte_extract:1,0,n; isdataat:!n,relative;)", "\x04""ab", yes},
            {R"(byte_extract:1,0,n; isdataat:!n,relative;)", "\x02""ab", no},
            {R"(byte_extract:1,0,n,multiplier 2; content:"Z"; offset:n;)", "\x02""abcZ", yes},
            {R"(byte_math:bytes 1, offset 0, oper +, rvalue 2, result r; content:"Z"; offset:r;)", "\x01""abZ", yes},
            {R"(byte_math:bytes 1, offset 0, oper *, rvalue 3, result r; content:"Z"; offset:r;)", "\x01""abZ", yes},
            {R"(byte_math:bytes 1, offset 0, oper /, rvalue 2, result r; content:"Z"; offset:r;)", "\x06""abZ", yes},
            {R"(byte_math:bytes 1, offset 0, oper -, rvalue 2, result r; content:"Z"; offset:r;)", "\x06""abZ", no},
            {R"(byte_math:bytes 1, offset 0, oper <<, rvalue 1, result r; content:"Z"; offset:r;)", "\x02""abcZ", yes},
            {R"(byte_extract:1,0,d; byte_math:bytes 1, offset 1, oper /, rvalue d, result r; content:"Z";)",
             "\x00\x04Z"s, no},
        },
        true);
}

TEST(Inspector, DecodesBase64) {
    const std::string relative = R"(content:"Basic "; base64_decode:bytes 8, offset 0, relative; base64_data; )";
    expect_all(
        {
            {relative + R"(content:"user";)", "Basic dXNlcg==", yes},
            {relative + R"(content:"user"; startswith; endswith;)", "Basic dXNlcg==", yes},
            {relative + R"(content:"root";)", "Basic dXNlcg==", no},
            {relative + R"(content:"user:pass";)", "Basic dXNlcjpwYXNz", no},  // 8 octets end before "pass"
            {R"(base64_decode:offset 2; base64_data; content:"user:pass";)", "..dXNlcjpwYXNz", yes},
            {R"(base64_decode:offset 40; base64_data; content:"user";)", "dXNlcg==", no},
            {R"(base64_decode; base64_data; content:"user";)", "****", no},
            {R"(base64_decode; base64_data; content:"user:pass";)", "dXNl\tcjpw\r\n YXNz", yes},
        },
        true);
}

TEST(Inspector, LooksThroughTransformsAndSizes) {
    const auto on_uri = [](const std::string& options, const std::string& uri) {
        return inspect("http.uri; " + options, {as_bytes(uri), 0, true, true}, "http any any -> any any");
    };
    EXPECT_EQ(on_uri(R"(to_lowercase; content:"abc";)", "/ABC"), yes);
    EXPECT_EQ(on_uri(R"(to_lowercase; content:"ABC";)", "/ABC"), no);
    EXPECT_EQ(on_uri(R"(strip_whitespace; content:"/abc"; bsize:4;)", "/a b\tc"), yes);
    EXPECT_EQ(on_uri("bsize:4;", "/abc"), yes);
    EXPECT_EQ(on_uri("bsize:>4;", "/abc"), no);
    EXPECT_EQ(on_uri("bsize:3<>5;", "/abc"), yes);
    EXPECT_EQ(on_uri("bsize:4<>6;", "/abc"), no);
}

TEST(Inspector, WaitsWhereMoreBytesCanDecide) {
    expect_all(
        {
            {R"(content:"abc";)", "xxab", later},
            {R"(content:"abc";)", "", later},
            {R"(content:"abc";)", "abc", yes},
            {R"(content:"abc"; depth:3;)", "ab", later},
            {R"(content:"abc"; depth:3;)", "abx", no},
            {R"(content:"abc"; depth:10;)", "xxxx", later},
            {R"(content:"abc"; offset:2; depth:3;)", "xxxxxxx", no},
            {R"(content:"abc"; startswith;)", "xxx", no},
            {R"(content:"abc"; endswith;)", "abc", later},
            {R"(content:"ab"; content:"cd"; within:2;)", "abc", later},
            {R"(content:"ab"; content:"cd"; distance:0;)", "abx", later},
            {R"(pcre:"/ab$/";)", "xa", later},
            {R"(isdataat:4;)", "abcd", later},
            {R"(byte_test:2,=,1,0;)", "\x01", later},
            {R"(byte_test:1,=,2,0;)", "\x01", no},
            {R"(byte_jump:1,0; content:"X"; within:1;)", "\x05""ab", later},
            {R"(byte_extract:1,3,n; content:"X"; offset:n;)", "ab", later},
        },
        false);
}

TEST(Inspector, APatternThatMustBeginWhereItStandsIsDecidedThere) {
    expect_all(
        {
            {R"(content:"ab"; depth:2; pcre:"/^cd/R";)", "abc", later},
            {R"(content:"ab"; depth:2; pcre:"/^cd/R";)", "abx", no},
            {R"(content:"ab"; depth:2; pcre:"/cd/R";)", "abx", later},
            {R"(content:"ab"; pcre:"/^cd/R";)", "abx", later},  // another "ab" may come
        },
        false);
}

TEST(Inspector, DoesNotWaitForWhatThePrefilterWillTell) {
    const auto answer = [](std::string_view bytes, std::uint64_t anchor_at) {
        const auto rule = rule_of(R"(content:"abc"; content:"d"; within:1;)", "tcp any any -> any any");
        if (!rule) return yes;
        const auto* content = std::get_if<signature::Content>(&rule->buffers[0].tests[0]);
        Inspector inspector;
        inspector.begin_rule();
        return inspector.match(rule->buffers[0], {as_bytes(bytes), 0, false, true}, {content, anchor_at});
    };
    EXPECT_EQ(answer("..abcx..", 2), no) << "the next one will be told of";
    EXPECT_EQ(answer("..abcxab", 2), later) << "one has begun";
    EXPECT_EQ(answer("..abcxa.", 2), no);
    EXPECT_EQ(answer("..abc", 2), later);
    EXPECT_EQ(answer("..abcd", 2), yes);
    EXPECT_EQ(answer("..abcx.abcd", 2), yes);
}

TEST(Inspector, AnAbsenceCountsOnceItIsFinal) {
    const std::string options = R"(content:"a"; content:!"b";)";
    const auto at = [&](std::string_view bytes, bool complete, bool final) {
        return inspect(options, {as_bytes(bytes), 0, complete, final});
    };
    EXPECT_EQ(at("a..", false, false), later);
    EXPECT_EQ(at("a..", false, true), yes);
    EXPECT_EQ(at("a..", true, true), yes);
    EXPECT_EQ(at("a.b", false, false), no);
    // A bounded absence is final as soon as its range is known.
    EXPECT_EQ(inspect(R"(content:"a"; content:!"b"; within:2;)", {as_bytes("a...."), 0, false, false}), yes);
}

TEST(Inspector, CountsPlacesFromTheBuffersFirstOctetEvenWhenThatIsGone) {
    const auto at = [](const std::string& options, std::string_view bytes) {
        return inspect(options, {as_bytes(bytes), 10, true, true});
    };
    EXPECT_EQ(at(R"(content:"abc"; offset:12;)", "..abc"), yes);
    EXPECT_EQ(at(R"(content:"abc"; offset:13;)", "..abc"), no);
    EXPECT_EQ(at(R"(content:"abc"; depth:15;)", "..abc"), yes);
    EXPECT_EQ(at(R"(content:"abc"; depth:14;)", "..abc"), no);
    EXPECT_EQ(at(R"(content:"abc"; startswith;)", "abc"), no);
    EXPECT_EQ(at(R"(isdataat:14;)", "..abc"), yes);
    EXPECT_EQ(at(R"(isdataat:15;)", "..abc"), no);
    EXPECT_EQ(at(R"(byte_test:1,=,97,12;)", "..abc"), yes);
    EXPECT_EQ(at(R"(byte_test:1,=,97,2;)", "..abc"), no);
}

TEST(Inspector, ComparesTheEntropyOfABuffer) {
    std::string all;
    for (int octet = 0; octet < 256; ++octet) all += static_cast<char>(octet);
    expect_all({{"entropy:value 2;", "abcdabcd", yes}, {"entropy:2.0;", "abcdabcd", yes}, {"entropy:value !=2;", "abcdabcd", no},
                {"entropy:value >=2;", "abcdabcd", yes}, {"entropy:value >2;", "abcdabcd", no}, {"entropy:value <2;", "abcdabcd", no},
                {"entropy:value <=2;", "abcdabcd", yes}, {"entropy:value 8;", all, yes}, {"entropy:value 0;", "aaaa", yes},
                {"entropy:value 1.9-2.1;", "abcd", yes}, {"entropy:value 2-3;", "abcd", no}, {"entropy:value !2-3;", "abcd", yes},
                {"entropy:value 1.84237099;", "aaabbcc", no}, {"entropy:value 1.55-1.56;", "aaabbcc", yes},
                {"entropy:bytes 4, value 0;", "aaaabcd", yes}, {"entropy:offset 4, value 2;", "aaaabcde", yes},
                {"entropy:bytes 2, offset 4, value 1;", "aaaabcde", yes}, {"entropy:bytes 9, value <8;", "abcd", no},
                {"entropy:offset 4, value 0;", "abcd", yes}, {"entropy:offset 5, value 0;", "abcd", no},
                {"content:\"b\"; entropy:value >1;", "abcd", yes}},
               true);
}

TEST(Inspector, WaitsWithTheEntropyOfABodyThatGrows) {
    const std::string few = "abcdabcd", many(9000, 'a');
    const auto growing = [](const std::string& options, const std::string& bytes) { return inspect(options, {as_bytes(bytes), 0, false, true}); };
    EXPECT_EQ(growing("entropy:value 2;", few), later);
    EXPECT_EQ(growing("entropy:bytes 4, value 2;", few), yes) << "those that are asked for are there";
    EXPECT_EQ(growing("entropy:value 0;", many), yes);
    EXPECT_EQ(growing("entropy:value 2;", many), later);
    EXPECT_EQ(inspect("entropy:value 2;", {as_bytes(few), 0, false, true, true}), yes) << "what a packet brings is all there is";
}

TEST(Inspector, WorkIsBoundedOnHostileBytes) {
    // Every pair of occurrences would be tried: the budget of one evaluation ends it.
    const std::string bytes(20000, 'a');
    Inspector inspector;
    const auto rule = rule_of(R"(content:"a"; content:"a"; distance:0; content:"a"; distance:0; content:"b"; within:1;)");
    ASSERT_TRUE(rule);
    inspector.begin_rule();
    EXPECT_NE(inspector.match(rule->buffers[0], {as_bytes(bytes), 0, true, true}), Match::yes);
}

}  // namespace
}  // namespace sekisho::detect
