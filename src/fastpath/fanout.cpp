// DPDK's net_af_packet driver joins every queue to a fanout group with PACKET_FANOUT_FLAG_DEFRAG and has no
// option for it (22.11, rte_pmd_init_internals). The kernel then hands over whole IPv4 datagrams instead of
// their fragments: longer than a frame of the receive ring, so cut, and never what was on the wire. A bump in
// the wire has to pass fragments as they came; our own defragmentation looks into them.
//
// The driver is a shared object that calls setsockopt through the dynamic linker, so a definition here is found
// before the C library's. It takes that one flag out of that one option and changes nothing else. Spreading
// fragments stays sound: without ports in sight the kernel hashes their addresses, so all pieces of a datagram
// meet on one queue.
#include "fastpath/fanout.h"

#include <dlfcn.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

extern "C" __attribute__((visibility("default"), used)) int setsockopt(int fd, int level, int name, const void* value,
                                                                       socklen_t size) noexcept {
    int fanout = 0;
    if (level == SOL_PACKET && name == PACKET_FANOUT && value != nullptr && size >= sizeof fanout) {
        std::memcpy(&fanout, value, sizeof fanout);
        fanout &= ~(PACKET_FANOUT_FLAG_DEFRAG << 16);
        value = &fanout;
        size = sizeof fanout;
    }
    return static_cast<int>(::syscall(SYS_setsockopt, fd, level, name, value, size));
}

namespace sekisho::fastpath {

bool fragments_stay_apart() noexcept {
    return ::dlsym(RTLD_DEFAULT, "setsockopt") == reinterpret_cast<void*>(&::setsockopt);
}

}  // namespace sekisho::fastpath
