// DPDK's environment layer: which cores, how much memory, which devices. Started once, ended once.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fastpath/device.h"
#include "sekisho/base/result.h"

namespace sekisho::fastpath {

/// Which processors run what. The control threads keep off the workers' processors where any other is left.
struct CpuPlan {
    std::vector<unsigned> workers;  ///< one for each worker, in order
    std::vector<unsigned> control;
};

/// @param allowed  processors this process may use
/// @param wanted   the settings' choice for the workers; empty: the last ones, since processor 0 takes most interrupts
/// @error invalid  a wanted processor is not allowed or named twice, or there are fewer than workers
Result<CpuPlan> plan_cpus(const std::vector<unsigned>& allowed, unsigned workers, const std::vector<unsigned>& wanted);
std::vector<unsigned> allowed_cpus();

struct EalPlan {
    CpuPlan cpus;
    unsigned memory_mb = 0;
    bool hugepages = true;
    std::vector<Device> devices;
};

/// The words for rte_eal_init, program name first. Lcore 0 is the control thread, 1 to N are the workers.
std::vector<std::string> eal_arguments(const EalPlan& plan);

/// Free memory in hugepages of the default size, in MiB.
unsigned free_hugepages_mb();

/// The environment, ended by the destructor.
class Eal {
  public:
    /// @error io  DPDK's words; its log goes to standard error
    static Result<Eal> start(const EalPlan& plan);
    Eal(Eal&& other) noexcept : running_(std::exchange(other.running_, false)) {}
    Eal& operator=(Eal&&) = delete;
    ~Eal();

  private:
    Eal() = default;
    bool running_ = true;
};

}  // namespace sekisho::fastpath
