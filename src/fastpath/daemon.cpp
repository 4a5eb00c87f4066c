// The order matters and is this: settings, DPDK and ports with the privileges they need; then those are given
// up; then everything that strangers' input can reach. Ended in the opposite order.
#include "sekisho/fastpath/daemon.h"

#include <rte_launch.h>
#include <rte_ring.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <optional>

#include "fastpath/commands.h"
#include "fastpath/eal.h"
#include "fastpath/fanout.h"
#include "fastpath/kernel_interface.h"
#include "fastpath/packet_sockets.h"
#include "fastpath/policy_keeper.h"
#include "fastpath/port.h"
#include "fastpath/privileges.h"
#include "fastpath/service_manager.h"
#include "fastpath/status.h"
#include "fastpath/watchdog.h"
#include "fastpath/wiring.h"
#include "fastpath/worker.h"
#include "sekisho/base/hash.h"
#include "sekisho/base/log.h"
#include "sekisho/config/load.h"
#include "sekisho/control/server.h"
#include "sekisho/engine/expectations.h"
#include "sekisho/engine/limits.h"
#include "sekisho/urlfilter/address_names.h"

namespace sekisho::fastpath {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds{500};

/// The signals that the control thread waits for; blocked in every thread, so that none is interrupted.
sigset_t our_signals() noexcept {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
    return set;
}

log::Level log_level(const std::string& name) {
    if (name == "debug") return log::Level::debug;
    if (name == "warning") return log::Level::warning;
    return name == "error" ? log::Level::error : log::Level::info;
}

/// A ring between workers, freed by the destructor.
struct RingFree {
    void operator()(rte_ring* ring) const noexcept { ::rte_ring_free(ring); }
};
using Inbox = std::unique_ptr<rte_ring, RingFree>;

class Daemon {
  public:
    Daemon(const DaemonOptions& options, config::Settings settings)
        : options_(options), settings_(std::move(settings)), policies_(engine::empty_policy(settings_.fastpath.workers)) {}
    ~Daemon();

    Status open_ports();
    Status open_house();
    void serve();

  private:
    bool wants_hugepages() const;
    Status prepare_interfaces();
    Status start_ports();
    Status make_inboxes();
    Result<std::unique_ptr<Worker>> make_worker(unsigned index);
    std::unique_ptr<engine::Pipeline> make_pipeline(unsigned worker, bool mirror, event::Sink& sink, event::Sink& evidence) const;
    std::vector<WorkerPlan::Queue> queues_of(unsigned worker) const;
    bool has_ports(bool mirror) const;
    Status launch();
    void look_after_workers();
    void stop_workers() noexcept;

    const DaemonOptions& options_;
    const config::Settings settings_;
    std::shared_ptr<engine::Expectations> expectations_ = std::make_shared<engine::Expectations>();
    const TimeNs started_ = SystemClock().now();
    SystemClock clock_;
    std::vector<Wire> wires_;
    bool hugepages_ = false;
    Spread spread_ = Spread::single;

