// One thread polls all sockets. A connection is read a bounded piece at a time, so that a busy one does not keep the
// others waiting; what cannot be taken is counted and thrown away, never waited for.
#include "sekisho/foreign/listener.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <deque>
#include <thread>

#include "foreign/limits.h"
#include "foreign/senders.h"
#include "foreign/sockets.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/guarded.h"
#include "sekisho/base/log.h"
#include "sekisho/crypto/tls_server.h"
#include "sekisho/foreign/framing.h"

namespace sekisho::foreign {

using SteadyTime = std::chrono::steady_clock::time_point;

namespace {

constexpr int kPollMs = 200;  // how long the end of the program waits for the thread at most

struct Connection {
    Connection(Socket s, Sender& from) : socket(std::move(s)), sender(from) {}
    Socket socket;
    Sender& sender;
    std::optional<crypto::TlsPeer> tls;
    Framer framer;
    std::uint64_t too_long_told = 0;
    SteadyTime heard{};
};

/// What crosses the threads.
struct Shared {
    std::deque<event::Event> waiting;
    ListenerCounts counts;
};

}  // namespace

struct Listener::Parts {
    Parts(Makers m, Senders s, std::uint32_t most) : makers(std::move(m)), reader(makers), senders(std::move(s)), connections_most(most) {}

    ~Parts() {
        stop.store(true);
        if (thread.joinable()) thread.join();
    }

    void run() {
        std::vector<pollfd> polled;
        while (!stop.load(std::memory_order_relaxed)) {
            polled.clear();
            for (const Socket* socket : {&udp, &tcp, &tls}) polled.push_back({socket->fd(), POLLIN, 0});
            for (const auto& connection : connections) polled.push_back({connection->socket.fd(), POLLIN, 0});
            if (::poll(polled.data(), polled.size(), kPollMs) < 0 && errno != EINTR) break;
            now = std::chrono::steady_clock::now();
            if (polled[0].revents != 0) read_datagrams();
            read_connections(polled);
            if (polled[1].revents != 0) accept(tcp, false);
            if (polled[2].revents != 0) accept(tls, true);
            publish();
        }
    }

    void read_datagrams() {
        for (std::size_t i = 0; i < kDatagramsAtOnce; ++i) {
            sockaddr_storage storage{};
            socklen_t size = sizeof storage;
            const auto got = ::recvfrom(udp.fd(), room.data(), kMessageMax + 1, MSG_TRUNC, reinterpret_cast<sockaddr*>(&storage), &size);
            if (got < 0) return;
            const auto from = address_in(&storage);
            Sender* sender = from ? senders.find(*from) : nullptr;
            if (sender == nullptr) ++refused;
            else if (static_cast<std::size_t>(got) > kMessageMax) ++too_long;
            else take(*sender, {reinterpret_cast<const char*>(room.data()), static_cast<std::size_t>(got)});
        }
    }

    void accept(const Socket& listening, bool encrypted) {
        while (auto one = listening.accept()) {
            Sender* sender = senders.find(one->second);
            if (sender == nullptr) {
                ++refused;
            } else if (connections.size() >= connections_most) {
                ++connections_refused;
            } else {
                auto connection = std::make_unique<Connection>(std::move(one->first), *sender);
                connection->heard = now;
                if (encrypted) {
                    auto peer = server->accept(connection->socket.fd());
                    if (!peer) continue;
                    connection->tls.emplace(std::move(*peer));
                }
                connections.push_back(std::move(connection));
            }
        }
    }

    void read_connections(const std::vector<pollfd>& polled) {
        for (std::size_t i = 0; i + 3 < polled.size(); ++i)
            if (!serve(*connections[i], polled[i + 3].revents != 0)) connections[i].reset();
        std::erase(connections, nullptr);
    }

    /// @return false: it is over
    bool serve(Connection& c, bool ready) {
        const bool shaking = c.tls && !c.tls->established();
        const auto most = shaking ? SteadyTime::duration(kHandshakeMost) : SteadyTime::duration(kConnectionIdle);
        if ((shaking || !ready) && now - c.heard >= most) return false;
        if (!ready) return true;
        const auto give = [&](std::string_view message) { take(c.sender, message); };
        auto step = crypto::TlsPeer::Step::data;
        for (std::size_t taken = 0; taken < kReadAtOnce && step == crypto::TlsPeer::Step::data;) {
            std::size_t size = 0;
            step = c.tls ? c.tls->read(room, size) : read_plain(c, size);
            c.framer.take({reinterpret_cast<const char*>(room.data()), size}, give);
            taken += size;
        }
        const bool over = step == crypto::TlsPeer::Step::refused || step == crypto::TlsPeer::Step::closed;
        if (step == crypto::TlsPeer::Step::refused) refuse(c);
        if (over) c.framer.end(give);
        // A peer that trickles its handshake is not heard: only what comes after counts.
        if (!c.tls || c.tls->established()) c.heard = now;
        const std::uint64_t told = std::exchange(c.too_long_told, c.framer.counts().too_long);
        too_long += c.too_long_told - told;
        return !over;
    }

    crypto::TlsPeer::Step read_plain(const Connection& c, std::size_t& size) {
        const auto got = ::recv(c.socket.fd(), room.data(), room.size(), 0);
        if (got < 0) return errno == EAGAIN || errno == EINTR ? crypto::TlsPeer::Step::again : crypto::TlsPeer::Step::closed;
        size = static_cast<std::size_t>(got);
        return got == 0 ? crypto::TlsPeer::Step::closed : crypto::TlsPeer::Step::data;
    }

