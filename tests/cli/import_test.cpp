#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "cli/box.h"

namespace sekisho::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class Import : public Box {
  protected:
    void SetUp() override {
        Box::SetUp();
        write("sekisho.yaml", "version: 1\nrun_folder: " + folder_ + "\nrules:\n  files: [" + folder_ +
                                  "/imported/*.rules]\n  local_file: " + folder_ + "/local.rules\n  overrides_file: " +
                                  folder_ + "/overrides.txt\n");
        std::filesystem::create_directories(path("set/rules"));
        write("set/rules/web.rules",
              "alert http any any -> any any (msg:\"uri\"; http.uri; content:\"/rare-path-a\"; sid:10; rev:1;)\n"
              "alert http any any -> any any (msg:\"uri newer\"; http.uri; content:\"/rare-path-b\"; sid:10; rev:2;)\n"
              "# alert tcp any any -> any any (msg:\"off\"; content:\"needle\"; sid:11;)\n"
              "alert tcp any any -> any any (msg:\"bad\"; nonsense:1; sid:12;)\n");
        write("set/rules/bits.rules",
              "# alert tcp any any -> any any (msg:\"sets\"; content:\"one\"; flowbits:set,x; flowbits:noalert; sid:20;)\n"
              "alert tcp any any -> any any (msg:\"asks\"; content:\"two\"; flowbits:isset,x; sid:21;)\n");
        write("set/README.txt", "not a rule, and no rule names it\n");
    }
    std::string imported() const { return read("imported/imported.rules"); }
};

TEST_F(Import, TakesAFolderAndSaysWhatBecameOfIt) {
    ASSERT_EQ(run({"rules", "import", path("set")}), 0) << err();
    EXPECT_THAT(imported(), HasSubstr("\nalert http any any -> any any (msg:\"uri newer\""));
    EXPECT_THAT(imported(), Not(HasSubstr("rev:1;"))) << "the higher revision counts";
    EXPECT_THAT(imported(), HasSubstr("\n# alert tcp any any -> any any (msg:\"off\""));
    EXPECT_THAT(imported(), HasSubstr("\nalert tcp any any -> any any (msg:\"sets\"")) << "an enabled rule needs its bit";
    EXPECT_THAT(out(), HasSubstr("5 rules of 2 files"));
    EXPECT_THAT(out(), HasSubstr("sid 12"));
    EXPECT_THAT(out(), HasSubstr("nonsense"));
}

TEST_F(Import, TakesAnArchiveAndAppliesTheEdits) {
    ASSERT_EQ(std::system(("cd " + folder_ + " && tar czf set.tar.gz set").c_str()), 0);
    write("disable.conf", "10  # not here\n");
    write("enable.conf", "re:needle\n");
    write("drop.conf", "group:bits\n");
    write("modify.conf", "21 \"two\" \"three\"\n");
    ASSERT_EQ(run({"rules", "import", path("set.tar.gz"), "disable=" + path("disable.conf"), "enable=" + path("enable.conf"),
                   "drop=" + path("drop.conf"), "modify=" + path("modify.conf"), "name=public"}),
              0)
        << err();
    const std::string text = read("imported/public.rules");
    EXPECT_THAT(text, HasSubstr("\n# alert http any any"));
    EXPECT_THAT(text, HasSubstr("\nalert tcp any any -> any any (msg:\"off\""));
    EXPECT_THAT(text, HasSubstr("\ndrop tcp any any -> any any (msg:\"asks\"; content:\"three\""));
    EXPECT_THAT(text, HasSubstr("\nalert tcp any any -> any any (msg:\"sets\"")) << "a rule that keeps state does not block";
}

TEST_F(Import, AnythingWrongChangesNothing) {
    ASSERT_EQ(run({"rules", "import", path("set/rules/bits.rules")}), 0) << err();
    const std::string before = imported();
    write("bad.conf", "10\nwhat is this\n");
    EXPECT_EQ(run({"rules", "import", path("set"), "disable=" + path("bad.conf")}), 1);
    EXPECT_THAT(err(), HasSubstr("bad.conf:2"));
    EXPECT_EQ(run({"rules", "import", path("nowhere")}), 1);
    EXPECT_EQ(run({"rules", "import", path("set"), "name=../up"}), 1);
    std::filesystem::create_directory(path("empty"));
    EXPECT_EQ(run({"rules", "import", path("empty")}), 1);
    EXPECT_THAT(err(), HasSubstr(".rules"));
    EXPECT_EQ(imported(), before);
}

TEST_F(Import, AFileThatNobodyReadsIsRefused) {
    write("sekisho.yaml", "version: 1\nrun_folder: " + folder_ + "\nrules:\n  files: []\n  local_file: " + folder_ + "/local.rules\n");
    EXPECT_EQ(run({"rules", "import", path("set")}), 1);
    EXPECT_THAT(err(), HasSubstr("rules.files"));
    EXPECT_FALSE(std::filesystem::exists(path("imported/imported.rules")));
}

TEST_F(Import, ExplainTellsHowARuleIsFound) {
    ASSERT_EQ(run({"rules", "import", path("set")}), 0) << err();
    ASSERT_EQ(run({"rules", "explain", "10"}), 0) << err();
    EXPECT_THAT(out(), HasSubstr("a message rule"));
    EXPECT_THAT(out(), HasSubstr("found by the literal http.uri"));
    EXPECT_THAT(out(), HasSubstr("http.uri: content \"/rare-path-b\""));
    EXPECT_EQ(run({"rules", "explain", "999"}), 1);
}

}  // namespace
}  // namespace sekisho::cli
