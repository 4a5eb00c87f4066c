#include "sekisho/soc/sender.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "sekisho/base/clock.h"
#include "sekisho/base/log.h"
#include "soc/out/link.h"

namespace sekisho::soc {
namespace {

constexpr std::size_t kBatch = 64;                    // messages between two acknowledgements
constexpr auto kIdleLook = std::chrono::seconds(1);   // without news: look whether the other end is still there

}  // namespace

std::string_view to_string(LinkState state) noexcept {
    constexpr std::array<std::string_view, 3> kNames{"idle", "connected", "waiting"};
    return kNames[std::min<std::size_t>(static_cast<std::size_t>(state), 2)];
}

class Sender::Loop {
  public:
    Loop(config::SyslogTarget target, Outbox& outbox, SenderSettings settings)
        : target_(std::move(target)), outbox_(outbox), settings_(settings) {
        status_.name = target_.name;
        thread_ = std::thread([this] { run(); });
    }
    ~Loop() {
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
        }
        news_.notify_all();
        thread_.join();
    }

    void wake() {
        {
            const std::lock_guard lock(mutex_);
            woken_ = true;
        }
        news_.notify_all();
    }
    SenderStatus status() const {
        const std::lock_guard lock(mutex_);
        return status_;
    }

  private:
    void run() {
        while (!stopping()) {
            if (const auto done = round(); done) continue;
            else failed(done.error());
        }
    }

    /// One look at the outbox. An error throws the link away.
    Status round() {
        const auto messages = outbox_.pending(kBatch);
        if (!messages) return fail(messages.error());
        if (messages->empty()) {
            rest(kIdleLook, true);
            return link_ ? link_->check() : Status{};
        }
        const Deadline deadline = std::chrono::steady_clock::now() + settings_.patience;
        if (!link_) {
            auto link = make_link(target_);
            if (auto done = link->connect(deadline); !done) return done;
            link_ = std::move(link);
            const std::lock_guard lock(mutex_);
            status_.state = LinkState::connected;
            status_.encryption = link_->encryption();
        }
        if (auto done = outbox_.offer(messages->back().number); !done) return done;
        for (const OutMessage& message : *messages)
            if (auto done = link_->send(message.text, deadline); !done) return done;
        if (auto done = link_->settle(deadline); !done) return done;
        if (auto done = outbox_.confirm(messages->back().number); !done) return done;
        pause_ = std::chrono::milliseconds(0);
        if (!std::exchange(delivers_, true)) log::info("SOC target " + target_.name + ": takes messages");
        const std::lock_guard lock(mutex_);
        status_.sent += messages->size();
        status_.confirmed = messages->back().number;
        return {};
    }

    void failed(const Error& error) {
        link_.reset();
        const bool news = pause_.count() == 0;  // a dead link is told once, not each minute
        {
            const std::lock_guard lock(mutex_);
            ++status_.failed;
            status_.state = LinkState::waiting;
            status_.last_error = format_time(SystemClock().now(), true) + " " + error.message();
        }
        delivers_ = false;
        if (news) log::warning("SOC target " + target_.name + ": " + error.message());
        pause_ = std::clamp(pause_ * 2, settings_.pause_least, settings_.pause_most);
        // Half to all of the pause: a fleet that lost its SOC must not come back in step.
        std::uniform_int_distribution<long long> jitter(pause_.count() / 2, pause_.count());
        rest(std::chrono::milliseconds(jitter(random_)), false);
    }

    void rest(std::chrono::milliseconds most, bool until_woken) {
        std::unique_lock lock(mutex_);
        news_.wait_for(lock, most, [&] { return stop_ || (until_woken && woken_); });
        if (until_woken) woken_ = false;
    }
    bool stopping() const {
        const std::lock_guard lock(mutex_);
        return stop_;
    }

    const config::SyslogTarget target_;
    Outbox& outbox_;
    const SenderSettings settings_;
    std::unique_ptr<Link> link_;
    std::chrono::milliseconds pause_{0};
    bool delivers_ = false;
    std::minstd_rand random_{std::random_device{}()};

    mutable std::mutex mutex_;
    std::condition_variable news_;
    bool stop_ = false, woken_ = false;
    SenderStatus status_;
    std::thread thread_;
};

Sender::Sender(config::SyslogTarget target, Outbox& outbox, SenderSettings settings)
    : loop_(std::make_unique<Loop>(std::move(target), outbox, settings)) {}
Sender::~Sender() = default;
void Sender::wake() { loop_->wake(); }
SenderStatus Sender::status() const { return loop_->status(); }

}  // namespace sekisho::soc
