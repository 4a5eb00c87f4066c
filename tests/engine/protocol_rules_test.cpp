// Rules on numbers of the smaller protocols, from the wire to the alert.
#include <set>

#include <gmock/gmock.h>

#include "pipeline_rig.h"

namespace sekisho::engine {
namespace {

using namespace std::string_view_literals;
using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Write multiple registers 16 and 17 (counted from 1) of unit 3, then its answer.
TcpTalk modbus_write() {
    return TcpTalk("192.0.2.1", 40000, "192.0.2.2", 502)
        .open()
        .client("\0\1\0\0\0\x0b\3\x10\0\x0f\0\2\4\0\7\1\0"sv)
        .server("\0\1\0\0\0\6\3\x10\0\x0f\0\2"sv)
        .close();
}

TEST(ProtocolRules, ModbusKeywordReadsTheRequest) {
    const std::string rules = alert_rule("modbus", "modbus:function 16;", 1) + alert_rule("modbus", "modbus:function 3;", 2) +
                              alert_rule("modbus", "modbus:unit 3, access write holding, address 17, value 256;", 3) +
                              alert_rule("modbus", "modbus:access write holding, address 16, value 256;", 4) +
                              alert_rule("modbus", "modbus:access write coils;", 5) + alert_rule("modbus", "modbus:access write, address >16;", 6) +
                              alert_rule("modbus", "modbus:access write, address <16;", 7) + alert_rule("modbus", "modbus:function assigned;", 8) +
                              alert_rule("modbus", "modbus:function !assigned;", 9) + alert_rule("modbus", "modbus:unit <3, function 16;", 10) +
                              alert_rule("modbus", "modbus:access write, address 10<>16;", 11);
    EXPECT_THAT(sids_of(rules, modbus_write()), UnorderedElementsAre(1u, 3u, 6u, 8u));
}

TEST(ProtocolRules, BothDirectionsSeeTheWholeMqttTransaction) {
    const TcpTalk talk = TcpTalk("192.0.2.1", 40000, "192.0.2.2", 1883)
                             .open()
                             .client("\x10\x0e\0\4MQTT\4\2\0\x3c\0\2me"sv)
                             .server("\x20\2\0\0"sv)
                             .client("\x82\6\0\1\0\1t\0"sv)
                             .server("\x90\3\0\1\x80"sv)
                             .close();
    const std::string rules = alert_rule("mqtt", "mqtt.type:SUBACK; mqtt.subscribe.topic; content:\"t\"; mqtt.reason_code:128;", 1) +
                              alert_rule("mqtt", "flow:to_client; mqtt.connect.clientid; content:\"me\"; mqtt.type:CONNACK;", 2) +
                              alert_rule("mqtt", "mqtt.connect.flags:clean_session,!username;", 3) + alert_rule("mqtt", "mqtt.flags:dup;", 4) +
                              alert_rule("mqtt", "mqtt.type:CONNECT; mqtt.subscribe.topic; content:\"t\";", 5);
    EXPECT_THAT(sids_of(rules, talk), UnorderedElementsAre(1u, 2u, 3u));
}

TEST(ProtocolRules, RecordsOfOtherProtocols) {
    const TcpTalk talk = TcpTalk("192.0.2.1", 40000, "192.0.2.2", 502).open().client("\0\1\0\0\0\6\3\3\0\0\0\1"sv).close();
    Rig rig("");
    rig.feed(talk.frames());
    rig.finish();
    const auto told = rig.events(event::Kind::app);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0]->get(event::Text::app), "modbus");
    EXPECT_THAT(std::string(told[0]->get(event::Text::extra)), ::testing::HasSubstr("function:3"));
}

TEST(ProtocolRules, AProtocolMayBeOffOrOnlyRecognised) {
    const std::string rules = alert_rule("modbus", "modbus:function 16;", 1) + alert_rule("tcp", "app-layer-protocol:modbus;", 2) +
                              alert_rule("tcp", "content:\"|00 00 00|\"; offset:2; depth:3;", 3);
    const auto sids = [&rules](app::Following following) {
        PipelineConfig config = small_config();
        config.protocols.follow(app::Protocol::modbus, app::Transport::both, following);
        Rig rig(policy_of(rules), config);
        rig.feed(modbus_write().frames());
        rig.finish();
        const std::vector<std::uint32_t> told = rig.sids();
        return std::set<std::uint32_t>(told.begin(), told.end());
    };
    EXPECT_THAT(sids(app::Following::parsed), ElementsAre(1u, 2u, 3u));
    EXPECT_THAT(sids(app::Following::recognised), ElementsAre(2u, 3u));
    EXPECT_THAT(sids(app::Following::off), ElementsAre(3u));
}

TEST(ProtocolRules, SettingsNameTheProtocols) {
    config::Settings settings = no_filter();
    settings.fastpath.protocols_off = {"modbus", "modbuss"};
    settings.fastpath.protocols_recognised = {"smb"};
    const PipelineConfig config = pipeline_config(settings, 0, Enforcement::observe);
    EXPECT_EQ(config.protocols.find(app::Protocol::modbus, app::Transport::tcp), nullptr);
    const app::Parser* smb = config.protocols.find(app::Protocol::smb, app::Transport::tcp);
    ASSERT_NE(smb, nullptr);
    EXPECT_FALSE(config.protocols.parses(*smb, app::Transport::tcp));
    PolicyInput input;
    input.settings = settings;
    PolicyReport report;
    ASSERT_TRUE(build_policy(input, report));
    EXPECT_THAT(report.errors, ElementsAre("fastpath.protocols_off: there is no protocol 'modbuss'"));
}

TEST(ProtocolRules, AnAnswerThatComesFirstTurnsTheFlow) {
    const auto answer = PacketBuilder().ip("192.0.2.53", "192.0.2.1").udp(53, 40000)
                            .payload("\0\7\x81\x80\0\1\0\0\0\0\0\0\1a\0\0\1\0\1"sv).build();
    Rig rig(alert_rule("dns", "flow:to_client; dns.rcode:0;", 1) + alert_rule("dns", "flow:to_server; dns.rcode:0;", 2));
    rig.feed(answer);
    EXPECT_THAT(rig.sids(), ElementsAre(1u));
    rig.finish();
    const auto flows = rig.events(event::Kind::flow);
    ASSERT_EQ(flows.size(), 1u);
    EXPECT_EQ(flows[0]->server_port, 53);
    EXPECT_EQ(flows[0]->packets_to_client, 1u);
}

}  // namespace
}  // namespace sekisho::engine
