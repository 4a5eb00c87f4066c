// A data port's device as the settings name it: a PCI address, or one of DPDK's virtual devices with its
// arguments. Pure text work; what needs the device itself is port.h.
#pragma once

#include <string>

#include "sekisho/base/result.h"

namespace sekisho::fastpath {

struct Device {
    enum class Kind { pci, virtual_device };

    Kind kind = Kind::pci;
    std::string driver;     ///< "net_af_packet"; empty for PCI
    std::string name;       ///< what DPDK calls the device: "net_af_packet0", "0000:01:00.0"
    std::string argument;   ///< for EAL's -a or --vdev
    std::string interface;  ///< kernel interface behind it; empty: none

    bool is_af_packet() const noexcept { return driver == "net_af_packet"; }
};

/// Reads a device setting. AF_PACKET devices get a queue for each worker and a ring that bridges scheduling
/// gaps, where the setting does not say otherwise.  @error invalid: neither a PCI address nor "net_...[,k=v]"
Result<Device> parse_device(const std::string& text, unsigned workers);

/// The value of `key` in "name,key=value,..."; empty when it is not there.
std::string device_option(const std::string& argument, const std::string& key);

}  // namespace sekisho::fastpath
