// Keywords of TLS on handshakes that OpenSSL made, as packets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/keyword_cases.h"
#include "support/parser_segments.h"

namespace sekisho::engine {
namespace {

using namespace testing;

std::vector<Octets> handshake(const std::string& name, auto conversation) {
    for (const auto& segment : sekisho::testing::load_segments(SEKISHO_SOURCE_DIR "/tests/app/corpus/tls/" + name)) {
        if (segment.direction == app::Direction::to_server) conversation.client(segment.bytes);
        else conversation.server(segment.bytes);
    }
    return conversation.close().frames();
}
std::vector<Octets> handshake(const std::string& name) { return handshake(name, talk(443).open()); }

TEST(TlsKeywords, Version) {
    expect_options("tls", handshake("tls12"),
                   {{"ssl_version:tls1.2;", true}, {"ssl_version:tls1.0,tls1.2;", true}, {"ssl_version:sslv3;", false},
                    {"ssl_version:!tls1.2;", false}, {"ssl_version:!sslv2,!sslv3;", true}, {"tls.version:1.2;", true},
                    {"tls.version:1.3;", false}});
    expect_options("tls", handshake("tls13"), {{"tls.version:1.3;", true}, {"tls.version:1.2;", false}, {"ssl_version:tls1.3;", true}});
}

TEST(TlsKeywords, StateOfTheHandshake) {
    expect_options("tls", handshake("tls12"),
                   {{"ssl_state:client_hello;", true}, {"ssl_state:server_hello;", true}, {"ssl_state:client_keyx;", true},
                    {"ssl_state:server_keyx;", true}, {"ssl_state:client_hello|server_hello;", true}});
    const auto all = handshake("tls12");
    const std::vector<Octets> begun(all.begin(), all.begin() + 5);  // the handshake of TCP, the client's greeting, its ack
    expect_options("tls", begun, {{"ssl_state:client_hello;", true}, {"ssl_state:server_hello;", false},
                                  {"ssl_state:client_keyx|server_keyx;", false}, {"ssl_state:!server_hello;", true}});
}

TEST(TlsKeywords, Certificate) {
    expect_options("tls", handshake("tls12"),
                   {{"tls.cert_subject; content:\"CN=plc.example.jp\";", true},
                    {"tls_cert_subject; content:\"CN=other\";", false},
                    {"tls.cert_issuer; content:\"CN=\";", true},
                    {"tls_cert_issuer; content:\"CN=nobody\";", false},
                    {"tls.cert_serial; content:\"00:F1:E2:D3:C4\"; bsize:14;", true},
                    {"tls_cert_serial; content:\"AA:BB\";", false},
                    {"tls.cert_fingerprint; bsize:59;", true},
                    {"tls_cert_fingerprint; bsize:58;", false},
                    {"tls.cert_chain_len:1;", true},
                    {"tls.cert_chain_len:>1;", false},
                    {"tls.sni; content:\"plc.example.jp\"; bsize:14;", true},
                    {"tls_sni; content:\"www\";", false},
                    {"tls.issuerdn:\"CN=\";", true},
                    {"tls.issuerdn:\"CN=nobody\";", false},
                    {"tls.random_bytes; bsize:28;", true},
                    {"tls_cert_notbefore:>2000-01-01;", true},
                    {"tls_cert_notbefore:>2000;", true},
                    {"tls_cert_notbefore:<2000;", false},
                    {"tls_cert_notbefore:<2000-01-01;", false}});
}

/// The certificate's validity is held against the packet's time.
TEST(TlsKeywords, CertificateInTime) {
    const auto told_in = [](TimeNs seconds) {
        Rig rig("alert tls any any -> any any (tls_cert_valid; sid:1;)\n"
                "alert tls any any -> any any (tls_cert_expired; sid:2;)\n");
        rig.now() = seconds * kSecondNs;
        rig.feed(handshake("tls12"));
        rig.finish();
        return rig.sids();
    };
    EXPECT_THAT(told_in(1'000'000'000), ::testing::IsEmpty()) << "2001: not valid yet";
    EXPECT_THAT(told_in(1'800'000'000), ::testing::ElementsAre(1)) << "2027";
    EXPECT_THAT(told_in(4'000'000'000), ::testing::ElementsAre(2)) << "2096";
}

TEST(TlsKeywords, BehindPostgresqlsRequestForEncryption) {
    using namespace std::string_view_literals;
    const auto asked = [](std::string_view answer) { return talk(5432).open().client("\0\0\0\x08\x04\xd2\x16\x2f"sv).server(answer); };
    const std::vector<OptionCase> both_sides{{"tls.sni; content:\"plc.example.jp\";", true}, {"tls.cert_subject; content:\"plc\";", true},
                                             {"app-layer-event:tls.invalid_record_type;", false}};
    expect_options("tls", handshake("tls12", asked("S")), both_sides);
    expect_options("tcp", handshake("tls12", asked("S")), {{"app-layer-protocol:pgsql;", true}, {"app-layer-protocol:tls;", true}});
    expect_options("pgsql", asked("N").client("\0\0\0\x08\x00\x03\x00\x00"sv).client("Q\0\0\0\x0dSELECT 1\0"sv).frames(),
                   {{"pgsql.query; content:\"SELECT\";", true}});
}

TEST(TlsKeywords, FingerprintsOfTheHello) {
    expect_options("tls", handshake("tls12"),
                   {{"ja3.hash; bsize:32;", true}, {"ja3_hash; bsize:31;", false}, {"ja3.string; content:\"771,\"; startswith;", true},
                    {"ja3_string; content:\"772,\"; startswith;", false}, {"ja3s.string; content:\"771,\"; startswith;", true},
                    {"ja4.hash; content:\"t12d\"; startswith;", true}, {"ja4.hash; content:\"q\"; startswith;", false}});
}

TEST(TlsKeywords, FingerprintsOfQuicsHello) {
    std::vector<Octets> frames;
    for (const auto& segment : sekisho::testing::load_segments(SEKISHO_SOURCE_DIR "/tests/app/corpus/quic/v1"))
        if (segment.direction == app::Direction::to_server)
            frames.push_back(PacketBuilder().ip("192.0.2.1", "198.51.100.7").udp(40000, 443).payload(segment.bytes).build());
    expect_options("ip", frames, {{"ja3.hash; bsize:32;", true}, {"ja4.hash; content:\"q\"; startswith;", true}});
    expect_options("udp", frames, {{"ja3.string; content:\"771,\"; startswith;", true}, {"tls.sni; content:\".\";", false}});
    expect_options("quic", frames, {{"ja3.hash; bsize:32;", true}});
    expect_options("tls", frames, {{"ja3.hash; bsize:32;", false}});
}

}  // namespace
}  // namespace sekisho::engine
