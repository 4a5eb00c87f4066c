#include "sekisho/store/soc_queue.h"

#include <algorithm>
#include <mutex>

#include "store/limits.h"
#include "store/sqlite.h"

namespace sekisho::store {
namespace {

constexpr Migration kMigrations[] = {
    // 1: messages; targets and how far each has them; counters that outlive their messages
    {"CREATE TABLE message(number INTEGER PRIMARY KEY, severity, text0, text1, text2);"
     "CREATE INDEX message_by_worth ON message(severity, number);"
     "CREATE TABLE target(name TEXT PRIMARY KEY, confirmed) WITHOUT ROWID;"
     "CREATE TABLE state(one INTEGER PRIMARY KEY CHECK(one = 1), last_number, last_telling,"
     " queued0, queued1, queued2, dropped0, dropped1, dropped2);"
     "INSERT INTO state VALUES(1, 0, 0, 0, 0, 0, 0, 0, 0);"},
    // 2: how far each target was offered messages: what is offered again is marked
    {"ALTER TABLE target ADD COLUMN offered DEFAULT 0;"},
    // 3: targets of one party share their position; a target alone is a party of its own ("target NAME", "group NAME")
    {"ALTER TABLE target ADD COLUMN party DEFAULT '';"},
};

const std::string kItsParty = "party=(SELECT party FROM target WHERE name=?1)";

std::int64_t stored(std::uint64_t value) noexcept { return static_cast<std::int64_t>(value); }

struct State {
    std::uint64_t last_number = 0, last_telling = 0;
    std::array<std::uint64_t, 3> queued{}, dropped{};
};

}  // namespace

struct SocQueue::Parts {
    explicit Parts(Database database) : db(std::move(database)) {}

    Status load() {
        auto query = db.prepare("SELECT last_number,last_telling,queued0,queued1,queued2,dropped0,dropped1,dropped2 FROM state");
        if (!query) return fail(query.error());
        const auto row = query->step();
        if (!row) return fail(row.error());
        if (!*row) return fail(ErrorCode::invalid, "the SOC queue has lost its state row");
        int at = 0;
        const auto number = [&] { return static_cast<std::uint64_t>(query->integer(at++)); };
        state.last_number = number();
        state.last_telling = number();
        for (auto& count : state.queued) count = number();
        for (auto& count : state.dropped) count = number();
        const auto rows = single_integer(db, "SELECT count(*) FROM message", 0);
        if (!rows) return fail(rows.error());
        held = static_cast<std::uint64_t>(*rows);
        return {};
    }

    Status save(const State& next) {
        auto update = db.prepare(
            "UPDATE state SET last_number=?,last_telling=?,queued0=?,queued1=?,queued2=?,dropped0=?,dropped1=?,dropped2=?");
        if (!update) return fail(update.error());
        int at = 1;
        update->bind(at++, stored(next.last_number));
        update->bind(at++, stored(next.last_telling));
        for (const auto count : next.queued) update->bind(at++, stored(count));
        for (const auto count : next.dropped) update->bind(at++, stored(count));
        return update->run();
    }

    Status register_targets(const std::vector<QueueTarget>& targets) {
        auto change = Transaction::begin(db);
        if (!change) return fail(change.error());
        auto known = db.prepare("SELECT name FROM target");
        if (!known) return fail(known.error());
        std::vector<std::string> gone;
        while (true) {
            const auto row = known->step();
            if (!row) return fail(row.error());
            if (!*row) break;
            const std::string name = known->text(0);
            if (std::none_of(targets.begin(), targets.end(), [&](const QueueTarget& t) { return t.name == name; })) gone.push_back(name);
        }
        known->reset();
        for (const std::string& name : gone)
            if (auto done = one_target("DELETE FROM target WHERE name=?1", name, 0); !done) return done;
        for (const QueueTarget& target : targets)
            if (auto done = join(target); !done) return done;
        // Whoever was in the group before tells a new one where it is; nobody was: behind the newest message.
        auto level = db.prepare(
            "UPDATE target SET offered=(SELECT max(offered) FROM target AS t WHERE t.party=target.party), confirmed="
            "coalesce((SELECT max(confirmed) FROM target AS t WHERE t.party=target.party), ?)");
        if (!level) return fail(level.error());
        if (auto done = level->bind(1, stored(state.last_number)).run(); !done) return done;
        if (auto done = sweep(); !done) return done;
        return change->commit();
    }

