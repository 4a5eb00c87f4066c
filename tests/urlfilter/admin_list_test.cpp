#include "sekisho/urlfilter/admin_list.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace sekisho::urlfilter {
namespace {

TEST(AdminList, KeepsCommentsAndOneLineAnEntry) {
    AdminList list = AdminList::parse("# ours\nallow A.example # needed\r\n\ndeny b.example\n");
    EXPECT_FALSE(*list.set(AdminVerb::allow, "a.example."));
    EXPECT_TRUE(*list.set(AdminVerb::allow, "b.example"));
    EXPECT_TRUE(*list.set(AdminVerb::deny, "https://c.example/Path/"));
    EXPECT_EQ(list.text(), "# ours\nallow A.example # needed\n\nallow b.example\ndeny c.example/path\n");
    const auto entries = list.entries();
    ASSERT_EQ(entries.size(), 3u);
    EXPECT_EQ(entries[2].target, "c.example/path");
    EXPECT_EQ(entries[2].line, 5u);
    EXPECT_EQ(entries[2].verb, AdminVerb::deny);
}

TEST(AdminList, LineEndsAreTakenOffOnce) {
    const std::string once = AdminList::parse("# a\r\r\nallow a.example\r\r\n\r\r").text();
    EXPECT_EQ(once, "# a\nallow a.example\n");
    EXPECT_EQ(AdminList::parse(once).text(), once);
}

TEST(AdminList, Removes) {
    AdminList list = AdminList::parse("deny b.example\nallow [2001:db8::1]\ndeny .zip\n");
    EXPECT_TRUE(*list.remove("2001:DB8::1"));
    EXPECT_FALSE(*list.remove("x.example"));
    EXPECT_FALSE(list.remove("no name"));
    EXPECT_TRUE(*list.remove(".zip"));
    EXPECT_EQ(list.text(), "deny b.example\n");
}

TEST(AdminList, RefusesWhatIsNoName) {
    AdminList list;
    for (const char* target : {"", "com", "a b", "a.example\ndeny *", "#x"}) {
        const auto set = list.set(AdminVerb::deny, target);
        ASSERT_FALSE(set) << target;
        EXPECT_EQ(set.error().code, ErrorCode::invalid);
    }
    EXPECT_TRUE(*list.set(AdminVerb::deny, ".zip"));
    EXPECT_EQ(list.text(), "deny .zip\n");
    EXPECT_FALSE(*list.set(AdminVerb::deny, "*.zip"));
}

TEST(AdminList, SurvivesAFile) {
    const std::string path = testing::TempDir() + "/admin_list_" + std::to_string(::getpid());
    auto list = AdminList::load(path);
    ASSERT_TRUE(list);
    ASSERT_TRUE(list->set(AdminVerb::deny, "日本語.example"));
    ASSERT_TRUE(list->save(path));
    const auto again = AdminList::load(path);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->text(), "deny xn--wgv71a119e.example\n");
    std::remove(path.c_str());
}

TEST(AdminList, EntriesMayEndAndHaveAReason) {
    AdminList list = AdminList::parse("allow a.example\n");
    EXPECT_TRUE(*list.set(AdminVerb::allow, "a.example", 1'796'083'200, "for\nthe fair"));
    EXPECT_EQ(list.text(), "allow a.example until 2026-12-01T00:00:00Z # for the fair\n");
    EXPECT_FALSE(*list.set(AdminVerb::allow, "a.example", 1'796'083'200, "for the fair"));
    const auto entries = list.entries();
    ASSERT_EQ(entries.size(), 1u);
    EXPECT_EQ(entries[0].until_s, 1'796'083'200u);
    EXPECT_EQ(entries[0].reason, "for the fair");
    EXPECT_EQ(list.remove_ended(1'796'083'199), 0u);
    EXPECT_EQ(list.remove_ended(1'796'083'200), 1u);
    EXPECT_TRUE(list.entries().empty());
    EXPECT_TRUE(*list.set(AdminVerb::deny, ".co.jp"));
    EXPECT_EQ(list.entries().size(), 1u);
}

}  // namespace
}  // namespace sekisho::urlfilter
