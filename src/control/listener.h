// The listening socket and its file in the run folder.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "control/descriptor.h"
#include "sekisho/base/result.h"

namespace sekisho::control {

/// Owns the socket and its name; both go away together.
class Listener {
  public:
    /// @error as Server::open
    static Result<Listener> open(const std::string& path, std::optional<gid_t> group);
    Listener(Listener&&) = default;
    Listener& operator=(Listener&&) = delete;
    ~Listener();

    int fd() const noexcept { return socket_.get(); }
    /// The next client, non-blocking; empty when there is none (errno tells).
    Descriptor accept() const noexcept;

  private:
    Listener(std::string path, Descriptor socket, ino_t inode)
        : path_(std::move(path)), socket_(std::move(socket)), inode_(inode) {}

    std::string path_;
    Descriptor socket_;
    ino_t
        inode_;  // of the socket file we made: another daemon's file at the same path is left alone
};

}  // namespace sekisho::control
