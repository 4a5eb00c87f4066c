#include "fastpath/wiring.h"

#include <algorithm>
#include <optional>

#include "fastpath/limits.h"

namespace sekisho::fastpath {
namespace {

class Wirer {
  public:
    explicit Wirer(std::vector<Wire> wires) : wires_(std::move(wires)), used_(wires_.size(), false) {}

    /// The index of a port that nothing has used yet.
    Result<std::size_t> take(const std::string& name) {
        const auto found = std::find_if(wires_.begin(), wires_.end(), [&](const Wire& w) { return w.name == name; });
        if (found == wires_.end()) return fail(ErrorCode::invalid, "no such port", name);
        const auto index = static_cast<std::size_t>(found - wires_.begin());
        if (used_[index]) return fail(ErrorCode::invalid, "port is used twice in pairs and mirrors", name);
        used_[index] = true;
        return index;
    }
    std::optional<std::string> unused() const {
        const auto found = std::find(used_.begin(), used_.end(), false);
        if (found == used_.end()) return {};
        return wires_[static_cast<std::size_t>(found - used_.begin())].name;
    }
    std::vector<Wire>& wires() { return wires_; }

  private:
    std::vector<Wire> wires_;
    std::vector<bool> used_;
};

}  // namespace

Result<std::vector<Wire>> wire_ports(const config::FastpathSettings& settings) {
    if (settings.workers == 0 || settings.workers > kWorkersMax)
        return fail(ErrorCode::limit, "must be 1 to " + std::to_string(kWorkersMax), "fastpath.workers");
    if (settings.ports.empty()) return fail(ErrorCode::invalid, "name at least one port", "fastpath.ports");
    if (settings.ports.size() > kPortsMax)
        return fail(ErrorCode::limit, "at most " + std::to_string(kPortsMax) + " ports", "fastpath.ports");

    std::vector<Wire> wires;
    for (const auto& port : settings.ports) {
        auto device = parse_device(port.device, settings.workers);
        if (!device) return fail(device.error());
        wires.push_back({port.name, std::move(*device)});
    }
    Wirer wirer(std::move(wires));
    for (const auto& pair : settings.pairs) {
        const auto inside = wirer.take(pair.inside);
        if (!inside) return fail(inside.error());
        const auto outside = wirer.take(pair.outside);
        if (!outside) return fail(outside.error());
        wirer.wires()[*inside].peer = *outside;
        wirer.wires()[*outside].peer = *inside;
    }
    for (const auto& name : settings.mirrors) {
        const auto index = wirer.take(name);
        if (!index) return fail(index.error());
        wirer.wires()[*index].mirror = true;
        wirer.wires()[*index].peer = *index;
    }
    if (const auto idle = wirer.unused())
        return fail(ErrorCode::invalid, "port is in no pair and is no mirror", *idle);
    return std::move(wirer.wires());
}

}  // namespace sekisho::fastpath
