#include "sekisho/urlfilter/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include "sekisho/base/file_text.h"
#include "urlfilter/text_list.h"

namespace sekisho::urlfilter {
namespace {

/// Public lists to import whole: SEKISHO_URL_LISTS, or the folder beside the source tree.
std::string public_lists() {
    const char* folder = std::getenv("SEKISHO_URL_LISTS");
    return folder != nullptr ? folder : SEKISHO_SOURCE_DIR "/../shared/url-lists/ut1";
}

Database must_build(const std::vector<ListSource>& sources, BuildReport& report,
                    std::uint64_t seed = 7) {
    auto built = Database::build(sources, report, seed);
    EXPECT_TRUE(built);
    return std::move(*built);
}

/// The deciding line as a text, by the plain rules: longest host suffix, there the longest path, else the host.
std::string naive_lookup(const std::map<std::string, std::string>& entries, std::string host,
                         const std::string& path) {
    for (;;) {
        for (std::size_t end = path.size(); end > 0; --end) {
            const bool border =
                end == path.size() || std::string_view("/?&;=").find(path[end]) != std::string::npos;
            if (!border) continue;
            if (const auto found = entries.find(host + path.substr(0, end)); found != entries.end())
                return found->second;
        }
        if (const auto found = entries.find(host); found != entries.end()) return found->second;
        const auto dot = host.find('.');
        if (dot == std::string::npos) return "";
        host.erase(0, dot + 1);
    }
}

TEST(Database, AgreesWithANaiveLookup) {
    std::mt19937 random(42);
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    const auto name = [&] {
        std::string host;
        for (int labels = 1 + pick(4); labels > 0; --labels)
            host += std::string(1, static_cast<char>('a' + pick(5))) + ".";
        return host + "example";
    };
    const auto path = [&] {
        std::string p;
        for (int pieces = pick(4); pieces > 0; --pieces)
            p += "/?&;="[p.empty() ? 0 : pick(5)] + std::string(1, "xyz"[pick(3)]);
        return p;
    };
    std::map<std::string, std::string> naive;
    std::string text;
    for (int line = 1; line <= 1500; ++line) {
        const std::string entry = name() + path();
        text += entry + "\n";
        naive.emplace(entry, "l:" + std::to_string(line));
    }
    BuildReport report;
    const Database database = must_build({text_list("l", "c", text)}, report);
    EXPECT_EQ(report.entries, naive.size());
    EXPECT_EQ(database.entries(), naive.size());
    for (int i = 0; i < 20'000; ++i) {
        const std::string host = name();
        const std::string target = path();
        const Match match = database.lookup(HostName(host), target);
        std::string got;
        if (match) {
            const Origin origin = database.origin(database.lines(match).front());
            got = std::string(origin.source) + ":" + std::to_string(origin.line);
        }
        ASSERT_EQ(got, naive_lookup(naive, host, target)) << host << " " << target;
    }
}

TEST(Database, CountsDuplicatesAndRejectedLines) {
    BuildReport report;
    const Database database =
        must_build({text_list("a", "x", "one.example\nONE.example.\nbad host\n\n# c\ntwo.example"),
                    text_list("b", "y", "one.example\n")},
                   report);
    EXPECT_EQ(database.entries(), 2u);
    ASSERT_EQ(report.sources.size(), 2u);
    EXPECT_EQ(report.sources[0].lines, 6u);
    EXPECT_EQ(report.sources[0].entries, 2u);
    EXPECT_EQ(report.sources[0].duplicates, 1u);
    EXPECT_EQ(report.sources[0].rejected, 1u);
    EXPECT_EQ(report.sources[1].entries, 1u);
    ASSERT_EQ(report.rejected.size(), 1u);
    EXPECT_THAT(report.rejected[0].to_string(), testing::StartsWith("a:3: a character"));
    EXPECT_EQ(database.lines(database.lookup(HostName("x.one.example"), {})).size(), 2u);
}

TEST(Database, KeepsNoMoreThanItsShareOfRejectedLines) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "com\n";
    BuildReport report;
    must_build({text_list("a", "x", text)}, report);
    EXPECT_EQ(report.rejected.size(), BuildReport::kRejectedMax);
    EXPECT_EQ(report.rejected_total, 1000u);
}

TEST(Database, ManyNamesAtOnceAreTheSame) {
    std::string text;
    std::vector<std::string> names;
    for (int i = 0; i < 300; ++i) {
        names.push_back("h" + std::to_string(i) + (i % 3 == 0 ? ".co.jp" : ".example"));
        if (i % 2 == 0) text += names.back() + "\n";
        names.push_back("a.b." + names.back());
    }
    names.insert(names.end(), {"", ".", "192.0.2.1", "com", std::string(3000, 'x')});
    BuildReport report;
    const Database database = must_build({text_list("l", "c", text)}, report);
    const std::vector<std::string_view> views(names.begin(), names.end());
    std::vector<Match> matches(views.size());
    database.lookup(views, matches);
    for (std::size_t i = 0; i < views.size(); ++i)
        EXPECT_EQ(matches[i].value, database.lookup(HostName(views[i]), {}).value) << views[i];
}

TEST(Database, ScopesOfAZone) {
    ListSource zone = text_list("rpz", "malware", "very.example CNAME .\n*.below.example CNAME .\nboth.example CNAME .\n*.both.example CNAME .\n");
    zone.format = ListFormat::rpz;
    BuildReport report;
    const Database database = must_build({zone, text_list("l", "c", "x.very.example\nvery.example/p\n")}, report);
    const auto named = [&](const char* host, const char* path = "") {
        const Match match = database.lookup(HostName(host), path);
        return match ? std::string(database.origin(database.lines(match).front()).source) : std::string();
    };
    EXPECT_EQ(named("very.example"), "rpz");
    EXPECT_EQ(named("very.example", "/p/q"), "l");
    EXPECT_EQ(named("a.very.example"), "");
    EXPECT_EQ(named("x.very.example"), "l");
    EXPECT_EQ(named("below.example"), "");
    EXPECT_EQ(named("a.below.example"), "rpz");
    EXPECT_EQ(named("both.example"), "rpz");
    EXPECT_EQ(named("a.b.both.example"), "rpz");
}

TEST(Database, FamiliesOfManyNames) {
    // Three names below two labels stand with them, more of them apart; both are found, and nothing else.
    std::string text = "few.example\n";
    for (int i = 0; i < 3; ++i) text += "n" + std::to_string(i) + ".few.example\n";
    for (int i = 0; i < 500; ++i) text += "n" + std::to_string(i) + ".many.example\n";
    for (int i = 0; i < 500; ++i) text += "n" + std::to_string(i) + ".co.jp\n";
    BuildReport report;
    const Database database = must_build({text_list("l", "c", text)}, report);
    EXPECT_EQ(database.entries(), 1004u);
    for (const char* listed : {"n2.few.example", "a.n499.many.example", "n0.co.jp", "zz.few.example"})
        EXPECT_TRUE(database.lookup(HostName(listed), {})) << listed;
    for (const char* not_listed : {"many.example", "zz.many.example", "co.jp", "n500.co.jp", "a.zz.co.jp", "example", "jp"})
        EXPECT_FALSE(database.lookup(HostName(not_listed), {})) << not_listed;
}

TEST(Database, AcceptPassesOnToTheNextEntry) {
    BuildReport report;
    const Database database = must_build({text_list("l", "c", "a.b.example\nb.example\nexample.jp\n")}, report);
    const auto accept = [](const void* refused, const Match& match) noexcept {
        return match.host_bytes != *static_cast<const std::uint16_t*>(refused);
    };
    const std::uint16_t whole = 11;
    EXPECT_EQ(database.lookup(HostName("x.a.b.example"), {}, accept, &whole).host_bytes, 9);
    const std::uint16_t nothing = 0;
    EXPECT_EQ(database.lookup(HostName("x.a.b.example"), {}, accept, &nothing).host_bytes, 11);
}

TEST(Database, EmptyListsAnswerNothing) {
    BuildReport report;
    const Database database = must_build({}, report);
    EXPECT_FALSE(database.lookup(HostName("a.example"), "/"));
    EXPECT_EQ(database.category_name(0), "");
}

TEST(Database, AFileIsOpenedByItsHeadAndVerifiedWhole) {
    ListSource list = text_list("a", "x", "one.example\ntwo.example\n");
    list.date_s = 1'700'000'000;
    BuildReport report;
    const Database built = must_build({list}, report);
    const std::string path = testing::TempDir() + "/dbv_" + std::to_string(::getpid());
    ASSERT_TRUE(built.write(path));
    auto image = read_file(path, MiB(1));
    ASSERT_TRUE(image);
    {
        const auto opened = Database::open(path);
        ASSERT_TRUE(opened);
        EXPECT_TRUE(opened->verify());
        EXPECT_EQ(opened->origin(0).date_s, 1'700'000'000u);
        EXPECT_GT(opened->made_s(), 1'700'000'000u);
    }
    std::string damaged = *image;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    ASSERT_TRUE(write_file_atomic(path, damaged));
    const auto opened = Database::open(path);
    ASSERT_TRUE(opened) << "the body is not read when a file is opened";
    EXPECT_EQ(opened->verify().error().code, ErrorCode::invalid);
    damaged = *image;
    damaged[sizeof("SEKIURL")] = 99;
    ASSERT_TRUE(write_file_atomic(path, damaged));
    EXPECT_EQ(Database::open(path).error().code, ErrorCode::invalid);
    std::filesystem::remove(path);
}

TEST(Database, ExpressionsAreCheckedOneByOne) {
    ListSource list = text_list("a/expressions", "x", "(/banner/|/ads?/)\n^[0-9]+\\.x$\n(unclosed\n(a)\\1\n");
    list.format = ListFormat::expressions;
    BuildReport report;
    const Database database = must_build({list}, report);
    ASSERT_EQ(database.expression_count(), 2u);
    EXPECT_EQ(database.expression(0).pattern, "(/banner/|/ads?/)");
    EXPECT_EQ(database.origin(database.expression(1).line).line, 2u);
    EXPECT_EQ(report.rejected_total, 2u);
    EXPECT_EQ(report.rejected[0].to_string().substr(0, 16), "a/expressions:3:");
    EXPECT_EQ(database.entries(), 2u);
}

TEST(Database, ImageSurvivesAFile) {
    BuildReport report;
    const Database built = must_build(
        {text_list("a", "x", "one.example\ntwo.example/p\n"), text_list("b", "y", "one.example\n")},
        report);
    const std::string path = testing::TempDir() + "/db_" + std::to_string(::getpid());
    ASSERT_TRUE(built.write(path));
    {
        const auto opened = Database::open(path);
        ASSERT_TRUE(opened) << opened.error().message();
        EXPECT_EQ(opened->entries(), 2u);
        EXPECT_EQ(opened->lines(opened->lookup(HostName("one.example"), {})).size(), 2u);
        EXPECT_TRUE(opened->lookup(HostName("two.example"), "/p/q"));
        EXPECT_EQ(opened->category_name(1), "y");
    }
    auto image = read_file(path, MiB(1));
    ASSERT_TRUE(image);
    EXPECT_TRUE(Database::from_image(as_bytes(*image)));
    for (std::size_t size = 0; size < image->size(); size += 7)
        EXPECT_FALSE(Database::from_image(as_bytes(*image).first(size))) << size;
    for (std::size_t at = 0; at < image->size(); at += 3) {
        std::string damaged = *image;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
        EXPECT_FALSE(Database::from_image(as_bytes(damaged))) << at;
    }
    std::filesystem::remove(path);
    EXPECT_EQ(Database::open(path).error().code, ErrorCode::not_found);
}

/// The lines of a file that are entries, in the spelling the database uses.
std::set<std::string> distinct_entries(const ListSource& source) {
    std::set<std::string> entries;
    std::ifstream file(source.path);
    LineParser parser(source.format);
    for (std::string line; std::getline(file, line);)
        parser.parse(line, [&](const Entry& entry) { entries.insert(entry.host + entry.path); });
    return entries;
}

TEST(Database, PublicListsAreTakenWhole) {
    const std::string folder = public_lists();
    if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << folder << " is not here";
    const auto sources = find_lists(folder);
    ASSERT_TRUE(sources);
    ASSERT_GE(sources->size(), 60u);
    BuildReport report;
    std::uint64_t told = 0;
    report.on_rejected = [&](const RejectedLine& line) { told += line.line > 0 && line.fault != EntryFault::none; };
    const Database database = must_build(*sources, report);
    std::set<std::string> all;
    std::size_t expressions = 0;
    for (std::size_t i = 0; i < sources->size(); ++i) {
        const auto entries = distinct_entries((*sources)[i]);
        EXPECT_EQ(report.sources[i].entries, entries.size()) << (*sources)[i].name;
        if ((*sources)[i].format == ListFormat::expressions) {
            expressions += entries.size();
            continue;
        }
        all.insert(entries.begin(), entries.end());
        for (const auto& entry : entries) {
            const auto slash = std::min(entry.find('/'), entry.size());
            const Match match = database.lookup(HostName(entry.substr(0, slash)), entry.substr(slash));
            ASSERT_TRUE(match) << entry;
            bool named = false;
            for (const auto line : database.lines(match))
                named |= database.origin(line).source == (*sources)[i].name;
            EXPECT_TRUE(named) << entry << " " << (*sources)[i].name;
        }
    }
    EXPECT_EQ(database.entries(), all.size() + expressions);
    EXPECT_EQ(told, report.rejected_total) << "each refused line is told";
    std::printf("%zu lists, %llu entries, %llu duplicates, %llu lines refused, %zu octets an entry\n",
                sources->size(), static_cast<unsigned long long>(report.entries),
                static_cast<unsigned long long>(report.duplicates_total),
                static_cast<unsigned long long>(report.rejected_total),
                report.image_bytes / report.entries);
    for (std::size_t i = 0; i < std::min<std::size_t>(report.rejected.size(), 5); ++i)
        std::printf("  %s\n", report.rejected[i].to_string().c_str());
}

}  // namespace
}  // namespace sekisho::urlfilter
