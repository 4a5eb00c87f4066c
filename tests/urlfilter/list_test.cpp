#include "sekisho/urlfilter/database.h"
#include "sekisho/urlfilter/list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "sekisho/base/text.h"
#include "sekisho/urlfilter/moment.h"

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
        {".co.jp", "co.jp"},
        {"example.co.jp", "example.co.jp"},
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
        {"com", nullptr, "", EntryFault::public_suffix},
        {"co.jp", nullptr, "", EntryFault::public_suffix},
        {"/path", nullptr, "", EntryFault::no_host},
        {"...", nullptr, "", EntryFault::no_host},
        {"a..b.example", nullptr, "", EntryFault::empty_label},
        {"a b c", nullptr, "", EntryFault::bad_character},
        {"a,b.example", nullptr, "", EntryFault::bad_character},
        {"*.*.example", nullptr, "", EntryFault::bad_character},
        {"\u202eelpmaxe.example", nullptr, "", EntryFault::bad_name},
        {"a\u2024b.example", nullptr, "", EntryFault::bad_name},
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

TEST(ParseEntry, AdminEntriesMayEnd) {
    Entry entry;
    EXPECT_EQ(parse_entry("allow a.example until 2026-12-01T00:00:10Z # for the fair", ListFormat::admin_allow, entry), EntryFault::none);
    EXPECT_EQ(entry.until_s, 1796083210u);
    EXPECT_EQ(parse_entry("allow a.example until tomorrow", ListFormat::admin_allow, entry), EntryFault::bad_time);
    EXPECT_EQ(parse_entry("allow a.example b.example", ListFormat::admin_allow, entry), EntryFault::bad_time);
    EXPECT_EQ(parse_entry("allow a.example", ListFormat::admin_allow, entry), EntryFault::none);
    EXPECT_EQ(entry.until_s, 0u);
}

TEST(ToAsciiHost, SamplesOfTheRfc) {  // RFC 3492 section 7.1
    const std::pair<const char*, const char*> samples[] = {
        {"他们为什么不说中文.example", "xn--ihqwcrb4cv8a8dqg056pqjye.example"},
        {"3年b組金八先生.example", "xn--3b-ww4c5e180e575a65lsy2b.example"},
        {"なぜみんな日本語を話してくれないのか.example", "xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa.example"},
    };
    for (const auto& [from, to] : samples) {
        std::string out;
        EXPECT_EQ(to_ascii_host(from, out), EntryFault::none);
        EXPECT_EQ(out, to);
    }
}

