// The Unix socket calls both ends need (unix(7)).
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>

#include "control/descriptor.h"
#include "sekisho/base/result.h"

namespace sekisho::control {

/// @error invalid: the path is empty, or longer than sun_path holds.
Result<sockaddr_un> unix_address(const std::string& path);
/// errno in words, as an Error at `path`.
tl::unexpected<Error> system_error(const std::string& doing, const std::string& path);
bool set_nonblocking(int fd) noexcept;

}  // namespace sekisho::control
