#include "sekisho/urlfilter/block_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "sekisho/urlfilter/tls_alert.h"

namespace sekisho::urlfilter {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string render(const BlockPage& page) {
    std::array<std::uint8_t, kBlockPageMaxBytes> out{};
    return std::string(as_text(Bytes(out).first(PageTemplate::built_in().render(page, out))));
}

BlockPage sample() {
    BlockPage page;
    page.host = "evil.example";
    page.category = "malware";
    page.contact = "総務部 内線 123";
    page.list = "own/malware/domains:3";
    page.box = "box.example";
    page.local_s = 1'795'788'309;
    page.incident = 4711;
    return page;
}

TEST(BlockPage, IsAWholeResponse) {
    const std::string text = render(sample());
    EXPECT_THAT(text, testing::StartsWith("HTTP/1.1 403 Forbidden\r\n"));
    EXPECT_THAT(text, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(text, HasSubstr("Cache-Control: no-store\r\n"));
    const auto body = text.find("\r\n\r\n") + 4;
    const auto length = text.find("Content-Length: ") + 16;
    EXPECT_EQ(std::stoul(text.substr(length)), text.size() - body);
    for (const char* part : {"evil.example", "malware", "総務部 内線 123", "4711", "lang=ja", "own/malware/domains:3", "2026-11-27 14:05:09", "(box.example)"})
        EXPECT_THAT(text, HasSubstr(part));
}

TEST(BlockPage, SpeaksEnglishWhenAsked) {
    BlockPage page = sample();
    page.accept_language = "en-US,en;q=0.9";
    EXPECT_THAT(render(page), HasSubstr("This page is blocked"));
}

TEST(BlockPage, ChoosesTheLanguage) {
    const std::pair<const char*, PageLanguage> cases[] = {
        {"", PageLanguage::japanese},
        {"ja", PageLanguage::japanese},
        {"JA-jp", PageLanguage::japanese},
        {"en,ja;q=0.5", PageLanguage::english},
        {"en;q=0.5,ja", PageLanguage::japanese},
        {"en;q=0.8, ja;q=0.85", PageLanguage::japanese},
        {"fr", PageLanguage::english},
        {"*", PageLanguage::japanese},
        {"jav", PageLanguage::english},
        {"de;q=0,ja;q=0.001", PageLanguage::japanese},
        {",,,;q=", PageLanguage::english},
    };
    for (const auto& [header, language] : cases) EXPECT_EQ(choose_language(header), language) << header;
}

TEST(BlockPage, HostileTextsAreHarmless) {
    BlockPage page = sample();
    page.host = "<script>alert('x')</script>\r\nSet-Cookie: a=b\xff日";
    page.category = "a&b\"";
    const std::string text = render(page);
    EXPECT_THAT(text, Not(HasSubstr("<script>")));
    EXPECT_THAT(text, HasSubstr("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;??Set-Cookie: a=b??"));
    EXPECT_THAT(text, HasSubstr("a&amp;b&quot;"));
}

TEST(BlockPage, FitsItsSegmentsAtItsLongest) {
    BlockPage page = sample();
    const std::string quotes(100'000, '\'');
    std::string kanji;
    for (int i = 0; i < 1000; ++i) kanji += "安";
    page.host = quotes;
    page.category = kanji;
    page.contact = kanji;
    page.incident = ~std::uint64_t{0};
    for (const char* language : {"ja", "en"}) {
        page.accept_language = language;
        const std::string text = render(page);
        EXPECT_GT(text.size(), 600u);
        EXPECT_LE(text.size(), kBlockPageMaxBytes);
        EXPECT_THAT(text, testing::EndsWith("</html>\n"));
    }
}

TEST(BlockPage, HeadHasNoBodyAndASmallBufferGetsNothing) {
    BlockPage page = sample();
    page.head = true;
    EXPECT_THAT(render(page), testing::EndsWith("\r\n\r\n"));
    page.head = false;
    std::array<std::uint8_t, 200> small{};
    EXPECT_EQ(PageTemplate::built_in().render(page, small), 0u);
    EXPECT_EQ(PageTemplate::built_in().render(page, {}), 0u);
}

TEST(BlockPage, AWarningCanBePassed) {
    BlockPage page = sample();
    page.warn = true;
    page.continue_link = "/.sekisho-continue/abc?/x\"<y";
    page.accept_language = "en";
    EXPECT_THAT(render(page), HasSubstr("href=\"/.sekisho-continue/abc?/x&quot;&lt;y\""));
    EXPECT_THAT(render(page), HasSubstr("I understand, continue"));
    EXPECT_THAT(render(sample()), Not(HasSubstr("href")));
}

std::string render_template(const std::string& text, const BlockPage& page) {
    const auto parsed = PageTemplate::parse(text);
    if (!parsed) return parsed.error().message();
    std::array<std::uint8_t, kBlockPageMaxBytes> out{};
    const std::string response(as_text(Bytes(out).first(parsed->render(page, out))));
    return response.substr(response.find("\r\n\r\n") + 4);
}

TEST(PageTemplate, SaysWhatTheAdminWants) {
    EXPECT_EQ(render_template("{{#ja}}止{{/ja}}{{#en}}stop{{/en}} {{ host }}|{{category}}|{{incident}}{{#warn}}W{{/warn}}{{#block}}B{{/block}}", sample()),
              "止 evil.example|malware|4711B");
    BlockPage bare = sample();
    bare.contact = {};
    EXPECT_EQ(render_template("a{{#contact}}call {{#ja}}{{contact}}{{/ja}}{{/contact}}b", bare), "ab");
    EXPECT_EQ(render_template("{ {{ {", sample()), "line 1: '{{' without '}}'");
}

TEST(PageTemplate, MistakesAreToldWithTheirLine) {
    const std::pair<const char*, const char*> cases[] = {
        {"a\n{{hosts}}", "line 2: there is no '{{hosts}}'"},
        {"{{#ja}}x", "'{{#ja}}' is never closed"},
        {"\n\n{{/ja}}", "line 3: closes a section that is not the open one"},
        {"{{#ja}}{{#en}}{{/ja}}", "line 1: closes a section that is not the open one"},
        {"{{#host}}{{/host}}", "line 1: there is no '{{#host}}'"},
        {"{{ja}}", "line 1: there is no '{{ja}}'"},
    };
    for (const auto& [text, said] : cases) EXPECT_EQ(PageTemplate::parse(text).error().message(), said) << text;
    EXPECT_EQ(PageTemplate::parse(std::string(4000, 'x')).error().code, ErrorCode::limit);
    EXPECT_EQ(PageTemplate::parse(std::string(100'000, 'x')).error().code, ErrorCode::limit);
}

TEST(RenderContinue, SendsBackWithACookie) {
    std::array<std::uint8_t, 1000> out{};
    const std::string text(as_text(Bytes(out).first(render_continue("/a?b", "c=1", 60, out))));
    EXPECT_THAT(text, testing::StartsWith("HTTP/1.1 303 See Other\r\nLocation: /a?b\r\nSet-Cookie: c=1; Path=/;"));
    EXPECT_EQ(render_continue("/a?b", "c=1", 60, MutableBytes(out).first(40)), 0u);
}

TEST(TlsAlert, IsOneFatalRecord) {
    EXPECT_EQ(kBlockedNameAlert.size(), 5u + 2u);
    EXPECT_EQ(kBlockedNameAlert[4], 2u);  // length of what follows the record header
}

}  // namespace
}  // namespace sekisho::urlfilter
