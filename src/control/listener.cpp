#include "control/listener.h"

#include <sys/stat.h>

#include <cerrno>

#include "control/socket.h"

namespace sekisho::control {
namespace {

constexpr int kBacklog = 64;
constexpr mode_t kSocketMode = 0660;

/// Clears the way: a socket that refuses to connect was left by a daemon that died.
Status remove_stale(const std::string& path, const sockaddr_un& address) {
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0) return {};
    if (!S_ISSOCK(facts.st_mode))
        return fail(ErrorCode::invalid, "exists and is not a socket; move it away", path);
    const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!probe) return system_error("cannot make a socket", path);
    const int connected =
        ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (connected == 0 || errno == EAGAIN)
        return fail(ErrorCode::unavailable, "another process serves this socket; stop it first",
                    path);
    if (errno != ECONNREFUSED) return system_error("cannot ask who serves this socket", path);
    if (::unlink(path.c_str()) != 0) return system_error("cannot remove the stale socket", path);
    return {};
}

}  // namespace

Result<Listener> Listener::open(const std::string& path, std::optional<gid_t> group) {
    const auto address = unix_address(path);
    if (!address) return fail(address.error());
    if (auto cleared = remove_stale(path, *address); !cleared) return fail(cleared.error());
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) return system_error("cannot make a socket", path);
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0)
        return system_error("cannot make the socket file", path);
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0)
        return system_error("cannot find the socket file", path);
    Listener listener(path, std::move(socket), facts.st_ino);
    // Nobody gets in before listen(), so mode and group are in place in time. Giving the file to a
    // group we are not in is refused by the system; its members then cannot connect, which is the
    // safe side.
    if (group) [[maybe_unused]]
        const int given = ::chown(path.c_str(), static_cast<uid_t>(-1), *group);
    if (::chmod(path.c_str(), kSocketMode) != 0)
        return system_error("cannot set the mode of the socket file", path);
    if (::listen(listener.fd(), kBacklog) != 0) return system_error("cannot listen", path);
    return listener;
}

Listener::~Listener() {
    struct stat facts {};
    if (socket_ && ::lstat(path_.c_str(), &facts) == 0 && facts.st_ino == inode_)
        ::unlink(path_.c_str());
}

Descriptor Listener::accept() const noexcept {
    return Descriptor(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

}  // namespace sekisho::control
