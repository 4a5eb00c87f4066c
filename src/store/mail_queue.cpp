#include "sekisho/store/mail_queue.h"

#include <algorithm>
#include <mutex>

#include "store/sqlite.h"

namespace sekisho::store {
namespace {

constexpr Migration kMigrations[] = {
    // 1: letters; what was written last; counters that outlive their letters
    {"CREATE TABLE letter(number INTEGER PRIMARY KEY AUTOINCREMENT, rank, put_ns, not_before, tries, recipient, message);"
     "CREATE INDEX letter_by_worth ON letter(rank, number);"
     "CREATE TABLE written(name TEXT PRIMARY KEY, mark) WITHOUT ROWID;"
     "CREATE TABLE counted(rank INTEGER PRIMARY KEY, queued, dropped, given_up);"
     "INSERT INTO counted VALUES(0,0,0,0),(1,0,0,0),(2,0,0,0);"},
};
constexpr const char* kTellings = "tellings";  // the mark of alerts; occasions have marks of other names
constexpr TimeNs kClockMistake = 25 * 3600 * kSecondNs;

std::int64_t stored(std::uint64_t value) noexcept { return static_cast<std::int64_t>(value); }

}  // namespace

struct MailQueue::Parts {
    explicit Parts(Database database) : db(std::move(database)) {}

    /// A change, all or nothing.
    template <class Change>
    Status change(Change&& make) {
        const std::lock_guard lock(mutex);
        auto transaction = Transaction::begin(db);
        if (!transaction) return fail(transaction.error());
        if (auto done = make(); !done) return done;
        return transaction->commit();
    }

    /// @param values  bound in order
    Status run(std::string_view sql, std::initializer_list<std::int64_t> values) {
        auto statement = db.prepare(sql);
        if (!statement) return fail(statement.error());
        int at = 0;
        for (const std::int64_t value : values) statement->bind(++at, value);
        return statement->run();
    }

    Result<std::optional<std::uint64_t>> mark(const std::string& name) {
        auto query = db.prepare("SELECT mark FROM written WHERE name=?");
        if (!query) return fail(query.error());
        const auto row = query->bind(1, std::string_view(name)).step();
        if (!row) return fail(row.error());
        if (!*row) return std::optional<std::uint64_t>{};
        return std::optional(static_cast<std::uint64_t>(query->integer(0)));
    }
    Status set_mark(const std::string& name, std::uint64_t value) {
        auto put = db.prepare("INSERT OR REPLACE INTO written VALUES(?,?)");
        if (!put) return fail(put.error());
        return put->bind(1, std::string_view(name)).bind(2, stored(value)).run();
    }

    Status put(const std::vector<MailItem>& letters, TimeNs now) {
        auto insert = db.prepare("INSERT INTO letter(rank,put_ns,not_before,tries,recipient,message) VALUES(?,?,?,0,?,?)");
        if (!insert) return fail(insert.error());
        for (const MailItem& letter : letters) {
            const auto rank = static_cast<std::int64_t>(letter.rank);
            insert->bind(1, rank).bind(2, stored(now)).bind(3, stored(letter.not_before));
            insert->bind(4, std::string_view(letter.to)).bind(5, std::string_view(letter.message));
            if (auto done = insert->run(); !done) return done;
            if (auto done = run("UPDATE counted SET queued=queued+1 WHERE rank=?", {rank}); !done) return done;
        }
        return make_room();
    }

    /// What is above the cap goes: the least worth first, of those the oldest.
    Status make_room() {
        const auto held = single_integer(db, "SELECT count(*) FROM letter", 0);
        if (!held) return fail(held.error());
        std::int64_t surplus = *held - stored(max);
        for (std::int64_t rank = 0; rank < 3 && surplus > 0; ++rank) {
            if (auto done = run("DELETE FROM letter WHERE number IN (SELECT number FROM letter WHERE rank=? ORDER BY number LIMIT ?)",
                                {rank, surplus});
                !done)
                return done;
            const std::int64_t removed = db.changes();
            surplus -= removed;
            if (auto done = run("UPDATE counted SET dropped=dropped+? WHERE rank=?", {removed, rank}); !done) return done;
        }
        return {};
    }

