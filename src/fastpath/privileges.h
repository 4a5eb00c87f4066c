// What a daemon gives up once its ports are open: the user root, all capabilities, the chance to regain any.
#pragma once

#include <string>

#include "sekisho/base/result.h"

namespace sekisho::fastpath {

/// From here on no exec can add privileges, in this thread and in all that it starts. First thing in the process.
Status forbid_new_privileges();

/// Becomes `user` (with its groups) in all threads, when started as root; started as somebody else, only the
/// user itself will do. After leaving root no thread of the process has a capability. The process cannot be traced
/// or dumped.
/// @param user  empty: stay who we are       @error not_found, denied, io
Status become_user(const std::string& user);

/// Gives up every capability of the calling thread, also as root; so that what is inherited from a service
/// manager (ambient capabilities) ends here.  @thread each one that runs for long
void forget_capabilities() noexcept;

}  // namespace sekisho::fastpath
