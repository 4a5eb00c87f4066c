// Orders of the SOC from the command line: made at the SOC, obeyed at the box once, undone by the admin.
#include <gtest/gtest.h>

#include <sstream>

#include "cli/box.h"
#include "cli/table.h"

namespace sekisho::cli {
namespace {

struct OrderCommands : Box {
    void SetUp() override {
        Box::SetUp();
        settings("orders:\n  key_file: " + folder_ + "/soc.key.pub\n  state_file: " + folder_ + "/orders\n  never: [192.168.1.1]\n");
        fast_answers_["quarantine"] = [](const auto&) { return control::Reply{true, "{\"hosts\":1}"}; };
        ASSERT_EQ(say({"soc-order", "key", path("soc.key")}), Exit::done) << said;
    }
    void settings(const std::string& orders) {
        write("sekisho.yaml", "version: 1\nbox_name: factory-7\nrun_folder: " + folder_ + "\nrules:\n  local_file: " + folder_ +
                                  "/local.rules\nfastpath:\n  quarantine_file: " + folder_ + "/quarantine\n" + orders);
    }
    Exit say(const Words& words, std::map<std::string, std::string, std::less<>> options = {}) {
        std::ostringstream out, err;
        Context context(out, err);
        context.config_file = path("sekisho.yaml");
        context.options = std::move(options);
        const Exit exit = run_words(context, words);
        said = out.str() + err.str();
        return exit;
    }
    /// An order of the SOC in the file "order".
    void order(const std::string& host, const std::string& action = "add", const std::string& box = "factory-7") {
        std::map<std::string, std::string, std::less<>> options{{"--key", path("soc.key")}, {"--box", box},        {"--host", host},
                                                                {"--action", action},       {"--reason", "calls home"}, {"--sequence", std::to_string(++sequence)}};
        if (action == "add") options["--for"] = "8h";
        ASSERT_EQ(say({"soc-order", "make"}, options), Exit::done) << said;
        write("order", said);
    }
    Exit apply() { return say({"quarantine", "apply", path("order")}); }
    std::string said;
    int sequence = 100;
};

TEST_F(OrderCommands, AreObeyedOnceAuditedAndUndone) {
    start_fastpath();
    order("192.168.1.66");
    ASSERT_EQ(apply(), Exit::done) << said;
    EXPECT_EQ(asked("quarantine"), 1U);
    EXPECT_NE(said.find("192.168.1.66 is cut off until"), std::string::npos) << said;
    EXPECT_NE(read("quarantine").find(" [SOC] calls home\n"), std::string::npos);
    EXPECT_NE(read("audit.log").find("SOC order 101: cut off 192.168.1.66 for 28800 s, issued "), std::string::npos) << read("audit.log");
    EXPECT_EQ(read("orders"), "101\n");
    EXPECT_EQ(apply(), Exit::failed);  // replayed
    EXPECT_NE(said.find("was obeyed before"), std::string::npos) << said;
    ASSERT_EQ(say({"quarantine", "remove", "192.168.1.66"}), Exit::done);  // by the admin
    EXPECT_EQ(apply(), Exit::failed);                                       // and it stays so
    EXPECT_EQ(read("quarantine").find("192.168.1.66"), std::string::npos);
    order("192.168.1.67");
    ASSERT_EQ(apply(), Exit::done) << said;
    order("192.168.1.67", "remove");
    ASSERT_EQ(apply(), Exit::done) << said;
    EXPECT_EQ(read("quarantine").find("192.168.1.67"), std::string::npos);
}

TEST_F(OrderCommands, WhatIsRefusedChangesNothing) {
    ASSERT_EQ(say({"quarantine", "add", "192.168.1.70"}, {{"--reason", "by hand"}}), Exit::done) << said;
    const std::string before = read("quarantine");
    const auto refused = [&](const char* words) {
        EXPECT_EQ(apply(), Exit::failed);
        EXPECT_NE(said.find(words), std::string::npos) << said;
        EXPECT_EQ(read("quarantine"), before);
        EXPECT_EQ(read("orders"), "(none)");
    };
    order("192.168.1.1");
    refused("never cut off");
    order("192.168.1.70", "remove");
    refused("by the admin");
    order("192.168.1.66", "add", "factory-8");
    refused("is for box 'factory-8'");
    order("192.168.1.66");
    std::string text = read("order");
    text.replace(text.find("1.66"), 4, "1.67");
    write("order", text);
    refused("not signed by the SOC's key");
    write("order", text.substr(0, 40));
    refused("has no signature");
    write("order", std::string(5000, 'x'));
    EXPECT_EQ(apply(), Exit::failed);
    order("192.168.1.66");
    settings("");
    refused("are switched off");
}

TEST_F(OrderCommands, MistakesAtTheSocAreExplained) {
    EXPECT_EQ(say({"soc-order", "key", path("soc.key")}), Exit::failed);  // never written over
    EXPECT_EQ(say({"soc-order", "make"}, {{"--key", path("soc.key")}}), Exit::usage);
    EXPECT_NE(said.find("--box is needed"), std::string::npos);
    EXPECT_EQ(say({"soc-order", "make"}, {{"--key", path("none.key")}, {"--box", "a"}, {"--host", "192.168.1.1"}, {"--action", "add"}, {"--reason", "x"}}), Exit::failed);
    EXPECT_EQ(read("none.key"), "(none)");
    settings("orders: {key_file: /etc/sekisho/soc.pub}\n");
    EXPECT_NE(say({"config", "check", path("sekisho.yaml")}), Exit::done);
    EXPECT_NE(said.find("orders.never"), std::string::npos) << said;
}

}  // namespace
}  // namespace sekisho::cli
