#include "sekisho/store/journal.h"

#include <algorithm>
#include <array>

#include "store/alert_row.h"
#include "store/limits.h"
#include "store/sqlite.h"

namespace sekisho::store {

using event::Alert;
using event::Severity;

namespace {

// Numbered, append-only: a change of the schema is a new entry, never an edit.
constexpr Migration kMigrations[] = {
    // 1: alerts; their history; what the SOC must hear; how far the rings were read
    {"CREATE TABLE alert(id INTEGER PRIMARY KEY, telling, severity, outcome, bearing, open, class_name, cause, host, mac,"
     " peers, peers_more, first_ns, last_ns, count, blocked, gid, sid, rev, signature, category, app, target, url, src, dst,"
     " src_port, dst_port, ip_protocol, flow_id, via, title_ja, title_en, reason_ja, reason_en, advice_ja, advice_en);"
     "CREATE INDEX alert_by_host ON alert(host, last_ns);"
     "CREATE INDEX alert_by_age ON alert(open, severity, last_ns);"
     "CREATE TABLE history(alert INTEGER NOT NULL REFERENCES alert(id) ON DELETE CASCADE, telling, at_ns, severity, outcome,"
     " count, reason_ja, reason_en, PRIMARY KEY(alert, telling)) WITHOUT ROWID;"
     "CREATE TABLE telling(number INTEGER PRIMARY KEY AUTOINCREMENT, id, telling, severity, outcome, bearing, open,"
     " class_name, cause, host, mac, peers, peers_more, first_ns, last_ns, count, blocked, gid, sid, rev, signature, category,"
     " app, target, url, src, dst, src_port, dst_port, ip_protocol, flow_id, via, title_ja, title_en, reason_ja, reason_en,"
     " advice_ja, advice_en);"
     "CREATE TABLE ring(id INTEGER PRIMARY KEY, position, lost, at);"
     "CREATE TABLE next(one INTEGER PRIMARY KEY CHECK(one = 1), id INTEGER NOT NULL);"
     "INSERT INTO next VALUES(1, 1);"},
    // 2: who the host is, what came back, what people heard
    {"ALTER TABLE alert ADD COLUMN host_name DEFAULT '';"
     "ALTER TABLE alert ADD COLUMN host_os DEFAULT '';"
     "ALTER TABLE alert ADD COLUMN host_vendor DEFAULT '';"
     "ALTER TABLE alert ADD COLUMN via_how DEFAULT '';"
     "ALTER TABLE alert ADD COLUMN answered DEFAULT 0;"
     "ALTER TABLE alert ADD COLUMN days DEFAULT 1;"
     "ALTER TABLE alert ADD COLUMN total DEFAULT 0;"
     "ALTER TABLE alert ADD COLUMN hosts DEFAULT 1;"
     "ALTER TABLE alert ADD COLUMN notice DEFAULT 0;"
     "ALTER TABLE alert ADD COLUMN folded_medium DEFAULT 0;"
     "ALTER TABLE alert ADD COLUMN folded_low DEFAULT 0;"
     "ALTER TABLE alert ADD COLUMN guide_ja DEFAULT '';"
     "ALTER TABLE alert ADD COLUMN guide_en DEFAULT '';"
     "ALTER TABLE telling ADD COLUMN host_name DEFAULT '';"
     "ALTER TABLE telling ADD COLUMN host_os DEFAULT '';"
     "ALTER TABLE telling ADD COLUMN host_vendor DEFAULT '';"
     "ALTER TABLE telling ADD COLUMN via_how DEFAULT '';"
     "ALTER TABLE telling ADD COLUMN answered DEFAULT 0;"
     "ALTER TABLE telling ADD COLUMN days DEFAULT 1;"
     "ALTER TABLE telling ADD COLUMN total DEFAULT 0;"
     "ALTER TABLE telling ADD COLUMN hosts DEFAULT 1;"
     "ALTER TABLE telling ADD COLUMN notice DEFAULT 0;"
     "ALTER TABLE telling ADD COLUMN folded_medium DEFAULT 0;"
     "ALTER TABLE telling ADD COLUMN folded_low DEFAULT 0;"
     "ALTER TABLE telling ADD COLUMN guide_ja DEFAULT '';"
     "ALTER TABLE telling ADD COLUMN guide_en DEFAULT '';"},
    // 3: what the judge learned; the chain of evidence
    {"CREATE TABLE memory(name PRIMARY KEY, value);"
     "CREATE TABLE evidence(number INTEGER PRIMARY KEY AUTOINCREMENT, alert INTEGER NOT NULL, at_ns, file, digest, previous, hash,"
     " signature);"
     "CREATE INDEX evidence_by_alert ON evidence(alert);"},
    // 4: what another maker's box reported
    {"ALTER TABLE alert ADD COLUMN reported_by DEFAULT '';"
     "ALTER TABLE telling ADD COLUMN reported_by DEFAULT '';"},
};

std::int64_t stored(std::uint64_t value) noexcept { return static_cast<std::int64_t>(value); }

std::string select(const char* table) { return std::string("SELECT ") + kAlertColumns + " FROM " + table; }

}  // namespace

struct Journal::Parts {
    explicit Parts(Database database) : db(std::move(database)) {}

