#include "sekisho/mail/sender.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "sekisho/base/clock.h"
#include "sekisho/base/log.h"
#include "sekisho/mail/smtp.h"

namespace sekisho::mail {

class Sender::Loop {
  public:
    Loop(config::MailSettings server, std::string box, Outbox& outbox, SenderSettings settings)
        : server_(std::move(server)), box_(std::move(box)), outbox_(outbox), settings_(settings) {
        thread_ = std::thread([this] {
            while (!stop_) round();
        });
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
    void round() {
        const auto letter = outbox_.next();
        if (!letter) return failed(letter.error().message());
        if (!*letter) return rest(settings_.look, true);
        const Delivery delivery = deliver(server_, box_, (*letter)->to, (*letter)->message, stop_);
        if (stop_ && delivery.result != Delivery::Result::done) return;
        switch (delivery.result) {
            case Delivery::Result::done: return delivered(**letter, delivery.words);
            case Delivery::Result::refused: return refused(**letter, delivery.words);
            case Delivery::Result::trouble: return failed(delivery.words);
        }
    }

    void delivered(const OutLetter& letter, const std::string& answer) {
        if (std::exchange(pause_, {}).count() != 0) log::info("mail: the server takes letters again");
        {
            const std::lock_guard lock(mutex_);
            ++status_.delivered;
            status_.waiting = false;
            status_.last_answer = stamped(answer);
        }
        if (const auto done = outbox_.delivered(letter.number); !done) failed(done.error().message());
    }

    void refused(const OutLetter& letter, const std::string& why) {
        if (letter.tries == 0) log::warning("mail to " + letter.to + " is refused: " + why);
        {
            const std::lock_guard lock(mutex_);
            ++status_.refused;
            status_.last_error = stamped(letter.to + ": " + why);
        }
        const auto later = std::min(settings_.refused_most, settings_.refused_least * (1U << std::min(letter.tries, 10U)));
        if (const auto done = outbox_.postpone(letter.number, later); !done) failed(done.error().message());
    }

    void failed(const std::string& why) {
        if (pause_.count() == 0) log::warning("mail: " + why);  // a dead server is told once, not at each try
        {
            const std::lock_guard lock(mutex_);
            ++status_.failed;
            status_.waiting = true;
            status_.last_error = stamped(why);
        }
        pause_ = std::clamp(pause_ * 2, settings_.pause_least, settings_.pause_most);
        // Half to all of the pause: a fleet that lost its mail server must not come back in step.
        std::uniform_int_distribution<long long> jitter(pause_.count() / 2, pause_.count());
        rest(std::chrono::milliseconds(jitter(random_)), false);
    }

    static std::string stamped(const std::string& words) { return format_time(SystemClock().now(), true) + " " + words; }

    void rest(std::chrono::milliseconds most, bool until_woken) {
        std::unique_lock lock(mutex_);
        news_.wait_for(lock, most, [&] { return stop_ || (until_woken && woken_); });
        if (until_woken) woken_ = false;
    }

    const config::MailSettings server_;
    const std::string box_;
    Outbox& outbox_;
    const SenderSettings settings_;
    std::chrono::milliseconds pause_{0};
    std::minstd_rand random_{std::random_device{}()};

    mutable std::mutex mutex_;
    std::condition_variable news_;
    std::atomic<bool> stop_{false};
    bool woken_ = false;
    SenderStatus status_;
    std::thread thread_;
};

Sender::Sender(config::MailSettings server, std::string box, Outbox& outbox, SenderSettings settings)
    : loop_(std::make_unique<Loop>(std::move(server), std::move(box), outbox, settings)) {}
Sender::~Sender() = default;
void Sender::wake() { loop_->wake(); }
SenderStatus Sender::status() const { return loop_->status(); }

}  // namespace sekisho::mail
