// sekisho-slowpathd: the slow path as a daemon. SIGTERM and SIGINT end it cleanly; it may be killed at any
// moment without losing or doubling what it has told.
#include <atomic>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>

#include "sekisho/base/log.h"
#include "sekisho/config/load.h"
#include "sekisho/slowpath/daemon.h"

namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int) { stop.store(true, std::memory_order_relaxed); }

constexpr char kUsage[] =
    "usage: sekisho-slowpathd [--config FILE]\n"
    "Judges the fast path's events, keeps alerts, tells the SOC. FILE: /etc/sekisho/sekisho.yaml\n";

sekisho::log::Level level(std::string_view name) {
    using sekisho::log::Level;
    if (name == "debug") return Level::debug;
    if (name == "warning") return Level::warning;
    return name == "error" ? Level::error : Level::info;
}

}  // namespace

int main(int argc, char** argv) {
    std::string config = "/etc/sekisho/sekisho.yaml";
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--config" && i + 1 < argc) {
            config = argv[++i];
        } else {
            std::fputs(kUsage, word == "--help" ? stdout : stderr);
            return word == "--help" ? 0 : 2;
        }
    }
    const auto settings = sekisho::config::load_settings(config);
    sekisho::log::start("sekisho-slowpathd", settings ? level(settings->log_level) : sekisho::log::Level::info);
    if (!settings) {
        sekisho::log::error(settings.error().message());
        return 1;
    }
    std::signal(SIGPIPE, SIG_IGN);
    struct sigaction action {};
    action.sa_handler = on_signal;
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);

    auto daemon = sekisho::slowpath::Daemon::open(*settings, config);
    if (!daemon) {
        sekisho::log::error(daemon.error().message());
        return 1;
    }
    sekisho::log::info("ready");
    if (const auto done = (*daemon)->run(stop); !done) {
        sekisho::log::error(done.error().message());
        return 1;
    }
    sekisho::log::info("stopped");
    return 0;
}
