#include "sekisho/slowpath/daemon.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <optional>
#include <thread>

#include "sekisho/base/clock.h"
#include "sekisho/base/local_time.h"
#include "sekisho/base/log.h"
#include "sekisho/control/server.h"
#include "sekisho/judge/judge.h"
#include "sekisho/store/journal.h"
#include "sekisho/store/url_book.h"
#include "slowpath/answers.h"
#include "slowpath/evidence.h"
#include "slowpath/foreign_logs.h"
#include "slowpath/json_log.h"
#include "slowpath/limits.h"
#include "slowpath/planner.h"
#include "slowpath/post.h"
#include "slowpath/rings.h"
#include "slowpath/soc_watch.h"
#include "slowpath/telling.h"

namespace sekisho::slowpath {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Held for as long as the daemon runs; two of them would tell everything twice.
class OnlyOne {
  public:
    static Result<OnlyOne> lock(const std::string& path) {
        OnlyOne one;
        one.fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
        if (one.fd_ < 0) return fail(ErrorCode::io, std::strerror(errno), path);
        if (::flock(one.fd_, LOCK_EX | LOCK_NB) != 0) return fail(ErrorCode::unavailable, "another slow path runs on this journal", path);
        return one;
    }
    OnlyOne() = default;
    OnlyOne(OnlyOne&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    OnlyOne& operator=(OnlyOne&&) = delete;
    ~OnlyOne() {
        if (fd_ >= 0) ::close(fd_);
    }

  private:
    int fd_ = -1;
};

/// Local time minus UTC: a day of people begins at their midnight.
std::int64_t local_offset_ns() {
    return local_time(SystemClock().now()).offset_s * static_cast<std::int64_t>(kSecondNs);
}

Result<judge::Judge> make_judge(const config::Settings& settings, store::Journal& journal) {
    judge::JudgeSettings wanted;
    for (const std::string& text : settings.home_net) {
        const auto network = Network::parse(text);
        if (!network) return fail(ErrorCode::invalid, "'" + text + "' is no network", "home_net");
        wanted.home.push_back(*network);
    }
    for (const std::string& text : settings.slowpath.trusted_proxies)
        if (const auto proxy = IpAddress::parse(text)) wanted.trusted_proxies.push_back(*proxy);
    wanted.idle_ns = to_ns(std::chrono::minutes(settings.slowpath.story_idle_minutes));
    wanted.day_offset_ns = local_offset_ns();
    wanted.notices_per_day = settings.slowpath.notices_per_day;
    const auto next_id = journal.next_id();
    if (!next_id) return fail(next_id.error());
    wanted.next_id = *next_id;
    auto hosts = judge::HostTable::load(settings.slowpath.host_table);
    if (!hosts) return fail(hosts.error());
    wanted.hosts = std::move(*hosts);
    auto table = judge::SeverityTable::load(settings.slowpath.severity_table);
    if (!table) return fail(table.error());
    auto messages = judge::Messages::load(settings.slowpath.messages);
    if (!messages) return fail(messages.error());
    return judge::Judge(std::move(wanted), std::move(*table), std::move(*messages));
}

constexpr const char* kJudgeMemory = "judge";

/// Puts open stories back; what no longer has a place in the table is closed in the journal.
Status restore(judge::Judge& judge, store::Journal& journal) {
    auto open = journal.open_alerts();
    if (!open) return fail(open.error());
    auto past = journal.list({.open = false, .limit = kPastAlerts});
    if (!past) return fail(past.error());
    for (auto alert = past->rbegin(); alert != past->rend(); ++alert) judge.remember(*alert);
    const auto memory = journal.memory(kJudgeMemory);
    if (!memory) return fail(memory.error());
    judge.recall(*memory);
    store::Batch closed;
    for (event::Alert& alert : *open) {
        if (judge.restore(alert)) continue;
        alert.open = false;
        closed.alerts.push_back(std::move(alert));
    }
    return closed.alerts.empty() ? Status{} : journal.write(closed);
}

}  // namespace

struct Daemon::Parts {
    Parts(const config::Settings& s, OnlyOne l, store::Journal j, judge::Judge g, std::unique_ptr<Post> o, std::unique_ptr<Telling> t, std::optional<JsonLog> e,
          std::unique_ptr<EvidenceKeeper> k, store::UrlBook b, ForeignLogs f)
        : settings(s),
          lock(std::move(l)),
          journal(std::move(j)),
          judge(std::move(g)),
          post(std::move(o)),
          telling(std::move(t)),
          json_log(std::move(e)),
          evidence(std::move(k)),
          book(std::move(b)),
          logs(std::move(f)),
          rings(s.run_folder, [this](std::uint64_t id) {
              return journal.ring_position(id).value_or(std::nullopt);
          }) {}

