// The AF_PACKET sockets of DPDK's net_af_packet driver, which are its own and not told to us: found among the
// process's descriptors, so that what the driver leaves out can be done.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sekisho::fastpath {

class PacketSockets {
  public:
    /// Finds them, once, after the ports have been started.
    static PacketSockets collect();

    /// Frames that the box's own stack sends on an interface must not be forwarded as if they had come in: a
    /// filter on each socket. (PACKET_IGNORE_OUTGOING has no effect on members of a fanout group.)
    void ignore_outgoing_frames() noexcept;

    /// Frames that the kernel dropped because a ring was full; the driver does not count them.  @thread one
    std::uint64_t missed(const std::string& interface) noexcept;

    std::size_t count() const noexcept;

  private:
    struct Interface {
        std::vector<int> sockets;  // the driver's; not ours to close
        std::uint64_t missed = 0;
    };
    std::map<std::string, Interface> interfaces_;
};

}  // namespace sekisho::fastpath
