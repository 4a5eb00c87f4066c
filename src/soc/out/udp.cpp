// Syslog over UDP (RFC 5426): one message, one datagram. Nothing acknowledges it; the only sign of a missing
// receiver is an ICMP error on the connected socket, which we give a moment to come back.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "soc/out/link.h"
#include "soc/out/socket.h"

namespace sekisho::soc {
namespace {

constexpr int kIcmpWaitMs = 20;

class UdpLink final : public Link {
  public:
    explicit UdpLink(const config::SyslogTarget& target) : host_(target.host), port_(target.port) {}

    Status connect(Deadline deadline) override {
        auto socket = connect_socket(host_, port_, SOCK_DGRAM, deadline);
        if (!socket) return fail(socket.error());
        socket_ = std::move(*socket);
        return {};
    }
    Status send(std::string_view message, Deadline) override {
        if (::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL) >= 0) return {};
        return fail(ErrorCode::unavailable, std::strerror(errno));
    }
    Status settle(Deadline) override {
        pollfd wanted{socket_.get(), 0, 0};  // POLLERR comes unasked
        if (::poll(&wanted, 1, kIcmpWaitMs) <= 0) return {};
        return check();
    }
    Status check() override {
        int cause = 0;
        socklen_t size = sizeof cause;
        ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &cause, &size);
        if (cause != 0) return fail(ErrorCode::unavailable, std::strerror(cause));
        return {};
    }

  private:
    std::string host_;
    std::uint16_t port_;
    Socket socket_;
};

}  // namespace

std::unique_ptr<Link> make_udp_link(const config::SyslogTarget& target) { return std::make_unique<UdpLink>(target); }

}  // namespace sekisho::soc