    void take(const event::Event& event) {
        newest_ns = std::max(newest_ns, event.time_ns);
        if (!counted_only(event)) {
            for (auto change = judge.judge(event); change; change = judge.next()) {
                batch.tell.push_back(*change->alert);
                evidence->want(*change->alert);
            }
        }
        // Advertising is most of what is stopped: counted and kept for who asks, but no story.
        const bool ours = (event.flags & event::Event::kReported) == 0;  // the book says what this box decided
        if (event.kind == event::Kind::url && ours) book.add(event, day_offset_ns);
        if (json_log) json_log->write(event);
    }

    /// What was judged, what is to be told and how far we read: one transaction; then the rings may go on.
    /// Events that changed no story cost no disk: the rings' own position, which is ahead of the journal's
    /// then, tells a next life where to start.
    Status flush() {
        judge.take_changed([this](const event::Alert& alert) { batch.alerts.push_back(alert); });
        if (!batch.alerts.empty() || !batch.tell.empty()) {
            batch.rings = rings.positions();
            if (auto done = journal.write(batch); !done) return done;
            must_tell = must_tell || !batch.tell.empty();
            batch = {};
        }
        rings.commit();
        if (auto kept = book.write(); !kept && std::exchange(book_trouble, kept.error().message()) != kept.error().message())
            log::error("URL decisions: " + book_trouble);  // they wait; alerts do not depend on them
        if (json_log) json_log->flush();
        return {};
    }

    /// A queue that cannot be written costs delay: the journal holds the tellings.
    void tell(SteadyTime now) {
        if (!must_tell || now < tell_not_before) return;
        const auto more = telling->move(journal);
        if (more) {
            must_tell = *more;
            trouble.clear();
            return;
        }
        if (trouble.empty()) log::error("SOC queue: " + more.error().message());
        trouble = more.error().message();
        tell_not_before = now + kTellAgain;
    }

    /// Trouble on the way to the SOC is an alert like any other.
    void watch_soc(SteadyTime now) {
        for (const event::Event& event : soc_watch.look(telling->senders(), telling->groups(), now, SystemClock().now())) take(event);
    }

    void publish() {
        published.with([this](Published& p) {
            p.judge = judge.counts();
            p.open_stories = judge.open_stories();
            p.classes = judge.class_counts();
            p.rings = rings.counts();
            p.json_lines = json_log ? json_log->lines() : 0;
            p.json_refused = json_log ? json_log->refused() : 0;
            p.evidence = evidence->counts();
            p.logs = logs.counts();
            p.retired = retired;
            p.trouble = trouble;
        });
    }

    void remember() {
        if (auto done = journal.keep_memory(kJudgeMemory, judge.memory()); !done) log::error("journal: " + done.error().message());
    }

    bool counted_only(const event::Event& event) const {
        const auto& only = settings.url.count_only;
        return event.kind == event::Kind::url && std::find(only.begin(), only.end(), event.get(event::Text::category)) != only.end();
    }

    void housekeep() {
        // Stories end by the events' own time, but a silent network must not keep them open for ever.
        judge.close_idle(std::max(newest_ns, SystemClock().now()));
        const std::uint64_t keep_ns = to_ns(std::chrono::hours(24)) * settings.slowpath.keep_days;
        const TimeNs now = SystemClock().now();
        if (const auto now_at = std::chrono::steady_clock::now(); now_at >= remember_at) {
            remember_at = now_at + kRememberEvery;
            remember();
        }
        if (post) post->retry();
        const std::uint64_t url_ns = to_ns(std::chrono::hours(24)) * settings.url.keep_days;
        const TimeNs url_since = now > url_ns ? now - url_ns : 0;
        if (const auto gone = book.retire(url_since, store::day_of(url_since, day_offset_ns), settings.url.decisions_max); !gone)
            log::error("URL decisions: " + gone.error().message());
        const auto removed = journal.retire({now > keep_ns ? now - keep_ns : 0, settings.slowpath.max_alerts});
        if (removed) retired += *removed;
        else log::error("retention: " + removed.error().message());
    }

