#include "fastpath/eal.h"

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <sched.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"

namespace sekisho::fastpath {
namespace {

std::string cpu_set(const std::vector<unsigned>& cpus) {
    std::string text = "(";
    for (const unsigned cpu : cpus) text += (text.size() > 1 ? "," : "") + std::to_string(cpu);
    return text + ")";
}

/// "0@(0),1@(1)": lcore numbers of our own, whatever the processors' numbers are.
std::string lcores(const CpuPlan& cpus) {
    std::string text = "0@" + cpu_set(cpus.control);
    for (std::size_t i = 0; i < cpus.workers.size(); ++i)
        text += "," + std::to_string(i + 1) + "@" + cpu_set({cpus.workers[i]});
    return text;
}

std::uint64_t read_number(const std::filesystem::path& path) {
    const auto text = read_file(path.string(), 64);
    return text ? static_cast<std::uint64_t>(parse_int(trim(*text), 0, INT64_MAX).value_or(0)) : 0;
}

}  // namespace

Result<CpuPlan> plan_cpus(const std::vector<unsigned>& allowed, unsigned workers, const std::vector<unsigned>& wanted) {
    CpuPlan plan;
    if (wanted.empty()) {
        // Fewer processors than workers is slow but works: they take turns.
        for (unsigned i = 0; i < workers; ++i)
            plan.workers.push_back(allowed[allowed.size() - 1 - i % allowed.size()]);
        std::reverse(plan.workers.begin(), plan.workers.end());
    } else {
        if (wanted.size() < workers)
            return fail(ErrorCode::invalid, "names fewer processors than there are workers", "fastpath.cores");
        plan.workers.assign(wanted.begin(), wanted.begin() + workers);
        if (std::set<unsigned>(plan.workers.begin(), plan.workers.end()).size() < workers)
            return fail(ErrorCode::invalid, "names a processor twice", "fastpath.cores");
    }
    for (const unsigned cpu : plan.workers)
        if (std::find(allowed.begin(), allowed.end(), cpu) == allowed.end())
            return fail(ErrorCode::invalid, "processor " + std::to_string(cpu) + " is not there or not allowed",
                        "fastpath.cores");
    for (const unsigned cpu : allowed)
        if (std::find(plan.workers.begin(), plan.workers.end(), cpu) == plan.workers.end()) plan.control.push_back(cpu);
    if (plan.control.empty()) plan.control = allowed;
    return plan;
}

std::vector<unsigned> allowed_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    std::vector<unsigned> cpus;
    if (::sched_getaffinity(0, sizeof set, &set) == 0)
        for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu)
            if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
    if (cpus.empty()) cpus.push_back(0);
    return cpus;
}

std::vector<std::string> eal_arguments(const EalPlan& plan) {
    std::vector<std::string> words{"sekisho-fastpathd",
                                   "--lcores=" + lcores(plan.cpus),
                                   "--main-lcore=0",
                                   "--no-telemetry",  // our own control socket tells it all
                                   "--log-level=error",
                                   "-m",
                                   std::to_string(plan.memory_mb)};
    // No files either way: nothing to clean up after a crash, and several boxes fit into one laboratory.
    // (--in-memory and --no-huge exclude each other.)
    if (plan.hugepages)
        words.push_back("--in-memory");
    else
        words.insert(words.end(), {"--no-huge", "--no-shconf"});
    bool pci = false;
    for (const Device& device : plan.devices) {
        const bool is_pci = device.kind == Device::Kind::pci;
        words.push_back((is_pci ? "--allow=" : "--vdev=") + device.argument);
        pci |= is_pci;
    }
    if (!pci) words.push_back("--no-pci");
    return words;
}

unsigned free_hugepages_mb() {
    namespace fs = std::filesystem;
    std::uint64_t kilobytes = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/sys/kernel/mm/hugepages", ignored)) {
        const std::string name = entry.path().filename();  // "hugepages-2048kB"
        const auto size = parse_int(std::string_view(name).substr(10, name.size() - 12), 0, INT32_MAX);
        if (size) kilobytes += static_cast<std::uint64_t>(*size) * read_number(entry.path() / "free_hugepages");
    }
    return static_cast<unsigned>(kilobytes / 1024);
}

Result<Eal> Eal::start(const EalPlan& plan) {
    auto words = eal_arguments(plan);
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::rte_log_set_global_level(RTE_LOG_ERR);
    if (::rte_eal_init(static_cast<int>(words.size()), argv.data()) < 0) {
        std::string line;
        for (const auto& word : words) line += (line.empty() ? "" : " ") + word;
        return fail(ErrorCode::io, std::string("DPDK does not start: ") + ::rte_strerror(rte_errno), line);
    }
    return Eal();
}

Eal::~Eal() {
    if (running_) ::rte_eal_cleanup();
}

}  // namespace sekisho::fastpath
