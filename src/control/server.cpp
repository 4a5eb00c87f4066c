#include "sekisho/control/server.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <list>
#include <thread>
#include <vector>

#include "control/frame.h"
#include "control/handler_thread.h"
#include "control/listener.h"
#include "control/peer.h"
#include "control/socket.h"

namespace sekisho::control {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto kPauseWithoutDescriptors = std::chrono::milliseconds{100};

/// One connection: it is read, then its handler runs, then it is answered and closed.
struct Client {
    enum class Phase { reading, handled, writing, done };

    std::uint64_t id;
    Descriptor socket;
    Steady::time_point deadline;
    Phase phase = Phase::reading;
    FrameReader request{kRequestMaxBytes};
    std::string reply{};
    std::size_t sent = 0;

    bool waits_for_peer() const noexcept {
        return phase == Phase::reading || phase == Phase::writing;
    }
    /// A handled client is not polled: its hang-up would wake us without end.
    pollfd poll_entry() const noexcept {
        const short events = phase == Phase::reading ? POLLIN : POLLOUT;
        return {waits_for_peer() ? socket.get() : -1, events, 0};
    }
};

}  // namespace

class Server::Loop {
  public:
    Loop(Listener listener, Descriptor wake, Handler handler, const ServerOptions& options,
         std::optional<gid_t> group)
        : options_(options),
          group_(group),
          listener_(std::move(listener)),
          wake_(std::move(wake)),
          handlers_(std::move(handler), wake_.get()),
          thread_([this] { run(); }) {}

    ~Loop() {
        stop_.store(true);
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
        thread_.join();
    }

  private:
    void run();
    int poll_once(std::vector<pollfd>& entries);
    void take_wake();
    void accept_clients();
    void read_some(Client& client);
    void take_request(Client& client);
    void answer(Client& client, std::string frame);
    void write_some(Client& client);
    void expire(Steady::time_point now);
    bool full() const noexcept { return clients_.size() >= options_.max_clients; }

    const ServerOptions options_;
    const std::optional<gid_t> group_;
    Listener listener_;
    Descriptor wake_;
    std::atomic<bool> stop_ = false;
    HandlerThread handlers_;
    std::list<Client> clients_;  // the loop thread's own
    std::uint64_t next_id_ = 1;
    Steady::time_point accept_again_{};
    std::thread thread_;  // last: everything above is ready when it starts
};

void Server::Loop::run() {
    std::vector<pollfd> entries;
    while (!stop_.load()) {
        if (poll_once(entries) < 0) continue;
        std::size_t at = 2;  // behind the wake descriptor and the listener; same order as clients_
        for (Client& client : clients_) {
            const short ready = entries[at++].revents;
            if (ready == 0) continue;
            if (client.phase == Client::Phase::reading)
                read_some(client);
            else if (client.phase == Client::Phase::writing)
                write_some(client);
        }
        if (entries[0].revents != 0) take_wake();
        if (entries[1].revents != 0) accept_clients();
        expire(Steady::now());
        clients_.remove_if(
            [](const Client& client) { return client.phase == Client::Phase::done; });
    }
}

int Server::Loop::poll_once(std::vector<pollfd>& entries) {
    const auto now = Steady::now();
    const bool accepting = !full() && now >= accept_again_;
    auto until = now + std::chrono::hours{1};
    if (!full() && !accepting) until = accept_again_;
    entries.assign({{wake_.get(), POLLIN, 0}, {accepting ? listener_.fd() : -1, POLLIN, 0}});
    for (const Client& client : clients_) {
        entries.push_back(client.poll_entry());
        if (client.waits_for_peer()) until = std::min(until, client.deadline);
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
    return ::poll(entries.data(), entries.size(),
                  static_cast<int>(std::max<std::int64_t>(wait, 0)));
}

void Server::Loop::take_wake() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto n = ::read(wake_.get(), &count, sizeof count);
    for (auto& done : handlers_.take_done())
        for (Client& client : clients_)
            if (client.id == done.client) answer(client, std::move(done.frame));
}

void Server::Loop::accept_clients() {
    while (!full()) {
        Descriptor socket = listener_.accept();
        if (!socket) {
            if (errno == EINTR || errno == ECONNABORTED) continue;
            if (errno != EAGAIN) accept_again_ = Steady::now() + kPauseWithoutDescriptors;
            return;
        }
        const bool allowed = may_ask(socket.get(), group_);
        clients_.push_back(
            Client{next_id_++, std::move(socket), Steady::now() + options_.read_within});
        if (!allowed)
            answer(clients_.back(),
                   encode_reply({false, "not allowed: only root and members of the group '" +
                                            options_.group + "' may ask"}));
    }
}

void Server::Loop::read_some(Client& client) {
    std::array<std::uint8_t, 65536> block;
    const ssize_t n = ::recv(client.socket.get(), block.data(), block.size(), 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) {
        client.phase = Client::Phase::done;
        return;
    }
    switch (client.request.append(Bytes(block).first(static_cast<std::size_t>(n)))) {
        case FrameReader::State::need_more:
            return;
        case FrameReader::State::whole:
            return take_request(client);
        case FrameReader::State::broken:
            return answer(client,
                          encode_reply({false, "the request is not one frame of at most " +
                                                   std::to_string(kRequestMaxBytes) + " bytes"}));
    }
}

void Server::Loop::take_request(Client& client) {
    auto request = parse_request(client.request.body());
    client.request = FrameReader(kRequestMaxBytes);
    if (!request) return answer(client, encode_reply({false, request.error().message()}));
    if (request->command == "ping") return answer(client, encode_reply({true, "pong"}));
    client.phase = Client::Phase::handled;
    handlers_.submit({client.id, std::move(*request)});
}

void Server::Loop::answer(Client& client, std::string frame) {
    client.reply = std::move(frame);
    client.deadline = Steady::now() + options_.write_within;
    client.phase = Client::Phase::writing;
    write_some(client);
}

void Server::Loop::write_some(Client& client) {
    const auto rest = as_bytes(client.reply).subspan(client.sent);
    const ssize_t n = ::send(client.socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n > 0) client.sent += static_cast<std::size_t>(n);
    if (n < 0 || client.sent == client.reply.size()) client.phase = Client::Phase::done;
}

void Server::Loop::expire(Steady::time_point now) {
    for (Client& client : clients_)
        if (client.waits_for_peer() && now >= client.deadline) client.phase = Client::Phase::done;
}

Server::Server(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::open(const std::string& path, Handler handler,
                                             ServerOptions options) {
    options.max_clients = std::max<std::size_t>(options.max_clients, 1);
    const auto group = find_group(options.group);
    auto listener = Listener::open(path, group);
    if (!listener) return fail(listener.error());
    Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake) return system_error("cannot make an event descriptor", path);
    auto loop = std::make_unique<Loop>(std::move(*listener), std::move(wake), std::move(handler),
                                       options, group);
    return std::unique_ptr<Server>(new Server(std::move(loop)));
}

}  // namespace sekisho::control
