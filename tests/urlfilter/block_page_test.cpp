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
    std::array<std::uint8_t, 4096> out{};
    return std::string(as_text(Bytes(out).first(render_block_page(page, out))));
}

BlockPage sample() {
    BlockPage page;
    page.host = "evil.example";
    page.category = "malware";
    page.contact = "総務部 内線 123";
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
    for (const char* part : {"evil.example", "malware", "総務部 内線 123", "4711", "lang=ja"})
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

TEST(BlockPage, FitsOneSegmentAtItsLongest) {
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
    EXPECT_EQ(render_block_page(page, small), 0u);
    EXPECT_EQ(render_block_page(page, {}), 0u);
}

TEST(TlsAlert, IsOneFatalRecord) {
    EXPECT_EQ(kBlockedNameAlert.size(), 5u + 2u);
    EXPECT_EQ(kBlockedNameAlert[4], 2u);  // length of what follows the record header
}

}  // namespace
}  // namespace sekisho::urlfilter
