// What goes over a daemon's control socket: one request, one reply.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sekisho/base/bytes.h"

namespace sekisho::control {

constexpr std::size_t kRequestMaxBytes =
    MiB(1);  ///< a frame's body; room for a rule file on the command line
constexpr std::size_t kReplyMaxBytes =
    MiB(64);  ///< a frame's body; 40,000 rules as JSON lines are about 20 MiB
constexpr std::size_t kWordsMax = 1024;  ///< command and arguments together

/// A command word and its arguments, as the admin typed them. Bytes, meant as UTF-8.
struct Request {
    std::string command;
    std::vector<std::string> args;

    bool operator==(const Request&) const = default;
};

/// `text` is JSON (or JSON lines) where the answer is structured, a sentence otherwise. When not
/// `ok` it says in words what was refused and why.
struct Reply {
    bool ok = true;
    std::string text;

    bool operator==(const Reply&) const = default;
};

}  // namespace sekisho::control
