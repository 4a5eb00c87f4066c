// Syslog over RELP, plain or inside TLS: the receiver answers each message once it has taken it, so nothing is lost
// where a receiver dies between its kernel and its disk. Not by librelp: its client does not tell which messages were
// answered, and it verifies certificates in its own way (docs/adr/0024-relp-by-hand.md).
#include <sys/socket.h>

#include <deque>
#include <optional>
#include <variant>

#include "sekisho/crypto/tls_client.h"
#include "soc/out/link.h"
#include "soc/out/relp_frame.h"
#include "soc/out/socket.h"
#include "soc/out/tls_settings.h"

namespace sekisho::soc {
namespace {

constexpr std::size_t kUnanswered = 128;                    // messages under way, as rsyslog's own client has
constexpr std::uint32_t kTransactionMax = 999'999'999;      // then 1 again
constexpr std::string_view kOffer = "relp_version=0\nrelp_software=sekisho\ncommands=syslog";

/// The octets' way: a socket, or TLS on one.
class Way {
  public:
    explicit Way(Socket socket) : way_(std::move(socket)) {}
    explicit Way(crypto::TlsClient client) : way_(std::move(client)) {}

    Status write(std::string_view octets, Deadline deadline) {
        if (auto* tls = std::get_if<crypto::TlsClient>(&way_)) return tls->write(octets, deadline);
        return write_all(std::get<Socket>(way_).get(), octets, deadline);
    }
    /// What has come; waits for it until the deadline. Empty: nothing came.
    Result<std::string> read(Deadline deadline) {
        if (auto* tls = std::get_if<crypto::TlsClient>(&way_)) return tls->read(deadline);
        return read_some(std::get<Socket>(way_).get(), deadline);
    }
    std::string encryption() const {
        const auto* tls = std::get_if<crypto::TlsClient>(&way_);
        return tls != nullptr ? tls->version() : std::string();
    }

  private:
    std::variant<Socket, crypto::TlsClient> way_;
};

class RelpLink final : public Link {
  public:
    explicit RelpLink(const config::SyslogTarget& target) : target_(target) {}

    Status connect(Deadline deadline) override {
        auto socket = connect_socket(target_.host, target_.port, SOCK_STREAM, deadline);
        if (!socket) return fail(socket.error());
        if (target_.transport == config::SyslogTransport::relp_tls) {
            auto client = crypto::TlsClient::connect(socket->release(), tls_settings_of(target_), deadline);
            if (!client) return fail(client.error());
            way_.emplace(std::move(*client));
        } else {
            way_.emplace(std::move(*socket));
        }
        if (auto sent = request("open", kOffer, deadline); !sent) return sent;
        return settle(deadline);
    }

    Status send(std::string_view message, Deadline deadline) override {
        while (unanswered_.size() >= kUnanswered)
            if (auto heard = listen(deadline); !heard) return heard;
        return request("syslog", message, deadline);
    }

    Status settle(Deadline deadline) override {
        while (!unanswered_.empty())
            if (auto heard = listen(deadline); !heard) return heard;
        return {};
    }

    Status check() override {
        const auto came = way_->read(Deadline{});
        if (!came) return fail(came.error());
        return take(*came);
    }

    std::string encryption() const override { return way_ ? way_->encryption() : std::string(); }

  private:
    Status request(std::string_view command, std::string_view data, Deadline deadline) {
        last_ = last_ == kTransactionMax ? 1 : last_ + 1;
        unanswered_.push_back(last_);
        return way_->write(relp_frame(last_, command, data), deadline);
    }

    Status listen(Deadline deadline) {
        const auto came = way_->read(deadline);
        if (!came) return fail(came.error());
        if (came->empty()) return fail(ErrorCode::unavailable, "the server does not answer");
        return take(*came);
    }

    Status take(std::string_view octets) {
        reader_.add(octets);
        while (true) {
            const auto frame = reader_.next();
            if (!frame) return fail(frame.error());
            if (!*frame) return {};
            if (auto fine = answer(**frame); !fine) return fine;
        }
    }

    /// Answers come in the order of the requests.
    Status answer(const RelpFrame& frame) {
        if (frame.command == "serverclose") return fail(ErrorCode::unavailable, "the server ends the session");
        if (frame.command != "rsp" || unanswered_.empty() || frame.transaction != unanswered_.front())
            return fail(ErrorCode::invalid, "the server answers what was not asked: " + frame.command + " " + std::to_string(frame.transaction));
        if (relp_status(frame.data) != 200u)
            return fail(ErrorCode::unavailable, "the server refuses: " + frame.data.substr(0, frame.data.find('\n')));
        unanswered_.pop_front();
        return {};
    }

    const config::SyslogTarget target_;
    std::optional<Way> way_;
    RelpReader reader_;
    std::deque<std::uint32_t> unanswered_;
    std::uint32_t last_ = 0;
};

}  // namespace

std::unique_ptr<Link> make_relp_link(const config::SyslogTarget& target) { return std::make_unique<RelpLink>(target); }

}  // namespace sekisho::soc
