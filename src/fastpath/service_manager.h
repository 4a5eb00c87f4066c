// What systemd is told (sd_notify(3)): one datagram to the socket it names. Without systemd nothing happens.
#pragma once

#include <string_view>

namespace sekisho::fastpath {

/// "READY=1", "WATCHDOG=1", "STOPPING=1", "STATUS=..."; several lines may be joined by \n.
void tell_service_manager(std::string_view state) noexcept;

}  // namespace sekisho::fastpath
