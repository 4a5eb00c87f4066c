// Mail to people: from the journal's tellings and the calendar to letters in the queue, and the thread that delivers them.
//
//   tellings -> take()  -> letters -> mail queue on disk -> sender thread -> mail server
//   calendar -> planner -> letters ->
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sekisho/base/guarded.h"
#include "sekisho/config/settings.h"
#include "sekisho/event/json_writer.h"
#include "sekisho/mail/letters.h"
#include "sekisho/mail/sender.h"
#include "sekisho/store/journal.h"
#include "sekisho/store/mail_queue.h"

namespace sekisho::slowpath {

class Post {
  public:
    /// @return nothing when the settings name no mail server
    static Result<std::unique_ptr<Post>> open(const config::Settings& settings);
    ~Post();

    /// Writes letters of what people are to hear: High, and Medium and Low within the day's notices. Main loop only.
    /// A queue that cannot be written costs delay, and never holds up the SOC: up to kPostHeldMax tellings wait in memory,
    /// the oldest of lowest rank goes first.
    void take(const std::vector<store::Telling>& tellings);
    /// What waits in memory, once more.
    void retry() { take({}); }

    /// Periodic letters, with the mark of what was written last (store::MailQueue). Any thread.
    Result<std::optional<TimeNs>> last_due(const std::string& occasion) { return queue_.last_due(occasion); }
    /// @param letter  nothing: only the mark is set
    Status write(const std::string& occasion, TimeNs due, const std::optional<mail::Letter>& letter, bool config::MailRecipient::*wanted);

    /// Appends the object `mail` of `sekisho status`.
    void put_status(event::JsonWriter& json);

  private:
    class DiskOutbox;
    struct Trouble {
        std::string words;          ///< why the queue cannot be written; empty: it can
        std::uint64_t held = 0;     ///< tellings in memory
        std::uint64_t lost = 0;     ///< tellings that memory had no room for
    };

    Post(const config::Settings& settings, store::MailQueue queue);
    Status write_held();
    std::vector<store::MailItem> letters_of(const mail::Letter& letter, event::Severity rank, TimeNs now, TimeNs not_before,
                                            bool config::MailRecipient::*wanted) const;
    void note(const Status& done);

    const config::MailSettings settings_;
    const std::string box_;
    store::MailQueue queue_;
    std::vector<store::Telling> held_;
    std::uint64_t lost_ = 0;
    Guarded<Trouble> trouble_;
    std::unique_ptr<DiskOutbox> outbox_;
    std::unique_ptr<mail::Sender> sender_;  // after what it uses: it stops first
};

}  // namespace sekisho::slowpath
