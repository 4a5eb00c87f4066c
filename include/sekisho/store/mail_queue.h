// The queue towards the mail server, on disk: a dead server costs delay, not letters. It also keeps what was written
// last, alerts and periodic letters, in the same transaction as the letters, so that no restart loses or repeats one.
// Safe for any thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sekisho/base/clock.h"
#include "sekisho/base/result.h"
#include "sekisho/event/alert.h"

namespace sekisho::store {

struct MailItem {
    event::Severity rank = event::Severity::medium;
    TimeNs not_before = 0;
    std::string to, message;
};

struct PendingLetter {
    std::uint64_t number = 0;
    std::string to, message;
    std::uint32_t tries = 0;
};

/// Ever, by rank: low, medium, high. `held`: now.
struct MailCounts {
    std::uint64_t held = 0;
    std::array<std::uint64_t, 3> queued{};
    std::array<std::uint64_t, 3> dropped{};   ///< the queue was full
    std::array<std::uint64_t, 3> given_up{};  ///< not delivered in time
};

class MailQueue {
  public:
    /// @param max  letters held; beyond it the oldest Low go first, then Medium, then High
    /// @error io; invalid when the file is no queue or a newer one
    static Result<MailQueue> open(const std::string& path, std::uint64_t max);
    MailQueue(MailQueue&&) noexcept;
    MailQueue& operator=(MailQueue&&) noexcept;
    ~MailQueue();

    /// The journal's number of the last telling that letters were written of; 0: none yet.
    Result<std::uint64_t> last_telling();
    /// All or nothing; on disk when it returns. Nothing happens when `up_to_telling` was written of before.
    Status put_alerts(std::uint64_t up_to_telling, const std::vector<MailItem>& letters, TimeNs now);

    /// When a periodic letter was due that was written last; nothing when none was.
    Result<std::optional<TimeNs>> last_due(const std::string& occasion);
    /// Letters of an occasion and its new mark: all or nothing.
    Status put_occasion(const std::string& occasion, TimeNs due, const std::vector<MailItem>& letters, TimeNs now);

    /// The worst, then the oldest of those whose time has come. A time that is more than a day ahead is a clock's
    /// mistake and does not hold a letter up.
    Result<std::optional<PendingLetter>> next(TimeNs now);
    Status delivered(std::uint64_t number);
    /// Counts a try and waits.
    Status postpone(std::uint64_t number, TimeNs not_before);
    /// Drops letters that were put before.  @return how many
    Result<std::uint64_t> give_up(TimeNs put_before);
    Result<MailCounts> counts();

  private:
    struct Parts;
    explicit MailQueue(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sekisho::store
