#include "sekisho/crypto/certificate.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace sekisho::crypto {
namespace {

std::vector<std::uint8_t> leaf() {
    std::ifstream file(SEKISHO_SOURCE_DIR "/tests/crypto/corpus/certificate/ec_leaf.der", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

template <class Write>
std::string text_of(Write write, Bytes in) {
    std::vector<std::uint8_t> out(1024);
    return std::string(as_text(Bytes(out).first(write(in, MutableBytes(out)))));
}

TEST(Certificate, FactsOfALeaf) {
    const auto der = leaf();
    const auto parsed = parse_certificate(der);
    ASSERT_EQ(parsed.fault, CertificateFault::none);
    const auto& facts = parsed.facts;
    EXPECT_EQ(text_of(write_name, facts.subject),
              "C=JP, ST=Osaka, L=Sakai, O=Example KK, OU=Plant 2, CN=plc.example.jp, emailAddress=ops@example.jp");
    EXPECT_EQ(text_of(write_name, facts.issuer), text_of(write_name, facts.subject));
    EXPECT_EQ(text_of(write_serial, facts.serial), "00:F1:E2:D3:C4");
    EXPECT_EQ(text_of(write_fingerprint, der), "d4:a8:1b:54:7e:a9:bd:3f:45:35:58:a1:5b:34:24:b4:f1:88:64:3d");
    EXPECT_EQ(facts.not_before, 1795397754);
    EXPECT_EQ(facts.not_after, 2110757754);
}

TEST(Certificate, AlternativeNames) {
    const auto der = leaf();
    Bytes names = parse_certificate(der).facts.alt_names;
    std::vector<std::string> hosts;
    std::size_t addresses = 0;
    while (const auto name = next_alt_name(names)) {
        if (name->kind == AltName::Kind::dns) hosts.emplace_back(as_text(name->value));
        addresses += name->kind == AltName::Kind::ip ? 1 : 0;
    }
    EXPECT_EQ(hosts, (std::vector<std::string>{"plc.example.jp", "www.example.jp"}));
    EXPECT_EQ(addresses, 1u);
}

TEST(Certificate, EveryCutIsAFaultAndNothingElse) {
    const auto der = leaf();
    for (std::size_t size = 0; size < der.size(); ++size)
        EXPECT_NE(parse_certificate(Bytes(der).first(size)).fault, CertificateFault::none) << size;
}

TEST(Certificate, ANameLongerThanItsBufferIsCut) {
    const auto der = leaf();
    std::vector<std::uint8_t> small(7);
    const auto facts = parse_certificate(der).facts;
    EXPECT_EQ(write_name(facts.subject, small), 7u);
    EXPECT_EQ(as_text(Bytes(small)), "C=JP, S");
    EXPECT_EQ(write_serial(facts.serial, small), 0u);
}

TEST(Certificate, LengthsBeyondFourOctetsAreRefused) {
    const std::uint8_t der[] = {0x30, 0x85, 0x01, 0, 0, 0, 0, 0};
    EXPECT_EQ(parse_certificate(der).fault, CertificateFault::bad_length);
}

}  // namespace
}  // namespace sekisho::crypto
