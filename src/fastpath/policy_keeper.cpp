#include "fastpath/policy_keeper.h"

#include <sys/resource.h>
#include <unistd.h>

#include <utility>

#include "fastpath/privileges.h"
#include "sekisho/base/log.h"
#include "sekisho/config/load.h"

namespace sekisho::fastpath {
namespace {

constexpr int kNiceness = 10;  // compiling takes every cycle it can get, and a worker may share its core

bool same_wiring(const config::FastpathSettings& a, const config::FastpathSettings& b) {
    const auto ports = [](const config::FastpathSettings& s) {
        std::string text;
        for (const auto& port : s.ports) text += port.name + '=' + port.device + '\n';
        for (const auto& pair : s.pairs) text += pair.inside + '|' + pair.outside + '\n';
        for (const auto& mirror : s.mirrors) text += mirror + '\n';
        return text;
    };
    return ports(a) == ports(b) && a.workers == b.workers && a.cores == b.cores && a.memory_mb == b.memory_mb &&
           a.hugepages == b.hugepages && a.mbufs == b.mbufs && a.flows == b.flows &&
           a.stream_memory_mb == b.stream_memory_mb && a.ring_events == b.ring_events;
}

}  // namespace

PolicyKeeper::PolicyKeeper(std::string config_path, config::Settings settings, Policies& policies)
    : config_path_(std::move(config_path)),
      running_(settings),
      settings_(std::move(settings)),
      policies_(policies),
      thread_([this] { run(); }) {
    request();
}

PolicyKeeper::~PolicyKeeper() {
    give_up();
    thread_.join();
}

void PolicyKeeper::give_up() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
}

std::uint64_t PolicyKeeper::request() {
    std::uint64_t number = 0;
    {
        std::lock_guard lock(mutex_);
        // One that is waiting but not at work yet will read what this caller wants read.
        const bool waiting = state_.requested > state_.finished + (state_.compiling ? 1 : 0);
        if (!waiting) ++state_.requested;
        number = state_.requested;
    }
    changed_.notify_all();
    return number;
}

PolicyKeeper::State PolicyKeeper::wait(std::uint64_t number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return state_.finished >= number || stop_; });
    return state_;
}

PolicyKeeper::State PolicyKeeper::state() const {
    std::lock_guard lock(mutex_);
    return state_;
}

void PolicyKeeper::run() {
    forget_capabilities();
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNiceness);
    std::unique_lock lock(mutex_);
    for (bool first = true;; first = false) {
        changed_.wait(lock, [&] { return stop_ || state_.requested > state_.finished; });
        if (stop_) return;
        state_.compiling = true;
        lock.unlock();
        build(first);
        lock.lock();
        state_.compiling = false;
        ++state_.finished;
        changed_.notify_all();
    }
}

/// @return what is wrong with the file
std::optional<std::string> PolicyKeeper::read_settings() {
    auto read = config::load_settings(config_path_);
    if (!read) return read.error().message();
    settings_ = std::move(*read);
    return {};
}

void PolicyKeeper::build(bool first) {
    engine::PolicyReport report;
    std::optional<std::string> error;
    if (!first) error = read_settings();
    std::uint64_t version = 0;
    if (!error) {
        auto built = engine::build_policy({settings_, running_.fastpath.workers, {}}, report);
        if (built) {
            version = (*built)->version();
            policies_.publish(std::move(*built));
        } else {
            error = built.error().message();
        }
    }
    if (error)
        log::error("policy refused, the one in force stays: " + *error);
    else
        log::info("policy " + std::to_string(version) + " in force: " + std::to_string(report.rules_loaded) +
                  " rules, " + std::to_string(report.rules_failed) + " not understood, " +
                  std::to_string(report.url_entries) + " URL entries, " + std::to_string(report.seconds) + " s");

    std::lock_guard lock(mutex_);
    state_.error = error.value_or("");
    if (!error) state_.version = version;
    if (!error || first) state_.report = std::move(report);
    state_.restart_needed = !same_wiring(running_.fastpath, settings_.fastpath);
}

}  // namespace sekisho::fastpath
