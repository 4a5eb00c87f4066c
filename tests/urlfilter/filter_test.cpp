#include "sekisho/urlfilter/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

namespace sekisho::urlfilter {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ListSource text_list(std::string name, std::string category, std::string text) {
    ListSource source;
    source.name = std::move(name);
    source.category = std::move(category);
    source.text = std::move(text);
    return source;
}

class FilterTest : public testing::Test {
  protected:
    void build(const std::string& admin = {}) {
        config_.sources = {
            text_list("own/malware/domains", "malware", "evil.example\nSHOP.example\n"),
            text_list("own/malware/urls", "malware",
                      "site.example/bad\nsite.example/a/b?id=7\n198.51.100.7/x.bin\n"),
            text_list("own/shopping/domains", "shopping",
                      "shop.example\nok.evil.example\n192.0.2.1\n[2001:db8::1]\n"),
            text_list("own/adware/domains", "adware", "ads.example\nevil.example\n"),
        };
        config_.categories = {
            {"malware", Action::block}, {"adware", Action::alert}, {"nothing", Action::block}};
        if (!admin.empty()) {
            config_.admin_file = testing::TempDir() + "/url_admin_" + std::to_string(::getpid());
            std::ofstream(config_.admin_file) << admin;
        }
        auto built = Filter::build(config_, report_);
        ASSERT_TRUE(built) << built.error().message();
        filter_ = std::move(*built);
    }
    void TearDown() override {
        if (!config_.admin_file.empty()) std::remove(config_.admin_file.c_str());
    }
    std::string say(std::string_view host, std::string_view path = {}) const {
        const Decision d = filter_->decide(host, path);
        std::string text(to_string(d.action));
        if (d.listed())
            text.append(" ")
                .append(filter_->category_name(d.category))
                .append(" ")
                .append(filter_->origin_text(d));
        return text;
    }

