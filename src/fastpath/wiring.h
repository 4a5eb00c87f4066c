// Which port leads where: inline pairs and mirror ports, from names in the settings to indices.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "fastpath/device.h"
#include "sekisho/base/result.h"
#include "sekisho/config/settings.h"

namespace sekisho::fastpath {

struct Wire {
    std::string name;             ///< the port's, as in the settings
    Device device;
    bool mirror = false;          ///< only listens
    std::size_t peer = 0;         ///< inline: index of the port that its frames leave by
};

/// One entry for each port, in the settings' order.
/// @error invalid  a name that is not a port, a port used twice or not at all; limit: too many ports or workers
Result<std::vector<Wire>> wire_ports(const config::FastpathSettings& settings);

}  // namespace sekisho::fastpath