    std::mutex mutex;
    Database db;
    std::uint64_t max = 1;
};

MailQueue::MailQueue(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
MailQueue::MailQueue(MailQueue&&) noexcept = default;
MailQueue& MailQueue::operator=(MailQueue&&) noexcept = default;
MailQueue::~MailQueue() = default;

Result<MailQueue> MailQueue::open(const std::string& path, std::uint64_t max) {
    auto db = Database::open(path, kMigrations, std::size(kMigrations));
    if (!db) return fail(db.error());
    auto parts = std::make_unique<Parts>(std::move(*db));
    parts->max = std::max<std::uint64_t>(max, 1);
    return MailQueue(std::move(parts));
}

Result<std::uint64_t> MailQueue::last_telling() {
    const std::lock_guard lock(parts_->mutex);
    const auto mark = parts_->mark(kTellings);
    if (!mark) return fail(mark.error());
    return mark->value_or(0);
}

Status MailQueue::put_alerts(std::uint64_t up_to_telling, const std::vector<MailItem>& letters, TimeNs now) {
    Parts& p = *parts_;
    return p.change([&]() -> Status {
        const auto before = p.mark(kTellings);
        if (!before) return fail(before.error());
        if (before->value_or(0) >= up_to_telling) return {};
        if (auto done = p.put(letters, now); !done) return done;
        return p.set_mark(kTellings, up_to_telling);
    });
}

Result<std::optional<TimeNs>> MailQueue::last_due(const std::string& occasion) {
    const std::lock_guard lock(parts_->mutex);
    return parts_->mark("occasion " + occasion);
}

Status MailQueue::put_occasion(const std::string& occasion, TimeNs due, const std::vector<MailItem>& letters, TimeNs now) {
    Parts& p = *parts_;
    return p.change([&]() -> Status {
        if (auto done = p.put(letters, now); !done) return done;
        return p.set_mark("occasion " + occasion, due);
    });
}

Result<std::optional<PendingLetter>> MailQueue::next(TimeNs now) {
    const std::lock_guard lock(parts_->mutex);
    auto query = parts_->db.prepare(
        "SELECT number,recipient,message,tries FROM letter WHERE not_before<=? OR not_before>? ORDER BY rank DESC, number LIMIT 1");
    if (!query) return fail(query.error());
    const auto row = query->bind(1, stored(now)).bind(2, stored(now + kClockMistake)).step();
    if (!row) return fail(row.error());
    if (!*row) return std::optional<PendingLetter>{};
    return std::optional(PendingLetter{static_cast<std::uint64_t>(query->integer(0)), query->text(1), query->text(2),
                                       static_cast<std::uint32_t>(query->integer(3))});
}

Status MailQueue::delivered(std::uint64_t number) {
    const std::lock_guard lock(parts_->mutex);
    return parts_->run("DELETE FROM letter WHERE number=?", {stored(number)});
}

Status MailQueue::postpone(std::uint64_t number, TimeNs not_before) {
    const std::lock_guard lock(parts_->mutex);
    return parts_->run("UPDATE letter SET tries=tries+1, not_before=? WHERE number=?", {stored(not_before), stored(number)});
}

Result<std::uint64_t> MailQueue::give_up(TimeNs put_before) {
    Parts& p = *parts_;
    std::uint64_t gone = 0;
    auto done = p.change([&]() -> Status {
        for (std::int64_t rank = 0; rank < 3; ++rank) {
            if (auto removed = p.run("DELETE FROM letter WHERE rank=? AND put_ns<?", {rank, stored(put_before)}); !removed) return removed;
            const std::int64_t count = p.db.changes();
            gone += static_cast<std::uint64_t>(count);
            if (auto counted = p.run("UPDATE counted SET given_up=given_up+? WHERE rank=?", {count, rank}); !counted) return counted;
        }
        return {};
    });
    if (!done) return fail(done.error());
    return gone;
}

Result<MailCounts> MailQueue::counts() {
    const std::lock_guard lock(parts_->mutex);
    MailCounts counts;
    const auto held = single_integer(parts_->db, "SELECT count(*) FROM letter", 0);
    if (!held) return fail(held.error());
    counts.held = static_cast<std::uint64_t>(*held);
    auto query = parts_->db.prepare("SELECT queued,dropped,given_up FROM counted ORDER BY rank");
    if (!query) return fail(query.error());
    for (std::size_t rank = 0; rank < 3; ++rank) {
        const auto row = query->step();
        if (!row) return fail(row.error());
        if (!*row) return fail(ErrorCode::invalid, "the mail queue has lost its counters");
        counts.queued[rank] = static_cast<std::uint64_t>(query->integer(0));
        counts.dropped[rank] = static_cast<std::uint64_t>(query->integer(1));
        counts.given_up[rank] = static_cast<std::uint64_t>(query->integer(2));
    }
    return counts;
}

}  // namespace sekisho::store
