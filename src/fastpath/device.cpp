#include "fastpath/device.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "fastpath/limits.h"
#include "sekisho/base/text.h"

namespace sekisho::fastpath {
namespace {

/// "0000:01:00.0" or "01:00.0": digits where x stands.
bool has_shape(std::string_view text, std::string_view shape) {
    return text.size() == shape.size() && std::equal(text.begin(), text.end(), shape.begin(), [](char c, char s) {
        return s == 'x' ? std::isxdigit(static_cast<unsigned char>(c)) != 0 : c == s;
    });
}
bool is_pci(std::string_view name) { return has_shape(name, "xxxx:xx:xx.x") || has_shape(name, "xx:xx.x"); }

void add_default(std::string& argument, const std::string& key, unsigned value) {
    if (device_option(argument, key).empty()) argument += "," + key + "=" + std::to_string(value);
}

}  // namespace

std::string device_option(const std::string& argument, const std::string& key) {
    for (const auto piece : split(argument, ','))
        if (piece.size() > key.size() && piece.substr(0, key.size()) == key && piece[key.size()] == '=')
            return std::string(piece.substr(key.size() + 1));
    return {};
}

Result<Device> parse_device(const std::string& text, unsigned workers) {
    Device device;
    device.argument = std::string(trim(text));
    device.name = device.argument.substr(0, device.argument.find(','));
    if (is_pci(device.name)) return device;

    device.kind = Device::Kind::virtual_device;
    if (device.name.rfind("net_", 0) != 0)
        return fail(ErrorCode::invalid,
                    "is neither a PCI address (0000:01:00.0) nor a network device of DPDK (net_af_packet0,iface=eth1)",
                    text);
    // The number at the end tells devices of one driver apart.
    device.driver = device.name;
    while (!device.driver.empty() && std::isdigit(static_cast<unsigned char>(device.driver.back())))
        device.driver.pop_back();
    if (!device.is_af_packet()) return device;

    device.interface = device_option(device.argument, "iface");
    if (device.interface.empty())
        return fail(ErrorCode::invalid, "names no interface: add iface=NAME", text);
    add_default(device.argument, "qpairs", workers);
    if (device_option(device.argument, "framesz").empty() && device_option(device.argument, "blocksz").empty()) {
        add_default(device.argument, "blocksz", kPacketRingBlockOctets);
        add_default(device.argument, "framesz", kPacketRingFrameOctets);
        add_default(device.argument, "framecnt", kPacketRingFrames);
    }
    return device;
}

}  // namespace sekisho::fastpath
