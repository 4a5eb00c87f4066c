#include "judge/follow_up.h"

#include "judge/behaviour/behaviour.h"
#include "judge/limits.h"

namespace sekisho::judge {
namespace {

using event::Bearing;
using event::Event;
using event::Kind;
using event::Outcome;

}  // namespace

void FollowUp::watch(const Event& e, const Facts& facts, const StoryKey& story) noexcept {
    if (e.flow_id != 0 && e.kind != Kind::flow) {
        Watched& watched = flows_.at(flow_key(e.flow_id), e.time_ns);
        watched = {story, e.tx_id, facts.outcome, facts.answered};
    }
    if (facts.bearing == Bearing::inbound && facts.outcome != Outcome::blocked)
        pairs_.at(key_of(seed_, facts.host, facts.peer), e.time_ns) = {story, e.time_ns, facts.outcome};
}

std::optional<Found> FollowUp::of_flow(const Event& e) noexcept {
    if (e.flow_id == 0 || (e.kind != Kind::http && e.kind != Kind::flow)) return std::nullopt;
    const std::uint64_t key = flow_key(e.flow_id);
    Watched* watched = flows_.find(key);
    if (watched == nullptr) return std::nullopt;
    Found found{watched->story, watched->outcome, watched->outcome, false, 0, 0, false, false};
    if (e.kind == Kind::http) {
        if (e.tx_id != watched->tx_id || e.status == 0) return std::nullopt;
        found.status = e.status;
        found.octets = e.length;
        found.answered = !watched->answered;
        if (watched->outcome == Outcome::unknown) found.to = outcome_of_status(e.status);
        watched->answered = true;
        watched->outcome = found.to;
        return found;
    }
    const bool open = watched->outcome == Outcome::unknown || watched->outcome == Outcome::attempted;
    const bool back = spoke_back(e);
    const Bearing bearing = watched->story.bearing;
    if (open && (e.flags & Event::kDropped) != 0) {
        found.to = Outcome::blocked;
        found.ended_by_box = true;
    } else if (open && bearing == Bearing::outbound) {
        found.to = back ? Outcome::succeeded : Outcome::attempted;
        found.answered = back && !watched->answered;
    } else if (watched->outcome == Outcome::unknown) {
        found.to = back ? Outcome::unknown : Outcome::attempted;
        found.answered = back && !watched->answered;
    }
    flows_.erase(key);
    return found;
}

std::optional<Found> FollowUp::of_pair(const Event& e) noexcept {
    if (e.client == IpAddress{}) return std::nullopt;
    const std::uint64_t key = key_of(seed_, e.client, e.server);
    const Attack* attack = pairs_.find(key);
    if (attack == nullptr) return std::nullopt;
    const TimeNs began = e.flow_start_ns != 0 ? e.flow_start_ns : e.time_ns;
    if (began < attack->at || began > attack->at + kCallBackNs || attack->outcome == Outcome::succeeded) return std::nullopt;
    Found found{attack->story, attack->outcome, Outcome::succeeded, false, 0, 0, true, false};
    pairs_.erase(key);
    return found;
}

}  // namespace sekisho::judge
