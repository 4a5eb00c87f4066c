#include "foreign/sockets.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sekisho/base/bytes.h"

namespace sekisho::foreign {
namespace {

constexpr int kReceiveOctets = 4 << 20;  // bursts of a UTM while a story is written to disk
constexpr int kBacklog = 64;

Result<Socket> bound(const Endpoint& at, int type) {
    sockaddr_storage storage{};
    socklen_t size = 0;
    if (at.address.is_v4()) {
        auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
        v4.sin_family = AF_INET;
        v4.sin_port = htons(at.port);
        std::memcpy(&v4.sin_addr, at.address.octets.data() + 12, 4);
        size = sizeof v4;
    } else {
        auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(at.port);
        std::memcpy(&v6.sin6_addr, at.address.octets.data(), 16);
        size = sizeof v6;
    }
    Socket socket(::socket(storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const std::string where = at.address.to_string() + " port " + std::to_string(at.port);
    if (!socket.open()) return fail(ErrorCode::io, std::strerror(errno), where);
    const int on = 1;
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (type == SOCK_DGRAM) ::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVBUF, &kReceiveOctets, sizeof kReceiveOctets);
    if (::bind(socket.fd(), reinterpret_cast<sockaddr*>(&storage), size) != 0)
        return fail(ErrorCode::io, std::string("cannot listen for logs: ") + std::strerror(errno), where);
    if (type == SOCK_STREAM && ::listen(socket.fd(), kBacklog) != 0) return fail(ErrorCode::io, std::strerror(errno), where);
    return socket;
}

}  // namespace

Socket::~Socket() {
    if (fd_ >= 0) ::close(fd_);
}

Result<Socket> Socket::listen_udp(const Endpoint& at) { return bound(at, SOCK_DGRAM); }
Result<Socket> Socket::listen_tcp(const Endpoint& at) { return bound(at, SOCK_STREAM); }

std::uint16_t Socket::port() const noexcept {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (fd_ < 0 || ::getsockname(fd_, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return 0;
    return ntohs(storage.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(storage).sin_port
                                              : reinterpret_cast<sockaddr_in6&>(storage).sin6_port);
}

std::optional<std::pair<Socket, IpAddress>> Socket::accept() const noexcept {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    Socket socket(::accept4(fd_, reinterpret_cast<sockaddr*>(&storage), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    const auto from = address_in(&storage);
    if (!socket.open() || !from) return std::nullopt;
    return std::pair(std::move(socket), *from);
}

std::optional<IpAddress> address_in(const void* from) noexcept {
    const auto& storage = *static_cast<const sockaddr_storage*>(from);
    if (storage.ss_family == AF_INET) {
        std::array<std::uint8_t, 4> octets{};
        std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in&>(storage).sin_addr, octets.size());
        return IpAddress::v4(Bytes(octets));
    }
    if (storage.ss_family != AF_INET6) return std::nullopt;
    IpAddress address;  // ::ffff:192.0.2.1 is an IPv4 address here as well
    std::memcpy(address.octets.data(), &reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr, address.octets.size());
    return address;
}

}  // namespace sekisho::foreign
