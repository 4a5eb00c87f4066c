#include "sekisho/sign/sign.h"

#include <gtest/gtest.h>

#include <string>

namespace sekisho::sign {
namespace {

Bytes bytes(const std::string& text) { return as_bytes(text); }
std::string zeros(std::size_t n) { return std::string(n, '\0'); }
template <std::size_t N>
std::string raw(const char (&text)[N]) { return std::string(text, N - 1); }
std::string le(std::uint64_t value, int octets) {
    std::string out;
    for (int i = 0; i < octets; ++i) out += static_cast<char>(value >> (8 * i));
    return out;
}
std::string wide(const std::string& text) {
    std::string out;
    for (const char c : text) out += c, out += '\0';
    return out;
}
std::string option(char code, const std::string& value) { return std::string{code, static_cast<char>(value.size())} + value; }

std::string dhcp(const std::string& options, const std::string& own = zeros(4)) {
    return raw("\x01\x01\x06\x00") + zeros(8) + own + zeros(12) + raw("\x00\x0c\x29\x01\x02\x03") + zeros(10) + zeros(192) + raw("\x63\x82\x53\x63") + options;
}

/// Each beginning of a message that gives a sign gives none or a sign, and does not read past its end.
template <class Read>
void cut_anywhere(const std::string& whole, Read read) {
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const std::vector<char> piece(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
        read(bytes(std::string(piece.begin(), piece.end())));
    }
}

TEST(Sign, DhcpNamesItsClient) {
    const auto text = dhcp(option(53, "\x03") + option(12, "KEIRI-PC") + option(50, raw("\xc0\xa8\x01\x09")) + option(60, "MSFT 5.0") + "\xff");
    const auto sign = read_dhcp(bytes(text));
    ASSERT_TRUE(sign);
    EXPECT_EQ(sign->name.view(), "KEIRI-PC");
    EXPECT_EQ(sign->system.view(), "MSFT 5.0");
    EXPECT_EQ(sign->address, IpAddress::parse("192.168.1.9"));
    EXPECT_EQ(sign->mac->to_string(), "00:0c:29:01:02:03");
    EXPECT_EQ(read_dhcp(bytes(dhcp(option(12, "A"), raw("\xc0\xa8\x01\x07"))))->address, IpAddress::parse("192.168.1.7"));
    EXPECT_FALSE(read_dhcp(bytes(dhcp(option(12, "NO-ADDRESS")))));
    auto reply = text;
    reply[0] = 2;
    EXPECT_FALSE(read_dhcp(bytes(reply)));
    cut_anywhere(text, read_dhcp);
}

TEST(Sign, MdnsNamesItsSenderOnly) {
    const std::string head = raw("\0\0\x84\0\0\0\0\x02\0\0\0\0");
    const std::string name = raw("\x07") + "printer" + raw("\x05") + "local" + raw("\0");
    const std::string other = raw("\x03") + "nas" + raw("\xc0\x14") + raw("\0\x01\x80\x01\0\0\0\x78\0\x04\xc0\xa8\x01\x63");
    const std::string text = head + name + raw("\0\x01\x80\x01\0\0\0\x78\0\x04\xc0\xa8\x01\x14") + other;
    EXPECT_EQ(read_mdns(bytes(text), *IpAddress::parse("192.168.1.20"))->name.view(), "printer");
    EXPECT_EQ(read_mdns(bytes(text), *IpAddress::parse("192.168.1.99"))->name.view(), "nas");  // by a pointer to "local"
    EXPECT_FALSE(read_mdns(bytes(text), *IpAddress::parse("192.168.1.21")));
    const std::string loop = raw("\0\0\x84\0\0\0\0\x01\0\0\0\0\xc0\x0c\0\x01\0\x01\0\0\0\0\0\0");
    EXPECT_FALSE(read_mdns(bytes(loop), *IpAddress::parse("192.168.1.20")));
    cut_anywhere(text, [](Bytes b) { return read_mdns(b, *IpAddress::parse("192.168.1.20")); });
}

std::string encoded(const std::string& name, char kind) {
    std::string padded = name + std::string(15 - name.size(), ' ') + kind, out;
    for (const char c : padded) {
        out += static_cast<char>('A' + (static_cast<unsigned char>(c) >> 4));
        out += static_cast<char>('A' + (static_cast<unsigned char>(c) & 15));
    }
    return out;
}

TEST(Sign, NetbiosRegistrations) {
    const auto registration = [](char kind, std::uint8_t flags) {
        return raw("\x80\x01\x29\x10\0\x01\0\0\0\0\0\x01\x20") + encoded("GENBA-XP", kind) + raw("\0\0\x20\0\x01\xc0\x0c\0\x20\0\x01\0\x04\x93\xe0\0\x06") +
               static_cast<char>(flags) + raw("\0\xc0\xa8\x01\x05");
    };
    EXPECT_EQ(read_netbios_name(bytes(registration(0x00, 0)))->name.view(), "GENBA-XP");
    EXPECT_EQ(read_netbios_name(bytes(registration(0x20, 0)))->name.view(), "GENBA-XP");
    EXPECT_FALSE(read_netbios_name(bytes(registration(0x00, 0x80))));  // a group's name: the work group
    EXPECT_FALSE(read_netbios_name(bytes(registration(0x1d, 0))));
    cut_anywhere(registration(0, 0), read_netbios_name);
}

TEST(Sign, BrowserAnnouncementsTellTheVersion) {
    const std::string text = zeros(60) + raw("\\MAILSLOT\\BROWSE\0") + raw("\x01\0\x60\xea\0\0") + "GENBA-XP" + zeros(8) + raw("\x05\x01") + zeros(10);
    const auto sign = read_netbios_datagram(bytes(text));
    ASSERT_TRUE(sign);
    EXPECT_EQ(sign->name.view(), "GENBA-XP");
    EXPECT_EQ(sign->system.view(), "5.1");
    cut_anywhere(text, read_netbios_datagram);
}

TEST(Sign, NtlmTellsVersionAndWorkstation) {
    const std::string negotiate = "NTLMSSP" + zeros(1) + le(1, 4) + le(0x02000000, 4) + zeros(16) + raw("\x06\x01\xb1\x1d\0\0\0\x0f");
    EXPECT_EQ(read_smb(bytes("....." + negotiate))->system.view(), "6.1.7601");
    EXPECT_EQ(read_smb(bytes(negotiate))->kind, Kind::ntlm);
    const std::string name = wide("SOUMU-01");
    const std::string authenticate = "NTLMSSP" + zeros(1) + le(3, 4) + zeros(32) + le(name.size(), 2) + le(name.size(), 2) + le(72, 4) + zeros(8) +
                                     le(0x02000000, 4) + raw("\x0a\0\x61\x4a\0\0\0\x0f") + name;
    const auto sign = read_smb(bytes(authenticate));
    EXPECT_EQ(sign->name.view(), "SOUMU-01");
    EXPECT_EQ(sign->system.view(), "10.0.19041");
    EXPECT_FALSE(read_smb(bytes("NTLMSSP" + zeros(1) + le(9, 4) + zeros(60))));
    cut_anywhere(authenticate, read_smb);
}

TEST(Sign, Smb1TellsItsNativeSystem) {
    const std::string text = zeros(4) + raw("\xffSMBs") + zeros(60) + wide("Windows 2002 2600 Service Pack 3") + zeros(2) + wide("Windows 2002 5.1") + zeros(2);
    EXPECT_EQ(read_smb(bytes(text))->system.view(), "Windows 2002 2600 Service Pack 3");
    EXPECT_EQ(read_smb(bytes(raw("\0\0\0\0\xffSMBs") + zeros(20) + raw("Windows 5.1\0Windows 2000 LAN Manager\0")))->system.view(), "Windows 5.1");
    EXPECT_FALSE(read_smb(bytes("Windows 5.1 but no SMB at all, only text")));
    cut_anywhere(text, read_smb);
}

TEST(Sign, SynLayouts) {
    EXPECT_EQ(read_syn(127, 65535, bytes(raw("\x02\x04\x05\xb4\x01\x01\x04\x02")))->system.view(), "128 65535 M,N,N,S");
    EXPECT_EQ(read_syn(64, 64240, bytes(raw("\x02\x04\x05\xb4\x04\x02\x08\x0a\0\0\0\0\0\0\0\0\x01\x03\x03\x07")))->system.view(), "64 64240 M,S,T,N,W");
    EXPECT_FALSE(read_syn(64, 1, bytes(raw("\x02\x00"))));
    EXPECT_FALSE(read_syn(64, 1, bytes(raw("\x02\x09\x01"))));
    EXPECT_EQ(read_syn(20, 1024, {})->system.view(), "32 1024 ");
}

TEST(Sign, TextsAreShortAndPrintable) {
    const auto sign = read_dhcp(bytes(dhcp(option(12, std::string(200, '\n')), raw("\xc0\xa8\x01\x07"))));
    EXPECT_EQ(sign->name.view(), std::string(ShortText::kMax, '?'));
}

}  // namespace
}  // namespace sekisho::sign
