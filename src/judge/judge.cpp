#include "sekisho/judge/judge.h"

#include <algorithm>
#include <deque>

#include "judge/behaviour/beacon.h"
#include "judge/behaviour/brute_force.h"
#include "judge/behaviour/scan.h"
#include "judge/behaviour/service.h"
#include "judge/behaviour/volume.h"
#include "judge/budget.h"
#include "judge/cause.h"
#include "judge/facts.h"
#include "judge/follow_up.h"
#include "judge/hosts.h"
#include "judge/limits.h"
#include "judge/recurrence.h"
#include "judge/story_table.h"
#include "judge/telling.h"

namespace sekisho::judge {

using event::Alert;
using event::Event;
using event::Kind;
using event::Outcome;
using event::Text;
using What = StoryChange::What;

namespace {

constexpr bool matters(Kind kind) noexcept { return kind == Kind::alert || kind == Kind::url || kind == Kind::anomaly; }

void add_peer(Alert& alert, const IpAddress& peer) {
    if (std::find(alert.peers.begin(), alert.peers.end(), peer) != alert.peers.end()) return;
    if (alert.peers.size() < Alert::kPeersMax) alert.peers.push_back(peer);
    else ++alert.peers_more;
}

}  // namespace

struct Judge::Parts {
    Parts(JudgeSettings s, SeverityTable t, Messages m)
        : settings(std::move(s)),
          table(std::move(t)),
          messages(std::move(m)),
          home(settings.home),
          hosts(std::move(settings.hosts), home),
          legs(settings.trusted_proxies, home),
          recurrence(settings.day_offset_ns),
          budget(settings.notices_per_day),
          stories(settings.stories_max == 0 ? kStoriesMax : settings.stories_max),
          class_events(table.classes()) {}

    void take(const Event& e) {
        if (const auto found = follow_up.of_flow(e)) learn(*found, e);
        if (const auto found = follow_up.of_pair(e)) learn(*found, e);
        if (matters(e.kind)) return judge(e);  // and no more: what is only counted must cost little
        ++counts.ignored;
        if (e.kind == Kind::http || e.kind == Kind::dns) note_leg(e);
        hosts.see(e, recurrence.day_of(e.time_ns), sightings);
        if (e.kind == Kind::flow) watch_flow(e);
        if (e.kind == Kind::http) brute_force.see_http(e, sightings);
        for (const Sighting& sighting : sightings) {
            ++counts.sightings;
            judge(event_of(sighting, e), sighting.outcome);
        }
        sightings.clear();
    }

    void watch_flow(const Event& e) {
        const FlowView flow(e, home);
        scans.see(flow, sightings);
        brute_force.see(flow, sightings);
        beacons.see(flow, sightings);
        volumes.see(flow, recurrence.day_of(e.time_ns), sightings);
        services.see(flow, sightings);
    }

    /// @param found  what came of it, where that is known better than the event tells
    void judge(const Event& e, std::optional<Outcome> found = std::nullopt) {
        const ClassId id = table.classify(e);
        const ClassFacts& cls = table.facts(id);
        ++class_events[id];
        if (cls.count_only) {
            ++counts.count_only;
            return;
        }
        ++counts.judged;
        Facts facts = facts_of(e, home, cls, legs);
        if (found) facts.outcome = *found;
        const StoryKey key = story_key(facts.host, facts.bearing, id, cls.cause, cause_key(e, cls.cause));
        Story* story = stories.find(key);
        if (story != nullptr && e.time_ns > story->alert.last_ns + settings.idle_ns) {
            close(*story);
            story = nullptr;
        }
        if (story == nullptr) story = &open(key, e, cls, facts);
        count_in(*story, e, facts);
        follow_up.watch(e, facts, key);
        weigh(*story, &e, e.time_ns);
    }

    void note_leg(const Event& e) {
        if (home.contains(e.client) && home.contains(e.server)) legs.note(e);
    }

