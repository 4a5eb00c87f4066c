// Lines as the makers' references lay them out (tests/foreign/corpus/line), as events, and through the judge.
#include <gtest/gtest.h>

#include <set>

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"
#include "sekisho/foreign/makers.h"

namespace sekisho::foreign {
namespace {

using event::Action;
using event::Direction;
using event::Event;
using event::Kind;
using event::Text;

const Makers& makers() {
    static const auto table = Makers::load(SEKISHO_SOURCE_DIR "/rules/log-makers.yaml");
    if (!table) ADD_FAILURE() << table.error().message();
    return *table;
}

std::string sample(const std::string& name) {
    const auto text = read_file(SEKISHO_SOURCE_DIR "/tests/foreign/corpus/line/" + name + ".log", 1 << 16);
    EXPECT_TRUE(text) << name;
    return *text;
}

struct Read {
    LineOutcome outcome;
    Event event;
};
Read read(std::string_view line, std::optional<std::string_view> maker = std::nullopt) {
    LineReader reader(makers());
    Read result{};
    result.outcome = reader.read(line, "192.0.2.1", maker ? makers().find(*maker) : std::nullopt, 1'700'000'000 * kSecondNs, result.event);
    return result;
}

struct Expectation {
    const char* sample;
    const char* maker;
    LineOutcome outcome;
    Kind kind;
    Action action;
    Direction direction;
    const char* client;
    std::uint16_t client_port;
    const char* server;
    std::uint16_t server_port;
    const char* meaning;    ///< classtype of alerts, category of sites, host of requests
    const char* signature;
    std::uint32_t sid;
};
constexpr auto kAllowed = Action::allowed;
constexpr auto kBlocked = Action::blocked;
constexpr auto kOut = Direction::to_server;
constexpr auto kBack = Direction::to_client;
constexpr Expectation kSamples[] = {
    {"watchguard-traffic", "WatchGuard", LineOutcome::traffic, Kind::flow, kBlocked, kOut, "192.168.1.5", 56222, "203.0.113.9", 445, "", "", 0},
    {"watchguard-web", "WatchGuard", LineOutcome::event, Kind::url, kBlocked, kOut, "192.168.1.5", 56789, "203.0.113.10", 80, "botnet", "", 0},
    {"watchguard-virus", "WatchGuard", LineOutcome::event, Kind::alert, kBlocked, kBack, "192.168.1.6", 56790, "203.0.113.11", 80, "trojan-activity", "EICAR_Test", 1},
    {"watchguard-ips", "WatchGuard", LineOutcome::event, Kind::alert, kBlocked, kOut, "198.51.100.7", 41000, "192.168.1.80", 80, "web-application-attack", "WEB SQL Injection Attempt -1", 1055396},
    {"fortigate-ips", "FortiGate", LineOutcome::event, Kind::alert, kBlocked, kOut, "198.51.100.7", 46810, "192.168.1.80", 80, "web-application-attack", "HTTP.URI.SQL.Injection", 15621},
    {"fortigate-web", "FortiGate", LineOutcome::event, Kind::url, kBlocked, kOut, "192.168.1.11", 44258, "203.0.113.158", 80, "malware", "", 0},
    {"fortigate-traffic", "FortiGate", LineOutcome::traffic, Kind::flow, kAllowed, kOut, "192.168.1.11", 49155, "203.0.113.5", 443, "", "", 0},
    {"paloalto-url", "Palo Alto", LineOutcome::event, Kind::url, kBlocked, kOut, "192.168.1.14", 58959, "203.0.113.7", 80, "botnet", "", 0},
    {"paloalto-threat", "Palo Alto", LineOutcome::event, Kind::alert, kBlocked, kBack, "192.168.1.14", 58960, "203.0.113.8", 80, "trojan-activity", "Eicar Test File(100000)", 100000},
    {"paloalto-traffic", "Palo Alto", LineOutcome::traffic, Kind::flow, kAllowed, kOut, "192.168.1.14", 58961, "203.0.113.9", 443, "", "", 0},
    {"suricata-alert", "Suricata", LineOutcome::event, Kind::alert, kAllowed, kBack, "192.168.1.21", 50111, "203.0.113.66", 80, "command-and-control", "C2 answer \"beacon\"", 2000001},
    {"suricata-flow", "Suricata", LineOutcome::traffic, Kind::flow, kAllowed, kOut, "192.168.1.21", 50111, "203.0.113.66", 443, "", "", 0},
    {"squid-denied", "squid", LineOutcome::event, Kind::url, kBlocked, kOut, "192.168.1.31", 0, "", 0, "uncategorised", "", 0},
    {"squid-request", "squid", LineOutcome::traffic, Kind::http, kAllowed, kOut, "192.168.1.31", 0, "203.0.113.80", 0, "www.example", "", 0},
    {"cef", "CEF", LineOutcome::event, Kind::alert, kBlocked, kOut, "198.51.100.9", 40111, "192.168.1.80", 80, "web-application-attack", "SQL injection attempt", 4711},
    {"leef", "LEEF", LineOutcome::event, Kind::alert, kAllowed, kOut, "192.168.1.41", 50000, "203.0.113.90", 443, "trojan-activity", "MalwareFound", 0},
};

TEST(Line, EachMakersSampleMeansWhatItsReferenceSays) {
    for (const Expectation& x : kSamples) {
        SCOPED_TRACE(x.sample);
        const auto [outcome, e] = read(sample(x.sample));
        ASSERT_EQ(outcome, x.outcome);
        EXPECT_TRUE(e.sound());
        EXPECT_EQ(e.kind, x.kind);
        EXPECT_EQ(e.action, x.action);
        EXPECT_EQ(e.direction, x.direction);
        EXPECT_EQ(e.client, *IpAddress::parse(x.client));
        EXPECT_EQ(e.client_port, x.client_port);
        EXPECT_EQ(e.server, IpAddress::parse(x.server).value_or(IpAddress{}));
        EXPECT_EQ(e.server_port, x.server_port);
        EXPECT_EQ(e.src, x.direction == kOut ? e.client : e.server);
        EXPECT_EQ(e.get(Text::list), std::string(x.maker) + " at 192.0.2.1");
        EXPECT_EQ(e.flags, Event::kReported);
        EXPECT_EQ(e.time_ns, 1'700'000'000 * kSecondNs);
        const Text meaning = x.kind == Kind::alert ? Text::classtype : x.kind == Kind::url ? Text::category : Text::host;
        if (x.kind != Kind::flow) { EXPECT_EQ(e.get(meaning), x.meaning); }
        EXPECT_EQ(e.get(Text::signature), x.signature);
        if (x.sid > 1) { EXPECT_EQ(e.sid, x.sid); }
    }
}

TEST(Line, TrafficCarriesItsCounts) {
    const auto fortigate = read(sample("fortigate-traffic")).event;
    EXPECT_EQ(fortigate.bytes_to_server, 1760U);
    EXPECT_EQ(fortigate.packets_to_client, 22U);
    const auto paloalto = read(sample("paloalto-traffic")).event;
    EXPECT_EQ(paloalto.bytes_to_server, 2000U);
    EXPECT_EQ(paloalto.bytes_to_client, 7000U);
    EXPECT_EQ(paloalto.packets_to_server, 10U);
    EXPECT_EQ(paloalto.packets_to_client, 14U);
    EXPECT_EQ(read(sample("watchguard-traffic")).event.packets_to_client, 0U);
    EXPECT_EQ(read(sample("squid-request")).event.status, 200U);
}

TEST(Line, QuotesAndEscapesOfEachShapeAreTakenOff) {
    EXPECT_EQ(read(sample("paloalto-url")).event.get(Text::url), "c2.example/gate,1.php");
    EXPECT_EQ(read(sample("paloalto-url")).event.get(Text::host), "c2.example");
    EXPECT_EQ(read(sample("cef")).event.get(Text::url), "http://www.example/a?b=1");
    EXPECT_EQ(read(sample("cef")).event.get(Text::host), "www.example");
    EXPECT_EQ(read(sample("suricata-alert")).event.get(Text::severity), "high");
    const auto quoted = read("logid=1 subtype=\"ips\" srcip=192.168.1.1 dstip=203.0.113.1 attack=\"a \\\"b\\\" c\"");
    EXPECT_EQ(quoted.event.get(Text::signature), "a \"b\" c");
    const auto doubled = read("1,t,s,THREAT,url,1,t,192.168.1.1,203.0.113.1,,,r,,,web,vsys1,a,b,c,d,e,f,1,1,2,80,0,0,0,tcp,block-url,\"h/\"\"x\"\"\",(9999),malware,low,client-to-server");
    EXPECT_EQ(doubled.event.get(Text::url), "h/\"x\"");
}

TEST(Line, AllowedSitesAreEventsOnlyWhenListed) {
    const auto line = [](const char* action, const char* category) {
        return read(std::string("logid=1 type=utm subtype=webfilter srcip=192.168.1.1 dstip=203.0.113.1 hostname=a.example action=") + action +
                    " catdesc=\"" + category + "\"");
    };
    EXPECT_EQ(line("passthrough", "News and Media").outcome, LineOutcome::traffic);
    EXPECT_EQ(line("passthrough", "Malicious Websites").outcome, LineOutcome::event);
    const auto blocked = line("blocked", "News and Media");
    EXPECT_EQ(blocked.outcome, LineOutcome::event);
    EXPECT_EQ(blocked.event.get(Text::category), "news and media");
}

TEST(Line, TheSendersMakerCountsBeforeSigns) {
    EXPECT_EQ(read(sample("cef"), "cef").outcome, LineOutcome::event);
    EXPECT_EQ(read(sample("cef"), "squid").outcome, LineOutcome::unreadable);
    EXPECT_EQ(read("<13>Oct 10 10:00:00 host sshd[1]: Accepted password for root").outcome, LineOutcome::unknown);
    EXPECT_EQ(read("<13>Oct 10 10:00:00 host sshd[1]: Accepted", "fortigate").outcome, LineOutcome::unreadable);
    EXPECT_EQ(read("logid=1 type=event subtype=system srcip=192.168.1.1").outcome, LineOutcome::ignored);
    EXPECT_EQ(read("logid=1 subtype=ips attack=x srcip=nobody").outcome, LineOutcome::unreadable);
    EXPECT_EQ(read("").outcome, LineOutcome::unknown);
    EXPECT_EQ(read("1791594001.500 180 192.168.1.31 TCP_DENIED/407 1 GET http://a/ - HIER_NONE/- -").outcome, LineOutcome::ignored);
}

TEST(Line, HostileLinesAreBoundedAndHarmless) {
    const std::string deep(10'000, '{');
    std::string nested = "{\"event_type\":\"alert\",\"src_ip\":\"192.168.1.1\",\"x\":";
    for (int i = 0; i < 2000; ++i) nested += "{\"a\":";
    EXPECT_EQ(read("\"event_type\"" + deep).outcome, LineOutcome::unreadable);
    EXPECT_EQ(read(nested + "1" + std::string(2001, '}')).outcome, LineOutcome::event);
    std::string many = "logid=1 subtype=ips srcip=192.168.1.1 ";
    for (int i = 0; i < 5000; ++i) many += "k" + std::to_string(i) + "=v ";
    EXPECT_EQ(read(many).outcome, LineOutcome::event);
    const auto longest = read("logid=1 subtype=ips srcip=192.168.1.1 attack=\"" + std::string(15'000, 'x') + "\"");
    EXPECT_EQ(longest.outcome, LineOutcome::event);
    EXPECT_TRUE(longest.event.sound());
    EXPECT_NE(longest.event.text_lost, 0U);
}

TEST(Makers, RefusesMistakesWithTheirPlace) {
    const std::string head = "version: 1\nmakers:\n  - {name: a, title: A, generator: 9150, shape: pairs, signs: [x], ";
    for (const auto& [rest, words] : {std::pair{"fields: {client: [s]}, records: [{kind: alarm}]}", "is no kind of record"},
                                      std::pair{"fields: {klient: [s]}, records: [{kind: flow}]}", "is no known meaning"},
                                      std::pair{"fields: {server: [s]}, records: [{kind: flow}]}", "no field means 'client'"},
                                      std::pair{"fields: {client: [s]}}", "'records' is missing"},
                                      std::pair{"feilds: {client: [s]}}", "'feilds' is not a word"}}) {
        const auto bad = Makers::parse(head + rest, "t.yaml");
        ASSERT_FALSE(bad) << rest;
        EXPECT_NE(bad.error().message().find(words), std::string::npos) << bad.error().message();
        EXPECT_NE(bad.error().message().find("t.yaml:3"), std::string::npos) << bad.error().message();
    }
}

}  // namespace
}  // namespace sekisho::foreign
