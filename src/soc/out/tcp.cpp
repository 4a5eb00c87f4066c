// Syslog over TCP with octet counting (RFC 6587 section 3.4.1): "LENGTH SP MESSAGE". The protocol has no
// answer of its own; what the other system acknowledged counts as delivered. A receiver that dies between
// its kernel and its disk loses messages: that needs RELP.
#include <sys/socket.h>

#include "soc/out/link.h"
#include "soc/out/socket.h"

namespace sekisho::soc {
namespace {

class TcpLink final : public Link {
  public:
    explicit TcpLink(const config::SyslogTarget& target) : host_(target.host), port_(target.port) {}

    Status connect(Deadline deadline) override {
        auto socket = connect_socket(host_, port_, SOCK_STREAM, deadline);
        if (!socket) return fail(socket.error());
        socket_ = std::move(*socket);
        return {};
    }
    Status send(std::string_view message, Deadline deadline) override {
        std::string frame = std::to_string(message.size()) + ' ';
        frame += message;
        return write_all(socket_.get(), frame, deadline);
    }
    Status settle(Deadline deadline) override {
        if (auto done = wait_acknowledged(socket_.get(), deadline); !done) return done;
        return check();
    }
    Status check() override { return check_stream(socket_.get()); }

  private:
    std::string host_;
    std::uint16_t port_;
    Socket socket_;
};

}  // namespace

std::unique_ptr<Link> make_tcp_link(const config::SyslogTarget& target) { return std::make_unique<TcpLink>(target); }

std::unique_ptr<Link> make_link(const config::SyslogTarget& target) {
    switch (target.transport) {
        case config::SyslogTransport::udp: return make_udp_link(target);
        case config::SyslogTransport::tcp: return make_tcp_link(target);
        case config::SyslogTransport::relp:
        case config::SyslogTransport::relp_tls: return make_relp_link(target);
        case config::SyslogTransport::tls: break;
    }
    return make_tls_link(target);
}

}  // namespace sekisho::soc
