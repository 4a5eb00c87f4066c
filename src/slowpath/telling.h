// From the journal's tellings to messages at the SOC, and letters to people: formats, queues, wakes the senders.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sekisho/config/settings.h"
#include "sekisho/soc/fail_over.h"
#include "sekisho/soc/sender.h"
#include "sekisho/store/journal.h"
#include "sekisho/store/soc_queue.h"
#include "slowpath/post.h"

namespace sekisho::slowpath {

class Telling {
  public:
    /// @param post  gets each telling as well; may be nothing; outlives this
    static Result<std::unique_ptr<Telling>> open(const config::Settings& settings, Post* post);
    ~Telling();

    /// Moves what the journal has to tell into the queue.  @return whether there may be more
    Result<bool> move(store::Journal& journal);

    Result<store::QueueCounts> queue_counts() { return queue_.counts(); }
    /// Status of each target, in the order of the settings.
    std::vector<soc::SenderStatus> senders() const;
    /// Groups of targets, in the order in which the settings name them first.
    std::vector<soc::GroupStatus> groups() const;
    /// The same and how many messages wait for it.
    std::vector<std::pair<soc::SenderStatus, std::uint64_t>> targets();

  private:
    class TargetOutbox;
    Telling(const config::Settings& settings, store::SocQueue queue, Post* post);
    store::DialectTexts texts(const event::Alert& alert, std::uint64_t number) const;

    std::string box_;
    std::vector<bool> spoken_;  ///< by dialect: some target speaks it
    store::SocQueue queue_;
    Post* post_;
    std::vector<std::unique_ptr<soc::FailOver>> groups_;
    std::vector<std::unique_ptr<TargetOutbox>> outboxes_;
    std::vector<std::unique_ptr<soc::Sender>> senders_;  // after what they use: they stop first
};

}  // namespace sekisho::slowpath