    UrlFilterConfig config_;
    BuildReport report_;
    std::unique_ptr<Filter> filter_;
};

TEST_F(FilterTest, MostSpecificEntryDecides) {
    build();
    EXPECT_EQ(say("evil.example"), "block malware own/malware/domains:1");
    EXPECT_EQ(say("www.evil.example"), "block malware own/malware/domains:1");
    EXPECT_EQ(say("ok.evil.example"), "allow shopping own/shopping/domains:2");
    EXPECT_EQ(say("a.ok.evil.example"), "allow shopping own/shopping/domains:2");
    EXPECT_EQ(say("notevil.example"), "allow");
    EXPECT_EQ(say("example"), "allow");
}

TEST_F(FilterTest, StrictestCategoryOfAnEntryDecides) {
    build();
    EXPECT_EQ(say("shop.example"), "block malware own/malware/domains:2");
    EXPECT_THAT(filter_->all_origins("x.shop.example", {}),
                ElementsAre("malware (own/malware/domains:2)", "shopping (own/shopping/domains:1)"));
}

TEST_F(FilterTest, PathsMatchAtMarks) {
    build();
    EXPECT_EQ(say("site.example"), "allow");
    EXPECT_EQ(say("site.example", "/"), "allow");
    EXPECT_EQ(say("www.site.example", "/bad"), "block malware own/malware/urls:1");
    EXPECT_EQ(say("site.example", "/bad/x"), "block malware own/malware/urls:1");
    EXPECT_EQ(say("site.example", "/bad?x"), "block malware own/malware/urls:1");
    EXPECT_EQ(say("site.example", "/badly"), "allow");
    EXPECT_EQ(say("site.example", "/a/b?id=7&more"), "block malware own/malware/urls:2");
    EXPECT_EQ(say("site.example", "/a/b?id=8"), "allow");
    EXPECT_EQ(say("198.51.100.7:8080", "/x.bin"), "block malware own/malware/urls:3");
}

TEST_F(FilterTest, PathsInOtherSpellingsMatch) {
    build();
    for (const char* path : {"/BAD", "/%62ad", "//bad", "/./bad", "/x/../bad", "/../bad", "\\bad",
                             "/bad#top", "http://site.example/bad", "/x/y/../../bad/."})
        EXPECT_EQ(say("site.example", path), "block malware own/malware/urls:1") << path;
    for (const char* path : {"/bad/..", "/x?/../bad", "/b%61%64d"})
        EXPECT_EQ(say("site.example", path), "allow") << path;
}

TEST_F(FilterTest, HostsInOtherSpellingsMatch) {
    build();
    for (const char* host :
         {"EVIL.Example", "evil.example.", "evil.example:8080", "user:pw@evil.example:1",
          " evil.example ", "a..evil.example", "..evil.example"})
        EXPECT_EQ(say(host), "block malware own/malware/domains:1") << host;
    EXPECT_EQ(filter_->decide("User@WWW.Evil.EXAMPLE.:80", {}).host, "Evil.EXAMPLE");
}

TEST_F(FilterTest, AddressesMatchAsAWhole) {
    build();
    for (const char* host : {"192.0.2.1", "192.0.2.1:80", "192.0.2.1."})
        EXPECT_EQ(say(host), "allow shopping own/shopping/domains:3") << host;
    for (const char* host : {"[2001:db8::1]", "[2001:DB8:0::1]:443", "2001:db8::1"})
        EXPECT_EQ(say(host), "allow shopping own/shopping/domains:4") << host;
    EXPECT_EQ(say("7.192.0.2.1"), "allow");
    EXPECT_EQ(say("[2001:db8::2]"), "allow");
}

TEST_F(FilterTest, AdminDecidesBeforeLists) {
    build(
        "# ours\nallow shop.example # needed\ndeny good.example\ndeny portal.example/games\n"
        "ALLOW sub.good.example\nfrobnicate x.example\n");
    EXPECT_EQ(say("shop.example"), "allow admin-allow admin:2");
    EXPECT_EQ(say("www.good.example"), "block admin-deny admin:3");
    EXPECT_EQ(say("sub.good.example"), "allow admin-allow admin:5");
    EXPECT_EQ(say("portal.example", "/games/1"), "block admin-deny admin:4");
    EXPECT_EQ(say("portal.example", "/"), "allow");
    ASSERT_EQ(report_.rejected.size(), 1u);
    EXPECT_EQ(report_.rejected[0].to_string(), "admin:6: begins neither with allow nor with deny");
}

TEST_F(FilterTest, ReportTellsUnknownCategories) {
    build();
    EXPECT_THAT(report_.unknown_categories, ElementsAre("nothing"));
    EXPECT_THAT(report_.rejected, IsEmpty());
}

TEST_F(FilterTest, MissingListFolderIsAnError) {
    config_.lists = {"/nonexistent/lists"};
    const auto built = Filter::build(config_, report_);
    ASSERT_FALSE(built);
    EXPECT_EQ(built.error().code, ErrorCode::not_found);
}

TEST_F(FilterTest, AdminCategoriesCannotBeSet) {
    config_.categories = {{"admin-deny", Action::allow}};
    EXPECT_FALSE(Filter::build(config_, report_));
}

TEST_F(FilterTest, HostileHostsAreSafe) {
    build();
    std::string dots(10'000, '.');
    std::string labels;
    for (int i = 0; i < 10'000; ++i) labels += "a.";
    const std::string huge(1 << 20, 'x');
    EXPECT_EQ(say(dots), "allow");
    EXPECT_EQ(say(huge), "allow");
    EXPECT_EQ(say(labels), "allow");
    EXPECT_EQ(say(huge + ".evil.example"), "block malware own/malware/domains:1");
    EXPECT_EQ(say(labels + "evil.example"), "block malware own/malware/domains:1");
    EXPECT_EQ(say(std::string("a\0b.evil.example", 16)), "block malware own/malware/domains:1");
    EXPECT_EQ(say(std::string("\0", 1)), "allow");
    for (const char* odd : {"", ":", "@", "[", "[]", "[::", "]", "...", "@:", ":80", "a@", "%00"})
        say(odd, odd);
    EXPECT_EQ(say("site.example", huge), "allow");
    EXPECT_EQ(say("site.example", "/bad/" + huge), "block malware own/malware/urls:1");
    std::string climbing;
    for (int i = 0; i < 10'000; ++i) climbing += "/..";
    EXPECT_EQ(say("site.example", climbing + "/bad"), "block malware own/malware/urls:1");
}

}  // namespace
}  // namespace sekisho::urlfilter
