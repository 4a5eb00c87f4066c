// A thread that takes letters from its outbox, one after another, and hands them to the mail server. What cannot be
// delivered waits: all of them where the server is the trouble, one letter where the server refuses that letter.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"

namespace sekisho::mail {

struct OutLetter {
    std::uint64_t number = 0;
    std::string to, message;
    std::uint32_t tries = 0;  ///< how often the server refused it
};

/// Where the sender gets its letters. Called from the sender's thread only.
class Outbox {
  public:
    virtual ~Outbox() = default;
    /// The one whose turn it is; nothing when none is due.
    virtual Result<std::optional<OutLetter>> next() = 0;
    virtual Status delivered(std::uint64_t number) = 0;
    /// Not before `later` from now.
    virtual Status postpone(std::uint64_t number, std::chrono::seconds later) = 0;
};

struct SenderSettings {
    std::chrono::milliseconds pause_least{5'000};     ///< after the first failure; doubles, with jitter
    std::chrono::milliseconds pause_most{600'000};
    std::chrono::milliseconds look{1'000};            ///< for letters whose time has come
    std::chrono::seconds refused_least{60};           ///< after a refusal, doubled each time
    std::chrono::seconds refused_most{3'600};
};

struct SenderStatus {
    bool waiting = false;        ///< the last try failed: for the next
    std::uint64_t delivered = 0; ///< since start
    std::uint64_t failed = 0;    ///< tries that ended with the server being the trouble
    std::uint64_t refused = 0;   ///< answers that refused one letter
    std::string last_answer;     ///< of the server, when it took a letter, with its time
    std::string last_error;      ///< in words, with its time; kept after a success
};

class Sender {
  public:
    /// Starts the thread. The outbox must outlive the sender.
    Sender(config::MailSettings server, std::string box, Outbox& outbox, SenderSettings settings = {});
    ~Sender();  ///< stops within a second or two; a look-up of the server's name may take longer
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    /// There is something new in the outbox.
    void wake();
    SenderStatus status() const;

  private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace sekisho::mail
