// The two daemons, asked over their control sockets, with answers in words the admin understands.
#pragma once

#include <chrono>
#include <string>

#include "cli/command.h"
#include "sekisho/control/message.h"

namespace sekisho::cli {

enum class Daemon { fastpath, slowpath };

constexpr auto kAnswerWithin = std::chrono::seconds{15};
constexpr auto kReloadWithin = std::chrono::seconds{300};  // 40,000 rules on a slow core

/// The text of an accepted request.
/// @error unavailable  the daemon is not running: says so, and how to start it
///        denied       we are not of those who may ask
///        invalid      the daemon refused: its words
Result<std::string> ask(const config::Settings& settings, Daemon daemon,
                        const control::Request& request,
                        std::chrono::milliseconds timeout = kAnswerWithin);

/// True when the error means that there is no daemon to ask.
inline bool not_running(const Error& error) { return error.code == ErrorCode::unavailable; }

}  // namespace sekisho::cli
