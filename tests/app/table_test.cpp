// The parser table, the probes of recognised protocols, and the names of events.
#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "sekisho/app/app_event_list.h"
#include "sekisho/app/parser.h"
#include "sekisho/app/parser_selection.h"

namespace sekisho::app {
namespace {

using namespace std::string_view_literals;

/// Protocols that say `yes`.
std::set<std::string_view> recognise(std::string_view up, std::string_view down, std::uint16_t port, Transport over) {
    std::set<std::string_view> found;
    const auto& table = parser_table();
    for (std::size_t i = 0; i < table.count; ++i) {
        const Parser& parser = *table.parsers[i];
        if ((static_cast<unsigned>(parser.transport) & static_cast<unsigned>(over)) == 0) continue;
        if (parser.probe({as_bytes(up), as_bytes(down), port, 40000}) == Probe::yes)
            found.insert(to_string(parser.protocol));
    }
    return found;
}

TEST(ParserTable, EveryParserIsWhole) {
    const auto& table = parser_table();
    for (std::size_t i = 0; i < table.count; ++i) {
        const Parser& parser = *table.parsers[i];
        EXPECT_NE(parser.probe, nullptr);
        EXPECT_EQ(parser.parse == nullptr, parser.state_size == 0) << to_string(parser.protocol);
        EXPECT_EQ(parser.parse == nullptr, parser.init == nullptr) << to_string(parser.protocol);
    }
    EXPECT_EQ(find_parser(Protocol::dns, Transport::udp)->transport, Transport::udp);
    EXPECT_EQ(find_parser(Protocol::http, Transport::udp), nullptr);
    EXPECT_LE(find_parser(Protocol::http, Transport::tcp)->state_size, KiB(4));
}

TEST(ParserSelection, FollowsEverythingUntilToldOtherwise) {
    ParserSelection selection;
    const auto asked = [&selection](Transport transport, Protocol protocol) {
        const auto list = selection.asked(transport);
        return std::count_if(list.begin(), list.end(), [protocol](const Parser* parser) { return parser->protocol == protocol; });
    };
    EXPECT_EQ(asked(Transport::tcp, Protocol::dns), 1);
    EXPECT_EQ(asked(Transport::udp, Protocol::dns), 1);
    EXPECT_EQ(asked(Transport::udp, Protocol::http), 0);

    selection.follow(Protocol::dns, Transport::udp, Following::off);
    EXPECT_EQ(asked(Transport::tcp, Protocol::dns), 1);
    EXPECT_EQ(asked(Transport::udp, Protocol::dns), 0);
    EXPECT_EQ(selection.find(Protocol::dns, Transport::udp), nullptr);

    selection.follow(Protocol::http, Transport::both, Following::recognised);
    EXPECT_EQ(asked(Transport::tcp, Protocol::http), 1);
    EXPECT_FALSE(selection.parses(*selection.find(Protocol::http, Transport::tcp), Transport::tcp));
    selection.follow(Protocol::http, Transport::both, Following::parsed);
    EXPECT_TRUE(selection.parses(*selection.find(Protocol::http, Transport::tcp), Transport::tcp));
}

TEST(ParserSelection, KnowsWhatHasAParserOrARecogniser) {
    EXPECT_EQ(followed_protocol("smb"), Protocol::smb);
    EXPECT_EQ(followed_protocol("ftp-data"), Protocol::ftp_data);
    for (const char* name : {"unknown", "failed", "smtps", ""}) EXPECT_FALSE(followed_protocol(name)) << name;
}

TEST(Recognise, ByFirstBytes) {
    struct Case {
        std::string_view up;
        std::string_view down;
        std::uint16_t port;
        Transport over;
        std::string_view protocol;
    };
    static constexpr auto kTcp = Transport::tcp;
    static constexpr auto kUdp = Transport::udp;
    static constexpr Case cases[] = {
        {"EHLO a\r\n", "220 mx ESMTP\r\n", 2525, kTcp, "smtp"},
        {"USER a\r\n", "220 ready\r\n", 2121, kTcp, "ftp"},
        {"USER a\r\n", "+OK hi\r\n", 110, kTcp, "pop3"},
        {"", "* OK ready\r\n", 143, kTcp, "imap"},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "", 80, kTcp, "http2"},
        {"\0\0\0\x20\xffSMB\0\0"sv, "", 445, kTcp, "smb"},
        {"\x05\0\x0b\x03\x10\0\0\0\x48\0\0\0\1\0\0\0"sv, "", 135, kTcp, "dcerpc"},
        {"\x03\0\0\x13\x0e\xe0\0\0\0\0\0\1\0\x08\0\3\0\0\0"sv, "", 3389, kTcp, "rdp"},
        {"", "RFB 003.008\n", 5900, kTcp, "rfb"},
        {"INVITE sip:a@b SIP/2.0\r\n", "", 5060, kUdp, "sip"},
        {"", "\xff\xfd\x18", 23, kTcp, "telnet"},
        {"\x10\x10\0\4MQTT\4\2\0\x3c\0\0"sv, "", 1883, kTcp, "mqtt"},
        {"\0\1\0\0\0\6\1\3\0\0\0\1"sv, "", 502, kTcp, "modbus"},
        {"\x05\x64\x05\xc9\1\0\0\4"sv, "", 20000, kTcp, "dnp3"},
        {"\x30\x0b\x02\1\1\x04\6public"sv, "", 161, kUdp, "snmp"},
        {"\0\1a.bin\0octet\0"sv, "", 69, kUdp, "tftp"},
        {"d1:ad2:id20:aaaaaaaaaaaaaaaaaaaa", "", 6881, kUdp, "bittorrent-dht"},
        {"\xc3\0\0\0\1\x08" "12345678\0"sv, "", 443, kUdp, "quic"},
        {"SSH-2.0-x\r\n", "", 2222, kTcp, "ssh"},
    };
    for (const auto& c : cases) {
        const auto found = recognise(c.up, c.down, c.port, c.over);
        EXPECT_EQ(found, std::set<std::string_view>{c.protocol}) << c.protocol;
    }
    EXPECT_TRUE(recognise("hello world, nothing in particular", "and an answer", 9999, kTcp).empty());
    EXPECT_TRUE(recognise("hello world, nothing in particular", "and an answer", 9999, kUdp).empty());
}

TEST(AppEvent, NamesAndBack) {
    EXPECT_EQ(parse_app_event("http.compression_bomb"), AppEvent::http_compression_bomb);
    EXPECT_EQ(parse_app_event("dns.z_flag_set"), AppEvent::dns_z_flag_set);
    EXPECT_EQ(parse_app_event("tls.compression_bomb"), std::nullopt);
    EXPECT_EQ(parse_app_event("nonsense"), std::nullopt);
    for (std::size_t i = 0; i < static_cast<std::size_t>(AppEvent::count_); ++i) {
        const auto event = static_cast<AppEvent>(i);
        const auto name = std::string(to_string(protocol_of(event))) + "." + std::string(to_string(event));
        EXPECT_EQ(parse_app_event(name), event) << name;
    }
}

}  // namespace
}  // namespace sekisho::app
