// Who is at the other end of a Unix socket, and whether he may ask (unix(7): SO_PEERCRED,
// SO_PEERGROUPS).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace sekisho::control {

/// The group's id; nothing when no such group exists.
std::optional<gid_t> find_group(const std::string& name);

/// True for root, our own user, and members of `group`. The kernel's word at connect time, not the
/// client's.
bool may_ask(int socket, std::optional<gid_t> group);

}  // namespace sekisho::control
