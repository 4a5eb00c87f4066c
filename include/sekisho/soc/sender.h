// One thread per SOC target: takes messages from its outbox in order, sends them, and confirms what the
// other end's system has acknowledged. A dead link costs delay: it tries again with growing pauses, from the
// last confirmed message.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"

namespace sekisho::soc {

struct OutMessage {
    std::uint64_t number = 0;
    std::string text;
};

/// What a link should be while there is nothing to send.
enum class Standing : std::uint8_t {
    as_needed,  ///< made for the first message, kept while it holds
    connected,  ///< made now: whether the target is well is news
    closed,
};

struct Failure {
    bool refused = false;  ///< the server's certificate is not what the settings ask for
    bool silent = false;   ///< nothing came back for `patience`
    bool waits = false;    ///< messages were there to be sent
    std::string words;
};

/// Where a sender gets its messages and says how far it came. Called from the sender's thread only.
class Outbox {
  public:
    virtual ~Outbox() = default;
    /// Oldest first; empty when there is nothing to send.
    virtual Result<std::vector<OutMessage>> pending(std::size_t limit) = 0;
    /// Messages up to this number are about to be sent: should they come again, they carry the mark of a resend.
    virtual Status offer(std::uint64_t up_to_number) = 0;
    virtual Status confirm(std::uint64_t up_to_number) = 0;

    virtual Standing standing() { return Standing::as_needed; }
    /// The link stands, and all that `pending` gave is confirmed.
    virtual void went_well() {}
    virtual void failed(const Failure&) {}
};

struct SenderSettings {
    std::chrono::milliseconds pause_least{500};    ///< after the first failure; doubles, with jitter
    std::chrono::milliseconds pause_most{60'000};
    std::chrono::milliseconds patience{10'000};    ///< for a connection, a batch, an acknowledgement
};

enum class LinkState : std::uint8_t { idle, connected, waiting };

struct SenderStatus {
    std::string name;
    LinkState state = LinkState::idle;  ///< waiting: for the next try
    std::uint64_t sent = 0;             ///< messages confirmed since start
    std::uint64_t failed = 0;           ///< tries that ended in an error
    std::uint64_t confirmed = 0;        ///< number of the last one
    std::string last_error;             ///< in words, with its time; kept after a success
    std::string encryption;             ///< "TLSv1.3"; empty when none
    bool refused = false;               ///< the last try ended at the server's certificate: nothing was sent
    /// Since when messages wait that the target does not take; nothing while it takes them.
    std::optional<std::chrono::steady_clock::time_point> undelivered_since;
};

std::string_view to_string(LinkState state) noexcept;

class Sender {
  public:
    /// Starts the thread. The outbox must outlive the sender.
    Sender(config::SyslogTarget target, Outbox& outbox, SenderSettings settings = {});
    ~Sender();  ///< stops: an address look-up or a send under way may take `patience`
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    /// There is something new in the outbox.
    void wake();
    SenderStatus status() const;

  private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace sekisho::soc
