// Applications: recognised, told in flow records, asked for by rules, allowed, told or blocked.
#include <gmock/gmock.h>

#include "pipeline_rig.h"

namespace sekisho::engine {
namespace {

using namespace std::string_view_literals;
using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kReserved = "\0\0\0\0\0\x10\0\5"sv;

std::string handshake() {
    return "\x13" "BitTorrent protocol" + std::string(kReserved) + std::string(20, 'h') + "-TR3000-abcdefghijkl";
}

TcpTalk torrent() {
    return TcpTalk("192.168.0.5", 40000, "203.0.113.9", 51413).open().client(handshake()).server(handshake()).client("\0\0\0\1\2"sv);
}

config::Settings settings_with(std::map<std::string, config::ApplicationAction> groups, std::map<std::string, config::ApplicationAction> named = {}) {
    config::Settings settings = no_filter();
    settings.applications.enabled = true;
    settings.applications.groups = std::move(groups);
    settings.applications.named = std::move(named);
    return settings;
}

PipelineConfig watching(Enforcement enforcement = Enforcement::observe, std::size_t flows = 64) {
    PipelineConfig config = small_config(enforcement);
    config.application_flows = flows;
    return config;
}

constexpr auto kAlert = config::ApplicationAction::alert;
constexpr auto kBlock = config::ApplicationAction::block;
constexpr auto kAllow = config::ApplicationAction::allow;

TEST(Application, AGroupIsToldOnceAFlow) {
    Rig rig(policy_of("", settings_with({{"p2p", kAlert}})), watching(Enforcement::enforce));
    for (const auto& judged : rig.feed(torrent().frames())) EXPECT_EQ(judged.verdict, Verdict::pass);
    const auto alerts = rig.events(event::Kind::alert);
    ASSERT_EQ(alerts.size(), 1u);
    EXPECT_EQ(alerts[0]->get(event::Text::signature), "Application BitTorrent (p2p)");
    EXPECT_EQ(alerts[0]->get(event::Text::classtype), "policy-violation");
    EXPECT_EQ(alerts[0]->action, event::Action::allowed);
    EXPECT_EQ(rig.counter("engine.alerts"), 1u);
}

TEST(Application, ABlockedOneIsResetAndStaysShut) {
    Rig rig(policy_of("", settings_with({{"p2p", kBlock}})), watching(Enforcement::enforce));
    const auto frames = torrent().frames();
    std::size_t blocked = 0;
    for (const auto& judged : rig.feed(frames)) {
        if (judged.verdict == Verdict::pass) continue;
        if (blocked++ == 0) {
            EXPECT_EQ(judged.cause, Cause::application);
            EXPECT_EQ(judged.answers.size(), 2u);
        } else {
            EXPECT_EQ(judged.cause, Cause::flow_settled);
        }
    }
    EXPECT_GE(blocked, 2u);
    ASSERT_EQ(rig.events(event::Kind::alert).size(), 1u);
    EXPECT_EQ(rig.events(event::Kind::alert)[0]->action, event::Action::blocked);
}

TEST(Application, ItsOwnSettingCountsBeforeItsGroup) {
    Rig rig(policy_of("", settings_with({{"p2p", kBlock}}, {{"bittorrent", kAllow}})), watching(Enforcement::enforce));
    for (const auto& judged : rig.feed(torrent().frames())) EXPECT_EQ(judged.verdict, Verdict::pass);
    EXPECT_THAT(rig.events(event::Kind::alert), IsEmpty());
}

TEST(Application, APassRuleExempts) {
    Rig rig(policy_of("pass tcp any any -> any any (content:\"BitTorrent\"; sid:1;)", settings_with({{"p2p", kBlock}})),
            watching(Enforcement::enforce));
    for (const auto& judged : rig.feed(torrent().frames())) EXPECT_EQ(judged.verdict, Verdict::pass);
    EXPECT_THAT(rig.events(event::Kind::alert), IsEmpty());
}

TEST(Application, FlowRecordsCarryIt) {
    Rig rig(policy_of("", settings_with({})), watching());
    rig.feed(torrent().frames());
    rig.finish();
    const auto flows = rig.events(event::Kind::flow);
    ASSERT_EQ(flows.size(), 1u);
    EXPECT_EQ(flows[0]->get(event::Text::name), "BitTorrent");
    EXPECT_FALSE(flows[0]->get(event::Text::category).empty());
}

TEST(Application, RulesAskForItOnceAFlow) {
    const std::string rules = "alert tcp any any -> any any (ndpi-protocol:BitTorrent; sid:1;)\n"
                              "alert tcp any any -> any any (ndpi-protocol:!BitTorrent; sid:2;)\n"
                              "alert tcp any any -> any any (ndpi-protocol:TLS.BitTorrent; sid:3;)\n"
                              "alert tcp any any -> any any (ndpi-risk:NDPI_URL_POSSIBLE_XSS; sid:4;)\n"
                              "alert tcp any any -> any any (ndpi-risk:!url_possible_xss; sid:5;)\n";
    Rig rig(policy_of(rules, settings_with({})), watching());
    rig.feed(torrent().frames());
    EXPECT_THAT(rig.sids(), ElementsAre(1u, 5u));
}

TEST(Application, ProtocolsOfOurOwnAreNotAsked) {
    Rig rig(policy_of("alert udp any any -> any any (ndpi-protocol:DNS; sid:1;)", settings_with({})), watching());
    rig.feed(PacketBuilder().ip("192.168.0.5", "192.0.2.53").udp(40000, 53)
                 .payload("\0\7\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1"sv).build());
    EXPECT_THAT(rig.sids(), ElementsAre(1u));
    EXPECT_EQ(rig.counter("appid.packets"), 0u);
}

TEST(Application, MoreFlowsThanRecordsStayUnknownAndAreCounted) {
    Rig rig(policy_of("", settings_with({})), watching(Enforcement::observe, 1));
    for (unsigned port = 40000; port < 40003; ++port)
        rig.feed(TcpTalk("192.168.0.5", port, "203.0.113.9", 7).open().client("hello, nobody knows this").frames());
    EXPECT_EQ(rig.counter("appid.no_record"), 2u);
}

TEST(Application, UnknownNamesAreReported) {
    PolicyInput input;
    input.settings = settings_with({{"party", kBlock}}, {{"NoSuchThing", kBlock}});
    PolicyReport report;
    ASSERT_TRUE(build_policy(input, report));
    ASSERT_EQ(report.errors.size(), 2u);
    EXPECT_THAT(report.errors[0], HasSubstr("party"));
    EXPECT_THAT(report.errors[1], HasSubstr("NoSuchThing"));
}

}  // namespace
}  // namespace sekisho::engine
