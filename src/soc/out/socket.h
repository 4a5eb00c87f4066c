// Sockets as the links need them: owned, non-blocking, with deadlines.
#pragma once

#include <string>
#include <string_view>

#include "sekisho/base/result.h"
#include "soc/out/link.h"

namespace sekisho::soc {

class Socket {
  public:
    Socket() = default;
    explicit Socket(int fd) noexcept : fd_(fd) {}
    Socket(Socket&& other) noexcept : fd_(other.release()) {}
    Socket& operator=(Socket&& other) noexcept;
    ~Socket();

    int get() const noexcept { return fd_; }
    int release() noexcept {
        const int fd = fd_;
        fd_ = -1;
        return fd;
    }

  private:
    int fd_ = -1;
};

/// Resolves and connects, trying each address until the deadline. Non-blocking afterwards.
/// @param type   SOCK_STREAM or SOCK_DGRAM
/// @error unavailable, with the last address's words
Result<Socket> connect_socket(const std::string& host, std::uint16_t port, int type, Deadline deadline);

/// All of it, or an error. Stream sockets.
Status write_all(int fd, std::string_view bytes, Deadline deadline);

/// What has come; waits for it until the deadline (a deadline that has passed: only looks). Empty: nothing came.
/// @error unavailable: the other end closed
Result<std::string> read_some(int fd, Deadline deadline);

/// Waits until the other end's system acknowledged every octet (SIOCOUTQ, tcp(7)).
Status wait_acknowledged(int fd, Deadline deadline);

/// Whether a stream's other end has closed; what it sends is thrown away.
Status check_stream(int fd);

}  // namespace sekisho::soc
