// One thread that runs the daemon's handler, so that the socket loop goes on while a reload
// compiles rules.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "control/descriptor.h"
#include "sekisho/control/server.h"

namespace sekisho::control {

/// Requests in, encoded reply frames out. The queue needs no bound of its own: a client has one
/// request.
class HandlerThread {
  public:
    struct Job {
        std::uint64_t client;
        Request request;
    };
    struct Done {
        std::uint64_t client;
        std::string frame;
    };

    /// @param wake_fd  an eventfd, not owned; written once for each reply that is ready
    HandlerThread(Handler handler, int wake_fd);
    ~HandlerThread();  ///< waits for the running handler; drops what is queued

    void submit(Job job);
    std::vector<Done> take_done();

  private:
    void run();

    Handler handler_;
    int wake_fd_;
    std::mutex mutex_;
    std::condition_variable more_;
    std::deque<Job> jobs_;    // under mutex_
    std::vector<Done> done_;  // under mutex_
    bool stop_ = false;       // under mutex_
    std::thread thread_;
};

}  // namespace sekisho::control
