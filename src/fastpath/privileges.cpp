#include "fastpath/privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace sekisho::fastpath {
namespace {

tl::unexpected<Error> refused(const std::string& doing, const std::string& user) {
    return fail(ErrorCode::denied, doing + ": " + std::strerror(errno), user);
}

}  // namespace

Status forbid_new_privileges() {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return refused("cannot forbid new privileges", "");
    return {};
}

Status become_user(const std::string& user) {
    if (!user.empty()) {
        errno = 0;
        const passwd* entry = ::getpwnam(user.c_str());
        if (entry == nullptr) return fail(ErrorCode::not_found, "no such user", user);
        const uid_t uid = entry->pw_uid;
        const gid_t gid = entry->pw_gid;
        if (::geteuid() == 0) {
            // The C library does each of these in all threads; leaving root empties their capability sets.
            if (::initgroups(user.c_str(), gid) != 0) return refused("cannot take the user's groups", user);
            if (::setresgid(gid, gid, gid) != 0) return refused("cannot take the user's group", user);
            if (::setresuid(uid, uid, uid) != 0) return refused("cannot become the user", user);
        } else if (::geteuid() != uid) {
            return fail(ErrorCode::denied, "only root can become another user", user);
        }
    }
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return {};
}

void forget_capabilities() noexcept {
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3]{};
    ::syscall(SYS_capset, &header, none);
}

}  // namespace sekisho::fastpath
