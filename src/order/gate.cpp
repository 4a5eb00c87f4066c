#include "sekisho/order/gate.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sekisho/base/endpoint.h"
#include "sekisho/base/file_text.h"
#include "sekisho/base/text.h"

namespace sekisho::order {
namespace {

constexpr std::int64_t kAheadMost = 300;  // clocks of SOC and box differ by so much at most
constexpr std::size_t kStateMaxOctets = 64;
constexpr unsigned kStateMode = 0600;

tl::unexpected<Error> deny(std::string why) { return fail(ErrorCode::denied, std::move(why)); }

bool in_any(const std::vector<std::string>& networks, const IpAddress& host) {
    return std::any_of(networks.begin(), networks.end(), [&](const std::string& text) {
        const auto network = Network::parse(text);
        return network && network->contains(host);
    });
}

/// Without whom the firm or the SOC would be blind: named by the admin, and those that settings name anyhow.
bool is_spared(const config::Settings& settings, const IpAddress& host) {
    if (in_any(settings.orders.never, host) || in_any(settings.slowpath.trusted_proxies, host)) return true;
    for (const auto& target : settings.slowpath.soc)
        if (IpAddress::parse(target.host) == host) return true;
    for (const auto& at : {settings.logs.udp, settings.logs.tcp, settings.logs.tls})
        if (const auto ours = Endpoint::parse(at); ours && ours->address == host) return true;
    return false;
}

Status may_add(const Order& order, const config::Settings& settings, std::span<const Held> held) {
    const std::string host = order.host.to_string();
    if (!in_any(settings.home_net, order.host)) return deny(host + " is not in home_net");
    if (is_spared(settings, order.host)) return deny(host + " is never cut off (orders.never, the SOC, proxies, this box)");
    if (order.seconds > std::int64_t{settings.orders.longest_hours} * 3600)
        return deny("longer than orders.longest_hours (" + std::to_string(settings.orders.longest_hours) + ")");
    std::size_t others = 0;
    for (const Held& one : held) {
        if (one.host == order.host && !one.by_soc) return deny(host + " is cut off by the admin already; only the admin changes that");
        if (one.by_soc && one.host != order.host) ++others;
    }
    if (others >= settings.orders.hosts_max) return deny("the SOC has cut off " + std::to_string(others) + " hosts already (orders.hosts_max)");
    return {};
}

Status may_remove(const Order& order, std::span<const Held> held) {
    for (const Held& one : held) {
        if (one.host != order.host) continue;
        if (!one.by_soc) return deny(order.host.to_string() + " was cut off by the admin; only the admin lets it go on");
        return {};
    }
    return deny(order.host.to_string() + " is not cut off");
}

}  // namespace

Status allow(const Order& order, const config::Settings& settings, std::span<const Held> held, std::uint64_t last, std::int64_t now) {
    if (order.box != settings.box_name) return deny("the order is for box '" + order.box + "', this is '" + settings.box_name + "'");
    if (order.sequence <= last) return deny("the order was obeyed before, or a later one was (sequence " + std::to_string(order.sequence) + ")");
    const std::int64_t age = now - order.issued;
    if (age > std::int64_t{settings.orders.window_minutes} * 60) return deny("the order is " + std::to_string(age) + " s old (orders.window_minutes)");
    if (age < -kAheadMost) return deny("the order was issued " + std::to_string(-age) + " s from now: look at the clocks");
    return order.action == Order::Action::add ? may_add(order, settings, held) : may_remove(order, held);
}

Result<Turn> Turn::take(const std::string& state_file) {
    const std::string path = state_file + ".lock";
    Turn turn(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kStateMode));
    if (turn.fd_ < 0 || ::flock(turn.fd_, LOCK_EX) != 0) return fail(ErrorCode::io, std::strerror(errno), path);
    return turn;
}

Turn::~Turn() {
    if (fd_ >= 0) ::close(fd_);
}

Result<std::uint64_t> last_sequence(const std::string& state_file) {
    const auto text = read_file(state_file, kStateMaxOctets);
    if (!text && text.error().code == ErrorCode::not_found) return 0;
    if (!text) return fail(text.error());
    const auto number = parse_int(trim(*text), 0, std::int64_t{1} << 62);
    if (!number) return fail(ErrorCode::invalid, "holds no sequence: no order is obeyed until it is set right", state_file);
    return static_cast<std::uint64_t>(*number);
}

Status remember(const std::string& state_file, std::uint64_t sequence) {
    return write_file_atomic(state_file, std::to_string(sequence) + "\n", kStateMode);
}

}  // namespace sekisho::order
