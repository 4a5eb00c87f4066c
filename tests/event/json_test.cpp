#include "sekisho/event/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "sekisho/event/json_writer.h"

namespace sekisho::event {
namespace {

using Json = nlohmann::json;

Event of_flow(Kind kind) {
    Event e;
    e.kind = kind;
    e.ip_protocol = 6;
    e.time_ns = 1'700'000'000ULL * kSecondNs + 123'456'789;
    e.flow_id = 42;
    e.client = *IpAddress::parse("192.168.1.5");
    e.server = *IpAddress::parse("203.0.113.9");
    e.client_port = 40000;
    e.server_port = 80;
    e.src = e.server;  // the packet that caused it went back to the client
    e.dst = e.client;
    e.src_port = e.server_port;
    e.dst_port = e.client_port;
    e.direction = Direction::to_client;
    return e;
}

TEST(Json, PrintsAnAlertAsEveDoes) {
    Event e = of_flow(Kind::alert);
    e.sid = 2000001;
    e.rev = 3;
    e.priority = 1;
    e.frame_number = 17;
    e.vlan = {100, 7};
    e.action = Action::rejected;
    e.packets_to_server = 4;
    e.set(Text::signature, "say \"hi\"");
    e.set(Text::category, "A Network Trojan was detected");
    e.set(Text::metadata, "signature_severity High, policy drop");
    e.set(Text::app, "http");
    e.set(Text::host, "example.com");
    const Json j = Json::parse(to_json(e, {.pcap_filename = "a.pcap", .port_name = "lan"}));
    EXPECT_EQ(j["timestamp"], "2023-11-14T22:13:20.123456+0000");
    EXPECT_EQ(j["flow_id"], 42);
    EXPECT_EQ(j["pcap_cnt"], 17);
    EXPECT_EQ(j["pcap_filename"], "a.pcap");
    EXPECT_EQ(j["in_iface"], "lan");
    EXPECT_EQ(j["event_type"], "alert");
    EXPECT_EQ(j["vlan"], Json({100, 7}));
    EXPECT_EQ(j["src_ip"], "203.0.113.9");
    EXPECT_EQ(j["src_port"], 80);
    EXPECT_EQ(j["dest_ip"], "192.168.1.5");
    EXPECT_EQ(j["dest_port"], 40000);
    EXPECT_EQ(j["proto"], "TCP");
    EXPECT_EQ(j["app_proto"], "http");
    EXPECT_EQ(j["direction"], "to_client");
    EXPECT_EQ(j["alert"]["action"], "blocked");
    EXPECT_EQ(j["alert"]["gid"], 1);
    EXPECT_EQ(j["alert"]["signature_id"], 2000001);
    EXPECT_EQ(j["alert"]["rev"], 3);
    EXPECT_EQ(j["alert"]["signature"], "say \"hi\"");
    EXPECT_EQ(j["alert"]["severity"], 1);
    EXPECT_EQ(j["alert"]["metadata"], Json({"signature_severity High", "policy drop"}));
    EXPECT_EQ(j["http"]["hostname"], "example.com");
    EXPECT_EQ(j["flow"]["pkts_toserver"], 4);
    EXPECT_EQ(j["flow"]["src_ip"], "192.168.1.5");
}

TEST(Json, PrintsHttpInTheFlowsOrientation) {
    Event e = of_flow(Kind::http);
    e.status = 200;
    e.length = 1234;
    e.set(Text::host, "example.com");
    e.set(Text::url, "/a?b=c");
    e.set(Text::method, "GET");
    const Json j = Json::parse(to_json(e));
    EXPECT_EQ(j["src_ip"], "192.168.1.5");
    EXPECT_EQ(j["dest_port"], 80);
    EXPECT_EQ(j["http"]["hostname"], "example.com");
    EXPECT_EQ(j["http"]["url"], "/a?b=c");
    EXPECT_EQ(j["http"]["status"], 200);
    EXPECT_EQ(j["http"]["length"], 1234);
    EXPECT_FALSE(j.contains("pcap_cnt"));
}

TEST(Json, PrintsTls) {
    Event e = of_flow(Kind::tls);
    e.tls_not_before = 1'700'000'000;
    e.set(Text::name, "www.example.com");
    e.set(Text::tls_version, "TLS 1.2");
    e.set(Text::ja3, "abc");
    const Json j = Json::parse(to_json(e));
    EXPECT_EQ(j["tls"]["sni"], "www.example.com");
    EXPECT_EQ(j["tls"]["notbefore"], "2023-11-14T22:13:20");
    EXPECT_FALSE(j["tls"].contains("notafter"));
    EXPECT_EQ(j["tls"]["ja3"]["hash"], "abc");
    EXPECT_FALSE(j["tls"].contains("ja3s"));
}

TEST(Json, PrintsDnsQueryAndAnswer) {
    Event e = of_flow(Kind::dns);
    e.ip_protocol = 17;
    e.id = 7;
    e.type = 28;
    e.set(Text::name, "example.com");
    Json j = Json::parse(to_json(e));
    EXPECT_EQ(j["dns"]["type"], "query");
    EXPECT_EQ(j["dns"]["rrtype"], "AAAA");
    e.flags |= Event::kDnsAnswer;
    e.flags_dns = 0x8183;
    e.status = 3;
    e.type = 4242;
    e.set(Text::answer, "\t60\tA 192.0.2.1\n\t60\tCNAME x.example\nx.example\t5\tA 192.0.2.2\n\t9\tSRV 1 2 5060 sip.example");
    j = Json::parse(to_json(e));
    EXPECT_EQ(j["dns"]["type"], "answer");
    EXPECT_EQ(j["dns"]["flags"], "8183");
    EXPECT_EQ(j["dns"]["rcode"], "NXDOMAIN");
    EXPECT_EQ(j["dns"]["rrtype"], "TYPE4242");
    EXPECT_EQ(j["dns"]["grouped"]["A"], Json({"192.0.2.1", "192.0.2.2"}));
    EXPECT_EQ(j["dns"]["grouped"]["CNAME"], Json({"x.example"}));
    EXPECT_EQ(j["dns"]["grouped"]["SRV"][0]["port"], 5060);
    EXPECT_EQ(j["dns"]["grouped"]["SRV"][0]["name"], "sip.example");
    EXPECT_EQ(j["dns"]["answers"][2]["rrname"], "x.example");
    EXPECT_EQ(j["dns"]["answers"][2]["ttl"], 5);
    EXPECT_EQ(j["dns"]["answers"][0]["rrname"], j["dns"]["rrname"]);
}

TEST(Json, PrintsFlowDropUrlAndAnomaly) {
    Event e = of_flow(Kind::flow);
    e.flow_start_ns = e.time_ns - 5 * kSecondNs;
    e.set(Text::reason, "tcp_closed");
    Json j = Json::parse(to_json(e));
    EXPECT_EQ(j["flow"]["age"], 5);
    EXPECT_EQ(j["flow"]["state"], "closed");

    e = of_flow(Kind::drop);
    e.sid = 9;
    j = Json::parse(to_json(e));
    EXPECT_EQ(j["sid"], 9);
    EXPECT_EQ(j["src_ip"], "203.0.113.9");

    e = of_flow(Kind::url);
    e.action = Action::answered;
    e.set(Text::category, "malware");
    e.set(Text::name, "bad.example");
    j = Json::parse(to_json(e));
    EXPECT_EQ(j["url"]["action"], "answered");
    EXPECT_EQ(j["url"]["host"], "bad.example");

    e = of_flow(Kind::anomaly);
    e.set(Text::reason, "ipv4.truncated");
    j = Json::parse(to_json(e));
    EXPECT_EQ(j["anomaly"]["event"], "ipv4.truncated");
}

TEST(Json, NamesProtocolsAndIcmp) {
    Event e = of_flow(Kind::alert);
    e.ip_protocol = 58;
    e.src_port = 128;
    e.dst_port = 0;
    Json j = Json::parse(to_json(e));
    EXPECT_EQ(j["proto"], "IPv6-ICMP");
    EXPECT_EQ(j["icmp_type"], 128);
    EXPECT_FALSE(j.contains("src_port"));
    e.ip_protocol = 253;
    EXPECT_EQ(Json::parse(to_json(e))["proto"], "253");
}

TEST(Json, EscapesBytesThatAreNotUtf8) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.field("a", std::string_view("\xe9\x96\xa2 \xff\xc0\x80 \x01\n\"\\ \xed\xa0\x80", 16));
    json.field("b", true);
    json.field("c", -3);
    json.end_object();
    const Json j = Json::parse(out);
    EXPECT_EQ(j["a"].get<std::string>(), "\xe9\x96\xa2 \\xff\\xc0\\x80 \x01\n\"\\ \\xed\\xa0\\x80");
    EXPECT_EQ(j["b"], true);
    EXPECT_EQ(j["c"], -3);
}

TEST(Json, TellsTimesOfLeapYears) {
    const auto text = [](std::uint64_t seconds) {
        std::string out;
        append_eve_time(out, seconds * kSecondNs);
        return out;
    };
    EXPECT_EQ(text(0), "1970-01-01T00:00:00.000000+0000");
    EXPECT_EQ(text(951'782'400), "2000-02-29T00:00:00.000000+0000");
    EXPECT_EQ(text(4'107'542'399), "2100-02-28T23:59:59.000000+0000");
    EXPECT_EQ(text(4'107'542'400), "2100-03-01T00:00:00.000000+0000");
    for (std::uint64_t s = 0; s < 8'000'000'000; s += 86'399'123) EXPECT_EQ(text(s), format_time(s * kSecondNs, false));
}

}  // namespace
}  // namespace sekisho::event