TEST(ToAsciiHost, HostileNamesAreRefused) {
    std::string out;
    std::string bomb;
    for (int i = 0; i < 100'000; ++i) bomb += "\u00fc";
    EXPECT_NE(to_ascii_host(bomb + ".example", out), EntryFault::none);
    EXPECT_NE(to_ascii_host(std::string(1 << 20, 'a'), out), EntryFault::none);
    EXPECT_NE(to_ascii_host(std::string("a\0\u00fc.example", 12), out), EntryFault::none);
    std::string labels;
    for (int i = 0; i < 10'000; ++i) labels += "a.";
    EXPECT_EQ(to_ascii_host(labels + "example", out), EntryFault::name_too_long);
    // Marks that turn the direction of text around make a name look like another one (RFC 5893, RFC 5892).
    for (const char* mark : {"\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2067", "\u2069"})
        EXPECT_NE(to_ascii_host(std::string("moc") + mark + "elpmaxe.example", out), EntryFault::none) << mark;
    // Punycode that unpacks to nothing sensible, or to very much.
    for (const std::string& label : {std::string("xn--"), std::string("xn--\xff"), "xn--" + std::string(59, '9'), "xn--" + std::string(5000, 'a')})
        EXPECT_NE(to_ascii_host(label + ".\u00fc.example", out), EntryFault::none) << label.substr(0, 70);
}

TEST(LineParser, HostileLinesAreToldAndTheRestIsTaken) {
    const std::string huge(1 << 20, 'x');
    ListSource list;
    list.name = "a/domains";
    list.category = "a";
    list.text = "good.example\n" + huge + ".example\n" + std::string("nul\0.example\n", 13) + "moc\u202eelpmaxe.example\nlast.example\n";
    BuildReport report;
    const auto database = Database::build({&list, 1}, report, 1);
    ASSERT_TRUE(database) << database.error().message();
    EXPECT_EQ(database->entries(), 2u);
    EXPECT_TRUE(database->lookup(HostName("www.last.example"), {}));
    ASSERT_EQ(report.rejected.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(report.rejected[i].line, i + 2);
        EXPECT_LT(report.rejected[i].to_string().size(), 200u) << "a message, not the megabyte";
    }
}

TEST(RegistrableDomain, ByPublicSuffix) {
    EXPECT_EQ(registrable_domain("www.shop.example.co.jp"), "example.co.jp");
    EXPECT_EQ(registrable_domain("example.com"), "example.com");
    EXPECT_EQ(registrable_domain("a.b.example.com"), "example.com");
    EXPECT_EQ(registrable_domain("co.jp"), "");
    EXPECT_EQ(registrable_domain("192.0.2.1"), "");
}

/// What a whole text of one format gives: entries, and faults by line.
struct Parsed {
    std::vector<std::string> entries;
    std::map<int, EntryFault> faults;
};

Parsed parse_all(ListFormat format, std::string_view text) {
    Parsed parsed;
    LineParser parser(format);
    int line = 0;
    for (const auto one : split(text, '\n')) {
        ++line;
        const EntryFault fault = parser.parse(one, [&](const Entry& entry) {
            constexpr std::string_view kScopes[] = {"", "=", "<"};
            parsed.entries.push_back(std::string(kScopes[static_cast<std::size_t>(entry.scope)]) + entry.host + entry.path);
        });
        if (fault != EntryFault::none && fault != EntryFault::blank) parsed.faults[line] = fault;
    }
    return parsed;
}

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(LineParser, HostsFilesNameManyAndTheirOwnMachine) {
    const auto parsed = parse_all(ListFormat::entries,
                                  "127.0.0.1 localhost localhost.localdomain\n::1 ip6-localhost\n0.0.0.0 0.0.0.0\n"
                                  "0.0.0.0 ads.example  track.example # both\n::1\tpix.example\n0.0.0.0 bad..example good.example\n");
    EXPECT_THAT(parsed.entries, ElementsAre("ads.example", "track.example", "pix.example", "good.example"));
    EXPECT_THAT(parsed.faults, ElementsAre(Pair(6, EntryFault::empty_label)));
}

TEST(LineParser, AdBlockListsByNameOnly) {
    const auto parsed = parse_all(ListFormat::adblock,
                                  "[Adblock Plus 2.0]\n! Title: x\n||ads.example^\n||Track.example^$important\n"
                                  "||third.example^$third-party\n@@||good.example^\n/banner/*/img\n##.ad\n||a.example/path^\n"
                                  "||wild*.example^\n||日本語.example^\n||com^\n");
    EXPECT_THAT(parsed.entries, ElementsAre("ads.example", "track.example", "xn--wgv71a119e.example"));
    EXPECT_THAT(parsed.faults,
                ElementsAre(Pair(5, EntryFault::adblock_conditions), Pair(6, EntryFault::exception),
                            Pair(7, EntryFault::adblock_other), Pair(8, EntryFault::adblock_other), Pair(9, EntryFault::adblock_other),
                            Pair(10, EntryFault::adblock_other), Pair(12, EntryFault::public_suffix)));
}

TEST(LineParser, ResponsePolicyZones) {
    const auto parsed = parse_all(ListFormat::rpz,
                                  "$TTL 1h\n@ IN SOA ns.rpz.example. root.rpz.example. (\n  1 ; serial\n  1h 1h 1d 1h )\n"
                                  "  IN NS localhost.\n$ORIGIN rpz.example.\nBad.example CNAME . ; block\n*.bad.example IN CNAME .\n"
                                  "nodata.example 300 IN CNAME *.\ngood.example CNAME rpz-passthru.\nwalled.example A 192.0.2.1\n"
                                  "abs.example.rpz.example. CNAME rpz-drop.\n32.7.2.0.192.rpz-ip CNAME .\n24.0.2.0.192.rpz-ip CNAME .\n"
                                  "128.1.zz.db8.2001.rpz-ip CNAME .\nns.evil.example.rpz-nsdname CNAME .\nbroken.example\n");
    EXPECT_THAT(parsed.entries, ElementsAre("=bad.example", "<bad.example", "=nodata.example", "=walled.example", "=abs.example",
                                            "192.0.2.7", "2001:db8::1"));
    EXPECT_THAT(parsed.faults, ElementsAre(Pair(10, EntryFault::exception), Pair(14, EntryFault::rpz_trigger),
                                           Pair(16, EntryFault::rpz_trigger), Pair(17, EntryFault::rpz_syntax)));
}

TEST(GuessFormat, ByNameAndHead) {
    EXPECT_EQ(guess_format("ut1/malware/expressions", ""), ListFormat::expressions);
    EXPECT_EQ(guess_format("x.txt", "! comment\n||a.example^\n"), ListFormat::adblock);
    EXPECT_EQ(guess_format("db.rpz", "$TTL 60\n@ SOA a. b. 1 2 3 4 5\nx CNAME .\n"), ListFormat::rpz);
    EXPECT_EQ(guess_format("hosts", "0.0.0.0 a.example\n"), ListFormat::entries);
}

TEST(Moments, ThereAndBack) {
    EXPECT_EQ(parse_moment("2026-12-01T00:00:10Z"), 1796083210u);
    EXPECT_EQ(parse_moment("2026-12-01"), 1796083200u);
    EXPECT_EQ(format_moment(1796083210), "2026-12-01T00:00:10Z");
    for (const char* bad : {"", "2026-13-01", "2026-02-30", "2026-12-01T24:00:00Z", "2026-12-01 00:00:00Z", "yesterday", "99999-01-01"})
        EXPECT_FALSE(parse_moment(bad)) << bad;
    EXPECT_EQ(parse_span("1h"), 3600u);
    EXPECT_EQ(parse_span("90s"), 90u);
    EXPECT_EQ(parse_span("7D"), 7u * 86'400);
    for (const char* bad : {"", "h", "0h", "1y", "-1h", "99999999w", "1h30m"}) EXPECT_FALSE(parse_span(bad)) << bad;
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
    const auto found = find_lists(root.string() + "/");
    ASSERT_TRUE(found);
    ASSERT_GE(found->size(), 2u);
    EXPECT_EQ((*found)[0].name, root.filename().string() + "/ads/domains");
    EXPECT_EQ((*found)[0].category, "ads");
    EXPECT_EQ(found->back().category, "ads/video");
    EXPECT_EQ((*found)[1].format, ListFormat::expressions);
    EXPECT_GT((*found)[0].date_s, 1'700'000'000u);
    fs::remove_all(root);
    EXPECT_FALSE(find_lists(root.string()));
}

}  // namespace
}  // namespace sekisho::urlfilter
