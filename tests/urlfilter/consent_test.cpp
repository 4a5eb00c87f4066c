#include "sekisho/urlfilter/consent.h"

#include <gtest/gtest.h>

namespace sekisho::urlfilter {
namespace {

TEST(Consent, IsForOneClientCategoryAndTime) {
    const IpAddress client = *IpAddress::parse("192.0.2.1");
    const ConsentToken token = make_consent(client, "games", 1000, 42);
    const std::string_view text(token.data(), token.size());
    EXPECT_TRUE(is_consent(text, client, "games", 999, 42));
    EXPECT_FALSE(is_consent(text, client, "games", 1000, 42)) << "over";
    EXPECT_FALSE(is_consent(text, *IpAddress::parse("192.0.2.2"), "games", 999, 42));
    EXPECT_FALSE(is_consent(text, client, "chat", 999, 42));
    EXPECT_FALSE(is_consent(text, client, "games", 999, 43));
    std::string later(text);
    later[7] = 'f';
    EXPECT_FALSE(is_consent(later, client, "games", 999, 42)) << "a later end needs another hash";
    for (const std::string_view bad : {"", "x", "zzzzzzzzzzzzzzzzzzzzzzzz"}) EXPECT_FALSE(is_consent(bad, client, "games", 0, 42));
}

TEST(Consent, AClickGoesOnToAPathOfTheSameHost) {
    struct Case {
        const char* path;
        const char* token;
        const char* target;
    };
    for (const Case& c : {Case{"/story?x=1", "", "/story?x=1"}, Case{"/.sekisho-continue/abc?/story?x=1", "abc", "/story?x=1"},
                          Case{"/.sekisho-continue/abc?", "abc", "/"}, Case{"/.sekisho-continue/abc", "abc", "/"},
                          Case{"/.sekisho-continue/", "", "/"}, Case{"/.sekisho-continue/?/x", "", "/x"},
                          Case{"/.sekisho-continue/abc?//other.example/", "abc", "/"},
                          Case{"/.sekisho-continue/abc?/\\other.example/", "abc", "/"},
                          Case{"/.sekisho-continue/abc?/\t/other.example/", "abc", "/"},
                          Case{"/.sekisho-continue/abc?/x\r\nSet-Cookie:a", "abc", "/"},
                          Case{"/.sekisho-continue/abc?https://other.example/", "abc", "/"},
                          Case{"/\\other.example/", "", "/"}, Case{"", "", "/"}, Case{"/0123456789012345", "", "/"}}) {
        const ContinueRequest request = read_continue(c.path, 16);
        EXPECT_EQ(request.token, c.token) << c.path;
        EXPECT_EQ(request.target, c.target) << c.path;
    }
}

TEST(Consent, IsFoundAmongCookies) {
    EXPECT_EQ(consent_in_cookie("a=b; sekisho-continue=abc; c=d"), "abc");
    EXPECT_EQ(consent_in_cookie("sekisho-continue=abc"), "abc");
    EXPECT_EQ(consent_in_cookie("xsekisho-continue=abc; sekisho-continues=1"), "");
    EXPECT_EQ(consent_in_cookie(";;;"), "");
    EXPECT_EQ(consent_in_cookie(""), "");
}

}  // namespace
}  // namespace sekisho::urlfilter
