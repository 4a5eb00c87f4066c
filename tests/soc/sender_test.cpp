#include "sekisho/soc/sender.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace sekisho::soc {
namespace {

using namespace std::chrono_literals;

bool eventually(const std::function<bool()>& true_now) {
    for (int i = 0; i < 1000; ++i, std::this_thread::sleep_for(5ms))
        if (true_now()) return true;
    return false;
}

class MemoryOutbox final : public Outbox {
  public:
    Result<std::vector<OutMessage>> pending(std::size_t limit) override {
        const std::lock_guard lock(mutex_);
        std::vector<OutMessage> next;
        for (const auto& m : all_)
            if (m.number > confirmed_ && next.size() < limit) next.push_back(m);
        return next;
    }
    Status offer(std::uint64_t number) override {
        const std::lock_guard lock(mutex_);
        offered_ = number;
        return {};
    }
    Status confirm(std::uint64_t number) override {
        const std::lock_guard lock(mutex_);
        confirmed_ = number;
        return {};
    }
    void put(std::uint64_t number) {
        const std::lock_guard lock(mutex_);
        all_.push_back({number, "message " + std::to_string(number)});
    }
    std::uint64_t confirmed() {
        const std::lock_guard lock(mutex_);
        return confirmed_;
    }

    std::uint64_t offered() {
        const std::lock_guard lock(mutex_);
        return offered_;
    }