    Status prepare() {
        // Each boot makes new rings; those of a month ago are no more.
        if (auto done = db.run("DELETE FROM ring WHERE CAST(at AS INTEGER) < strftime('%s') - 2592000"); !done) return done;
        const std::string columns = kAlertColumns;
        const std::pair<Statement*, std::string> all[] = {
            {&put_alert, alert_upsert("alert")},
            {&put_telling, "INSERT INTO telling(" + columns + ") VALUES(" + alert_marks() + ")"},
            {&put_history, "INSERT OR REPLACE INTO history VALUES(?,?,?,?,?,?,?,?)"},
            {&cut_history, "DELETE FROM history WHERE alert=? AND telling<=?"},
            {&put_ring, "INSERT OR REPLACE INTO ring VALUES(?,?,?,strftime('%s'))"},
            {&raise_next, "UPDATE next SET id=max(id, ?)"},
        };
        for (const auto& [statement, sql] : all) {
            auto prepared = db.prepare(sql);
            if (!prepared) return fail(prepared.error());
            *statement = std::move(*prepared);
        }
        return {};
    }

    Status keep(const Alert& alert) {
        AlertTexts texts;
        bind_alert(put_alert, 1, alert, texts);
        return put_alert.run();
    }

    Status note(const Alert& alert) {
        put_history.bind(1, stored(alert.id)).bind(2, std::int64_t{alert.telling}).bind(3, stored(alert.last_ns));
        put_history.bind(4, static_cast<std::int64_t>(alert.severity)).bind(5, static_cast<std::int64_t>(alert.outcome));
        put_history.bind(6, stored(alert.count)).bind(7, std::string_view(alert.reason.ja));
        put_history.bind(8, std::string_view(alert.reason.en));
        if (auto done = put_history.run(); !done) return done;
        if (alert.telling <= kHistoryMax) return {};
        cut_history.bind(1, stored(alert.id)).bind(2, std::int64_t{alert.telling} - kHistoryMax);
        return cut_history.run();
    }

