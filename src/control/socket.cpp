#include "control/socket.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

namespace sekisho::control {

Result<sockaddr_un> unix_address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return fail(
            ErrorCode::invalid,
            "a socket path has 1 to " + std::to_string(sizeof address.sun_path - 1) + " bytes",
            path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

tl::unexpected<Error> system_error(const std::string& doing, const std::string& path) {
    const int cause = errno;
    ErrorCode code = ErrorCode::io;
    if (cause == ENOENT) code = ErrorCode::not_found;
    if (cause == EACCES || cause == EPERM) code = ErrorCode::denied;
    return fail(code, doing + ": " + std::strerror(cause), path);
}

bool set_nonblocking(int fd) noexcept {
    const int flags = ::fcntl(fd, F_GETFL);
    return flags >= 0 && ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

}  // namespace sekisho::control
