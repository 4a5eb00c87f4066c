#include "control/peer.h"

#include <grp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace sekisho::control {
namespace {

constexpr std::size_t kGroupEntryMaxBytes = 65536;
constexpr std::size_t kPeerGroupsMax =
    1024;  // a peer in more groups than this is not searched further

bool in_group(int socket, gid_t group) {
    std::array<gid_t, kPeerGroupsMax> groups;
    socklen_t bytes = sizeof groups;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &bytes) != 0) return false;
    const auto end = groups.begin() + bytes / sizeof(gid_t);
    return std::find(groups.begin(), end, group) != end;
}

}  // namespace

std::optional<gid_t> find_group(const std::string& name) {
    group entry{};
    group* found = nullptr;
    std::string memory(kGroupEntryMaxBytes, '\0');
    if (::getgrnam_r(name.c_str(), &entry, memory.data(), memory.size(), &found) != 0 || !found)
        return {};
    return entry.gr_gid;
}

bool may_ask(int socket, std::optional<gid_t> group) {
    ucred peer{};
    socklen_t bytes = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0) return false;
    if (peer.uid == 0 || peer.uid == ::geteuid()) return true;
    return group && (peer.gid == *group || in_group(socket, *group));
}

}  // namespace sekisho::control
