#include "sekisho/judge/judge.h"

#include <algorithm>

#include "judge/facts.h"
#include "judge/limits.h"
#include "judge/story_table.h"
#include "sekisho/base/text.h"

namespace sekisho::judge {

using event::Alert;
using event::Event;
using event::Kind;
using event::Text;

namespace {

constexpr bool matters(Kind kind) noexcept { return kind == Kind::alert || kind == Kind::url || kind == Kind::anomaly; }

// What tells two causes of one class apart, as a key and as words. From the words of a journalled alert the
// key is found again, so the two must say the same.
constexpr std::string_view kSidWord = "sid ", kUrlWord = "url ", kAnomalyWord = "anomaly ";

std::uint64_t rule_key(std::uint32_t gid, std::uint32_t sid) noexcept {
    return hash_mix(static_cast<std::uint64_t>(gid) << 32 | sid, 0x9e3779b97f4a7c15ULL);
}
std::uint64_t name_key(std::string_view word, std::string_view name) noexcept {
    return hash_bytes(as_bytes(name.substr(0, kTextMax)), word.size());
}

std::uint64_t cause_key(const Event& e, Cause cause) noexcept {
    if (cause == Cause::cls) return 0;
    if (e.kind == Kind::alert) return rule_key(e.gid, e.sid);
    return e.kind == Kind::url ? name_key(kUrlWord, e.get(Text::category)) : name_key(kAnomalyWord, e.get(Text::reason));
}

std::string cause_words(const Event& e, const ClassFacts& cls) {
    if (cls.cause == Cause::cls) return "class " + cls.name;
    if (e.kind == Kind::alert) return std::string(kSidWord) + std::to_string(e.gid) + ":" + std::to_string(e.sid);
    const bool url = e.kind == Kind::url;
    const auto name = e.get(url ? Text::category : Text::reason).substr(0, kTextMax);
    return std::string(url ? kUrlWord : kAnomalyWord) + std::string(name);
}

std::uint64_t cause_key(std::string_view words, Cause cause) noexcept {
    if (cause == Cause::cls) return 0;
    if (words.starts_with(kSidWord)) {
        const auto numbers = words.substr(kSidWord.size());
        const auto colon = std::min(numbers.find(':'), numbers.size());
        const auto gid = parse_int(numbers.substr(0, colon), 0, 0xffffffffLL);
        const auto sid = parse_int(numbers.substr(std::min(colon + 1, numbers.size())), 0, 0xffffffffLL);
        return rule_key(static_cast<std::uint32_t>(gid.value_or(0)), static_cast<std::uint32_t>(sid.value_or(0)));
    }
    for (const auto word : {kUrlWord, kAnomalyWord})
        if (words.starts_with(word)) return name_key(word, words.substr(word.size()));
    return 0;
}

std::string taken(std::string_view text) { return std::string(text.substr(0, kTextMax)); }

/// The event that a person is shown: the one that opened the story or made it worse.
void show(Alert& alert, const Event& e) {
    alert.gid = e.kind == Kind::alert ? e.gid : 0;
    alert.sid = e.sid;
    alert.rev = e.rev;
    alert.category = taken(e.get(Text::category));
    alert.app = taken(e.get(Text::app));
    alert.target = taken(e.get(Text::host).empty() ? e.get(Text::name) : e.get(Text::host));
    alert.url = taken(e.get(Text::url));
    alert.signature = taken(e.kind == Kind::alert ? e.get(Text::signature) : e.get(Text::reason));
    if (e.kind == Kind::url) alert.signature = "URL category " + alert.category + ": " + alert.target;
    alert.src = e.src;
    alert.dst = e.dst;
    alert.src_port = e.src_port;
    alert.dst_port = e.dst_port;
    alert.ip_protocol = e.ip_protocol;
    alert.flow_id = e.flow_id;
}

void add_peer(Alert& alert, const IpAddress& peer) {
    if (std::find(alert.peers.begin(), alert.peers.end(), peer) != alert.peers.end()) return;
    if (alert.peers.size() < Alert::kPeersMax) alert.peers.push_back(peer);
    else ++alert.peers_more;
}

/// The row's words, then the facts it was decided by.
void reason(Alert& alert, const event::BothTongues& because) {
    const std::string facts = " [class=" + alert.class_name + " direction=" + std::string(to_string(alert.bearing)) +
                              " outcome=" + std::string(to_string(alert.outcome)) + " events=" + std::to_string(alert.count) +
                              (alert.via ? " via=" + alert.via->to_string() : std::string()) + "]";
    alert.reason = {because.ja + facts, because.en + facts};
}

}  // namespace

struct Judge::Parts {
    Parts(JudgeSettings s, SeverityTable t, Messages m)
        : settings(std::move(s)),
          table(std::move(t)),
          messages(std::move(m)),
          home(settings.home),
          stories(settings.stories_max == 0 ? kStoriesMax : settings.stories_max),
          class_events(table.classes()) {}

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
        story.alert.open = false;
        finished.push_back(std::move(story.alert));
        if (story.changed) changed.erase(std::remove(changed.begin(), changed.end(), &story), changed.end());
        stories.erase(story);
    }

