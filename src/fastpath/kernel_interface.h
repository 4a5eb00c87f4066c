// What the kernel must be told about an interface before AF_PACKET can use it as a wire: it is up, hands over
// frames as they came (nothing merged, nothing left to be checksummed by a NIC), and the box's own IPv6 is
// silent on it. Needs CAP_NET_ADMIN, once, at start.
#pragma once

#include <string>
#include <vector>

#include "sekisho/base/result.h"

namespace sekisho::fastpath {

/// @return what could not be set, for the log; the box works without, worse
/// @error not_found  no such interface; limit: its MTU is larger than the receive ring carries
Result<std::vector<std::string>> prepare_interface(const std::string& name);

/// Whether the interface has a carrier.
bool interface_running(const std::string& name) noexcept;

}  // namespace sekisho::fastpath