    // In the order of their making; the end goes backwards.
    std::optional<Eal> eal_;
    std::optional<BufferPool> pool_;
    std::vector<Inbox> inboxes_;
    std::vector<Port> ports_;
    PacketSockets sockets_;
    std::unique_ptr<urlfilter::AddressNames> names_ = std::make_unique<urlfilter::AddressNames>(engine::kBoxAddressNames);
    Snapshot<engine::Policy> policies_;
    Snapshot<engine::Quarantine> quarantines_{std::make_unique<const engine::Quarantine>()};
    std::vector<std::unique_ptr<Worker>> workers_;
    std::atomic<bool> stop_{false};
    std::atomic<std::uint64_t> stuck_{0};
    std::optional<Watchdog> watchdog_;
    std::unique_ptr<PolicyKeeper> keeper_;
    std::optional<Commands> commands_;
    std::unique_ptr<control::Server> server_;
    bool launched_ = false;
};

bool Daemon::wants_hugepages() const {
    if (!settings_.fastpath.hugepages) return false;
    const unsigned free_mb = free_hugepages_mb();
    if (free_mb >= settings_.fastpath.memory_mb) return true;
    log::warning("only " + std::to_string(free_mb) + " MiB of " + std::to_string(settings_.fastpath.memory_mb) +
                 " MiB are free in hugepages: running without them, at about a third of the packet rate");
    return false;
}

Status Daemon::open_ports() {
    auto wires = wire_ports(settings_.fastpath);
    if (!wires) return fail(wires.error());
    wires_ = std::move(*wires);
    auto cpus = plan_cpus(allowed_cpus(), settings_.fastpath.workers, settings_.fastpath.cores);
    if (!cpus) return fail(cpus.error());

    if (auto prepared = prepare_interfaces(); !prepared) return prepared;
    EalPlan plan{.cpus = std::move(*cpus), .memory_mb = settings_.fastpath.memory_mb, .hugepages = wants_hugepages(), .devices = {}};
    for (const Wire& wire : wires_) plan.devices.push_back(wire.device);
    hugepages_ = plan.hugepages;
    auto eal = Eal::start(plan);
    if (!eal) return fail(eal.error());
    eal_.emplace(std::move(*eal));
    auto pool = BufferPool::make(settings_.fastpath.mbufs);
    if (!pool) return fail(pool.error());
    pool_.emplace(std::move(*pool));
    return start_ports();
}

/// Before DPDK binds to them: a socket bound to an interface that is down starts with an error.
Status Daemon::prepare_interfaces() {
    for (const Wire& wire : wires_) {
        if (wire.device.interface.empty()) continue;
        const auto refused = prepare_interface(wire.device.interface);
        if (!refused) return fail(refused.error());
        for (const auto& line : *refused) log::warning(line);
    }
    return {};
}

Status Daemon::start_ports() {
    ports_.reserve(wires_.size());
    for (const Wire& wire : wires_) {
        auto port = Port::find(wire);
        if (!port) return fail(port.error());
        ports_.push_back(std::move(*port));
    }
    const unsigned workers = settings_.fastpath.workers;
    spread_ = choose_spread(ports_, workers);
    for (Port& port : ports_)
        if (auto started = port.start(spread_, workers, pool_->get()); !started) return started;
    sockets_ = PacketSockets::collect();
    sockets_.ignore_outgoing_frames();
    if (sockets_.count() > 0 && !fragments_stay_apart())
        log::warning("the kernel will put IP fragments together on AF_PACKET ports: large datagrams may be lost");
    return {};
}

Status Daemon::make_inboxes() {
    if (spread_ != Spread::software) return {};
    for (unsigned i = 0; i < settings_.fastpath.workers; ++i) {
        const std::string name = "inbox" + std::to_string(i);
        Inbox inbox(::rte_ring_create(name.c_str(), kInboxFrames, SOCKET_ID_ANY, RING_F_SC_DEQ));
        if (!inbox) return fail(ErrorCode::limit, "no memory for the rings between workers", "fastpath.memory_mb");
        inboxes_.push_back(std::move(inbox));
    }
    return {};
}

bool Daemon::has_ports(bool mirror) const {
    for (const Wire& wire : wires_)
        if (wire.mirror == mirror) return true;
    return false;
}

/// Which queues a worker reads: its own of each port, or all of the ports it reads for everybody.
std::vector<WorkerPlan::Queue> Daemon::queues_of(unsigned worker) const {
    std::vector<WorkerPlan::Queue> queues;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        const Port& port = ports_[i];
        if (spread_ != Spread::software) {
            queues.push_back({i, port.id(), static_cast<std::uint16_t>(worker)});
        } else if (i % settings_.fastpath.workers == worker) {
            for (std::uint16_t queue = 0; queue < port.rx_queues(); ++queue) queues.push_back({i, port.id(), queue});
        }
    }
    return queues;
}

