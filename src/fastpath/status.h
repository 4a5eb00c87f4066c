// The box as JSON: what `status` and `counters` answer. Reads what workers count; never stops them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fastpath/packet_sockets.h"
#include "fastpath/policy_keeper.h"
#include "fastpath/port.h"
#include "fastpath/worker.h"
#include "sekisho/base/clock.h"

namespace sekisho::fastpath {

/// What there is to look at. References to what the daemon owns.
struct Sight {
    const config::Settings& settings;
    bool forward_only;
    Spread spread;
    bool hugepages;
    const std::vector<Wire>& wires;
    const std::vector<Port>& ports;
    PacketSockets& sockets;
    const std::vector<std::unique_ptr<Worker>>& workers;
    const std::atomic<std::uint64_t>& stuck;  ///< times that a worker was found stuck
    const PolicyKeeper* keeper;               ///< null: forward only
    const rte_mempool* pool;
    TimeNs started;
};

/// @thread the control socket's
std::string status_json(const Sight& sight);
/// Every counter by its full name, summed over workers, and for each worker.
std::string counters_json(const Sight& sight);
/// What became of a reload.
std::string reload_json(const PolicyKeeper::State& state);

}  // namespace sekisho::fastpath
