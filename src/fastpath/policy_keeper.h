// Builds policies beside the traffic and puts them in force: at start, on `reload` and on SIGHUP. One thread,
// which yields to everything else on the box; workers go on with the policy they have until the next one is
// ready, and for good when it fails.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "sekisho/base/snapshot.h"
#include "sekisho/config/settings.h"
#include "sekisho/engine/policy.h"

namespace sekisho::fastpath {

class PolicyKeeper {
  public:
    using Policies = Snapshot<engine::Policy>;

    struct State {
        bool compiling = false;
        std::uint64_t requested = 0;       ///< builds asked for
        std::uint64_t finished = 0;        ///< builds done, well or not
        std::uint64_t version = 0;         ///< of the policy in force; 0: the empty one of the start
        engine::PolicyReport report;       ///< of the last build
        std::string error;                 ///< why the last build was refused; empty: it is in force
        bool restart_needed = false;       ///< the file's ports, workers or memory are not those in use
    };

    /// Starts the thread and the first build.
    /// @param config_path  read again for each build after the first
    PolicyKeeper(std::string config_path, config::Settings settings, Policies& policies);
    ~PolicyKeeper();  ///< waits for a build at work

    /// Asks for a build; several requests while one is at work become one.  @return its number
    std::uint64_t request();
    /// Until that build is finished or given up. @return the state then
    State wait(std::uint64_t number);
    State state() const;
    /// Starts no further build and lets everybody go who waits. One at work goes on.
    void give_up();

  private:
    void run();
    void build(bool first);
    std::optional<std::string> read_settings();

    const std::string config_path_;
    const config::Settings running_;   // what the ports and workers were made from
    config::Settings settings_;        // the builder thread's own
    Policies& policies_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    State state_;        // under mutex_
    bool stop_ = false;  // under mutex_
    std::thread thread_;
};

}  // namespace sekisho::fastpath
