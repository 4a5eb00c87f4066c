// sekisho-fastpathd as a whole: ports, workers, policy, control socket; from settings to a clean end.
#pragma once

#include <string>

#include "sekisho/base/result.h"

namespace sekisho::fastpath {

struct DaemonOptions {
    std::string config_path;
    std::string user;           ///< to become once the ports are open; empty: stay
    bool forward_only = false;  ///< no engine at all: a plain wire, for when the engine cannot run
};

/// Runs until SIGTERM, SIGINT or the control socket's `stop`; SIGHUP reloads the policy. Call it first in the
/// process, before other threads exist (signals are blocked for all of them).
/// @error what kept it from starting; nothing is left behind
Status run_daemon(const DaemonOptions& options);

}  // namespace sekisho::fastpath
