// The queue towards the SOC, on disk: a dead link costs delay, not alerts. Each message has a number that
// rises by one; each target has a position, the last message it confirmed. Targets of a group stand in for each
// other and share one position. A message goes when all targets have it. Put is durable (fsync) when it returns. Safe for any thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sekisho/base/result.h"
#include "sekisho/event/alert.h"

namespace sekisho::store {

/// One text per dialect; empty where no target speaks it.
constexpr std::size_t kDialects = 3;
using DialectTexts = std::array<std::string, kDialects>;

struct QueueItem {
    std::uint64_t telling = 0;  ///< the journal's number; one that was put before is passed over
    event::Severity severity = event::Severity::low;
    /// Gives the texts once the message's number is known.
    std::function<DialectTexts(std::uint64_t number)> format;
};

struct PendingMessage {
    std::uint64_t number = 0;
    event::Severity severity = event::Severity::low;
    std::string text;
    bool offered = false;  ///< may have been sent before, in this life or an earlier one
};

struct QueueCounts {
    std::uint64_t held = 0;                     ///< messages in the file
    std::uint64_t last_number = 0;              ///< of the newest message ever put
    std::array<std::uint64_t, 3> queued{};      ///< ever, by severity: low, medium, high
    std::array<std::uint64_t, 3> dropped{};     ///< ever, by severity: the queue was full
};

struct QueueTarget {
    std::string name;
    std::string group;  ///< empty: stands alone
};

class SocQueue {
  public:
    /// @param targets  all targets now configured. A new one starts behind the newest message, or where its group is;
    ///                 the position of one that is no longer named is forgotten. Targets that become a group start where
    ///                 the foremost of them was.
    /// @param max      messages held; beyond it the oldest Low go first, then Medium, then High
    static Result<SocQueue> open(const std::string& path, const std::vector<QueueTarget>& targets, std::uint64_t max);
    SocQueue(SocQueue&&) noexcept;
    SocQueue& operator=(SocQueue&&) noexcept;
    ~SocQueue();

    /// All or nothing; on disk when it returns.  @return messages put
    Result<std::size_t> put(const std::vector<QueueItem>& items);

    /// The next messages a target has not confirmed, oldest first. A message that was written before the
    /// target spoke this dialect comes in another one rather than not at all.
    Result<std::vector<PendingMessage>> pending(const std::string& target, std::size_t dialect, std::size_t limit);
    /// Messages up to this number are about to be sent to the target, or to one of its group; on disk when it returns.
    Status offer(const std::string& target, std::uint64_t up_to_number);
    /// The target, and with it its group, has everything up to this number.
    Status confirm(const std::string& target, std::uint64_t up_to_number);
    /// Messages the target has not confirmed.
    Result<std::uint64_t> waiting(const std::string& target);
    Result<QueueCounts> counts();

  private:
    struct Parts;
    explicit SocQueue(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sekisho::store
