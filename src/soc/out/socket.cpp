#include "soc/out/socket.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <thread>

namespace sekisho::soc {
namespace {

constexpr unsigned kUserTimeoutMs = 30'000;  // unacknowledged this long: the connection is dead (RFC 5482)
constexpr int kKeepIdleSeconds = 30, kKeepIntervalSeconds = 10, kKeepCount = 3;
constexpr auto kAckPoll = std::chrono::milliseconds(2);

tl::unexpected<Error> unavailable(int cause) { return fail(ErrorCode::unavailable, std::strerror(cause)); }

int milliseconds_left(Deadline deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<long long>(left.count(), 0, 60'000));
}

/// A link that dies silently (a cut cable, a NAT that forgot) must be noticed within a minute.
void watch_stream(int fd) {
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &kKeepIdleSeconds, sizeof kKeepIdleSeconds);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &kKeepIntervalSeconds, sizeof kKeepIntervalSeconds);
    ::setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &kKeepCount, sizeof kKeepCount);
    ::setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUserTimeoutMs, sizeof kUserTimeoutMs);
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Result<Socket> connect_one(const addrinfo& address, Deadline deadline) {
    Socket socket(::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol));
    if (socket.get() < 0) return unavailable(errno);
    if (address.ai_socktype == SOCK_STREAM) watch_stream(socket.get());
    if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return socket;
    if (errno != EINPROGRESS) return unavailable(errno);
    pollfd wanted{socket.get(), POLLOUT, 0};
    if (::poll(&wanted, 1, milliseconds_left(deadline)) <= 0) return fail(ErrorCode::unavailable, "no answer in time");
    int cause = 0;
    socklen_t size = sizeof cause;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &cause, &size);
    if (cause != 0) return unavailable(cause);
    return socket;
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
    if (this != &other) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = other.release();
    }
    return *this;
}
Socket::~Socket() {
    if (fd_ >= 0) ::close(fd_);
}

Result<Socket> connect_socket(const std::string& host, std::uint16_t port, int type, Deadline deadline) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = type;
    wanted.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
    if (code != 0) return fail(ErrorCode::unavailable, "cannot find '" + host + "': " + ::gai_strerror(code));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
    Result<Socket> last = fail(ErrorCode::unavailable, "'" + host + "' has no address");
    for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
        last = connect_one(*one, deadline);
        if (last) return last;
    }
    return fail(ErrorCode::unavailable, last.error().what, host + ":" + std::to_string(port));
}

Status write_all(int fd, std::string_view bytes, Deadline deadline) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return unavailable(errno);
        pollfd wanted{fd, POLLOUT, 0};
        if (::poll(&wanted, 1, milliseconds_left(deadline)) == 0) return fail(ErrorCode::unavailable, "the other end takes nothing more");
    }
    return {};
}

Result<std::string> read_some(int fd, Deadline deadline) {
    while (true) {
        char block[4096];
        const ssize_t got = ::recv(fd, block, sizeof block, MSG_DONTWAIT);
        if (got > 0) return std::string(block, static_cast<std::size_t>(got));
        if (got == 0) return fail(ErrorCode::unavailable, "the other end closed the connection");
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return unavailable(errno);
        if (std::chrono::steady_clock::now() >= deadline) return std::string();
        pollfd wanted{fd, POLLIN, 0};
        ::poll(&wanted, 1, milliseconds_left(deadline));
    }
}

Status wait_acknowledged(int fd, Deadline deadline) {
    while (true) {
        int unacknowledged = 0;
        if (::ioctl(fd, SIOCOUTQ, &unacknowledged) != 0) return unavailable(errno);
        if (unacknowledged == 0) return {};
        int cause = 0;
        socklen_t size = sizeof cause;
        ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &cause, &size);
        if (cause != 0) return unavailable(cause);
        if (std::chrono::steady_clock::now() >= deadline) return fail(ErrorCode::unavailable, "not acknowledged in time");
        std::this_thread::sleep_for(kAckPoll);
    }
}

Status check_stream(int fd) {
    char unread[4096];
    const ssize_t got = ::recv(fd, unread, sizeof unread, MSG_DONTWAIT);
    if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))) return {};
    if (got == 0) return fail(ErrorCode::unavailable, "the other end closed the connection");
    return unavailable(errno);
}

}  // namespace sekisho::soc