std::unique_ptr<engine::Pipeline> Daemon::make_pipeline(unsigned worker, bool mirror, event::Sink& sink,
                                                                event::Sink& evidence) const {
    if (!has_ports(mirror)) return nullptr;
    auto config = engine::pipeline_config(settings_, worker,
                                          mirror ? engine::Enforcement::observe : engine::Enforcement::enforce);
    config.names = names_.get();
    if (has_ports(!mirror)) {  // both kinds of port share what the settings give
        config.flows = std::max<std::uint32_t>(config.flows / 2, 1);
        config.stream_memory_bytes /= 2;
    }
    config.expectations = expectations_;  // the announced connection may be another worker's
    return std::make_unique<engine::Pipeline>(config, sink, &evidence);
}

Result<std::unique_ptr<Worker>> Daemon::make_worker(unsigned index) {
    WorkerPlan plan{.index = index,
                    .burst = static_cast<std::uint16_t>(std::clamp<std::size_t>(settings_.fastpath.burst, 1, kBurstMax)),
                    .outlets = {},
                    .queues = queues_of(index),
                    .inboxes = {},
                    .pool = pool_->get(),
                    .hash_seed = process_hash_seed()};
    for (std::size_t i = 0; i < ports_.size(); ++i)
        plan.outlets.push_back({ports_[i].id(), wires_[i].mirror, wires_[i].peer});
    for (const Inbox& inbox : inboxes_) plan.inboxes.push_back(inbox.get());
    if (options_.forward_only)
        return std::make_unique<Worker>(std::move(plan), clock_, policies_, quarantines_, nullptr, nullptr, nullptr, nullptr);

    auto ring = event::RingWriter::open(event::ring_path(settings_.run_folder, index), settings_.fastpath.ring_events);
    if (!ring) return fail(ring.error());
    auto sink = std::make_unique<event::RingWriter>(std::move(*ring));
    auto packets = event::RingWriter::open(event::evidence_ring_path(settings_.run_folder, index), settings_.fastpath.evidence_frames);
    if (!packets) return fail(packets.error());
    auto evidence = std::make_unique<event::RingWriter>(std::move(*packets));
    auto inline_pipeline = make_pipeline(index, false, *sink, *evidence);
    auto mirror_pipeline = make_pipeline(index, true, *sink, *evidence);
    return std::make_unique<Worker>(std::move(plan), clock_, policies_, quarantines_, std::move(sink), std::move(evidence),
                                    std::move(inline_pipeline), std::move(mirror_pipeline));
}

/// Everything behind the ports. By now without privileges.
Status Daemon::open_house() {
    if (auto made = make_inboxes(); !made) return made;
    for (unsigned i = 0; i < settings_.fastpath.workers; ++i) {
        auto worker = make_worker(i);
        if (!worker) return fail(worker.error());
        workers_.push_back(std::move(*worker));
    }
    watchdog_.emplace(workers_.size());
    if (auto launched = launch(); !launched) return launched;  // traffic passes from here on

    if (!options_.forward_only) keeper_ = std::make_unique<PolicyKeeper>(options_.config_path, settings_, policies_);
    commands_.emplace(Sight{settings_, options_.forward_only, spread_, hugepages_, wires_, ports_, sockets_, workers_,
                            stuck_, keeper_.get(), pool_->get(), started_},
                      policies_, keeper_.get(), quarantines_, [] { ::kill(::getpid(), SIGTERM); });
    // Before the first question: hosts that were cut off stay so over a restart.
    if (!options_.forward_only)
        if (const auto refused = commands_->load_quarantine(); !refused) log::error("quarantine: " + refused.error().message());
    auto server = control::Server::open(settings_.run_folder + "/fastpath.sock",
                                        [this](const control::Request& request) { return commands_->answer(request); });
    if (!server) return fail(server.error());
    server_ = std::move(*server);
    return {};
}

