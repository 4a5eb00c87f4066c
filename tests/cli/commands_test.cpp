#include <gmock/gmock.h>

#include "cli/box.h"
#include "sekisho/config/load.h"

namespace sekisho::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class Commands : public Box {};

TEST_F(Commands, StatusTellsBothDaemonsAndWhoIsMissing) {
    fast_answers_["status"] = [](const auto&) {
        return control::Reply{
            true,
            R"({"mode":"inspect","policy":{"loaded":60},"ports":[{"name":"lan","link":"up"},{"name":"wan","link":"down"}]})"};
    };
    start_fastpath();
    EXPECT_EQ(run({"status"}), 1) << "the slow path is missing";
    EXPECT_THAT(out(), HasSubstr("name  link\n  lan   up\n  wan   down\n"));
    EXPECT_THAT(out(), HasSubstr("the slow path is not running"));
    slow_answers_["status"] = [](const auto&) {
        return control::Reply{true, R"({"alerts":{"High":1}})"};
    };
    start_slowpath();
    EXPECT_EQ(run({"status"}), 0);
    EXPECT_EQ(run({"status"}, true), 0);
    EXPECT_THAT(out(), HasSubstr(R"("slowpath":{"alerts":{"High":1}})"));
    EXPECT_EQ(run({"counters", "third"}), 2);
}