    Database db;
    Statement put_alert, put_telling, put_history, cut_history, put_ring, raise_next;
};

Journal::Journal(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<Journal> Journal::open(const std::string& path) {
    auto db = Database::open(path, kMigrations, std::size(kMigrations));
    if (!db) return fail(db.error());
    auto parts = std::make_unique<Parts>(std::move(*db));
    if (auto prepared = parts->prepare(); !prepared) return fail(prepared.error());
    return Journal(std::move(parts));
}

Status Journal::write(const Batch& batch) {
    auto change = Transaction::begin(parts_->db);
    if (!change) return fail(change.error());
    std::uint64_t last_id = 0;
    for (const Alert& alert : batch.alerts) {
        if (auto done = parts_->keep(alert); !done) return done;
        last_id = std::max(last_id, alert.id);
    }
    for (const Alert& alert : batch.tell) {
        AlertTexts texts;
        bind_alert(parts_->put_telling, 1, alert, texts);
        if (auto done = parts_->put_telling.run(); !done) return done;
        if (auto done = parts_->note(alert); !done) return done;
    }
    if (auto done = parts_->raise_next.bind(1, stored(last_id + 1)).run(); !done) return done;
    for (const auto& [id, ring] : batch.rings)
        if (auto done = parts_->put_ring.bind(1, stored(id)).bind(2, stored(ring.position)).bind(3, stored(ring.lost)).run(); !done)
            return done;
    return change->commit();
}

Result<std::vector<Telling>> Journal::untold(std::size_t limit) {
    auto query = parts_->db.prepare("SELECT number," + std::string(kAlertColumns) + " FROM telling ORDER BY number LIMIT ?");
    if (!query) return fail(query.error());
    query->bind(1, stored(limit));
    std::vector<Telling> all;
    while (true) {
        const auto row = query->step();
        if (!row) return fail(row.error());
        if (!*row) return all;
        all.push_back({static_cast<std::uint64_t>(query->integer(0)), read_alert(*query, 1)});
    }
}

Status Journal::told(std::uint64_t up_to_number) {
    auto remove = parts_->db.prepare("DELETE FROM telling WHERE number<=?");
    if (!remove) return fail(remove.error());
    return remove->bind(1, stored(up_to_number)).run();
}

namespace {

Result<std::vector<Alert>> read_all(Statement& query) {
    std::vector<Alert> all;
    while (true) {
        const auto row = query.step();
        if (!row) return fail(row.error());
        if (!*row) return all;
        all.push_back(read_alert(query, 0));
    }
}

}  // namespace

Result<std::vector<Alert>> Journal::list(const AlertFilter& filter) {
    auto query = parts_->db.prepare(select("alert") +
                                    " WHERE severity>=?1 AND (?2='' OR host=?2) AND (?3<0 OR open=?3) AND last_ns>=?4"
                                    " AND (?5=0 OR id<?5) ORDER BY id DESC LIMIT ?6");
    if (!query) return fail(query.error());
    const std::string host = filter.host ? filter.host->to_string() : std::string();
    query->bind(1, filter.least ? static_cast<std::int64_t>(*filter.least) : 0).bind(2, std::string_view(host));
    query->bind(3, filter.open ? (*filter.open ? 1 : 0) : std::int64_t{-1}).bind(4, stored(filter.since_ns));
    query->bind(5, stored(filter.before_id)).bind(6, stored(std::min(filter.limit, kListMax)));
    return read_all(*query);
}

Result<Alert> Journal::find(std::uint64_t id) {
    auto query = parts_->db.prepare(select("alert") + " WHERE id=?");
    if (!query) return fail(query.error());
    query->bind(1, stored(id));
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return fail(ErrorCode::not_found, "there is no alert " + std::to_string(id));
    return read_alert(*query, 0);
}

Result<std::vector<HistoryRow>> Journal::history(std::uint64_t id) {
    auto query = parts_->db.prepare(
        "SELECT at_ns,telling,severity,outcome,count,reason_ja,reason_en FROM history WHERE alert=? ORDER BY telling");
    if (!query) return fail(query.error());
    query->bind(1, stored(id));
    std::vector<HistoryRow> all;
    while (true) {
        const auto row = query->step();
        if (!row) return fail(row.error());
        if (!*row) return all;
        all.push_back({static_cast<TimeNs>(query->integer(0)), static_cast<std::uint32_t>(query->integer(1)),
                       static_cast<Severity>(query->integer(2)), static_cast<event::Outcome>(query->integer(3)),
                       static_cast<std::uint64_t>(query->integer(4)), {query->text(5), query->text(6)}});
    }
}

Result<std::vector<Alert>> Journal::open_alerts() {
    // By number: forwards through the file, which a disk reads ahead; the index alone would jump.
    auto query = parts_->db.prepare(select("alert") + " WHERE id IN (SELECT id FROM alert WHERE open=1)");
    if (!query) return fail(query.error());
    auto all = read_all(*query);
    // Sorted here and not by SQLite, which would carry 60,000 wide rows through its sorter, and that over the disk.
    if (all) std::sort(all->begin(), all->end(), [](const Alert& a, const Alert& b) { return a.last_ns < b.last_ns; });
    return all;
}

Result<std::uint64_t> Journal::next_id() {
    const auto id = single_integer(parts_->db, "SELECT id FROM next", 1);
    if (!id) return fail(id.error());
    return static_cast<std::uint64_t>(*id);
}

Result<std::optional<RingPosition>> Journal::ring_position(std::uint64_t ring_id) {
    auto query = parts_->db.prepare("SELECT position,lost FROM ring WHERE id=?");
    if (!query) return fail(query.error());
    query->bind(1, stored(ring_id));
    const auto row = query->step();
    if (!row) return fail(row.error());
    if (!*row) return std::optional<RingPosition>{};
    return std::optional(RingPosition{static_cast<std::uint64_t>(query->integer(0)), static_cast<std::uint64_t>(query->integer(1))});
}

Result<std::array<std::uint64_t, 3>> Journal::counts() {
    auto query = parts_->db.prepare("SELECT severity,count(*) FROM alert GROUP BY severity");
    if (!query) return fail(query.error());
    std::array<std::uint64_t, 3> counts{};
    while (true) {
        const auto row = query->step();
        if (!row) return fail(row.error());
        if (!*row) return counts;
        const auto severity = query->integer(0);
        if (severity >= 0 && severity < 3) counts[static_cast<std::size_t>(severity)] = static_cast<std::uint64_t>(query->integer(1));
    }
}

namespace {

constexpr const char* kSelectEvidence = "SELECT number,alert,at_ns,file,digest,previous,hash,signature FROM evidence ";

Result<std::vector<EvidenceLink>> read_links(Statement& query) {
    std::vector<EvidenceLink> all;
    while (true) {
        const auto row = query.step();
        if (!row) return fail(row.error());
        if (!*row) return all;
        all.push_back({static_cast<std::uint64_t>(query.integer(0)), static_cast<std::uint64_t>(query.integer(1)),
                       static_cast<TimeNs>(query.integer(2)), query.text(3), query.text(4), query.text(5), query.text(6), query.text(7)});
    }
}

}  // namespace

Result<EvidenceLink> Journal::last_evidence() {
    auto query = parts_->db.prepare(std::string(kSelectEvidence) + "ORDER BY number DESC LIMIT 1");
    if (!query) return fail(query.error());
    auto links = read_links(*query);
    if (!links) return fail(links.error());
    return links->empty() ? EvidenceLink{} : std::move(links->front());
}

Status Journal::add_evidence(const EvidenceLink& link) {
    auto put = parts_->db.prepare("INSERT INTO evidence VALUES(?,?,?,?,?,?,?,?)");
    if (!put) return fail(put.error());
    put->bind(1, stored(link.number)).bind(2, stored(link.alert)).bind(3, stored(link.at_ns));
    int at = 4;
    for (const std::string* text : {&link.file, &link.digest, &link.previous, &link.hash, &link.signature}) put->bind(at++, std::string_view(*text));
    return put->run();
}

Result<std::vector<EvidenceLink>> Journal::evidence_after(std::uint64_t number, std::size_t limit) {
    auto query = parts_->db.prepare(std::string(kSelectEvidence) + "WHERE number>? ORDER BY number LIMIT ?");
    if (!query) return fail(query.error());
    query->bind(1, stored(number)).bind(2, stored(limit));
    return read_links(*query);
}

Result<std::vector<EvidenceLink>> Journal::evidence_of(std::uint64_t alert) {
    auto query = parts_->db.prepare(std::string(kSelectEvidence) + "WHERE alert=? ORDER BY number");
    if (!query) return fail(query.error());
    query->bind(1, stored(alert));
    return read_links(*query);
}

Result<std::string> Journal::memory(const std::string& name) {
    auto query = parts_->db.prepare("SELECT value FROM memory WHERE name=?");
    if (!query) return fail(query.error());
    query->bind(1, std::string_view(name));
    const auto row = query->step();
    if (!row) return fail(row.error());
    return *row ? query->text(0) : std::string();
}

Status Journal::keep_memory(const std::string& name, const std::string& value) {
    auto put = parts_->db.prepare("INSERT OR REPLACE INTO memory VALUES(?,?)");
    if (!put) return fail(put.error());
    return put->bind(1, std::string_view(name)).bind(2, std::string_view(value)).run();
}

Result<std::uint64_t> Journal::retire(const Retention& retention) {
    auto by_age = parts_->db.prepare(
        "DELETE FROM alert WHERE id IN (SELECT id FROM alert WHERE open=0 AND last_ns<?1 LIMIT ?2)");
    if (!by_age) return fail(by_age.error());
    if (auto done = by_age->bind(1, stored(retention.keep_since_ns)).bind(2, kRetireStep).run(); !done) return fail(done.error());
    auto removed = static_cast<std::uint64_t>(parts_->db.changes());
    const auto total = single_integer(parts_->db, "SELECT count(*) FROM alert", 0);
    if (!total) return fail(total.error());
    if (retention.max_alerts == 0 || *total <= stored(retention.max_alerts)) return removed;
    auto by_number = parts_->db.prepare(
        "DELETE FROM alert WHERE id IN (SELECT id FROM alert WHERE open=0 ORDER BY severity, last_ns LIMIT ?1)");
    if (!by_number) return fail(by_number.error());
    by_number->bind(1, std::min(*total - stored(retention.max_alerts), kRetireStep));
    if (auto done = by_number->run(); !done) return fail(done.error());
    return removed + static_cast<std::uint64_t>(parts_->db.changes());
}

}  // namespace sekisho::store
