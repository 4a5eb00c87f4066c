#include "sekisho/control/client.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "control/frame.h"
#include "control/socket.h"

namespace sekisho::control {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

std::chrono::milliseconds left_until(SteadyTime deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds{0});
}

tl::unexpected<Error> too_late(const std::string& path) {
    return fail(ErrorCode::unavailable, "no answer in time", path);
}

/// Waits until the socket is ready for `events` or the time is over.
bool wait_for(int fd, short events, SteadyTime deadline) {
    while (true) {
        pollfd entry{fd, events, 0};
        const int ready = ::poll(&entry, 1, static_cast<int>(left_until(deadline).count()));
        if (ready < 0 && errno == EINTR) continue;
        return ready > 0;
    }
}

/// Connects while blocking: a full listen queue then makes us wait (SO_SNDTIMEO, unix(7)) instead
/// of failing.
Result<Descriptor> connect_to(const std::string& path, std::chrono::milliseconds timeout) {
    const auto address = unix_address(path);
    if (!address) return fail(address.error());
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket) return system_error("cannot make a socket", path);
    const auto whole = std::max<std::chrono::milliseconds>(timeout, std::chrono::milliseconds{1});
    const timeval limit{static_cast<time_t>(whole.count() / 1000),
                        static_cast<suseconds_t>(whole.count() % 1000 * 1000)};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) !=
        0) {
        if (errno == ENOENT || errno == ECONNREFUSED)
            return fail(ErrorCode::unavailable, "nobody serves this socket", path);
        if (errno == EAGAIN) return too_late(path);
        return system_error("cannot connect", path);
    }
    if (!set_nonblocking(socket.get())) return system_error("cannot set up the socket", path);
    return socket;
}

Status send_all(int fd, std::string_view bytes, SteadyTime deadline, const std::string& path) {
    while (!bytes.empty()) {
        const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
        } else if (n < 0 && errno == EAGAIN) {
            if (!wait_for(fd, POLLOUT, deadline)) return too_late(path);
        } else if (n < 0 && (errno == EPIPE || errno == ECONNRESET)) {
            return {};  // cut before it read everything: its reply, already sent, says why
        } else if (n < 0 && errno != EINTR) {
            return system_error("cannot send", path);
        }
    }
    return {};
}

Result<Reply> receive_reply(int fd, SteadyTime deadline, const std::string& path) {
    FrameReader reader(kReplyMaxBytes);
    std::array<std::uint8_t, 65536> block;
    while (true) {
        const ssize_t n = ::recv(fd, block.data(), block.size(), 0);
        if (n > 0) {
            const auto state = reader.append(Bytes(block).first(static_cast<std::size_t>(n)));
            if (state == FrameReader::State::whole) return parse_reply(reader.body());
            if (state == FrameReader::State::broken)
                return fail(ErrorCode::invalid, "the answer is not a reply", path);
        } else if (n < 0 && errno == EAGAIN) {
            if (!wait_for(fd, POLLIN, deadline)) return too_late(path);
        } else if (n == 0 || errno == ECONNRESET) {
            return fail(ErrorCode::unavailable, "the daemon cut the connection before it answered",
                        path);
        } else if (errno != EINTR) {
            return system_error("cannot receive", path);
        }
        if (left_until(deadline).count() == 0) return too_late(path);
    }
}

}  // namespace

Result<Reply> call(const std::string& path, const Request& request,
                   std::chrono::milliseconds timeout) {
    const auto frame = encode_request(request);
    if (!frame) return fail(frame.error());
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    const auto socket = connect_to(path, timeout);
    if (!socket) return fail(socket.error());
    if (auto sent = send_all(socket->get(), *frame, deadline, path); !sent)
        return fail(sent.error());
    return receive_reply(socket->get(), deadline, path);
}

}  // namespace sekisho::control
