// Real sockets on the loopback: who is let in, framing, rates and counts.
#include "sekisho/foreign/listener.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace sekisho::foreign {
namespace {

constexpr const char* kHit = "<14>logid=1 type=utm subtype=virus srcip=192.168.1.1 dstip=203.0.113.1 virus=EICAR action=blocked";
constexpr const char* kFlow = "<14>logid=1 type=traffic subtype=forward srcip=192.168.1.1 dstip=203.0.113.1 action=close";

config::LogSettings settings_for(const char* network) {
    config::LogSettings settings;
    settings.udp = settings.tcp = "127.0.0.1:0";
    settings.senders = {{.network = network, .maker = "", .traffic = false}};
    return settings;
}

struct Rig {
    explicit Rig(const config::LogSettings& settings) {
        auto makers = Makers::load(SEKISHO_SOURCE_DIR "/rules/log-makers.yaml");
        auto opened = Listener::open(settings, std::move(*makers));
        EXPECT_TRUE(opened) << opened.error().message();
        listener = std::move(*opened);
    }
    /// Looks until `done` or 10 s are over: the listener has a thread of its own.
    bool until(const std::function<bool(const ListenerCounts&)>& done) {
        for (int i = 0; i < 1000; ++i) {
            listener->read(100, [this](const event::Event& e) { events.push_back(e); });
            if (done(listener->counts())) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }
    std::unique_ptr<Listener> listener;
    std::vector<event::Event> events;
};

int connected(int type, std::uint16_t port) {
    const int fd = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    return fd;
}
void send(int fd, const std::string& text) { EXPECT_EQ(::send(fd, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size())); }

SenderCounts only(const ListenerCounts& counts) { return counts.senders.size() == 1 ? counts.senders[0] : SenderCounts{}; }

TEST(Listener, TakesDatagramsLinesAndCountedMessages) {
    Rig rig(settings_for("127.0.0.0/8"));
    const int udp = connected(SOCK_DGRAM, rig.listener->ports()[0]);
    send(udp, kHit);
    const int tcp = connected(SOCK_STREAM, rig.listener->ports()[1]);
    send(tcp, std::string(kHit) + "\n" + std::to_string(std::string(kHit).size()) + " " + kHit);
    send(tcp, std::string(kFlow) + "\n<14>hello\n" + kHit);
    ::close(tcp);  // the last one has no line end
    EXPECT_TRUE(rig.until([](const ListenerCounts& c) { return only(c).messages == 6 && c.connections == 0; }));
    ::close(udp);
    rig.until([&](const ListenerCounts&) { return rig.events.size() >= 4; });
    ASSERT_EQ(rig.events.size(), 4U);
    EXPECT_EQ(rig.events[0].get(event::Text::list), "FortiGate at 127.0.0.1");
    const auto counts = only(rig.listener->counts());
    EXPECT_EQ(counts.events, 4U);
    EXPECT_EQ(counts.traffic, 1U);
    EXPECT_EQ(counts.unknown, 1U);
    EXPECT_EQ(counts.maker, "FortiGate");
}

TEST(Listener, RefusesWhoIsNotNamed) {
    Rig rig(settings_for("192.0.2.0/24"));
    const int udp = connected(SOCK_DGRAM, rig.listener->ports()[0]);
    send(udp, kHit);
    const int tcp = connected(SOCK_STREAM, rig.listener->ports()[1]);
    EXPECT_TRUE(rig.until([](const ListenerCounts& c) { return c.refused == 2; }));
    char octet = 0;
    EXPECT_EQ(::recv(tcp, &octet, 1, 0), 0);  // closed
    ::close(tcp);
    ::close(udp);
    EXPECT_TRUE(rig.events.empty());
}

TEST(Listener, BoundsRateConnectionsAndLength) {
    auto settings = settings_for("127.0.0.1");
    settings.rate = 10;
    settings.connections = 1;
    Rig rig(settings);
    const int first = connected(SOCK_STREAM, rig.listener->ports()[1]);
    EXPECT_TRUE(rig.until([](const ListenerCounts& c) { return c.connections == 1; }));
    const int second = connected(SOCK_STREAM, rig.listener->ports()[1]);
    EXPECT_TRUE(rig.until([](const ListenerCounts& c) { return c.connections_refused == 1; }));
    std::string many = "99999 " + std::string(99'999, 'x');
    for (int i = 0; i < 500; ++i) many += std::string(kHit) + "\n";
    send(first, many);
    EXPECT_TRUE(rig.until([](const ListenerCounts& c) { return only(c).messages == 500 && c.too_long == 1; }));
    const auto counts = only(rig.listener->counts());
    EXPECT_GE(counts.events, 10U);
    EXPECT_GT(counts.over_rate, 0U);
    EXPECT_EQ(counts.events + counts.over_rate, 500U);
    ::close(first);
    ::close(second);
}

TEST(Listener, LosesAndCountsWhatNobodyTakes) {
    auto settings = settings_for("127.0.0.1");
    settings.rate = 1'000'000;
    Rig rig(settings);
    const int tcp = connected(SOCK_STREAM, rig.listener->ports()[1]);
    std::string many;
    for (int i = 0; i < 5000; ++i) many += std::string(kHit) + "\n";
    send(tcp, many);
    ::close(tcp);
    for (int i = 0; i < 1000 && only(rig.listener->counts()).messages < 5000; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_GT(rig.listener->counts().queue_full, 0U);
    EXPECT_EQ(rig.listener->read(100'000, [](const event::Event&) {}) + rig.listener->counts().queue_full, 5000U);
}

TEST(Listener, ToldWhatIsWrongWithItsSettings) {
    auto makers = [] { return std::move(*Makers::load(SEKISHO_SOURCE_DIR "/rules/log-makers.yaml")); };
    auto settings = settings_for("127.0.0.1");
    settings.senders[0].maker = "nobody";
    auto bad = Listener::open(settings, makers());
    ASSERT_FALSE(bad);
    EXPECT_NE(bad.error().message().find("'nobody' is no maker"), std::string::npos);
    settings = settings_for("127.0.0.1");
    settings.udp = "203.0.113.1:514";
    bad = Listener::open(settings, makers());
    ASSERT_FALSE(bad);
    EXPECT_NE(bad.error().message().find("203.0.113.1 port 514"), std::string::npos);
    settings = settings_for("127.0.0.1");
    settings.tls = "127.0.0.1:0";
    settings.certificate_file = settings.key_file = "/nonexistent";
    EXPECT_FALSE(Listener::open(settings, makers()));
}

}  // namespace
}  // namespace sekisho::foreign