    /// A row for it, if it has none; and who its party is.
    Status join(const QueueTarget& target) {
        auto row = db.prepare("INSERT INTO target(name,confirmed,party) VALUES(?1,NULL,?2) ON CONFLICT(name) DO UPDATE SET party=?2");
        if (!row) return fail(row.error());
        const std::string party = target.group.empty() ? "target " + target.name : "group " + target.group;
        return row->bind(1, std::string_view(target.name)).bind(2, std::string_view(party)).run();
    }

    Status one_target(std::string_view sql, const std::string& name, std::uint64_t number) {
        auto statement = db.prepare(sql);
        if (!statement) return fail(statement.error());
        statement->bind(1, std::string_view(name));
        if (sql.find("?2") != std::string_view::npos) statement->bind(2, stored(number));
        return statement->run();
    }

    /// Removes what all targets have. Without targets nothing waits for anybody.
    Status sweep() {
        if (auto done = db.run("DELETE FROM message WHERE number <= "
                               "(SELECT coalesce(min(confirmed), (SELECT last_number FROM state)) FROM target)");
            !done)
            return done;
        held -= std::min(held, static_cast<std::uint64_t>(std::max<std::int64_t>(db.changes(), 0)));
        return {};
    }

    /// Removes what is too much: the least worth first, of those the oldest.
    Status make_room(State& next) {
        if (held <= max) return {};
        std::uint64_t surplus = held - max;
        for (std::size_t severity = 0; severity < 3 && surplus > 0; ++severity) {
            auto remove = db.prepare(
                "DELETE FROM message WHERE number IN (SELECT number FROM message WHERE severity=? ORDER BY number LIMIT ?)");
            if (!remove) return fail(remove.error());
            if (auto done = remove->bind(1, stored(severity)).bind(2, stored(surplus)).run(); !done) return done;
            const auto removed = static_cast<std::uint64_t>(db.changes());
            next.dropped[severity] += removed;
            held -= std::min(held, removed);
            surplus -= std::min(surplus, removed);
        }
        return {};
    }

