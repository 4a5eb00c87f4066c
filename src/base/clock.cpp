#include "sekisho/base/clock.h"

#include <cstdio>
#include <ctime>

namespace sekisho {

std::string format_time(TimeNs time, bool offset_colon) {
    const auto seconds = static_cast<std::time_t>(time / kSecondNs);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char buffer[64];
    const std::size_t used = std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%S", &utc);
    std::snprintf(buffer + used, sizeof buffer - used, ".%06u%s",
                  static_cast<unsigned>(time % kSecondNs / 1000), offset_colon ? "+00:00" : "+0000");
    return buffer;
}

}  // namespace sekisho