    Story& open(const StoryKey& key, const Event& e, const ClassFacts& cls, const Facts& facts) {
        if (stories.full()) {
            ++counts.evicted;
            close(*stories.oldest());
        }
        Story& story = stories.add(key);
        Alert& alert = story.alert;
        alert.id = settings.next_id++;
        alert.class_name = cls.name;
        alert.cause = cause_words(e, cls);
        alert.host = facts.host;
        alert.bearing = facts.bearing;
        alert.first_ns = alert.last_ns = e.time_ns;
        return story;
    }

    void close(Story& story) {
        ++counts.closed;
        refresh(story);
        story.alert.open = false;
        finished.push_back(std::move(story.alert));
        if (story.changed) changed.erase(std::remove(changed.begin(), changed.end(), &story), changed.end());
        stories.erase(story);
    }

    void count_in(Story& story, const Event& e, const Facts& facts) {
        Alert& alert = story.alert;
        ++alert.count;
        if (facts.outcome == Outcome::blocked) ++alert.blocked;
        if (facts.answered) ++alert.answered;
        ++story.after.outcomes[static_cast<std::size_t>(facts.outcome)];
        alert.outcome = std::max(alert.outcome, facts.outcome);
        alert.first_ns = std::min(alert.first_ns, e.time_ns);  // workers' rings are not in step
        alert.last_ns = std::max(alert.last_ns, e.time_ns);
        if (facts.via) {
            alert.via = facts.via;
            alert.via_how = facts.via_how;
        }
        if ((e.flags & Event::kReported) != 0) alert.reported_by = e.get(Text::list).substr(0, kTextMax);
        if (facts.host != alert.host) alert.hosts = std::max(alert.hosts, 2U);  // a site's story
        if (e.src == alert.host && e.src_mac != decltype(e.src_mac){}) alert.mac = MacAddress{e.src_mac};
        add_peer(alert, facts.peer);
        const auto& record = recurrence.count(story.key, e.time_ns);
        alert.days = record.run;
        alert.total = record.total;
        mark(story);
        stories.touch(story);
    }

    /// An outcome became known after the event: the story's worst is found anew.
    void learn(const Found& found, const Event& e) {
        Story* story = stories.find(found.story);
        if (story == nullptr) return;
        auto& outcomes = story->after.outcomes;
        auto& from = outcomes[static_cast<std::size_t>(found.from)];
        if (found.from != found.to && from > 0) {
            --from;
            ++outcomes[static_cast<std::size_t>(found.to)];
            if (found.to == Outcome::blocked) ++story->alert.blocked;
        }
        for (std::size_t i = outcomes.size(); i-- > 0;) {
            if (outcomes[i] == 0) continue;
            story->alert.outcome = static_cast<Outcome>(i);
            break;
        }
        if (found.answered) ++story->alert.answered;
        if (found.status != 0) {
            story->after.status = found.status;
            story->after.octets = found.octets;
        }
        story->after.called_back = story->after.called_back || found.called_back;
        story->after.ended_by_box = story->after.ended_by_box || found.ended_by_box;
        mark(*story);
        weigh(*story, nullptr, e.time_ns);
    }

    void mark(Story& story) {
        if (!story.changed) changed.push_back(&story);
        story.changed = true;
    }

    /// Opened and escalated are told; everything else only counts.
    /// @param e  the event to show; null: what is shown stays
    void weigh(Story& story, const Event* e, TimeNs now) {
        Alert& alert = story.alert;
        if (alert.telling != 0 && alert.severity == event::Severity::high) return;  // cannot get worse
        if (e != nullptr) story.hint = severity_hint(e->get(Text::severity));
        const Rank rank = table.rank(story.key.cls, alert.bearing, alert.outcome, {alert.count, alert.days, hosts.unsupported(alert.host, now), story.hint});
        const bool first = alert.telling == 0;
        if (!first && rank.severity <= alert.severity) return;
        alert.severity = rank.severity;
        story.row = rank.row;
        ++alert.telling;
        if (e != nullptr) show(alert, *e);
        budget.weigh(alert, recurrence.day_of(now));
        refresh(story);
        ++(first ? counts.opened : counts.escalated);
        counts.folded = budget.folded();
        ready.emplace_back(first ? What::opened : What::escalated, alert);
    }