    std::mutex mutex;
    Database db;
    State state;
    std::uint64_t held = 0;
    std::uint64_t max = 0;
};

SocQueue::SocQueue(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
SocQueue::SocQueue(SocQueue&&) noexcept = default;
SocQueue& SocQueue::operator=(SocQueue&&) noexcept = default;
SocQueue::~SocQueue() = default;

Result<SocQueue> SocQueue::open(const std::string& path, const std::vector<QueueTarget>& targets, std::uint64_t max) {
    auto db = Database::open(path, kMigrations, std::size(kMigrations));
    if (!db) return fail(db.error());
    auto parts = std::make_unique<Parts>(std::move(*db));
    parts->max = std::max<std::uint64_t>(max, 1);
    if (auto done = parts->load(); !done) return fail(done.error());
    if (auto done = parts->register_targets(targets); !done) return fail(done.error());
    return SocQueue(std::move(parts));
}

Result<std::size_t> SocQueue::put(const std::vector<QueueItem>& items) {
    Parts& p = *parts_;
    const std::lock_guard lock(p.mutex);
    const std::uint64_t held_before = p.held;
    State next = p.state;
    std::size_t put = 0;
    const auto run = [&]() -> Status {
        auto change = Transaction::begin(p.db);
        if (!change) return fail(change.error());
        auto insert = p.db.prepare("INSERT INTO message VALUES(?,?,?,?,?)");
        if (!insert) return fail(insert.error());
        for (const QueueItem& item : items) {
            if (item.telling <= next.last_telling) continue;
            next.last_telling = item.telling;
            const std::uint64_t number = ++next.last_number;
            const DialectTexts texts = item.format(number);
            insert->bind(1, stored(number)).bind(2, static_cast<std::int64_t>(item.severity));
            for (std::size_t i = 0; i < kDialects; ++i) {
                const int at = static_cast<int>(i) + 3;
                if (texts[i].empty()) insert->bind_null(at);
                else insert->bind(at, std::string_view(texts[i]));
            }
            if (auto done = insert->run(); !done) return done;
            ++next.queued[static_cast<std::size_t>(item.severity)];
            ++put;
            ++p.held;
        }
        // After the new ones are in: a new Low must not push out an old High.
        if (auto done = p.make_room(next); !done) return done;
        if (auto done = p.save(next); !done) return done;
        return change->commit();
    };
    if (auto done = run(); !done) {
        p.held = held_before;
        return fail(done.error());
    }
    p.state = next;
    return put;
}

Result<std::vector<PendingMessage>> SocQueue::pending(const std::string& target, std::size_t dialect, std::size_t limit) {
    const std::lock_guard lock(parts_->mutex);
    const std::string wanted = "text" + std::to_string(std::min(dialect, kDialects - 1));
    auto query = parts_->db.prepare("SELECT number,severity,coalesce(" + wanted +
                                    ",text0,text1,text2,''), number<=offered FROM message, target"
                                    " WHERE name=? AND number>confirmed ORDER BY number LIMIT ?");
    if (!query) return fail(query.error());
    query->bind(1, std::string_view(target)).bind(2, stored(std::min(limit, kListMax)));
    std::vector<PendingMessage> all;
    while (true) {
        const auto row = query->step();
        if (!row) return fail(row.error());
        if (!*row) return all;
        all.push_back({static_cast<std::uint64_t>(query->integer(0)),
                       static_cast<event::Severity>(std::clamp<std::int64_t>(query->integer(1), 0, 2)), query->text(2),
                       query->integer(3) != 0});
    }
}

Status SocQueue::offer(const std::string& target, std::uint64_t up_to_number) {
    const std::lock_guard lock(parts_->mutex);
    return parts_->one_target("UPDATE target SET offered=max(offered,?2) WHERE " + kItsParty, target, up_to_number);
}

Status SocQueue::confirm(const std::string& target, std::uint64_t up_to_number) {
    Parts& p = *parts_;
    const std::lock_guard lock(p.mutex);
    const std::uint64_t held_before = p.held;
    const auto run = [&]() -> Status {
        auto change = Transaction::begin(p.db);
        if (!change) return fail(change.error());
        if (auto done = p.one_target("UPDATE target SET confirmed=max(confirmed,?2) WHERE " + kItsParty, target, up_to_number); !done)
            return done;
        if (auto done = p.sweep(); !done) return done;
        return change->commit();
    };
    auto done = run();
    if (!done) p.held = held_before;
    return done;
}

Result<std::uint64_t> SocQueue::waiting(const std::string& target) {
    const std::lock_guard lock(parts_->mutex);
    auto query = parts_->db.prepare(
        "SELECT count(*) FROM message WHERE number>(SELECT confirmed FROM target WHERE name=?)");
    if (!query) return fail(query.error());
    query->bind(1, std::string_view(target));
    const auto row = query->step();
    if (!row) return fail(row.error());
    return static_cast<std::uint64_t>(query->integer(0));
}

Result<QueueCounts> SocQueue::counts() {
    const std::lock_guard lock(parts_->mutex);
    return QueueCounts{parts_->held, parts_->state.last_number, parts_->state.queued, parts_->state.dropped};
}

}  // namespace sekisho::store
