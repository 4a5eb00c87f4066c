// The words of `sekisho replay`: what is taken, and what the person reads who made a mistake.
#include "replay/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sekisho::replay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<Options> parse(std::vector<std::string> words) {
    words.insert(words.begin(), "replay");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    return parse_options(static_cast<int>(argv.size()), argv.data());
}

TEST(ReplayOptions, TakesWhatTheUsageNames) {
    const auto options = parse({"--rules", "a.rules", "--rules", "b.rules", "--json", "--stats", "--home-net", "10.0.0.0/8",
                                "--set", "mode=ips", "--set", "checksum=auto", "--set", "vars.HTTP_PORTS=[80,8080]", "--set",
                                "stream.midstream=true", "--set", "stream.reassembly.depth=2mb", "--set", "bpf=tcp port 80",
                                "--repeat", "3", "--urls", "lists", "--url-action", "games=block", "one.pcap", "two.pcap"});
    ASSERT_TRUE(options) << options.error().message();
    EXPECT_THAT(options->settings.rules.files, ElementsAre("a.rules", "b.rules"));
    EXPECT_THAT(options->captures, ElementsAre("one.pcap", "two.pcap"));
    EXPECT_EQ(options->settings.rules.variables.at("HOME_NET"), "10.0.0.0/8");
    EXPECT_EQ(options->settings.rules.variables.at("HTTP_PORTS"), "[80,8080]");
    EXPECT_EQ(options->pipeline.enforcement, engine::Enforcement::enforce);
    EXPECT_TRUE(options->pipeline.verify_checksums);
    EXPECT_TRUE(options->pipeline.midstream);
    EXPECT_EQ(options->pipeline.stream_depth_bytes, 2u << 20);
    EXPECT_EQ(options->bpf, "tcp port 80");
    EXPECT_EQ(options->repeat, 3u);
    EXPECT_TRUE(options->settings.url.enabled);
    EXPECT_EQ(options->settings.url.categories.at("games"), config::UrlAction::block);
    EXPECT_TRUE(options->json && options->stats && !options->trace);
}

TEST(ReplayOptions, ObservesUnlessToldOtherwise) {
    const auto options = parse({"one.pcap"});
    ASSERT_TRUE(options);
    EXPECT_EQ(options->pipeline.enforcement, engine::Enforcement::observe);
    EXPECT_FALSE(options->settings.url.enabled);
    EXPECT_FALSE(options->json);
}

TEST(ReplayOptions, KeysOfOtherEnginesMeanNothingHere) {
    EXPECT_TRUE(parse({"--set", "detect.profile=high", "one.pcap"}));
}

TEST(ReplayOptions, ProtocolsAreFollowedAsTold) {
    const auto options = parse({"--set", "app-layer.protocols.smb.enabled=no", "--set", "app-layer.protocols.snmp.enabled=detection-only",
                                "--set", "app-layer.protocols.nfs.tcp.enabled=no", "--set", "app-layer.protocols.template.enabled=yes",
                                "one.pcap"});
    ASSERT_TRUE(options) << options.error().message();
    const app::ParserSelection& protocols = options->pipeline.protocols;
    EXPECT_EQ(protocols.find(app::Protocol::smb, app::Transport::tcp), nullptr);
    EXPECT_EQ(protocols.find(app::Protocol::nfs, app::Transport::tcp), nullptr);
    EXPECT_NE(protocols.find(app::Protocol::nfs, app::Transport::udp), nullptr);
    const app::Parser* snmp = protocols.find(app::Protocol::snmp, app::Transport::udp);
    ASSERT_NE(snmp, nullptr);
    EXPECT_FALSE(protocols.parses(*snmp, app::Transport::udp));
}

TEST(ReplayOptions, NamesTheWordThatIsWrong) {
    const std::pair<std::vector<std::string>, std::string> cases[] = {
        {{"--frobnicate"}, "--frobnicate"},
        {{"--rules"}, "--rules wants a value"},
        {{"--set", "mode"}, "KEY=VALUE"},
        {{"--set", "mode=both"}, "mode=both"},
        {{"--set", "flows=many"}, "flows=many"},
        {{"--set", "app-layer.protocols.smb.enabled=perhaps"}, "wants yes, no or detection-only"},
        {{"--set", "flows=1"}, "flows=1"},
        {{"--set", "stream.reassembly.depth=deep"}, "stream.reassembly.depth=deep"},
        {{"--url-action", "games"}, "allow|alert|block"},
        {{"--url-action", "games=shoot"}, "games=shoot"},
        {{"--repeat", "0"}, "1 to 1000"},
        {{"--repeat", "x"}, "1 to 1000"},
        {{"--list", "/nonexistent/list"}, "/nonexistent/list"},
    };
    for (const auto& [words, part] : cases) {
        const auto options = parse(words);
        ASSERT_FALSE(options) << words[0];
        EXPECT_THAT(options.error().message(), HasSubstr(part));
    }
}

}  // namespace
}  // namespace sekisho::replay
