#include "sekisho/mail/sender.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>

#include "sekisho/base/clock.h"
#include "sekisho/base/log.h"
#include "sekisho/base/retry.h"
#include "sekisho/mail/smtp.h"

namespace sekisho::mail {

class Sender::Loop {
  public:
    Loop(config::MailSettings server, std::string box, Outbox& outbox, SenderSettings settings)
        : server_(std::move(server)), box_(std::move(box)), outbox_(outbox), settings_(settings) {
        thread_ = std::thread([this] {
            while (!rest_.stopping()) round();
        });
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
    void round() {
        const auto letter = outbox_.next();
        if (!letter) return failed(letter.error().message());
        if (!*letter) return rest_.await(settings_.look);
        const Delivery delivery = deliver(server_, box_, (*letter)->to, (*letter)->message, rest_.stopping());
        if (rest_.stopping() && delivery.result != Delivery::Result::done) return;
        switch (delivery.result) {
            case Delivery::Result::done: return delivered(**letter, delivery.words);
            case Delivery::Result::refused: return refused(**letter, delivery.words);
            case Delivery::Result::trouble: return failed(delivery.words);
        }
    }

    void delivered(const OutLetter& letter, const std::string& answer) {
        if (!backoff_.at_rest()) log::info("mail: the server takes letters again");
        backoff_.reset();
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
        if (backoff_.at_rest()) log::warning("mail: " + why);  // a dead server is told once, not at each try
        {
            const std::lock_guard lock(mutex_);
            ++status_.failed;
            status_.waiting = true;
            status_.last_error = stamped(why);
        }
        rest_.sleep(backoff_.next());
    }

    static std::string stamped(const std::string& words) { return format_time(SystemClock().now(), true) + " " + words; }

    const config::MailSettings server_;
    const std::string box_;
    Outbox& outbox_;
    const SenderSettings settings_;
    Backoff backoff_{settings_.pause_least, settings_.pause_most};
    Rest rest_;

    mutable std::mutex mutex_;  // of the status
    SenderStatus status_;
    std::thread thread_;
};

Sender::Sender(config::MailSettings server, std::string box, Outbox& outbox, SenderSettings settings)
    : loop_(std::make_unique<Loop>(std::move(server), std::move(box), outbox, settings)) {}
Sender::~Sender() = default;
void Sender::wake() { loop_->wake(); }
SenderStatus Sender::status() const { return loop_->status(); }

}  // namespace sekisho::mail
