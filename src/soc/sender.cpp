#include "sekisho/soc/sender.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <thread>
#include <utility>

#include "sekisho/base/clock.h"
#include "sekisho/base/log.h"
#include "sekisho/base/retry.h"
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
        rest_.stop();
        thread_.join();
    }

    void wake() { rest_.wake(); }
    SenderStatus status() const {
        const std::lock_guard lock(mutex_);
        return status_;
    }

  private:
    void run() {
        while (!rest_.stopping()) {
            if (const auto done = round(); done) continue;
            else failed(done.error());
        }
    }

    /// One look at the outbox. An error throws the link away.
    Status round() {
        deadline_ = Deadline::max();
        const auto messages = outbox_.pending(kBatch);
        if (!messages) return fail(messages.error());
        if (messages->empty()) return idle();
        waits_ = true;
        const Deadline deadline = until();
        if (auto done = connect(deadline); !done) return done;
        if (auto done = outbox_.offer(messages->back().number); !done) return done;
        for (const OutMessage& message : *messages)
            if (auto done = link_->send(message.text, deadline); !done) return done;
        if (auto done = link_->settle(deadline); !done) return done;
        if (auto done = outbox_.confirm(messages->back().number); !done) return done;
        backoff_.reset();
        outbox_.went_well();
        waits_ = false;
        if (!std::exchange(delivers_, true)) log::info("SOC target " + target_.name + ": takes messages");
        const std::lock_guard lock(mutex_);
        status_.sent += messages->size();
        status_.confirmed = messages->back().number;
        status_.undelivered_since.reset();
        return {};
    }

    /// Nothing to send: the link is what the outbox wants it to be.
    Status idle() {
        if (std::exchange(waits_, false)) {
            const std::lock_guard lock(mutex_);
            status_.undelivered_since.reset();
        }
        rest_.await(kIdleLook);
        const Standing standing = outbox_.standing();
        if (standing == Standing::closed) return hang_up();
        if (standing == Standing::connected)
            if (auto done = connect(until()); !done) return done;
        if (!link_) return {};
        if (auto done = link_->check(); !done) return done;
        if (standing == Standing::connected) backoff_.reset();
        outbox_.went_well();
        return {};
    }

    Deadline until() { return deadline_ = std::chrono::steady_clock::now() + settings_.patience; }

    Status connect(Deadline deadline) {
        if (link_) return {};
        auto link = make_link(target_);
        if (auto done = link->connect(deadline); !done) return done;
        link_ = std::move(link);
        const std::lock_guard lock(mutex_);
        status_.state = LinkState::connected;
        status_.encryption = link_->encryption();
        status_.refused = false;
        return {};
    }

    Status hang_up() {
        link_.reset();
        backoff_.reset();
        const std::lock_guard lock(mutex_);
        status_.state = LinkState::idle;
        return {};
    }

    void failed(const Error& error) {
        link_.reset();
        outbox_.failed({.refused = error.code == ErrorCode::denied,
                        .silent = std::chrono::steady_clock::now() >= deadline_,
                        .waits = waits_,
                        .words = error.message()});
        const bool news = backoff_.at_rest();  // a dead link is told once, not each minute
        {
            const std::lock_guard lock(mutex_);
            ++status_.failed;
            status_.state = LinkState::waiting;
            if (waits_ && !status_.undelivered_since) status_.undelivered_since = std::chrono::steady_clock::now();
            status_.refused = error.code == ErrorCode::denied;
            status_.last_error = format_time(SystemClock().now(), true) + " " + error.message();
        }
        delivers_ = false;
        if (news) log::warning("SOC target " + target_.name + ": " + error.message());
        rest_.sleep(backoff_.next());
    }

    const config::SyslogTarget target_;
    Outbox& outbox_;
    const SenderSettings settings_;
    std::unique_ptr<Link> link_;
    Backoff backoff_{settings_.pause_least, settings_.pause_most};
    Deadline deadline_{};  ///< of what this round waits for
    bool delivers_ = false;
    bool waits_ = false;  ///< messages were there when the last round began and are not confirmed yet
    Rest rest_;

    mutable std::mutex mutex_;  // of the status
    SenderStatus status_;
    std::thread thread_;
};

Sender::Sender(config::SyslogTarget target, Outbox& outbox, SenderSettings settings)
    : loop_(std::make_unique<Loop>(std::move(target), outbox, settings)) {}
Sender::~Sender() = default;
void Sender::wake() { loop_->wake(); }
SenderStatus Sender::status() const { return loop_->status(); }

}  // namespace sekisho::soc
