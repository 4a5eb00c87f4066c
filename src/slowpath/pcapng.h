// Writes a capture with comments (pcapng: draft-ietf-opsawg-pcapng, the block layouts of its section 4). Host
// order, as the format allows; nanosecond times.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/base/bytes.h"
#include "sekisho/base/clock.h"

namespace sekisho::slowpath {

class Pcapng {
  public:
    /// Begins a section with one Ethernet interface.
    /// @param comments  about the whole: each at most 65,535 octets, cut
    explicit Pcapng(const std::vector<std::string>& comments);

    /// @param wire_size  the frame's full size; what was kept of it may be less
    void packet(TimeNs at, Bytes octets, std::uint32_t wire_size, std::string_view comment);
    const std::string& text() const noexcept { return out_; }

  private:
    void block(std::uint32_t type, const std::string& body);
    std::string out_;
};

}  // namespace sekisho::slowpath
