// Programs a test starts: ended by their own pid, their words kept in a file.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace sekisho::slowpath_test {

inline bool eventually(const std::function<bool()>& true_now, std::chrono::milliseconds within = std::chrono::seconds(20)) {
    const auto end = std::chrono::steady_clock::now() + within;
    while (std::chrono::steady_clock::now() < end) {
        if (true_now()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true_now();
}

inline std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<std::string> lines(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
}

class Process {
  public:
    Process() = default;
    Process(const std::vector<std::string>& words, const std::string& log) {
        pid_ = ::fork();
        if (pid_ != 0) return;
        const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(fd, 1);
        ::dup2(fd, 2);
        std::vector<char*> argv;
        for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
        argv.push_back(nullptr);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
    Process& operator=(Process&& other) noexcept {
        end(SIGKILL);
        pid_ = std::exchange(other.pid_, -1);
        return *this;
    }
    ~Process() { end(SIGKILL); }

    /// Sends the signal and waits. @return the exit status, -1 when it was killed or there is none
    int end(int signal) {
        if (pid_ <= 0) return -1;
        ::kill(pid_, signal);
        return wait();
    }
    int wait() {
        int status = 0;
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

  private:
    pid_t pid_ = -1;
};

/// Runs to its end. @return the exit status
inline int run(const std::vector<std::string>& words, const std::string& log) { return Process(words, log).wait(); }

}  // namespace sekisho::slowpath_test
