// Words, options, completion, tables, JSON: what needs no box.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "cli/json.h"
#include "cli/options.h"
#include "cli/table.h"
#include "cli/text_table.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"

namespace sekisho::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST(SplitLine, KeepsWhatQuotesKeep) {
    EXPECT_EQ(*split_line("  rules add  'alert (msg:\"a b\\;\")' "),
              (Words{"rules", "add", "alert (msg:\"a b\\;\")"}));
    EXPECT_EQ(*split_line("a\\ b \"c \\\" d\" ''"), (Words{"a b", "c \" d", ""}));
    EXPECT_EQ(*split_line(" \t"), Words{});
    EXPECT_FALSE(split_line("rules add 'x"));
}

TEST(Options, AreTakenOutWhereverTheyStand) {
    std::ostringstream out, err;
    Context context(out, err);
    EXPECT_EQ(*parse_options({"rules", "--json", "list", "--config", "/x", "sql"}, context),
              (Words{"rules", "list", "sql"}));
    EXPECT_TRUE(context.json);
    EXPECT_EQ(context.config_file, "/x");
    EXPECT_EQ(*parse_options({"config", "set", "url.contact", "--", "-x"}, context),
              (Words{"config", "set", "url.contact", "-x"}));
    EXPECT_EQ(*parse_options({"--version"}, context), Words{"version"});
    EXPECT_EQ(*parse_options({"rules", "--help"}, context), (Words{"help", "rules"}));
    EXPECT_EQ(*parse_options({"config", "set", "rules.files", "[a, b]"}, context),
              (Words{"config", "set", "rules.files", "[a, b]"}));
    EXPECT_FALSE(parse_options({"status", "--jsn"}, context));
    EXPECT_FALSE(parse_options({"status", "--config"}, context));
    EXPECT_EQ(*parse_options({}, context), Words{});
}

/// The table says which command takes which option; the options' door must know each of them.
TEST(Options, EachOptionOfTheTableIsKnown) {
    for (const Command& command : all_commands())
        for (const auto name : split(command.options, ' ')) {
            if (name.empty()) continue;
            std::ostringstream out, err;
            Context context(out, err);
            EXPECT_TRUE(parse_options({std::string(command.name), std::string(name), "x"}, context)) << command.name << " " << name;
            EXPECT_EQ(context.option(name), "x");
        }
}

TEST(Completions, ComeFromTheTables) {
    EXPECT_THAT(completions({}, "al"), ElementsAre("alerts"));
    EXPECT_THAT(completions({}, ""), Contains("config"));
    EXPECT_THAT(completions({"rules"}, "d"), ElementsAre("disable", "drop"));
    EXPECT_THAT(completions({"config", "set"}, "fastpath.w"), ElementsAre("fastpath.workers"));
    EXPECT_THAT(completions({"config", "set", "fastpath.workers"}, ""), IsEmpty());
    EXPECT_THAT(completions({}, "docs"), IsEmpty()) << "hidden";
    EXPECT_THAT(completions({"nonsense"}, ""), IsEmpty());
}

TEST(Table, NamesAreOneOrTwoWordsAndUnique) {
    std::set<std::string_view> names;
    for (const Command& command : all_commands()) {
        EXPECT_LE(std::count(command.name.begin(), command.name.end(), ' '), 1) << command.name;
        EXPECT_TRUE(names.insert(command.name).second) << command.name;
        EXPECT_NE(command.run, nullptr);
        EXPECT_LE(command.least_args, command.most_args);
        EXPECT_FALSE(command.help.empty());
    }
}

TEST(Table, TheReferenceIsFresh) {
    EXPECT_EQ(read_file(std::string(SEKISHO_SOURCE_DIR) + "/docs/cli.md", 1 << 20).value_or(""),
              command_reference())
        << "run: sekisho docs cli > docs/cli.md";
}

TEST(TextTable, AlignsWideCharactersAndKeepsTheTerminalSafe) {
    EXPECT_EQ(columns_of("abc"), 3u);
    EXPECT_EQ(columns_of("通信"), 4u);
    EXPECT_EQ(columns_of("が"), 2u);
    EXPECT_EQ(columns_of("\xff\xfe"), 2u);
    EXPECT_EQ(columns_of("\xe9\x80"), 2u) << "cut in the middle";
    TextTable table({"A", "B"});
    table.add({"通信", "x\x1b[31m"});
    EXPECT_EQ(table.text(), "A     B\n通信  x.[31m\n");
    EXPECT_EQ(printable("a\xc2\x9b"
                        "b"),
              "a..b");
}

TEST(Json, ReadsWhatDaemonsSay) {
    const auto value =
        parse_json(R"( {"a":[1,-2.5e3,true,null,"\u00e9\ud83d\ude00\n"],"b":{"c":{}}} )");
    ASSERT_TRUE(value);
    EXPECT_EQ((*value)["a"].items().size(), 5u);
    EXPECT_EQ((*value)["a"].items()[0].number(), 1);
    EXPECT_EQ((*value)["a"].items()[2].text(), "yes");
    EXPECT_EQ((*value)["a"].items()[4].text(), "é😀\n");
    EXPECT_TRUE((*value)["b"]["c"].is_object());
    EXPECT_EQ((*value)["none"]["at"]["all"].text(), "");
    EXPECT_EQ(parse_json_lines("{}\n\n[1,2]\n3\n")->size(), 4u);
}

TEST(Json, RefusesWhatIsNot) {
    for (const char* text : {"", "{", "[1,", "{\"a\"}", "{\"a\":}", "\"x", "\"\\x\"", "\"\\ud800\"",
                             "\"\\udc00\"", "tru", "1 2", "[1]]", "{1:2}"})
        EXPECT_FALSE(parse_json(text)) << text;
    EXPECT_EQ(parse_json(std::string(100000, '[')).error().code, ErrorCode::limit);
}

}  // namespace
}  // namespace sekisho::cli
