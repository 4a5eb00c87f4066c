#include "host_signs.h"

#include "sekisho/base/hash.h"
#include "sekisho/packet/tcp_options.h"

namespace sekisho::engine {
namespace {

using packet::Packet;

constexpr TimeNs kAgain = 3600 * kSecondNs;
// NTLMSSP and SMB 1 tell themselves in small messages at the start of a conversation.
constexpr std::uint16_t kHandshakeLeast = 36, kHandshakeMost = 1460;
constexpr std::uint64_t kHandshakePackets = 24;
constexpr std::uint16_t kDhcpServer = 67, kNetbiosName = 137, kNetbiosDatagram = 138, kNetbiosSession = 139, kSmb = 445, kMdns = 5353;

bool is_first_syn(const Packet& p) noexcept {
    return (p.tcp_flags & (packet::tcp_flag::syn | packet::tcp_flag::ack)) == packet::tcp_flag::syn;
}
bool is_smb(std::uint16_t port) noexcept { return port == kSmb || port == kNetbiosSession; }

}  // namespace

bool HostSigns::wanted(const Packet& p, const flow::Flow& flow) const noexcept {
    if (home_.empty()) return false;
    if (p.is_tcp()) {
        if (is_first_syn(p)) return true;
        return (is_smb(p.dst_port) || is_smb(p.src_port)) && p.payload_size >= kHandshakeLeast &&
               p.payload_size <= kHandshakeMost && flow.packets[0] + flow.packets[1] <= kHandshakePackets;
    }
    return p.is_udp() && (p.dst_port == kDhcpServer || p.src_port == kMdns || p.dst_port == kNetbiosName || p.dst_port == kNetbiosDatagram);
}

std::optional<sign::Sign> HostSigns::read(const Packet& p) noexcept {
    const Bytes payload = p.payload_bytes();
    if (p.is_tcp()) return is_first_syn(p) ? sign::read_syn(p.ttl, p.tcp_window, packet::tcp_option_bytes(p)) : sign::read_smb(payload);
    switch (p.dst_port) {
        case kDhcpServer: return sign::read_dhcp(payload);
        case kNetbiosName: return sign::read_netbios_name(payload);
        case kNetbiosDatagram: return sign::read_netbios_datagram(payload);
        default: return sign::read_mdns(payload, p.src);
    }
}

bool HostSigns::ours(const IpAddress& ip) const noexcept {
    for (const Network& network : home_)
        if (network.contains(ip)) return true;
    return false;
}

void HostSigns::see(const Packet& packet, const flow::Flow& flow) noexcept {
    // A DHCP client has no address yet; everybody else is asked for first, it spares the reading.
    const bool dhcp = packet.is_udp() && packet.dst_port == kDhcpServer;
    if (!dhcp && !ours(packet.src)) return;
    const auto sign = read(packet);
    if (!sign || !ours(sign->address.value_or(packet.src))) return;
    const IpAddress& who = sign->address ? *sign->address : packet.src;
    std::uint64_t what = hash_bytes(who.octets, process_hash_seed() ^ static_cast<std::uint64_t>(sign->kind));
    what = hash_bytes(as_bytes(sign->name.view()), what);
    what = hash_bytes(as_bytes(sign->system.view()), what);
    Told& told = told_[what % kPlaces];
    if (told.what == what && packet.time_ns < told.at + kAgain) return;
    told = {what, packet.time_ns};
    records_.host(*sign, flow.direction_of(packet) == flow::Direction::to_server ? flow.client_mac : flow.server_mac);
}

}  // namespace sekisho::engine
