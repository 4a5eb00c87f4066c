// TLS handshakes recorded from OpenSSL, whole and cut, and malformed ones.
#include "app/tls/tls.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/corpus.h"
#include "app/tls/ja3.h"
#include "app/tls/ja4.h"
#include "sekisho/app/tls_words.h"

namespace sekisho::app {
namespace {

using sekisho::testing::ParserRun;
using sekisho::testing::RecordingSink;
using ::testing::ElementsAre;


TEST(Tls, Handshake12) {
    for (const auto* name : {"tls12", "tiny_records"}) {
        const auto sink = run(kTls, "tls/" + std::string(name));
        ASSERT_EQ(sink.transactions.size(), 1u);
        EXPECT_EQ(sink.value(0, Field::tls_sni), "plc.example.jp");
        EXPECT_THAT(sink.transactions[0].fields.at(Field::tls_alpn), ElementsAre("h2", "http/1.1", "http/1.1"));
        EXPECT_EQ(sink.value(0, Field::tls_cert_subject),
                  "C=JP, ST=Osaka, L=Sakai, O=Example KK, OU=Plant 2, CN=plc.example.jp, emailAddress=ops@example.jp");
        EXPECT_EQ(sink.value(0, Field::tls_cert_serial), "00:F1:E2:D3:C4");
        EXPECT_EQ(sink.value(0, Field::tls_cert_fingerprint).size(), 59u);
        EXPECT_EQ(sink.transactions[0].fields.at(Field::tls_certs).size(), 1u);
        EXPECT_THAT(sink.transactions[0].fields.at(Field::tls_subjectaltname),
                    ElementsAre("plc.example.jp", "www.example.jp"));
        EXPECT_EQ(sink.transactions[0].facts.at(Fact::tls_version), 0x0303u);
        EXPECT_EQ(sink.transactions[0].facts.at(Fact::tls_version_bit), version_bit(0x0303));
        EXPECT_EQ(sink.transactions[0].facts.at(Fact::tls_chain_length), 1u);
        EXPECT_EQ(sink.transactions[0].facts.at(Fact::tls_state), kSaidClientHello | kSaidServerHello | kSaidServerKeys | kSaidClientKeys);
        EXPECT_EQ(sink.value(0, Field::ja3_hash).size(), 32u);
        EXPECT_TRUE(sink.value(0, Field::ja3_string).starts_with("771,"));
        EXPECT_TRUE(sink.value(0, Field::ja3s_string).starts_with("771,"));
        EXPECT_EQ(sink.value(0, Field::tls_random).size(), 32u);
        EXPECT_TRUE(sink.transactions[0].closed);
        EXPECT_TRUE(sink.transactions[0].events.empty());
    }
}

void add_all(tls::NumberList& list, std::initializer_list<std::uint16_t> values) {
    for (const std::uint16_t value : values) list.add(value);
}

TEST(Tls, Ja4OfTheDescriptionsExample) {
    tls::Ja4 ja4;
    ja4.version = 0x0304;
    ja4.named = true;
    ja4.protocol = as_bytes("h2");
    add_all(ja4.ciphers, {0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c,
                                       0x009d, 0x002f, 0x0035, 0x1a1a});
    add_all(ja4.extensions, {0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b,
                                          0xff01, 0x000b, 0x000a, 0x0015, 0x0a0a});
    add_all(ja4.signatures, {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601});
    std::array<char, tls::Ja4::kTextSize> text;
    ja4.write(text);
    EXPECT_EQ(std::string_view(text.data(), text.size()), "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

TEST(Tls, Ja4OfAnEmptyHello) {
    tls::Ja4 ja4;
    ja4.protocol = as_bytes("\x02x");
    std::array<char, tls::Ja4::kTextSize> text;
    ja4.write(text);
    EXPECT_EQ(std::string_view(text.data(), text.size()), "t00i000008_000000000000_000000000000");
}

TEST(Tls, Handshake13) {
    const auto sink = run(kTls, "tls/tls13");
    EXPECT_EQ(sink.value(0, Field::tls_sni), "plc.example.jp");
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::tls_version), 0x0304u);
    EXPECT_FALSE(sink.has(0, Field::tls_cert_subject));
    EXPECT_TRUE(sink.transactions[0].closed);
}

TEST(Tls, NameIsToldAsSoonAsTheHelloIsWhole) {
    const auto segments = corpus("tls/tls12");
    RecordingSink sink;
    ParserRun parser(kTls, sink);
    parser.feed(kUp, segments[0].bytes);
    EXPECT_EQ(sink.transactions[0].stage[0], Stage::headers);
    EXPECT_EQ(sink.value(0, Field::tls_sni), "plc.example.jp");
    EXPECT_FALSE(sink.transactions[0].closed);
}

TEST(Tls, AnyCutGivesTheSame) {
    for (const auto& entry : std::filesystem::directory_iterator(SEKISHO_SOURCE_DIR "/tests/app/corpus/tls"))
        testing::check_cuts(kTls, testing::load_segments(entry.path()));
}

TEST(Tls, Sslv2Hello) {
    const auto sink = run(kTls, "tls/sslv2_hello");
    EXPECT_EQ(sink.transactions[0].facts.at(Fact::tls_version), 0x0301u);
    EXPECT_EQ(sink.transactions[0].stage[0], Stage::complete);
}

TEST(Tls, HeartbeatBeyondItsRecord) {
    EXPECT_TRUE(run(kTls, "tls/heartbeat").has_event(0, AppEvent::tls_overflow_heartbeat_message));
}

TEST(Tls, WrongRecordsBreak) {
    using namespace std::string_view_literals;
    struct Case {
        std::string_view bytes;
        AppEvent event;
    };
    static constexpr Case cases[] = {
        {"\x63\x03\x01\x00\x01x"sv, AppEvent::tls_invalid_record_type},
        {"\x16\x09\x01\x00\x01x"sv, AppEvent::tls_invalid_record_version},
        {"\x16\x03\x01\xff\xffx"sv, AppEvent::tls_invalid_record_length},
    };
    for (const auto& c : cases) {
        RecordingSink sink;
        ParserRun parser(kTls, sink);
        EXPECT_FALSE(parser.feed(kUp, c.bytes));
        EXPECT_TRUE(sink.has_event(0, c.event));
    }
}

// A hello in more records than are kept is read as far as it came, and the rest passed over.
TEST(Tls, EndlessHelloIsBounded) {
    RecordingSink sink;
    ParserRun parser(kTls, sink);
    std::string record("\x16\x03\x01\x10\x00", 5);
    record += std::string("\x01\xff\xff\xff\x03\x03", 6) + std::string(4090, '\0');
    const std::string next = std::string("\x16\x03\x01\x10\x00", 5) + std::string(4096, '\0');
    ASSERT_TRUE(parser.feed(kUp, record));
    for (int i = 0; i < 40; ++i) ASSERT_TRUE(parser.feed(kUp, next));
    EXPECT_LT(parser.waiting(kUp), KiB(128));
    EXPECT_TRUE(sink.has_event(0, AppEvent::tls_invalid_handshake_message));
    EXPECT_EQ(sink.transactions[0].stage[0], Stage::complete);
}

// A certificate that lies about its length, then a message of no known type.
TEST(Tls, MalformedServerFlight) {
    using namespace std::string_literals;
    const std::string certificate = "\x0b\0\0\x0f\0\0\x0c\0\0\x09\x30\x06\x30\x84\xff\xff\xff\xfa\x04"s;
    const std::string unknown = "\x84\xff\xff\xff" + std::string(100, 'A');
    const auto size = static_cast<char>(certificate.size() + unknown.size());
    RecordingSink sink;
    ParserRun parser(kTls, sink);
    parser.feed(kDown, "\x16\x03\x03\0"s + size + certificate + unknown);
    EXPECT_TRUE(sink.has_event(0, AppEvent::tls_invalid_certificate));
    EXPECT_TRUE(sink.has_event(0, AppEvent::tls_invalid_handshake_message));
    EXPECT_EQ(sink.transactions[0].stage[1], Stage::complete);
}

TEST(Ja3, GreaseIsLeftOut) {
    EXPECT_TRUE(tls::is_grease(0x0a0a));
    EXPECT_TRUE(tls::is_grease(0xfafa));
    EXPECT_FALSE(tls::is_grease(0x0a1a));
    tls::Ja3Text text;
    for (const int value : {771, 0x1a1a, 5}) text.add(static_cast<std::uint16_t>(value));
    text.next_list();
    text.next_list();
    text.add(7);
    EXPECT_EQ(text.text(), "771-5,,7");
}

}  // namespace
}  // namespace sekisho::app
