// Lists from files and folders into the database, entries that end, and the answers of the decision log.
#include <gmock/gmock.h>

#include <fstream>

#include "cli/box.h"

namespace sekisho::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class Urls : public Box {
  protected:
    void SetUp() override {
        Box::SetUp();
        write("sekisho.yaml", read("sekisho.yaml") + "  database: " + path("urls.db") + "\n  categories: {games: block}\n");
        list("lists/games/domains", 100);
        list("lists/chat/domains", 10);
    }
    void list(const std::string& name, int entries) {
        std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
        std::ofstream out(path(name));
        for (int i = 0; i < entries; ++i) out << "n" << i << "." << std::filesystem::path(name).parent_path().filename().string() << ".example\n";
    }
};

TEST_F(Urls, AFolderIsImportedGuardedAndForgotten) {
    EXPECT_EQ(run_line({"url", "import", path("lists"), "mine"}), 0) << err();
    EXPECT_THAT(out(), HasSubstr("110 names and URLs of 2 lists"));
    EXPECT_EQ(run({"url", "test", "www.n7.games.example"}, true), 0);
    EXPECT_THAT(out(), HasSubstr(R"("action":"block","category":"games","list":"mine/games/domains:8")"));
    EXPECT_THAT(out(), HasSubstr(R"("since":"20)"));

    list("lists/games/domains", 20);
    EXPECT_EQ(run_line({"url", "import", path("lists"), "mine"}), 1);
    EXPECT_THAT(err(), HasSubstr("kept the last good one: "));
    EXPECT_THAT(err(), HasSubstr("has shrunk from 110 to 30 entries"));
    EXPECT_EQ(run({"url", "test", "n99.games.example"}, true), 0);
    EXPECT_THAT(out(), HasSubstr("block"));

    EXPECT_EQ(run_line({"url", "forget", "mine"}), 0) << err();
    EXPECT_EQ(run({"url", "test", "n7.games.example"}, true), 0);
    EXPECT_THAT(out(), HasSubstr(R"("action":"allow")"));
    EXPECT_EQ(run_line({"url", "forget", "mine"}), 1);
}

TEST_F(Urls, SingleListsNeedACategoryAndTellTheirFormat) {
    write("block.txt", "[Adblock Plus 2.0]\n||ads.example^\n||cond.example^$popup\n");
    EXPECT_EQ(run_line({"url", "import", path("block.txt")}), 1);
    EXPECT_THAT(err(), HasSubstr("a single list needs a category"));
    EXPECT_EQ(run_line({"url", "import", path("block.txt"), "--category", "games"}), 0) << err();
    EXPECT_THAT(err(), HasSubstr("left out: block.txt/block.txt:3: a filter with conditions"));
    EXPECT_THAT(read("urls.db.rejected"), HasSubstr("block.txt/block.txt:3:"));
    EXPECT_EQ(run({"url", "test", "x.ads.example"}, true), 0);
    EXPECT_THAT(out(), HasSubstr("block.txt/block.txt:2"));
    EXPECT_EQ(run_line({"url", "import", path("absent"), "--category", "games"}), 1);
    EXPECT_EQ(run_line({"url", "import", path("block.txt"), "../evil", "--category", "games"}), 1);
    EXPECT_EQ(run_line({"url", "import", path("block.txt"), "x", "--category", "games", "--format", "prose"}), 1);
    EXPECT_EQ(run_line({"url", "update"}), 0) << "no sources: a timer may ask all the same";
    EXPECT_THAT(out(), HasSubstr("url.sources names no list"));
    EXPECT_EQ(run_line({"url", "update", "absent"}), 1);
    EXPECT_THAT(err(), HasSubstr("names no list 'absent'"));
}

TEST_F(Urls, EntriesMayEnd) {
    EXPECT_EQ(run_line({"url", "allow", "good.example", "--for", "1h", "--reason", "the fair"}), 0) << err();
    EXPECT_THAT(read("url.txt"), HasSubstr("allow good.example until 20"));
    EXPECT_THAT(read("url.txt"), HasSubstr("# the fair"));
    EXPECT_EQ(run_line({"url", "list"}), 0);
    EXPECT_THAT(out(), HasSubstr("the fair"));
    EXPECT_EQ(run_line({"url", "allow", "good.example", "--for", "soon"}), 1);
    EXPECT_EQ(run_line({"url", "list", "--for", "1h"}), 2) << "no option of this command";
}

TEST_F(Urls, WhySpeaksInSentences) {
    slow_answers_["why"] = [](const control::Request& request) {
        if (request.args.size() == 1) return control::Reply{true, ""};
        EXPECT_EQ(request.args[1], "play.example");
        return control::Reply{true, R"({"time":"2026-11-27T12:00:00.000000+0000","incident":1000007,"client":"192.168.0.7","host":"play.example","url":"/x","port":80,"decision":"block","outcome":"blocked","category":"games","list":"ut1/games/domains:3"})"
                                    "\n"};
    };
    slow_answers_["url-stats"] = [](const control::Request& request) {
        EXPECT_EQ(request.args.front(), "30");
        return control::Reply{true, R"({"day":"2026-11-27","client":"192.168.0.7","category":"adware","stopped":12,"passed":0})" "\n"};
    };
    start_slowpath();
    EXPECT_EQ(run({"why", "192.168.0.7", "https://play.example/x", "2026-11-27T12:00:00Z"}), 0) << err();
    EXPECT_THAT(out(), HasSubstr("2026-11-27 12:00:00  incident 1000007: 192.168.0.7 asked for play.example/x on port 80."));
    EXPECT_THAT(out(), HasSubstr("decision: block (blocked), category games, because of ut1/games/domains:3."));
    EXPECT_EQ(run({"why", "1000008"}), 0);
    EXPECT_THAT(out(), HasSubstr("no decision has this number"));
    EXPECT_EQ(run({"why", "192.168.0.7", "play.example", "noon"}), 1);
    EXPECT_EQ(run_line({"url", "stats", "--days", "30"}), 0) << err();
    EXPECT_THAT(out(), HasSubstr("adware"));
}

}  // namespace
}  // namespace sekisho::cli
