// The slow path: reads the event rings, judges, keeps, tells the SOC, answers the admin. Wiring only; each
// room does its own work.
//
//   rings -> judge -> journal (alerts, tellings, ring positions: one transaction) -> ring commit
//                        \-> telling -> SOC queue -> one sender thread per target
//   every event -> JSON log
#pragma once

#include <atomic>
#include <memory>

#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"

namespace sekisho::slowpath {

class Daemon {
  public:
    /// Opens everything; nothing runs on an error.
    /// @error what is missing or broken, with its path; unavailable when another slow path runs on this journal
    /// @param config_file  where the settings came from: its revision is written into evidence; may be empty
    static Result<std::unique_ptr<Daemon>> open(const config::Settings& settings, const std::string& config_file = {});
    ~Daemon();

    /// Works until `stop`: then drains nothing more, writes what was judged and returns.
    /// @error  the journal cannot be written any more (disk full): the daemon must not go on as if all were well
    Status run(const std::atomic<bool>& stop);

  private:
    struct Parts;
    explicit Daemon(std::unique_ptr<Parts> parts) noexcept;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sekisho::slowpath
