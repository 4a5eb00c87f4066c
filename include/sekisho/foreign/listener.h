// The syslog listener: UDP, TCP and TLS sockets, who may send, how fast, and the events that came of it. One thread
// of its own serves all sockets; the slow path's loop takes the events from a bounded queue.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"
#include "sekisho/event/event.h"
#include "sekisho/foreign/makers.h"

namespace sekisho::foreign {

/// What came of one sender's messages.
struct SenderCounts {
    std::string address, maker;        ///< of the last line that was known
    std::uint64_t messages = 0, events = 0, traffic = 0, ignored = 0, unreadable = 0, unknown = 0;
    std::uint64_t over_rate = 0;       ///< thrown away: more a second than settings allow
};

struct ListenerCounts {
    std::vector<SenderCounts> senders;
    std::uint64_t refused = 0;         ///< datagrams and connections of senders that are not allowed
    std::uint64_t connections = 0, connections_refused = 0;  ///< open now; turned away for their number
    std::uint64_t tls_refused = 0;     ///< handshakes that failed
    std::uint64_t too_long = 0;        ///< messages beyond kMessageMax
    std::uint64_t queue_full = 0;      ///< events lost, the judge was behind
    std::string trouble;               ///< the last refused handshake, in words
};

class Listener {
  public:
    /// Opens the sockets; the thread starts with it and ends with the object.
    /// @param settings  with at least one address to listen on
    /// @error invalid, io  an address that cannot be bound, a certificate that cannot be read; a maker not in the table
    static Result<std::unique_ptr<Listener>> open(const config::LogSettings& settings, Makers makers);
    ~Listener();

    /// Hands on up to `most` events that wait.  @return how many  @thread one at a time
    std::size_t read(std::size_t most, const std::function<void(const event::Event&)>& take);
    ListenerCounts counts() const;
    /// Ports that were bound, in the order udp, tcp, tls; 0: not listening. For tests that bind port 0.
    std::vector<std::uint16_t> ports() const;

  private:
    struct Parts;
    explicit Listener(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sekisho::foreign
