#include "sekisho/appid/app_id.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sekisho::appid {
namespace {

using namespace std::string_literals;

constexpr std::uint8_t kTcp = 6, kUdp = 17;

std::string be16(std::size_t value) { return {static_cast<char>(value >> 8), static_cast<char>(value)}; }

std::string ipv4(char protocol, const std::string& payload, Direction direction) {
    const std::string client = "\x0a\x00\x00\x05"s;
    const std::string server = "\xc0\x00\x02\x09"s;
    const bool up = direction == Direction::to_server;
    return "\x45\x00"s + be16(20 + payload.size()) + "\x00\x01\x40\x00\x40"s + protocol + "\x00\x00"s +
           (up ? client + server : server + client) + payload;
}

std::string tcp(std::size_t server_port, const std::string& data, char flags,
                Direction direction = Direction::to_server) {
    const bool up = direction == Direction::to_server;
    return ipv4(6,
                be16(up ? 40000 : server_port) + be16(up ? server_port : 40000) +
                    "\x00\x00\x00\x01\x00\x00\x00\x01\x50"s + flags + "\x20\x00\x00\x00\x00\x00"s + data,
                direction);
}

std::string udp(std::size_t server_port, const std::string& data) {
    return ipv4(17, be16(40000) + be16(server_port) + be16(8 + data.size()) + "\x00\x00"s + data,
                Direction::to_server);
}

std::string client_hello(const std::string& name) {
    const std::string entry = "\x00"s + be16(name.size()) + name;
    const std::string sni = "\x00\x00"s + be16(entry.size() + 2) + be16(entry.size()) + entry;
    const std::string body = "\x03\x03"s + std::string(32, 'r') + "\x00"s + "\x00\x02\x13\x01"s +
                             "\x01\x00"s + be16(sni.size()) + sni;
    const std::string handshake = "\x01\x00"s + be16(body.size()) + body;
    return "\x16\x03\x01"s + be16(handshake.size()) + handshake;
}

std::string dns_query() {
    return "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07" "example\x07" "invalid\x00\x00\x01\x00\x01"s;
}

class AppIdTest : public testing::Test {
  protected:
    void SetUp() override { open({16, 12}); }
    void open(const AppIdLimits& limits) {
        auto created = AppId::create(limits);
        ASSERT_TRUE(created) << created.error().message();
        app_ = std::move(*created);
    }
    Answer show(const std::vector<std::string>& packets) {
        const Handle handle = app_->begin(static_cast<std::uint8_t>(packets.front()[9]));
        EXPECT_TRUE(handle);
        Answer answer;
        for (const auto& packet : packets) {
            answer = app_->feed(handle, as_bytes(packet), kSecondNs, Direction::to_server);
            if (answer.decided) break;
        }
        if (!answer.decided) answer = app_->give_up(handle);
        app_->end(handle);
        EXPECT_EQ(app_->borrowed(), 0u);
        return answer;
    }
    std::vector<std::string> session(std::size_t port, const std::string& data) const {
        return {tcp(port, "", 2), tcp(port, "", 0x10), tcp(port, data, 0x18)};
    }

