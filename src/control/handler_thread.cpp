#include "control/handler_thread.h"

#include <exception>

#include "control/frame.h"
#include "sekisho/base/log.h"

namespace sekisho::control {
namespace {

/// A handler that throws is the daemon's mistake, but must not take the daemon down.
Reply answer(const Handler& handler, const Request& request) {
    try {
        return handler(request);
    } catch (const std::exception& mistake) {
        log::error("control: '" + request.command + "' failed: " + mistake.what());
        return {false, "'" + request.command + "' failed inside the daemon: " + mistake.what()};
    }
}

}  // namespace

HandlerThread::HandlerThread(Handler handler, int wake_fd)
    : handler_(std::move(handler)), wake_fd_(wake_fd), thread_([this] { run(); }) {}

HandlerThread::~HandlerThread() {
    {
        std::lock_guard lock(mutex_);
        stop_ = true;
    }
    more_.notify_one();
    thread_.join();
}

void HandlerThread::submit(Job job) {
    {
        std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    more_.notify_one();
}

std::vector<HandlerThread::Done> HandlerThread::take_done() {
    std::lock_guard lock(mutex_);
    return std::exchange(done_, {});
}

void HandlerThread::run() {
    while (true) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            more_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
            if (stop_) return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        std::string frame = encode_reply(answer(handler_, job.request));
        {
            std::lock_guard lock(mutex_);
            done_.push_back({job.client, std::move(frame)});
        }
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wake_fd_, &one, sizeof one);
    }
}

}  // namespace sekisho::control
