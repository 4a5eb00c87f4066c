#include "fastpath/packet_sockets.h"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#include <filesystem>
#include <iterator>
#include <system_error>

#include "sekisho/base/text.h"

namespace sekisho::fastpath {
namespace {

/// The interface that a packet socket is bound to; empty for any other descriptor.
std::string interface_of(int fd) {
    sockaddr_ll address{};
    socklen_t size = sizeof address;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 || address.sll_family != AF_PACKET)
        return {};
    char name[IF_NAMESIZE];
    return ::if_indextoname(static_cast<unsigned>(address.sll_ifindex), name) ? name : "";
}

}  // namespace

PacketSockets PacketSockets::collect() {
    PacketSockets sockets;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ignored)) {
        const auto fd = parse_int(entry.path().filename().string(), 0, INT32_MAX);
        if (!fd) continue;
        const auto interface = interface_of(static_cast<int>(*fd));
        if (!interface.empty()) sockets.interfaces_[interface].sockets.push_back(static_cast<int>(*fd));
    }
    return sockets;
}

void PacketSockets::ignore_outgoing_frames() noexcept {
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, static_cast<unsigned>(SKF_AD_OFF + SKF_AD_PKTTYPE)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0x40000),
    };
    const sock_fprog filter{std::size(program), program};
    for (const auto& [name, interface] : interfaces_)
        for (const int fd : interface.sockets) ::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

std::uint64_t PacketSockets::missed(const std::string& interface) noexcept {
    const auto found = interfaces_.find(interface);
    if (found == interfaces_.end()) return 0;
    for (const int fd : found->second.sockets) {
        tpacket_stats stats{};
        socklen_t size = sizeof stats;
        if (::getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) == 0)
            found->second.missed += stats.tp_drops;  // the kernel starts over at each reading
    }
    return found->second.missed;
}

std::size_t PacketSockets::count() const noexcept {
    std::size_t sum = 0;
    for (const auto& [name, interface] : interfaces_) sum += interface.sockets.size();
    return sum;
}

}  // namespace sekisho::fastpath
