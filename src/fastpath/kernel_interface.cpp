#include "fastpath/kernel_interface.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "fastpath/limits.h"

namespace sekisho::fastpath {
namespace {

/// A socket to ask the kernel about interfaces through.
class Asker {
  public:
    explicit Asker(const std::string& name) noexcept : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        std::strncpy(request_.ifr_name, name.c_str(), IFNAMSIZ - 1);
    }
    Asker(const Asker&) = delete;
    Asker& operator=(const Asker&) = delete;
    ~Asker() {
        if (socket_ >= 0) ::close(socket_);
    }
    bool ask(unsigned long what) noexcept { return ::ioctl(socket_, what, &request_) == 0; }
    ifreq& request() noexcept { return request_; }

    bool set_offload(std::uint32_t command, std::uint32_t value) noexcept {
        ethtool_value order{command, value};
        request_.ifr_data = reinterpret_cast<char*>(&order);
        return ask(SIOCETHTOOL);
    }

  private:
    int socket_;
    ifreq request_{};
};

struct Offload {
    std::uint32_t command;
    const char* name;
};
/// All that makes the kernel show frames that never were on the wire. ETHTOOL_SFLAGS 0 is LRO and VLAN
/// acceleration.
constexpr Offload kOffloads[] = {
    {ETHTOOL_SGRO, "receive merging (gro)"},   {ETHTOOL_STSO, "tcp segmentation (tso)"},
    {ETHTOOL_SGSO, "segmentation (gso)"},      {ETHTOOL_STXCSUM, "transmit checksums (tx)"},
    {ETHTOOL_SFLAGS, "lro and vlan tags"},
};

/// A router advertisement or neighbour solicitation of the box itself would come out of the other port.
bool silence_ipv6(const std::string& name) {
    const std::string path = "/proc/sys/net/ipv6/conf/" + name + "/disable_ipv6";
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return true;  // a kernel without IPv6
    std::ofstream file(path);
    file << "1\n";
    file.flush();
    return file.good();
}

}  // namespace

Result<std::vector<std::string>> prepare_interface(const std::string& name) {
    Asker asker(name);
    if (!asker.ask(SIOCGIFMTU)) return fail(ErrorCode::not_found, std::string("no such interface: ") + std::strerror(errno), name);
    if (const auto mtu = static_cast<unsigned>(asker.request().ifr_mtu); mtu > kPacketMtuMax)
        return fail(ErrorCode::limit,
                    "its MTU of " + std::to_string(mtu) + " is more than the " + std::to_string(kPacketMtuMax) +
                        " that an AF_PACKET port carries whole; lower it (ip link set mtu 1500)", name);
    std::vector<std::string> refused;
    for (const Offload& offload : kOffloads)
        if (!asker.set_offload(offload.command, 0) && errno != EOPNOTSUPP)
            refused.push_back(name + ": cannot switch off " + offload.name + ": " + std::strerror(errno));
    if (!silence_ipv6(name)) refused.push_back(name + ": cannot switch off the box's own IPv6 on it");
    if (asker.ask(SIOCGIFFLAGS) && !(asker.request().ifr_flags & IFF_UP)) {
        asker.request().ifr_flags |= IFF_UP;
        if (!asker.ask(SIOCSIFFLAGS)) refused.push_back(name + ": cannot be brought up: " + std::strerror(errno));
    }
    return refused;
}

bool interface_running(const std::string& name) noexcept {
    Asker asker(name);
    return asker.ask(SIOCGIFFLAGS) && (asker.request().ifr_flags & IFF_RUNNING);
}

}  // namespace sekisho::fastpath
