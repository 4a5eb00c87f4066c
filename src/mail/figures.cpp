#include "sekisho/mail/figures.h"

#include <algorithm>

#include "sekisho/base/local_time.h"
#include "sekisho/event/support_end.h"

namespace sekisho::mail {
namespace {

/// Worse and newer first.
bool before(const event::Alert& a, const event::Alert& b) noexcept {
    return a.severity != b.severity ? a.severity > b.severity : a.last_ns > b.last_ns;
}

void count_device(Figures& figures, const event::Alert& alert) {
    const std::string address = alert.host.to_string();
    auto found = figures.devices.find(address);
    if (found == figures.devices.end()) {
        if (figures.devices.size() >= kDevicesMax) {
            ++figures.devices_more;
            return;
        }
        found = figures.devices.emplace(address, DeviceFigures{.address = address, .name = {}, .system = {}, .vendor = {}}).first;
    }
    DeviceFigures& device = found->second;
    ++device.alerts[static_cast<std::size_t>(alert.severity) % 3];
    const bool newer = alert.last_ns >= device.last_ns;
    const auto learn = [newer](std::string& known, const std::string& text) {
        if (!text.empty() && (newer || known.empty())) known = text;
    };
    learn(device.name, alert.host_name);
    learn(device.system, alert.host_os);
    learn(device.vendor, alert.host_vendor);
    device.last_ns = std::max(device.last_ns, alert.last_ns);
}

}  // namespace

std::vector<const DeviceFigures*> Figures::unsupported() const {
    const std::string end = date_text(local_time(period.until));
    std::vector<const DeviceFigures*> all;
    for (const auto& [address, device] : devices)
        if (const auto ended = event::support_end_of(device.system); !ended.empty() && ended < end) all.push_back(&device);
    return all;
}

Figures begin_figures(std::string box, std::string version, Period period) {
    Figures figures;
    figures.box = std::move(box);
    figures.version = std::move(version);
    figures.period = period;
    LocalTime day = local_time(period.from);
    day.hour = 12;  // away from the hours that summer time moves
    for (; figures.days.size() < kDaysMax; ++day.day) {
        const LocalTime noon = local_time(local_moment(day));
        if (local_moment({.year = noon.year, .month = noon.month, .day = noon.day}) >= period.until) break;
        figures.days.push_back({date_text(noon), {}});
    }
    return figures;
}

void count(Figures& figures, const event::Alert& alert) {
    if (alert.first_ns >= figures.period.until || alert.last_ns < figures.period.from) return;
    const std::size_t rank = static_cast<std::size_t>(alert.severity) % 3;
    ++figures.alerts[rank];
    ++figures.outcomes[static_cast<std::size_t>(alert.outcome) % 4];
    figures.events += alert.count;
    figures.stopped += alert.blocked;
    ClassFigures& of_class = figures.classes[alert.class_name];
    ++of_class.alerts;
    of_class.events += alert.count;
    of_class.stopped += alert.blocked;
    const std::string date = date_text(local_time(std::max(alert.first_ns, figures.period.from)));
    const auto day = std::find_if(figures.days.begin(), figures.days.end(), [&](const DayFigures& one) { return one.date == date; });
    if (day != figures.days.end()) ++day->alerts[rank];
    count_device(figures, alert);
    auto& told = figures.told;
    if (told.size() == kToldMax && !before(alert, told.back())) return;
    told.insert(std::upper_bound(told.begin(), told.end(), alert, before), alert);
    if (told.size() > kToldMax) told.pop_back();
}

}  // namespace sekisho::mail
