// The serving end of a control socket: a Unix stream socket for the admin's commands. It runs in
// threads of its own, so that the daemon never waits for a client, and is bounded in clients, bytes
// and time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "sekisho/base/result.h"
#include "sekisho/control/message.h"

namespace sekisho::control {

/// Answers one request. Called by one thread at a time, never by the thread that opened the server;
/// may take as long as it needs (a reload compiles rules), other requests then wait their turn.
using Handler = std::function<Reply(const Request&)>;

struct ServerOptions {
    std::size_t max_clients = 32;                   ///< further clients wait in the listen queue
    std::chrono::milliseconds read_within{5000};    ///< a client's whole request, from its connect
    std::chrono::milliseconds write_within{10000};  ///< our whole reply, from the handler's return
    std::string group = "sekisho";  ///< its members may ask; a group that does not exist: nobody
};

/// Who may ask: root, the daemon's own user, members of `options.group` (SO_PEERCRED,
/// SO_PEERGROUPS); others are told so and cut. The socket file has mode 0660. `ping` is answered
/// with "pong" by the server itself, even while a handler runs.
class Server {
  public:
    /// Binds `path`. A socket left behind by a dead daemon is replaced; a living one is not.
    /// @error invalid      path too long for a socket (107 bytes), or not a socket
    ///        unavailable  another process serves this path
    ///        io           the system's words
    static Result<std::unique_ptr<Server>> open(const std::string& path, Handler handler,
                                                ServerOptions options = {});

    /// Waits for a running handler to return, answers nobody else, removes the socket file.
    ~Server();

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

  private:
    class Loop;
    explicit Server(std::unique_ptr<Loop> loop);
    std::unique_ptr<Loop> loop_;
};

}  // namespace sekisho::control
