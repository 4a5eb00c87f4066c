#include "sekisho/urlfilter/list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace sekisho::urlfilter {
namespace {

struct Case {
    const char* line;
    const char* host;  // nullptr: refused with `fault`
    const char* path = "";
    EntryFault fault = EntryFault::none;
};

TEST(ParseEntry, Spellings) {
    const std::string label64(64, 'a');
    const std::string long_name = std::string(60, 'a') + "." + std::string(60, 'b') + "." +
                                  std::string(60, 'c') + "." + std::string(60, 'd') + "." +
                                  std::string(60, 'e');
    const std::string long_path = "a.example/" + std::string(2000, 'x');
    std::string many_pieces = "a.example";
    for (int i = 0; i < 70; ++i) many_pieces += "/p";
    const std::string label64_line = label64 + ".example";
    const std::string long_line(kListLineMaxBytes + 1, 'a');
    const Case cases[] = {
        {"example.com", "example.com"},
        {"  EXAMPLE.com.\r", "example.com"},
        {"\xef\xbb\xbf"
         "example.com",
         "example.com"},
        {".example.com", "example.com"},
        {"*.example.com", "example.com"},
        {".zip", "zip"},
        {"example.com # why", "example.com"},
        {"0.0.0.0 ads.example", "ads.example"},
        {"::1\tads.example # local", "ads.example"},
        {"http://Example.COM:8080/A/b/?#frag", "example.com", "/a/b"},
        {"user@example.com/", "example.com"},
        {"example.com/#top", "example.com"},
        {"example.com?x=1", "example.com", "/?x=1"},
        {"example.com/a%2fb/%7Euser", "example.com", "/a%2fb/~user"},
        {"a_b.example", "a_b.example"},
        {"192.0.2.7", "192.0.2.7"},
        {"192.0.2.7:81/x", "192.0.2.7", "/x"},
        {"[2001:DB8:0:0::1]/x", "2001:db8::1", "/x"},
        {"2001:db8::1", "2001:db8::1"},
        {"日本語.example", "xn--wgv71a119e.example"},
        {"日本語。example", "xn--wgv71a119e.example"},
        {"Bücher.example", "xn--bcher-kva.example"},
        {"", nullptr, "", EntryFault::blank},
        {"# comment", nullptr, "", EntryFault::blank},
        {"com", nullptr, "", EntryFault::top_level_domain},
        {"/path", nullptr, "", EntryFault::no_host},
        {"...", nullptr, "", EntryFault::no_host},
        {"a..b.example", nullptr, "", EntryFault::empty_label},
        {"a b c", nullptr, "", EntryFault::bad_character},
        {"a,b.example", nullptr, "", EntryFault::bad_character},
        {"*.*.example", nullptr, "", EntryFault::bad_character},
        {"\xff\xfe.example", nullptr, "", EntryFault::bad_utf8},
        {"\xc0\xaf.example", nullptr, "", EntryFault::bad_utf8},
        {"1.2.3", nullptr, "", EntryFault::bad_address},
        {"300.1.2.3", nullptr, "", EntryFault::bad_address},
        {label64_line.c_str(), nullptr, "", EntryFault::label_too_long},
        {long_name.c_str(), nullptr, "", EntryFault::name_too_long},
        {long_path.c_str(), nullptr, "", EntryFault::path_too_long},
        {many_pieces.c_str(), nullptr, "", EntryFault::path_too_long},
        {long_line.c_str(), nullptr, "", EntryFault::line_too_long},
    };
    for (const Case& c : cases) {
        Entry entry;
        const EntryFault fault = parse_entry(c.line, ListFormat::entries, entry);
        EXPECT_EQ(describe(fault), describe(c.fault)) << c.line;
        if (c.host == nullptr || fault != EntryFault::none) continue;
        EXPECT_EQ(entry.host, c.host) << c.line;
        EXPECT_EQ(entry.path, c.path) << c.line;
    }
}

TEST(ParseEntry, AdminLinesBelongToTheirVerb) {
    Entry entry;
    EXPECT_EQ(parse_entry("allow a.example", ListFormat::admin_allow, entry), EntryFault::none);
    EXPECT_EQ(entry.host, "a.example");
    EXPECT_EQ(parse_entry("allow a.example", ListFormat::admin_deny, entry), EntryFault::blank);
    EXPECT_EQ(parse_entry("Deny\ta.example/x", ListFormat::admin_deny, entry), EntryFault::none);
    EXPECT_EQ(entry.path, "/x");
    EXPECT_EQ(parse_entry("a.example", ListFormat::admin_allow, entry), EntryFault::no_verb);
    EXPECT_EQ(parse_entry("a.example", ListFormat::admin_deny, entry), EntryFault::blank);
    EXPECT_EQ(parse_entry("allow", ListFormat::admin_allow, entry), EntryFault::no_host);
}

TEST(Punycode, SamplesOfTheRfc) {  // RFC 3492 section 7.1
    const std::pair<const char*, const char*> samples[] = {
        {"他们为什么不说中文.example", "xn--ihqwcrb4cv8a8dqg056pqjye.example"},
        {"3年b組金八先生.example", "xn--3b-ww4c5e180e575a65lsy2b.example"},
        {"なぜみんな日本語を話してくれないのか.example",
         "xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa.example"},
    };
    for (const auto& [from, to] : samples) {
        std::string out;
        EXPECT_EQ(to_ascii_host(from, out), EntryFault::none);
        EXPECT_EQ(out, to);
    }
}

TEST(FindLists, SquidGuardFolders) {
    namespace fs = std::filesystem;
    const fs::path root = fs::path(testing::TempDir()) / ("lists_" + std::to_string(::getpid()));
    fs::create_directories(root / "ads/video");
    std::ofstream(root / "ads/domains") << "a.example\n";
    std::ofstream(root / "ads/expressions") << "^x$\n";
    std::ofstream(root / "ads/usage") << "black\n";
    std::ofstream(root / "ads/video/urls") << "a.example/x\n";
    fs::create_directory_symlink(root, root / "ads/loop");
    std::vector<std::string> skipped;
    const auto found = find_lists(root.string() + "/", &skipped);
    ASSERT_TRUE(found);
    ASSERT_GE(found->size(), 2u);
    EXPECT_EQ((*found)[0].name, root.filename().string() + "/ads/domains");
    EXPECT_EQ((*found)[0].category, "ads");
    EXPECT_EQ(found->back().category, "ads/video");
    EXPECT_FALSE(skipped.empty());
    fs::remove_all(root);
    EXPECT_FALSE(find_lists(root.string(), nullptr));
}

}  // namespace
}  // namespace sekisho::urlfilter
