#include "slowpath/soc_watch.h"

#include <string_view>
#include <utility>

namespace sekisho::slowpath {
namespace {

constexpr std::uint32_t kSocGid = 9002;  // what the box says of itself; sid: 1 + the place of the target or group
constexpr std::uint32_t kLoopback = 0x7f000001;
constexpr std::string_view kRefused = "sekisho-soc-certificate", kSilent = "sekisho-soc-silent", kSwitch = "sekisho-soc-switch";

event::Event event_of(std::string_view classtype, const std::string& name, std::size_t place, std::string_view words, TimeNs time_ns) {
    event::Event e;
    e.kind = event::Kind::alert;
    e.time_ns = time_ns;
    e.src = e.dst = e.client = e.server = IpAddress::v4(kLoopback);  // the box itself
    // Refused is what the box does; the others happen to it.
    e.action = classtype == kRefused ? event::Action::blocked : event::Action::allowed;
    e.gid = kSocGid;
    e.sid = 1 + static_cast<std::uint32_t>(place);
    e.rev = 1;
    e.set(event::Text::classtype, classtype);
    e.set(event::Text::host, name);
    e.set(event::Text::signature, words);
    return e;
}

}  // namespace

bool SocWatch::silence_is_news(std::uint8_t& told, const std::optional<SteadyTime>& since, SteadyTime now) const {
    if (!since || now - *since < patience_ || told != 0) return false;
    told |= silent;
    return true;
}

std::vector<event::Event> SocWatch::look(const std::vector<soc::SenderStatus>& targets, const std::vector<soc::GroupStatus>& groups,
                                         SteadyTime now, TimeNs time_ns) {
    std::vector<event::Event> events;
    for (std::size_t place = 0; place < targets.size(); ++place) {
        const soc::SenderStatus& target = targets[place];
        std::uint8_t& told = told_[target.name];
        const std::string words = "SOC target " + target.name + ": " + target.last_error;
        if (!target.undelivered_since && !target.refused) told = 0;
        // A refused certificate explains the silence: one alert for one outage.
        if (target.refused && (told & refused) == 0) {
            told |= refused;
            events.push_back(event_of(kRefused, target.name, place, words, time_ns));
        } else if (silence_is_news(told, target.undelivered_since, now)) {
            events.push_back(event_of(kSilent, target.name, place, words, time_ns));
        }
    }
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const soc::GroupStatus& group = groups[i];
        const std::size_t place = targets.size() + i;
        std::uint8_t& told = told_of_groups_[group.name];
        if (!group.undelivered_since) told = 0;
        if (silence_is_news(told, group.undelivered_since, now))
            events.push_back(event_of(kSilent, group.name, place, "SOC group " + group.name + ": nobody takes messages", time_ns));
        if (std::exchange(switches_[group.name], group.switches) != group.switches)
            events.push_back(event_of(kSwitch, group.name, place, "SOC group " + group.name + ": " + group.last_switch, time_ns));
    }
    return events;
}

}  // namespace sekisho::slowpath