    std::unique_ptr<AppId> app_;
};

TEST_F(AppIdTest, DnsQuery) {
    const Answer answer = show({udp(53, dns_query())});
    EXPECT_EQ(app_->protocol_name(answer), "DNS");
    EXPECT_EQ(app_->category_name(answer), "Network");
}

TEST_F(AppIdTest, TlsClientHelloNamesTheApplication) {
    const Answer answer = show(session(443, client_hello("master1.teamviewer.com")));
    EXPECT_EQ(app_->protocol_name(answer), "TLS");
    EXPECT_EQ(app_->name(answer), "TeamViewer");
}

TEST_F(AppIdTest, HttpOnAnyPort) {
    const Answer answer = show(session(
        8123, "GET /index.html HTTP/1.1\r\nHost: www.example.invalid\r\nUser-Agent: test/1\r\n\r\n"));
    EXPECT_EQ(app_->protocol_name(answer), "HTTP");
    EXPECT_EQ(app_->category_name(answer), "Web");
    EXPECT_FALSE(answer.guessed);
}

TEST_F(AppIdTest, BitTorrentHandshake) {
    const Answer answer = show(session(51413,
                                       "\x13"
                                       "BitTorrent protocol"s +
                                           std::string(8, '\0') + std::string(40, 'h')));
    EXPECT_EQ(app_->name(answer), "BitTorrent");
    EXPECT_TRUE(answer.decided);
}

TEST_F(AppIdTest, NoiseEndsUnknownWithinTheLimit) {
    std::vector<std::string> packets{tcp(55555, "", 2)};
    for (int i = 0; i < 40; ++i)
        packets.push_back(tcp(55555, std::string(64, static_cast<char>(0x81 + i)), 0x18));
    const Answer answer = show(packets);
    EXPECT_TRUE(answer.decided);
    EXPECT_FALSE(answer.known());
    EXPECT_EQ(app_->name(answer), "Unknown");
    EXPECT_EQ(app_->counters().get(AppIdCounter::packets), 12u);
    EXPECT_EQ(app_->counters().get(AppIdCounter::unknown), 1u);
}

TEST_F(AppIdTest, FlowsBeyondTheRecordsStayUnknown) {
    open({2, 12});
    const Handle a = app_->begin(kTcp);
    const Handle b = app_->begin(kTcp);
    const Handle c = app_->begin(kTcp);
    EXPECT_TRUE(a && b);
    EXPECT_FALSE(c);
    EXPECT_EQ(app_->counters().get(AppIdCounter::no_record), 1u);
    EXPECT_FALSE(app_->feed(c, as_bytes(udp(53, "x")), 0, Direction::to_server).known());
    app_->end(c);
    app_->end(a);
    EXPECT_EQ(app_->borrowed(), 1u);
    EXPECT_EQ(app_->begin(kTcp).index, a.index);
}

TEST_F(AppIdTest, CutPacketsAreSafe) {
    const std::string packet = tcp(443, client_hello("a.example"), 0x18);
    for (std::size_t size = 0; size <= packet.size(); ++size) {
        const std::vector<std::uint8_t> exact(packet.begin(),
                                              packet.begin() + static_cast<std::ptrdiff_t>(size));
        const Handle handle = app_->begin(kTcp);
        app_->feed(handle, exact, 0, Direction::to_server);
        app_->end(handle);
    }
    EXPECT_EQ(app_->borrowed(), 0u);
}

TEST_F(AppIdTest, PacketsOfAnotherTransportAreNotLookedAt) {
    const Handle handle = app_->begin(kUdp);
    EXPECT_FALSE(app_->feed(handle, as_bytes(tcp(443, client_hello("a.example"), 0x18)), 0, Direction::to_server).known());
    EXPECT_TRUE(app_->feed(handle, as_bytes(udp(53, dns_query())), 0, Direction::to_server).known());
    app_->end(handle);
}

TEST_F(AppIdTest, PacketsThatAreNotLookedAtDoNotHoldARecordForEver) {
    const Handle handle = app_->begin(kUdp);
    Answer answer;
    for (int i = 0; i < 12 && !answer.decided; ++i)
        answer = app_->feed(handle, as_bytes(tcp(443, "x", 0x18)), 0, Direction::to_server);
    EXPECT_TRUE(answer.decided);
    EXPECT_FALSE(answer.known());
    app_->end(handle);
}

TEST_F(AppIdTest, TheTransportIsFoundBehindIpv6Extensions) {
    // Hop-by-hop (6 octets of padding), destination options (14), then UDP.
    const std::string datagram = udp(53, dns_query()).substr(20);
    const std::string extensions = "\x3c\x00\x01\x04\x00\x00\x00\x00"s + "\x11\x01\x01\x0c"s + std::string(12, '\0');
    const std::string packet = "\x60\x00\x00\x00"s + be16(extensions.size() + datagram.size()) + "\x00\x40"s +
                               "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x05\x20\x01\x0d\xb8"s + std::string(11, '\0') +
                               "\x09"s + extensions + datagram;
    const Handle handle = app_->begin(kUdp);
    EXPECT_EQ(app_->protocol_name(app_->feed(handle, as_bytes(packet), 0, Direction::to_server)), "DNS");
    app_->end(handle);
    for (std::size_t size = 1; size < packet.size(); ++size) {
        const Handle cut = app_->begin(kUdp);
        app_->feed(cut, as_bytes(packet).first(size), 0, Direction::to_server);
        app_->end(cut);
    }
    EXPECT_EQ(app_->borrowed(), 0u);
}

/// A SYN makes nDPI forget the flow, its transport with it, before it takes memory for the data: a leak that preset asan shows.
TEST_F(AppIdTest, ASynWithDataLeavesNothingBehind) {
    const std::string hello = client_hello("a.example");
    std::string unreadable = tcp(443, "x", 0x18);
    unreadable[2] = '\x7f';  // longer than the packet
    const Handle handle = app_->begin(kTcp);
    app_->feed(handle, as_bytes(unreadable), 0, Direction::to_server);
    app_->feed(handle, as_bytes(tcp(443, "\x16\x03\x01\x40\x00\x01\x00\x3f\xfc"s + hello, 0x18)), 0, Direction::to_server);
    app_->feed(handle, as_bytes(tcp(443, "\x16\x03\x01\x40\x00\x01\x00\x3f\xfc"s + hello, 2)), 0, Direction::to_server);
    app_->end(handle);
    EXPECT_EQ(app_->borrowed(), 0u);
}

TEST_F(AppIdTest, RefusesSenselessLimits) {
    EXPECT_FALSE(AppId::create({0, 1}));
    EXPECT_FALSE(AppId::create({1, 0}));
    EXPECT_FALSE(AppId::create({std::size_t{1} << 21, 1}));
}

TEST_F(AppIdTest, NamesAreFoundWithoutRegardToCase) {
    const auto torrent = app_->find("bittorrent");
    ASSERT_TRUE(torrent);
    EXPECT_EQ(app_->name_of(*torrent), "BitTorrent");
    EXPECT_FALSE(app_->find("NoSuchThing"));
}

TEST_F(AppIdTest, GroupsHoldWhatTheirNamesSay) {
    const auto group = [&](std::string_view name) -> std::string_view {
        const std::size_t index = app_->group_of(app_->find(name).value_or(0));
        return index == kNoGroup ? std::string_view{} : groups()[index].name;
    };
    EXPECT_EQ(group("BitTorrent"), "p2p");
    EXPECT_EQ(group("eDonkey"), "p2p");
    EXPECT_EQ(group("TeamViewer"), "remote_access");
    EXPECT_EQ(group("Tor"), "vpn");
    EXPECT_EQ(group("OpenVPN"), "vpn");
    EXPECT_EQ(group("DNS"), "");
    EXPECT_EQ(app_->group_of(0), kNoGroup);
    EXPECT_EQ(app_->group_of(65535), kNoGroup);
}

}  // namespace
}  // namespace sekisho::appid