    void refuse(const Connection& c) {
        ++tls_refused;
        std::string why = c.sender.text + ": " + c.tls->trouble();
        if (why != trouble) log::warning("logs: TLS connection refused, " + why);
        trouble = std::move(why);
    }

    void take(Sender& sender, std::string_view message) {
        if (!senders.admit(sender, now)) return;
        const auto outcome = reader.read(message, sender.text, sender.maker, SystemClock().now(), event);
        constexpr std::uint64_t SenderCounts::*kCounts[] = {&SenderCounts::events, &SenderCounts::traffic, &SenderCounts::ignored,
                                                            &SenderCounts::unreadable, &SenderCounts::unknown};
        static_assert(std::size(kCounts) == static_cast<std::size_t>(LineOutcome::count_));
        ++(sender.counts.*kCounts[static_cast<std::size_t>(outcome)]);
        const bool known = outcome == LineOutcome::event || outcome == LineOutcome::traffic;
        if (known) {
            const std::string_view by = event.get(event::Text::list);
            sender.counts.maker = by.substr(0, by.rfind(" at "));
        }
        if (outcome != LineOutcome::event && (outcome != LineOutcome::traffic || !sender.traffic)) return;
        shared.with([this](Shared& s) {
            if (s.waiting.size() < kWaitingMax) s.waiting.push_back(event);
            else ++s.counts.queue_full;
        });
    }

    void publish() {
        shared.with([this](Shared& s) {
            s.counts.senders.clear();
            for (const auto& [address, sender] : senders.all()) s.counts.senders.push_back(sender.counts);
            s.counts.refused = refused;
            s.counts.connections = connections.size();
            s.counts.connections_refused = connections_refused;
            s.counts.tls_refused = tls_refused;
            s.counts.too_long = too_long;
            s.counts.trouble = trouble;
        });
    }

    // Of the thread alone.
    Makers makers;
    LineReader reader;
    Senders senders;
    const std::size_t connections_most;
    Socket udp, tcp, tls;
    std::optional<crypto::TlsServer> server;
    std::vector<std::unique_ptr<Connection>> connections;
    std::array<std::uint8_t, kMessageMax + 1> room;
    event::Event event;
    SteadyTime now = std::chrono::steady_clock::now();
    std::uint64_t refused = 0, connections_refused = 0, tls_refused = 0, too_long = 0;
    std::string trouble;

    // Of both.
    Guarded<Shared> shared;
    std::atomic<bool> stop{false};
    std::thread thread;
};

Listener::Listener(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
Listener::~Listener() = default;

Result<std::unique_ptr<Listener>> Listener::open(const config::LogSettings& settings, Makers makers) {
    std::vector<Senders::Rule> rules;
    for (const config::LogSender& sender : settings.senders) {
        const auto network = Network::parse(sender.network);
        if (!network) return fail(ErrorCode::invalid, "'" + sender.network + "' is no network", "logs.senders");
        std::optional<std::size_t> maker;
        if (!sender.maker.empty()) {
            maker = makers.find(sender.maker);
            std::string known;
            for (const auto& name : makers.names()) known += (known.empty() ? "" : ", ") + name;
            if (!maker) return fail(ErrorCode::invalid, "'" + sender.maker + "' is no maker of the table; there are: " + known, "logs.senders");
        }
        rules.push_back({*network, maker, sender.traffic});
    }
    auto parts = std::make_unique<Parts>(std::move(makers), Senders(std::move(rules), settings.rate), settings.connections);
    struct Way {
        const std::string& at;
        Socket& socket;
        Result<Socket> (*listen)(const Endpoint&);
    };
    for (const Way& way : {Way{settings.udp, parts->udp, &Socket::listen_udp}, Way{settings.tcp, parts->tcp, &Socket::listen_tcp},
                           Way{settings.tls, parts->tls, &Socket::listen_tcp}}) {
        if (way.at.empty()) continue;
        const auto endpoint = Endpoint::parse(way.at);
        if (!endpoint) return fail(ErrorCode::invalid, "'" + way.at + "' is no address and port", "logs");
        auto socket = way.listen(*endpoint);
        if (!socket) return fail(socket.error());
        way.socket = std::move(*socket);
    }
    if (parts->tls.open()) {
        auto server = crypto::TlsServer::open({settings.certificate_file, settings.key_file, settings.ca_file});
        if (!server) return fail(server.error());
        parts->server.emplace(std::move(*server));
    }
    parts->thread = std::thread([p = parts.get()] { p->run(); });
    return std::unique_ptr<Listener>(new Listener(std::move(parts)));
}

std::size_t Listener::read(std::size_t most, const std::function<void(const event::Event&)>& take) {
    std::deque<event::Event> ours;
    parts_->shared.with([&](Shared& s) {
        if (s.waiting.size() <= most) return ours.swap(s.waiting);
        const auto end = s.waiting.begin() + static_cast<std::ptrdiff_t>(most);
        ours.assign(s.waiting.begin(), end);
        s.waiting.erase(s.waiting.begin(), end);
    });
    for (const auto& event : ours) take(event);
    return ours.size();
}

ListenerCounts Listener::counts() const {
    return parts_->shared.with([](const Shared& s) { return s.counts; });
}

std::vector<std::uint16_t> Listener::ports() const { return {parts_->udp.port(), parts_->tcp.port(), parts_->tls.port()}; }

}  // namespace sekisho::foreign