    void count_in(Story& story, const Event& e, const Facts& facts) {
        Alert& alert = story.alert;
        ++alert.count;
        if (facts.outcome == event::Outcome::blocked) ++alert.blocked;
        alert.outcome = std::max(alert.outcome, facts.outcome);
        alert.first_ns = std::min(alert.first_ns, e.time_ns);  // workers' rings are not in step
        alert.last_ns = std::max(alert.last_ns, e.time_ns);
        if (facts.via) alert.via = facts.via;
        else if (e.src == alert.host && e.src_mac != decltype(e.src_mac){}) alert.mac = MacAddress{e.src_mac};
        add_peer(alert, facts.peer);
        if (!story.changed) changed.push_back(&story);
        story.changed = true;
        stories.touch(story);
    }

    /// Opened and escalated are told; everything else only counts.
    std::optional<StoryChange> weigh(Story& story, const Event& e, ClassId id) {
        Alert& alert = story.alert;
        if (alert.telling != 0 && alert.severity == event::Severity::high) return std::nullopt;  // cannot get worse
        const Rank rank = table.rank(id, alert.bearing, alert.outcome, alert.count, severity_hint(e.get(Text::severity)));
        const bool first = alert.telling == 0;
        if (!first && rank.severity <= alert.severity) return std::nullopt;
        alert.severity = rank.severity;
        ++alert.telling;
        show(alert, e);
        reason(alert, table.because(rank));
        messages.tell(alert);
        ++(first ? counts.opened : counts.escalated);
        return StoryChange{first ? StoryChange::What::opened : StoryChange::What::escalated, &alert};
    }

    JudgeSettings settings;
    SeverityTable table;
    Messages messages;
    HomeNet home;
    StoryTable stories;
    std::vector<Story*> changed;   ///< open stories the journal has not heard the latest of
    std::vector<Alert> finished;   ///< closed since the last take_changed()
    std::vector<std::uint64_t> class_events;
    JudgeCounts counts;
};

Judge::Judge(JudgeSettings settings, SeverityTable table, Messages messages)
    : parts_(std::make_unique<Parts>(std::move(settings), std::move(table), std::move(messages))) {}
Judge::Judge(Judge&&) noexcept = default;
Judge::~Judge() = default;

std::optional<StoryChange> Judge::judge(const Event& e) {
    Parts& p = *parts_;
    ++p.counts.events;
    if (!matters(e.kind)) {
        ++p.counts.ignored;
        return std::nullopt;
    }
    const ClassId id = p.table.classify(e);
    const ClassFacts& cls = p.table.facts(id);
    ++p.class_events[id];
    if (cls.count_only) {
        ++p.counts.count_only;
        return std::nullopt;
    }
    ++p.counts.judged;
    const Facts facts = facts_of(e, p.home, cls);
    const StoryKey key{facts.host, cause_key(e, cls.cause), id, facts.bearing};
    Story* story = p.stories.find(key);
    if (story != nullptr && e.time_ns > story->alert.last_ns + p.settings.idle_ns) {
        p.close(*story);
        story = nullptr;
    }
    if (story == nullptr) story = &p.open(key, e, cls, facts);
    p.count_in(*story, e, facts);
    return p.weigh(*story, e, id);
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
        keep(story->alert);
    }
    parts_->changed.clear();
    for (const Alert& alert : parts_->finished) keep(alert);
    parts_->finished.clear();
}

bool Judge::restore(Alert alert) {
    const auto id = parts_->table.find_class(alert.class_name);
    if (!id || !alert.open || parts_->stories.full()) return false;
    const ClassFacts& cls = parts_->table.facts(*id);
    const StoryKey key{alert.host, cause_key(alert.cause, cls.cause), *id, alert.bearing};
    if (cls.count_only || parts_->stories.find(key) != nullptr) return false;
    parts_->stories.add(key).alert = std::move(alert);
    return true;
}

const JudgeCounts& Judge::counts() const noexcept { return parts_->counts; }
std::size_t Judge::open_stories() const noexcept { return parts_->stories.size(); }

std::vector<std::pair<std::string, std::uint64_t>> Judge::class_counts() const {
    std::vector<std::pair<std::string, std::uint64_t>> counts;
    for (std::size_t id = 0; id < parts_->class_events.size(); ++id)
        counts.emplace_back(parts_->table.facts(static_cast<ClassId>(id)).name, parts_->class_events[id]);
    return counts;
}

}  // namespace sekisho::judge
