#include "sekisho/urlfilter/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "urlfilter/text_list.h"

namespace sekisho::urlfilter {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

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
    std::vector<std::string> told;
    for (const auto& origin : filter_->all_origins({"x.shop.example", {}}))
        told.push_back(origin.category + " " + origin.source + ":" + std::to_string(origin.line) + " " + std::string(to_string(origin.action)));
    EXPECT_THAT(told, ElementsAre("malware own/malware/domains:2 block", "shopping own/shopping/domains:1 allow"));
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

TEST_F(FilterTest, AdminEntriesEnd) {
    build("allow shop.example until 2026-12-01T00:00:00Z # fair\ndeny good.example until 2026-12-01\nallow evil.example\n");
    const auto at = [&](std::string_view host, std::uint64_t now) {
        Query query{host, {}};
        query.now_s = now;
        const Decision d = filter_->decide(query);
        return std::string(filter_->category_name(d.category));
    };
    EXPECT_EQ(at("shop.example", 1'796'083'199), "admin-allow");
    EXPECT_EQ(at("shop.example", 1'796'083'200), "malware");
    EXPECT_EQ(at("www.good.example", 1'796'083'199), "admin-deny");
    EXPECT_EQ(at("www.good.example", 1'796'083'200), "");
    EXPECT_EQ(at("evil.example", 4'000'000'000), "admin-allow");
}

TEST_F(FilterTest, RulesByClientCategoryAndTime) {
    config_.groups = {{"office", {"192.168.1.0/24"}}, {"guests", {"vlan 20"}}};
    config_.rules = {
        {"fair", {"office"}, {"shopping"}, Action::alert, "", "", 1'796'083'200, "trade fair"},
        {"lunch", {"office"}, {"shopping"}, Action::allow, "mon-fri", "12:00-13:00", 0, ""},
        {"office", {"office"}, {"shopping", "adware"}, Action::block, "", "", 0, ""},
        {"guests", {"guests"}, {"*"}, Action::warn, "", "", 0, ""},
        {"guests-rest", {"guests"}, {"unlisted"}, Action::block, "", "", 0, ""},
    };
    ::setenv("TZ", "UTC", 1);
    build();
    const auto said = [&](std::string_view host, const char* client, std::uint16_t vlan, std::uint64_t now) {
        Query query{host, {}, {*IpAddress::parse(client), vlan, {}}, now, nullptr};
        const Decision d = filter_->decide(query);
        return std::string(to_string(d.action)) + " " + std::string(filter_->category_name(d.category)) + " " +
               std::string(filter_->rule_name(d.rule));
    };
    const std::uint64_t before = 1'796'083'199;              // a Monday, 23:59:59 UTC
    const std::uint64_t noon = 1'796'083'200 + 12 * 3600;    // Tuesday
    EXPECT_EQ(said("192.0.2.1", "192.168.1.7", 0, before), "alert shopping fair");
    EXPECT_EQ(said("ads.example", "192.168.1.7", 0, noon), "block adware office");
    EXPECT_EQ(said("192.0.2.1", "192.168.1.7", 0, noon + 2 * 3600), "block shopping office");
    EXPECT_EQ(said("192.0.2.1", "192.168.2.7", 0, noon), "allow shopping ");
    EXPECT_EQ(said("ads.example", "192.168.2.7", 20, noon), "warn adware guests");
    EXPECT_EQ(said("any.other.example", "192.168.2.7", 20, noon), "block unlisted guests-rest");
    EXPECT_EQ(said("any.other.example", "192.168.2.7", 0, noon), "allow  ");
    EXPECT_EQ(said("shop.example", "192.168.2.7", 0, noon), "block malware ") << "the strictest of its categories";
}

TEST_F(FilterTest, RulesWithMistakesAreRefused) {
    config_.rules = {{"r", {"nobody"}, {"*"}, Action::block, "", "", 0, ""}};
    EXPECT_EQ(Filter::build(config_, report_).error().where, "url.rules: r");
    config_.rules = {{"r", {}, {"*"}, Action::block, "someday", "", 0, ""}};
    EXPECT_FALSE(Filter::build(config_, report_));
    config_.rules.assign(257, {"r", {}, {"*"}, Action::block, "", "", 0, ""});
    EXPECT_EQ(Filter::build(config_, report_).error().code, ErrorCode::limit);
}

TEST_F(FilterTest, ExpressionsSeeHostAndPath) {
    ListSource patterns = text_list("own/adware/expressions", "adware", "(/banner/|/ads?/)\n^[0-9.]+/search\\?q=[0-9]+$\ncasino\n");
    patterns.format = ListFormat::expressions;
    config_.categories = {{"adware", Action::block}};
    config_.sources = {patterns, text_list("own/news/domains", "news", "paper.example\n")};
    auto built = Filter::build(config_, report_);
    ASSERT_TRUE(built) << built.error().message();
    signature::PatternScratch scratch;
    ASSERT_TRUE(scratch.add(*(*built)->patterns()));
    const auto said = [&](std::string_view host, std::string_view path) {
        Query query{host, path};
        query.scratch = &scratch;
        const Decision d = (*built)->decide(query);
        return std::string(to_string(d.action)) + " " + (*built)->origin_text(d);
    };
    EXPECT_EQ(said("www.x.example", "/img/BANNER/1"), "block own/adware/expressions:1");
    EXPECT_EQ(said("192.0.2.9:80", "/search?q=12"), "block own/adware/expressions:2");
    EXPECT_EQ(said("192.0.2.9", "/search?q=a"), "allow ");
    EXPECT_EQ(said("my-casino.example", ""), "block own/adware/expressions:3");
    EXPECT_EQ(said("paper.example", "/ads/1"), "block own/adware/expressions:1") << "stricter than the name's own category";
    EXPECT_EQ(said("paper.example", "/"), "allow own/news/domains:1");
    EXPECT_EQ((*built)->all_origins({"paper.example", "/ads/1", {}, 0, &scratch}).size(), 2u);
}

TEST_F(FilterTest, ACompiledDatabaseStandsBesideTheFolders) {
    BuildReport report;
    const ListSource more[] = {text_list("big/malware/domains", "malware", "big.example\n"), text_list("big/chat/domains", "chat", "talk.example\n")};
    const auto database = Database::build(more, report);
    ASSERT_TRUE(database);
    config_.database = testing::TempDir() + "/filter_db_" + std::to_string(::getpid());
    ASSERT_TRUE(database->write(config_.database));
    build();
    EXPECT_EQ(say("big.example"), "block malware big/malware/domains:1");
    EXPECT_EQ(say("talk.example"), "allow chat big/chat/domains:1");
    EXPECT_EQ(say("evil.example"), "block malware own/malware/domains:1");
    std::size_t malware = 0;
    for (const auto& info : filter_->categories()) malware += info.name == "malware" ? info.lines : 0;
    EXPECT_EQ(malware, 2u + 3u + 1u) << "one category, whichever list names it";
    std::ofstream(config_.database) << "not a database";
    EXPECT_FALSE(Filter::build(config_, report)) << "a damaged one is refused, the filter in force stays";
    std::remove(config_.database.c_str());
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
