#include "sekisho/urlfilter/dns_answer.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace sekisho::urlfilter {
namespace {

using namespace std::string_literals;

constexpr unsigned kA = 1;
constexpr unsigned kAaaa = 28;
constexpr unsigned kHttps = 65;

/// A query for evil.example with id 0x1234 and RD set.
std::string query(unsigned type, bool edns = false) {
    std::string text = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00"s + (edns ? "\x01"s : "\x00"s);
    text +=
        "\x04"
        "evil"
        "\x07"
        "example"
        "\x00"s;
    text += std::string{static_cast<char>(type >> 8), static_cast<char>(type), 0, 1};
    if (edns) text += "\x00\x00\x29\x10\x00\x00\x00\x00\x00\x00\x00"s;
    return text;
}

std::string answer(const std::string& message, const DnsBlock& block) {
    std::array<std::uint8_t, kDnsAnswerMaxBytes> out{};
    return std::string(as_text(Bytes(out).first(make_dns_answer(as_bytes(message), block, out))));
}

TEST(DnsAnswer, NxdomainRepeatsTheQuestion) {
    const std::string q = query(kA);
    const std::string a = answer(q, {});
    ASSERT_EQ(a.size(), q.size());
    EXPECT_EQ(a.substr(0, 12), "\x12\x34\x81\x83\x00\x01\x00\x00\x00\x00\x00\x00"s);
    EXPECT_EQ(a.substr(12), q.substr(12));
}

TEST(DnsAnswer, EdnsGetsAnExtendedError) {
    const std::string a = answer(query(kA, true), {});
    EXPECT_EQ(a.substr(a.size() - 17),
              "\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x06\x00\x0f\x00\x02\x00\x0f"s);
    EXPECT_EQ(a[11], 1);
}

TEST(DnsAnswer, AddressesAnswerTheirTypeOnly) {
    DnsBlock block;
    block.v4 = IpAddress::parse("192.0.2.9");
    const std::string a = answer(query(kA), block);
    EXPECT_EQ(a.substr(2, 2), "\x81\x80"s);
    EXPECT_EQ(a.substr(a.size() - 16),
              "\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x09"s);
    for (const unsigned type : {kAaaa, kHttps}) {
        const std::string other = answer(query(type), block);
        EXPECT_EQ(other.size(), query(type).size());
        EXPECT_EQ(other.substr(2, 2), "\x81\x80"s);
    }
    block.v6 = IpAddress::parse("2001:db8::9");
    EXPECT_EQ(answer(query(kAaaa), block).size(), query(kAaaa).size() + 28);
}

TEST(DnsAnswer, RefusesWhatIsNoPlainQuery) {
    std::string response = query(kA);
    response[2] = '\x81';
    std::string update = query(kA);
    update[2] = '\x28';
    std::string two = query(kA);
    two[5] = 2;
    std::string with_answer = query(kA);
    with_answer[7] = 1;
    std::string pointer = query(kA);
    pointer[12] = '\xc0';
    std::string endless = query(kA).substr(0, 12);
    for (int i = 0; i < 200; ++i)
        endless +=
            "\x01"
            "a";
    for (const auto& message :
         {response, update, two, with_answer, pointer, endless, query(kA).substr(0, 20), ""s})
        EXPECT_EQ(answer(message, {}), "");
    std::array<std::uint8_t, 20> small{};
    EXPECT_EQ(make_dns_answer(as_bytes(query(kA)), {}, small), 0u);
}

TEST(DnsAnswer, LongestNameFits) {
    std::string q = query(kAaaa, true).substr(0, 12);
    for (int i = 0; i < 127; ++i)
        q += "\x01"
             "a";
    q += "\x00\x00\x1c\x00\x01"s + "\x00\x00\x29\x10\x00\x00\x00\x00\x00\x00\x00"s;
    DnsBlock block;
    block.v6 = IpAddress::parse("2001:db8::9");
    EXPECT_EQ(answer(q, block).size(), kDnsAnswerMaxBytes);
}

}  // namespace
}  // namespace sekisho::urlfilter
