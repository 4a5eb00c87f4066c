// Syslog over TLS (RFC 5425): octet counting inside TLS, the server verified by CA and name, ourselves by a
// certificate when one is set. A TLS 1.3 server refuses a client's certificate only after the handshake has
// ended for us (RFC 8446 section 4.4), and a receiver may check names later still: so a fresh connection is
// watched for a moment before anything is sent, lest messages go into a connection about to be refused.
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <optional>

#include "sekisho/crypto/tls_client.h"
#include "soc/out/link.h"
#include "soc/out/socket.h"
#include "soc/out/tls_settings.h"

namespace sekisho::soc {
namespace {

constexpr auto kProbation = std::chrono::milliseconds(500);

class TlsLink final : public Link {
  public:
    explicit TlsLink(const config::SyslogTarget& target)
        : host_(target.host), port_(target.port), settings_(tls_settings_of(target)) {}

    Status connect(Deadline deadline) override {
        auto socket = connect_socket(host_, port_, SOCK_STREAM, deadline);
        if (!socket) return fail(socket.error());
        auto client = crypto::TlsClient::connect(socket->release(), settings_, deadline);
        if (!client) return fail(client.error());
        client_.emplace(std::move(*client));
        return probation();
    }
    Status send(std::string_view message, Deadline deadline) override {
        std::string frame = std::to_string(message.size()) + ' ';
        frame += message;
        return client_->write(frame, deadline);
    }
    Status settle(Deadline deadline) override {
        if (auto done = wait_acknowledged(client_->descriptor(), deadline); !done) return done;
        return check();
    }
    Status check() override { return client_->check(); }
    std::string encryption() const override { return client_ ? client_->version() : std::string(); }

  private:
    Status probation() {
        const Deadline end = std::chrono::steady_clock::now() + kProbation;
        while (true) {
            if (auto fine = client_->check(); !fine) return fine;
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
            if (left.count() <= 0) return {};
            pollfd wanted{client_->descriptor(), POLLIN, 0};
            ::poll(&wanted, 1, static_cast<int>(left.count()));
        }
    }

    std::string host_;
    std::uint16_t port_;
    crypto::TlsClientSettings settings_;
    std::optional<crypto::TlsClient> client_;
};

}  // namespace

std::unique_ptr<Link> make_tls_link(const config::SyslogTarget& target) { return std::make_unique<TlsLink>(target); }

}  // namespace sekisho::soc