    /// The words, with the numbers of now.
    void refresh(Story& story) {
        if (!story.row) return;
        if (story.key.host != IpAddress{}) hosts.describe(story.alert);
        give_reason(story, table.because({story.alert.severity, *story.row}), messages);
        messages.tell(story.alert);
    }

    JudgeSettings settings;
    SeverityTable table;
    Messages messages;
    HomeNet home;
    Hosts hosts;
    Legs legs;
    FollowUp follow_up;
    Recurrence recurrence;
    Budget budget;
    StoryTable stories;
    ScanDetector scans;
    BruteForceDetector brute_force;
    BeaconDetector beacons;
    VolumeDetector volumes;
    ServiceDetector services;
    Sightings sightings;           ///< of the event at hand
    std::vector<Story*> changed;   ///< open stories the journal has not heard the latest of
    std::vector<Alert> finished;   ///< closed since the last take_changed()
    std::vector<std::uint64_t> class_events;
    std::deque<std::pair<What, Alert>> ready;  ///< to be told, as they stood then
    std::optional<Alert> telling;              ///< the one handed out last
    JudgeCounts counts;
};

Judge::Judge(JudgeSettings settings, SeverityTable table, Messages messages)
    : parts_(std::make_unique<Parts>(std::move(settings), std::move(table), std::move(messages))) {}
Judge::Judge(Judge&&) noexcept = default;
Judge::~Judge() = default;

std::optional<StoryChange> Judge::judge(const Event& e) {
    ++parts_->counts.events;
    parts_->take(e);
    return next();
}

std::optional<StoryChange> Judge::next() {
    if (parts_->ready.empty()) return std::nullopt;
    auto& [what, alert] = parts_->ready.front();
    parts_->telling.emplace(std::move(alert));
    const StoryChange change{what, &*parts_->telling};
    parts_->ready.pop_front();
    return change;
}

void Judge::close_idle(TimeNs now) {
    for (Story* story = parts_->stories.oldest(); story != nullptr; story = parts_->stories.oldest()) {
        if (story->alert.last_ns + parts_->settings.idle_ns >= now) return;
        parts_->close(*story);
    }
}

void Judge::take_changed(const std::function<void(const Alert&)>& keep) {
    for (Story* story : parts_->changed) {
        story->changed = false;
        parts_->refresh(*story);
        keep(story->alert);
    }
    parts_->changed.clear();
    for (const Alert& alert : parts_->finished) keep(alert);
    parts_->finished.clear();
}

void Judge::remember(const Alert& alert) {
    const auto id = parts_->table.find_class(alert.class_name);
    if (!id) return;
    const Cause cause = parts_->table.facts(*id).cause;
    const StoryKey key = story_key(alert.host, alert.bearing, *id, cause, cause_key(alert.cause, cause));
    parts_->recurrence.remember(key, alert.last_ns, alert.days, std::max(alert.total, alert.count));
}

bool Judge::restore(Alert alert) {
    const auto id = parts_->table.find_class(alert.class_name);
    if (!id || !alert.open || parts_->stories.full()) return false;
    const ClassFacts& cls = parts_->table.facts(*id);
    const StoryKey key = story_key(alert.host, alert.bearing, *id, cls.cause, cause_key(alert.cause, cls.cause));
    if (cls.count_only || parts_->stories.find(key) != nullptr) return false;
    remember(alert);
    Story& story = parts_->stories.add(key);
    story.after.outcomes[static_cast<std::size_t>(alert.outcome)] = alert.count;
    story.alert = std::move(alert);
    return true;
}

std::string Judge::memory() { return parts_->services.remember(); }
void Judge::recall(std::string_view memory) { parts_->services.recall(memory); }

const JudgeCounts& Judge::counts() const noexcept { return parts_->counts; }
std::size_t Judge::open_stories() const noexcept { return parts_->stories.size(); }

std::vector<std::pair<std::string, std::uint64_t>> Judge::class_counts() const {
    std::vector<std::pair<std::string, std::uint64_t>> counts;
    for (std::size_t id = 0; id < parts_->class_events.size(); ++id)
        counts.emplace_back(parts_->table.facts(static_cast<ClassId>(id)).name, parts_->class_events[id]);
    return counts;
}

}  // namespace sekisho::judge
