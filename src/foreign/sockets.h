// Sockets of the listener: opened non-blocking, closed with the object.
#pragma once

#include <optional>
#include <utility>

#include "sekisho/base/address.h"
#include "sekisho/base/endpoint.h"
#include "sekisho/base/result.h"

namespace sekisho::foreign {

class Socket {
  public:
    Socket() = default;
    explicit Socket(int fd) noexcept : fd_(fd) {}
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Socket();
    int fd() const noexcept { return fd_; }
    bool open() const noexcept { return fd_ >= 0; }
    /// The port it was bound to; 0 when it is not open.
    std::uint16_t port() const noexcept;

    /// @error io  cannot be bound, with the address
    static Result<Socket> listen_udp(const Endpoint& at);
    static Result<Socket> listen_tcp(const Endpoint& at);
    /// A connection that waits; nothing when there is none (any more).
    std::optional<std::pair<Socket, IpAddress>> accept() const noexcept;

  private:
    int fd_ = -1;
};

/// Who sent a datagram or is at the other end.
std::optional<IpAddress> address_in(const void* sockaddr_storage) noexcept;

}  // namespace sekisho::foreign
