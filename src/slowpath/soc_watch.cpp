#include "slowpath/soc_watch.h"

#include <string_view>

namespace sekisho::slowpath {
namespace {

constexpr std::uint32_t kSocGid = 9002;  // what the box says of itself; sid: 1 + the target's place
constexpr std::uint32_t kLoopback = 0x7f000001;
constexpr std::string_view kRefused = "sekisho-soc-certificate", kSilent = "sekisho-soc-silent";

event::Event event_of(const soc::SenderStatus& target, std::size_t place, std::string_view classtype, TimeNs time_ns) {
    event::Event e;
    e.kind = event::Kind::alert;
    e.time_ns = time_ns;
    e.src = e.dst = e.client = e.server = IpAddress::v4(kLoopback);  // the box itself
    // Refused is what the box does; silence is what happens to it.
    e.action = classtype == kRefused ? event::Action::blocked : event::Action::allowed;
    e.gid = kSocGid;
    e.sid = 1 + static_cast<std::uint32_t>(place);
    e.rev = 1;
    e.set(event::Text::classtype, classtype);
    e.set(event::Text::host, target.name);
    e.set(event::Text::signature, "SOC target " + target.name + ": " + target.last_error);
    return e;
}

}  // namespace

std::vector<event::Event> SocWatch::look(const std::vector<soc::SenderStatus>& targets, SteadyTime now, TimeNs time_ns) {
    std::vector<event::Event> events;
    for (std::size_t place = 0; place < targets.size(); ++place) {
        const soc::SenderStatus& target = targets[place];
        std::uint8_t& told = told_[target.name];
        if (!target.undelivered_since) {
            told = 0;
            continue;
        }
        const bool is_silent = now - *target.undelivered_since >= patience_;
        // A refused certificate explains the silence: one alert for one outage.
        if (target.refused && (told & refused) == 0) {
            told |= refused;
            events.push_back(event_of(target, place, kRefused, time_ns));
        } else if (is_silent && told == 0) {
            told |= silent;
            events.push_back(event_of(target, place, kSilent, time_ns));
        }
    }
    return events;
}

}  // namespace sekisho::slowpath