    const config::Settings settings;
    OnlyOne lock;
    store::Journal journal;
    judge::Judge judge;
    std::unique_ptr<Post> post;  ///< nothing where the settings name no mail server
    std::unique_ptr<Telling> telling;
    SocWatch soc_watch{std::chrono::minutes(settings.slowpath.soc_silence_minutes)};
    std::optional<JsonLog> json_log;
    std::unique_ptr<EvidenceKeeper> evidence;
    store::UrlBook book;
    ForeignLogs logs;
    const std::int64_t day_offset_ns = local_offset_ns();
    std::string book_trouble;
    Rings rings;
    store::Batch batch;
    bool must_tell = true;    ///< at start the journal may hold tellings of a life before
    SteadyTime tell_not_before{};
    SteadyTime remember_at{};
    TimeNs newest_ns = 0;
    std::uint64_t retired = 0;
    std::string trouble;
    Guarded<Published> published;
    std::unique_ptr<Planner> planner;
    std::optional<Answers> answers;
    std::unique_ptr<control::Server> server;  // last: it stops first
};

Daemon::Daemon(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
Daemon::~Daemon() = default;

Result<std::unique_ptr<Daemon>> Daemon::open(const config::Settings& settings, const std::string& config_file) {
    auto lock = OnlyOne::lock(settings.slowpath.database + ".lock");
    if (!lock) return fail(lock.error());
    auto journal = store::Journal::open(settings.slowpath.database);
    if (!journal) return fail(journal.error());
    auto reading = store::Journal::open(settings.slowpath.database);
    if (!reading) return fail(reading.error());
    auto judge = make_judge(settings, *journal);
    if (!judge) return fail(judge.error());
    if (auto done = restore(*judge, *journal); !done) return fail(done.error());
    std::optional<JsonLog> json_log;
    if (settings.slowpath.json_log) {
        auto opened = JsonLog::open(settings.slowpath.json_log_file, MiB(settings.slowpath.json_log_max_mb));
        if (!opened) return fail(opened.error());
        json_log.emplace(std::move(*opened));
    }
    auto post = Post::open(settings);
    if (!post) return fail(post.error());
    auto telling = Telling::open(settings, post->get());
    if (!telling) return fail(telling.error());
    auto evidence = EvidenceKeeper::open(settings, config_file);
    if (!evidence) return fail(evidence.error());
    const std::string book_path = std::filesystem::path(settings.slowpath.database).parent_path() / "url-decisions.db";
    auto book = store::UrlBook::open(book_path);
    if (!book) return fail(book.error());
    auto book_reading = store::UrlBook::open(book_path);
    if (!book_reading) return fail(book_reading.error());
    auto logs = ForeignLogs::open(settings.logs);
    if (!logs) return fail(logs.error());
    auto parts = std::make_unique<Parts>(settings, std::move(*lock), std::move(*journal), std::move(*judge), std::move(*post), std::move(*telling),
                                         std::move(json_log), std::move(*evidence), std::move(*book), std::move(*logs));
    auto figures = FigureMaker::open(settings, book_path, *parts->telling, parts->published);
    if (!figures) return fail(figures.error());
    if (parts->post) {
        auto for_letters = FigureMaker::open(settings, book_path, *parts->telling, parts->published);
        if (!for_letters) return fail(for_letters.error());
        parts->planner = std::make_unique<Planner>(settings, *parts->post, std::move(*for_letters));
    }
    parts->answers.emplace(settings.box_name, settings.slowpath.evidence_folder, std::move(*reading), *parts->telling, parts->post.get(),
                           parts->published, SystemClock().now(), UrlAnswers(std::move(*book_reading), local_offset_ns()), std::move(*figures));
    auto server = control::Server::open(settings.run_folder + "/slowpath.sock",
                                        [answers = &*parts->answers](const control::Request& request) { return answers->answer(request); });
    if (!server) return fail(server.error());
    parts->server = std::move(*server);
    return std::unique_ptr<Daemon>(new Daemon(std::move(parts)));
}

Status Daemon::run(const std::atomic<bool>& stop) {
    Parts& p = *parts_;
    SteadyTime flush_at{}, look_at{}, housekeep_at{};
    std::chrono::microseconds rest = kRestLeast;
    while (!stop.load(std::memory_order_relaxed)) {
        const SteadyTime now = std::chrono::steady_clock::now();
        p.evidence->read(now >= look_at);
        if (now >= look_at) {
            p.rings.look();
            p.watch_soc(now);
            p.publish();
            look_at = now + kRingLookEvery;
        }
        const auto take = [&p](const event::Event& event) { p.take(event); };
        const std::size_t taken = p.rings.read(kBatchEvents, take) + p.logs.read(kBatchEvents, take);
        if (now >= housekeep_at) {
            p.housekeep();
            housekeep_at = now + kHousekeepingEvery;
        }
        if (!p.batch.tell.empty() || taken >= kBatchEvents || now >= flush_at) {
            if (auto done = p.flush(); !done) return done;
            flush_at = now + kFlushEvery;
        }
        p.tell(now);
        p.evidence->write_due(p.journal, false);
        rest = taken != 0 ? kRestLeast : std::min<std::chrono::microseconds>(rest * 2, kRestMost);
        if (taken == 0) std::this_thread::sleep_for(rest);
    }
    if (auto done = p.flush(); !done) return done;
    p.evidence->read(false);
    p.evidence->write_due(p.journal, true);
    p.remember();
    p.tell(std::chrono::steady_clock::now());
    return {};
}

}  // namespace sekisho::slowpath