  private:
    std::mutex mutex_;
    std::vector<OutMessage> all_;
    std::uint64_t offered_ = 0, confirmed_ = 0;
};

/// A bound loopback socket; `port` 0 takes any.
int listener(int type, std::uint16_t& port) {
    const int fd = ::socket(AF_INET, type, 0);
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    if (type == SOCK_STREAM) {
        EXPECT_EQ(::listen(fd, 4), 0);
    }
    socklen_t size = sizeof address;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    const timeval patience{5, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

std::string receive(int fd, std::size_t octets) {
    std::string got;
    char block[4096];
    while (got.size() < octets) {
        const ssize_t n = ::recv(fd, block, std::min(sizeof block, octets - got.size()), 0);
        if (n <= 0) break;
        got.append(block, static_cast<std::size_t>(n));
    }
    return got;
}

config::SyslogTarget target(std::uint16_t port, config::SyslogTransport transport) {
    config::SyslogTarget t;
    t.name = "soc";
    t.host = "127.0.0.1";
    t.port = port;
    t.transport = transport;
    return t;
}

constexpr SenderSettings kQuick{10ms, 50ms, 2000ms};

TEST(Sender, CountsOctetsOverTcp) {
    std::uint16_t port = 0;
    const int server = listener(SOCK_STREAM, port);
    MemoryOutbox outbox;
    for (std::uint64_t n = 1; n <= 3; ++n) outbox.put(n);
    Sender sender(target(port, config::SyslogTransport::tcp), outbox, kQuick);
    const int peer = ::accept(server, nullptr, nullptr);
    const std::string wanted = "9 message 19 message 29 message 3";
    EXPECT_EQ(receive(peer, wanted.size()), wanted);
    EXPECT_TRUE(eventually([&] { return outbox.confirmed() == 3; }));
    EXPECT_TRUE(eventually([&] { return sender.status().sent == 3; }));
    outbox.put(4);
    sender.wake();
    EXPECT_EQ(receive(peer, 11), "9 message 4");
    EXPECT_EQ(sender.status().state, LinkState::connected);
    ::close(peer);
    ::close(server);
}

TEST(Sender, SendsAgainWhatWasNotConfirmed) {
    std::uint16_t port = 0;
    int server = listener(SOCK_STREAM, port);
    ::close(server);  // nobody there
    MemoryOutbox outbox;
    outbox.put(1);
    Sender sender(target(port, config::SyslogTransport::tcp), outbox, kQuick);
    EXPECT_TRUE(eventually([&] { return sender.status().failed >= 2; }));
    EXPECT_EQ(sender.status().state, LinkState::waiting);
    EXPECT_NE(sender.status().last_error.find("Connection refused"), std::string::npos) << sender.status().last_error;
    EXPECT_EQ(outbox.confirmed(), 0U);
    EXPECT_EQ(outbox.offered(), 0U) << "nothing went out yet: it is no resend";
    server = listener(SOCK_STREAM, port);
    int peer = ::accept(server, nullptr, nullptr);
    EXPECT_EQ(receive(peer, 11), "9 message 1");
    EXPECT_EQ(outbox.offered(), 1U);
    EXPECT_TRUE(eventually([&] { return outbox.confirmed() == 1; }));
    ::close(peer);  // the SOC restarts
    EXPECT_TRUE(eventually([&] { return sender.status().state == LinkState::waiting; }));
    outbox.put(2);
    sender.wake();
    peer = ::accept(server, nullptr, nullptr);
    EXPECT_EQ(receive(peer, 11), "9 message 2");
    EXPECT_TRUE(eventually([&] { return outbox.confirmed() == 2; }));
    ::close(peer);
    ::close(server);
}

TEST(Sender, SendsADatagramEachOverUdp) {
    std::uint16_t port = 0;
    const int server = listener(SOCK_DGRAM, port);
    MemoryOutbox outbox;
    outbox.put(1);
    outbox.put(2);
    Sender sender(target(port, config::SyslogTransport::udp), outbox, kQuick);
    char datagram[100];
    for (const char* wanted : {"message 1", "message 2"}) {
        const ssize_t size = ::recv(server, datagram, sizeof datagram, 0);
        ASSERT_GT(size, 0);
        EXPECT_EQ(std::string(datagram, static_cast<std::size_t>(size)), wanted);
    }
    EXPECT_TRUE(eventually([&] { return outbox.confirmed() == 2; }));
    ::close(server);
}

TEST(Sender, NoticesAMissingUdpReceiver) {
    std::uint16_t port = 0;
    ::close(listener(SOCK_DGRAM, port));
    MemoryOutbox outbox;
    outbox.put(1);
    Sender sender(target(port, config::SyslogTransport::udp), outbox, kQuick);
    EXPECT_TRUE(eventually([&] { return sender.status().failed >= 1; }));
    EXPECT_EQ(outbox.confirmed(), 0U);
}

TEST(Sender, NeverFallsBackFromTls) {
    std::uint16_t port = 0;
    const int server = listener(SOCK_STREAM, port);
    MemoryOutbox outbox;
    outbox.put(1);
    Sender sender(target(port, config::SyslogTransport::tls), outbox, kQuick);  // no CA file
    EXPECT_TRUE(eventually([&] { return sender.status().failed >= 1; }));
    EXPECT_NE(sender.status().last_error.find("no CA file"), std::string::npos);
    EXPECT_EQ(outbox.confirmed(), 0U);
    ::close(server);
}

/// An outbox whose sender shall stand connected before there is anything to send.
class WatchingOutbox final : public Outbox {
  public:
    Result<std::vector<OutMessage>> pending(std::size_t) override { return std::vector<OutMessage>(); }
    Status offer(std::uint64_t) override { return {}; }
    Status confirm(std::uint64_t) override { return {}; }
    Standing standing() override { return wanted; }
    void went_well() override { ++well; }
    void failed(const Failure& failure) override {
        ++failures;
        silent = failure.silent;
    }
    std::atomic<Standing> wanted{Standing::connected};
    std::atomic<int> well{0}, failures{0};
    std::atomic<bool> silent{false};
};

TEST(Sender, StandsConnectedWithoutMessagesWhereThatIsWanted) {
    std::uint16_t port = 0;
    ::close(listener(SOCK_STREAM, port));
    WatchingOutbox outbox;
    Sender sender(target(port, config::SyslogTransport::tcp), outbox, kQuick);
    EXPECT_TRUE(eventually([&] { return outbox.failures >= 1; }));
    EXPECT_FALSE(outbox.silent) << "it refused at once";
    EXPECT_FALSE(sender.status().undelivered_since) << "nothing waits";
    const int server = listener(SOCK_STREAM, port);
    const int peer = ::accept(server, nullptr, nullptr);
    ASSERT_GE(peer, 0);
    EXPECT_TRUE(eventually([&] { return outbox.well >= 1; }));
    EXPECT_EQ(sender.status().state, LinkState::connected);
    outbox.wanted = Standing::closed;
    char octet;
    EXPECT_EQ(::recv(peer, &octet, 1, 0), 0) << "hung up";
    EXPECT_TRUE(eventually([&] { return sender.status().state == LinkState::idle; }));
    ::close(peer);
    ::close(server);
}

TEST(Sender, TellsAReceiverThatDoesNotAnswerFromOneThatIsLost) {
    std::uint16_t port = 0;
    const int server = listener(SOCK_STREAM, port);  // accepts by its kernel, says nothing
    WatchingOutbox outbox;
    Sender sender(target(port, config::SyslogTransport::relp), outbox, {10ms, 50ms, 200ms});
    EXPECT_TRUE(eventually([&] { return outbox.failures >= 1; }));
    EXPECT_TRUE(outbox.silent);
    ::close(server);
}

TEST(Sender, StopsQuickly) {
    MemoryOutbox outbox;
    outbox.put(1);
    const auto start = std::chrono::steady_clock::now();
    { Sender sender(target(9, config::SyslogTransport::tcp), outbox, {60'000ms, 60'000ms, 1000ms}); }
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

}  // namespace
}  // namespace sekisho::soc