TEST_F(Commands, AlertsShowSeverityFirst) {
    slow_answers_["alerts"] = [](const control::Request& request) {
        if (!request.args.empty() && request.args[0] != "5")
            return control::Reply{false, "bad limit"};
        return control::Reply{
            true,
            R"({"id":3,"severity":"High","outcome":"succeeded","host":"192.168.1.9","last_seen":"2026-11-23T01:02:03.000004+0000","count":12,"title":{"ja":"C&C 通信","en":"Call to a command server"}})"
            "\n"};
    };
    slow_answers_["alert"] = [](const control::Request& request) {
        if (request.args.at(0) != "3") return control::Reply{false, "there is no alert 4"};
        return control::Reply{
            true,
            R"({"id":3,"severity":"High","title":{"en":"Call to a command server"},"advice":{"en":"Unplug it."},"evil":"\u001b[2J"})"};
    };
    EXPECT_EQ(run({"alerts"}), 1);
    start_slowpath();
    EXPECT_EQ(run({"alerts", "5"}), 0) << err();
    EXPECT_THAT(out(),
                HasSubstr("High      3   2026-11-23 01:02:03  12     succeeded  192.168.1.9"));
    EXPECT_EQ(run({"alerts", "show", "3"}), 0);
    EXPECT_THAT(out(), HasSubstr("Unplug it."));
    EXPECT_THAT(out(), Not(HasSubstr("\x1b"))) << "nothing from the wire steers the terminal";
    EXPECT_EQ(run({"alerts", "show", "4"}), 1);
    EXPECT_THAT(err(), HasSubstr("there is no alert 4"));
    EXPECT_EQ(run({"alerts", "many"}), 2);
    EXPECT_EQ(run({"alerts", "severity=high"}), 1) << "what the daemon refuses is told";
    EXPECT_THAT(err(), HasSubstr("bad limit"));
    EXPECT_EQ(run({"alerts", "show", "x"}), 2);
}

TEST_F(Commands, NoAlertsIsSaid) {
    slow_answers_["alerts"] = [](const auto&) { return control::Reply{true, "[]"}; };
    start_slowpath();
    EXPECT_EQ(run({"alerts"}), 0);
    EXPECT_EQ(out(), "no alerts\n");
}

TEST_F(Commands, UrlsAreAllowedDeniedTestedAndTakenBack) {
    start_fastpath();
    EXPECT_EQ(run({"url", "deny", "Bad.Example"}), 0) << err();
    EXPECT_EQ(run({"url", "allow", "good.example/path"}), 0) << err();
    EXPECT_THAT(read("url.txt"), HasSubstr("deny bad.example"));
    EXPECT_EQ(asked("reload"), 2u);
    EXPECT_EQ(run({"url", "deny", "bad.example"}), 0);
    EXPECT_EQ(asked("reload"), 2u) << "nothing changed";
    EXPECT_EQ(run({"url", "list"}), 0);
    EXPECT_THAT(out(), HasSubstr("deny    bad.example"));
    EXPECT_EQ(run({"url", "allow", "no host at all"}), 1);
    EXPECT_EQ(run({"url", "remove", "bad.example"}), 0) << err();
    EXPECT_EQ(run({"url", "remove", "bad.example"}), 1);
}

TEST_F(Commands, UrlTestAnswersFromTheListsWhenNothingRuns) {
    write("url.txt", "deny bad.example\n");
    EXPECT_EQ(run({"url", "test", "https://www.bad.example/x"}, true), 0) << err();
    EXPECT_THAT(out(), HasSubstr(R"("action":"block","category":"admin-deny")"));
    EXPECT_THAT(err(), HasSubstr("not running"));
}

TEST_F(Commands, ConfigurationIsSetComparedCommittedAndRolledBack) {
    start_fastpath();
    EXPECT_EQ(run({"config", "set", "url.contact", "\"情シス 内線 12\""}), 0) << err();
    EXPECT_EQ(run({"config", "diff"}), 0);
    EXPECT_THAT(out(), HasSubstr("contact: \"情シス 内線 12\""));
    EXPECT_EQ(run({"config", "commit"}), 0) << err();
    EXPECT_THAT(out(), HasSubstr("changed: url.contact"));
    EXPECT_EQ(asked("reload"), 1u);
    EXPECT_EQ(run({"config", "show", "url.contact"}), 0);
    EXPECT_EQ(out(), "\"情シス 内線 12\"\n");
    EXPECT_EQ(run({"config", "set", "fastpath.workers", "2"}), 0);
    EXPECT_EQ(run({"config", "commit"}), 0);
    EXPECT_THAT(out(), HasSubstr("systemctl restart sekisho-fastpathd"));
    EXPECT_EQ(run({"config", "rollback"}), 0) << err();
    EXPECT_EQ(run({"config", "rollback", "1"}), 0) << err();
    EXPECT_EQ(config::load_settings(path("sekisho.yaml"))->url.contact, "");
    EXPECT_EQ(run({"config", "history"}), 0);
    EXPECT_THAT(out(), HasSubstr("in force"));
    EXPECT_EQ(run({"config", "rollback", "99"}), 1);
    EXPECT_EQ(run({"config", "rollback", "last"}), 2);
}

TEST_F(Commands, ACommitThatTheFastPathRefusesIsRolledBack) {
    fast_answers_["reload"] = [](const auto&) {
        return control::Reply{false, "rule file /gone.rules cannot be read"};
    };
    start_fastpath();
    const auto before = read("sekisho.yaml");
    EXPECT_EQ(run({"config", "set", "rules.files", "[/gone.rules]"}), 0);
    EXPECT_EQ(run({"config", "commit"}), 1);
    EXPECT_THAT(err(), HasSubstr("/gone.rules cannot be read"));
    EXPECT_THAT(err(), HasSubstr("rolled back"));
    EXPECT_EQ(read("sekisho.yaml"), before);
    EXPECT_THAT(read("sekisho.yaml.candidate"), HasSubstr("/gone.rules")) << "kept to be mended";
}

TEST_F(Commands, ConfigCheckTellsAllMistakes) {
    EXPECT_EQ(run({"config", "check"}), 0);
    write("wrong.yaml", "fastpath:\n  workers: 0\n  wrkers: 2\n");
    EXPECT_EQ(run({"config", "check", path("wrong.yaml")}), 1);
    EXPECT_THAT(out(), HasSubstr("wrong.yaml:2: fastpath.workers"));
    EXPECT_THAT(out(), HasSubstr("did you mean 'workers'"));
    EXPECT_THAT(out(), HasSubstr("2 mistakes"));
    EXPECT_EQ(run({"config", "set", "no.such", "1"}), 1);
    EXPECT_EQ(run({"config", "discard"}), 1);
    EXPECT_EQ(run({"config", "commit"}), 1);
}

TEST_F(Commands, BrokenSettingsAreTold) {
    write("sekisho.yaml", "fastpath:\n  workers: none\n");
    EXPECT_EQ(run({"status"}), 1);
    EXPECT_THAT(err(), HasSubstr("sekisho.yaml:2: fastpath.workers: is 'none'"));
}

TEST_F(Commands, WordsThatAreNoCommandAreExplained) {
    EXPECT_EQ(run({}), 2);
    EXPECT_EQ(run({"reboot"}), 2);
    EXPECT_THAT(err(), HasSubstr("'reboot' is not a command"));
    EXPECT_EQ(run({"rules", "delete", "1"}), 2);
    EXPECT_THAT(err(), HasSubstr("rules add"));
    EXPECT_THAT(err(), Not(HasSubstr("config set")));
    EXPECT_EQ(run({"rules", "add"}), 2);
    EXPECT_THAT(err(), HasSubstr("usage: sekisho rules add 'RULE'"));
    EXPECT_EQ(run({"rules", "add", "a", "b"}), 2);
    EXPECT_EQ(run({"help"}), 0);
    EXPECT_EQ(run({"version"}), 0);
}

}  // namespace
}  // namespace sekisho::cli