Status Daemon::launch() {
    for (const auto& worker : workers_) {
        struct Start {
            Worker& worker;
            std::atomic<bool>& stop;
        };
        const auto entry = [](void* argument) {
            const std::unique_ptr<Start> start(static_cast<Start*>(argument));
            forget_capabilities();
            start->worker.run(start->stop);
            return 0;
        };
        auto start = std::make_unique<Start>(Start{*worker, stop_});
        launched_ = true;
        if (::rte_eal_remote_launch(entry, start.get(), worker->index() + 1) != 0)
            return fail(ErrorCode::internal, "a worker does not start", std::to_string(worker->index()));
        static_cast<void>(start.release());
    }
    return {};
}

void Daemon::look_after_workers() {
    const TimeNs now = to_ns(std::chrono::steady_clock::now().time_since_epoch());
    for (const auto& worker : workers_) {
        if (!watchdog_->look(worker->index(), worker->heartbeat(), now)) continue;
        ++stuck_;
        log::error("worker " + std::to_string(worker->index()) + " has not turned for " +
                   std::to_string(kStuckAfter.count()) + " s");
    }
    if (watchdog_->all_well()) tell_service_manager("WATCHDOG=1");
}

void Daemon::serve() {
    log::info("forwarding on " + std::to_string(ports_.size()) + " ports with " + std::to_string(workers_.size()) +
              " workers, spread: " + to_string(spread_) + (hugepages_ ? "" : ", without hugepages"));
    tell_service_manager("READY=1");
    const sigset_t signals = our_signals();
    const timespec wait{0, static_cast<long>(to_ns(kLookEvery))};
    for (;;) {
        const int signal = ::sigtimedwait(&signals, nullptr, &wait);
        if (signal == SIGTERM || signal == SIGINT) break;
        if (signal == SIGHUP && keeper_) keeper_->request();
        look_after_workers();
    }
    tell_service_manager("STOPPING=1");
    log::info("stopping");
}

void Daemon::stop_workers() noexcept {
    stop_.store(true);
    if (launched_) ::rte_eal_mp_wait_lcore();
    launched_ = false;
}

/// Backwards, but for one thing: a build at work takes seconds and cannot be broken off. When nothing else is
/// left, nobody depends on this process any more but the admin who waits for its end.
Daemon::~Daemon() {
    stop_workers();
    if (keeper_) keeper_->give_up();  // a reload that is waited for is answered now
    server_.reset();                  // nobody looks at ports and workers from here on
    workers_.clear();                 // closes the event rings
    ports_.clear();
    if (keeper_ && keeper_->state().compiling) {
        log::info("stopped while a policy was being built");
        std::_Exit(EXIT_SUCCESS);
    }
}

/// With failure_mode closed, nothing may pass uninspected.
bool may_forward_only(const config::Settings& settings) {
    return settings.fastpath.failure_mode == config::OnOverload::open;
}

}  // namespace

Status run_daemon(const DaemonOptions& options) {
    const sigset_t signals = our_signals();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    if (auto forbidden = forbid_new_privileges(); !forbidden) return forbidden;
    auto settings = config::load_settings(options.config_path);
    if (!settings) return fail(settings.error());
    log::start("sekisho-fastpathd", log_level(settings->log_level));
    if (options.forward_only && !may_forward_only(*settings)) {
        log::info("failure_mode is closed: nothing is forwarded without inspection");
        return {};
    }
    Daemon daemon(options, std::move(*settings));
    if (auto opened = daemon.open_ports(); !opened) return opened;
    if (auto changed = become_user(options.user); !changed) return changed;
    forget_capabilities();  // before any thread is made, so that each is born without
    if (auto opened = daemon.open_house(); !opened) return opened;
    daemon.serve();
    return {};
}

}  // namespace sekisho::fastpath
