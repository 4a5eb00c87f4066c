// The asking end of a control socket.
#pragma once

#include <chrono>
#include <string>

#include "sekisho/base/result.h"
#include "sekisho/control/message.h"

namespace sekisho::control {

/// Connects, asks, waits for the reply. Blocks at most `timeout` in all.
/// @error unavailable  nobody serves the socket, or no answer in time
///        denied       the socket's mode does not let us in
///        limit        the request is larger than the protocol carries
///        invalid      the answer is no reply frame
/// A refusal by the daemon is not an error here: it is a Reply with ok == false.
Result<Reply> call(const std::string& path, const Request& request,
                   std::chrono::milliseconds timeout);

}  // namespace sekisho::control
