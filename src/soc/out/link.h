// A way to a SOC target: connect, send, and learn what arrived.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"

namespace sekisho::soc {

using Deadline = std::chrono::steady_clock::time_point;

class Link {
  public:
    virtual ~Link() = default;
    /// Opens the way. A link that failed is thrown away and made anew.
    /// @error denied: the server's certificate is not what the settings ask for; unavailable, invalid: anything else
    virtual Status connect(Deadline deadline) = 0;
    /// Gives one message to the transport.
    virtual Status send(std::string_view message, Deadline deadline) = 0;
    /// Waits until the other end's system has acknowledged all that was sent. An error means: unknown, send again.
    virtual Status settle(Deadline deadline) = 0;
    /// Looks whether the other end went away, without waiting.
    virtual Status check() = 0;
    virtual std::string encryption() const { return {}; }
};

std::unique_ptr<Link> make_link(const config::SyslogTarget& target);

// One file each: udp.cpp, tcp.cpp, tls.cpp, relp.cpp.
std::unique_ptr<Link> make_udp_link(const config::SyslogTarget& target);
std::unique_ptr<Link> make_tcp_link(const config::SyslogTarget& target);
std::unique_ptr<Link> make_tls_link(const config::SyslogTarget& target);
std::unique_ptr<Link> make_relp_link(const config::SyslogTarget& target);

}  // namespace sekisho::soc
