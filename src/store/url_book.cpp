#include "sekisho/store/url_book.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <tuple>

#include "sekisho/base/text.h"
#include "store/sqlite.h"

namespace sekisho::store {
namespace {

constexpr std::int64_t kRetireStep = 20'000;
constexpr std::size_t kCategoriesMax = 1000;  // in totals

constexpr Migration kMigrations[] = {
    {"CREATE TABLE decision(id INTEGER PRIMARY KEY, at_ns INTEGER, incident INTEGER, client, mac, host, url, category, list, rule,"
     " reason, action INTEGER, decided INTEGER, port INTEGER);"
     "CREATE INDEX decision_by_client ON decision(client, at_ns);"
     "CREATE INDEX decision_by_incident ON decision(incident);"
     "CREATE INDEX decision_by_age ON decision(at_ns);"
     "CREATE TABLE hits(day TEXT NOT NULL, client TEXT NOT NULL, category TEXT NOT NULL, stopped INTEGER NOT NULL,"
     " passed INTEGER NOT NULL, PRIMARY KEY(day, client, category)) WITHOUT ROWID;"},
};

constexpr std::string_view kColumns =
    "id,at_ns,incident,client,mac,host,url,category,list,rule,reason,action,decided,port";

std::optional<MacAddress> parse_mac(const std::string& text) {
    MacAddress mac;
    unsigned o[6];
    if (std::sscanf(text.c_str(), "%2x:%2x:%2x:%2x:%2x:%2x", &o[0], &o[1], &o[2], &o[3], &o[4], &o[5]) != 6) return std::nullopt;
    for (std::size_t i = 0; i < 6; ++i) mac.octets[i] = static_cast<std::uint8_t>(o[i]);
    return mac;
}

UrlDecision read_row(const Statement& row) {
    UrlDecision one;
    one.id = static_cast<std::uint64_t>(row.integer(0));
    one.at_ns = static_cast<TimeNs>(row.integer(1));
    one.incident = static_cast<std::uint32_t>(row.integer(2));
    one.client = IpAddress::parse(row.text(3)).value_or(IpAddress{});
    one.mac = parse_mac(row.text(4)).value_or(MacAddress{});
    one.host = row.text(5);
    one.url = row.text(6);
    one.category = row.text(7);
    one.list = row.text(8);
    one.rule = row.text(9);
    one.reason = row.text(10);
    const auto action = row.integer(11);
    one.action = action >= 0 && action < static_cast<std::int64_t>(event::Action::count_) ? static_cast<event::Action>(action) : event::Action::allowed;
    one.decided = static_cast<std::uint8_t>(row.integer(12));
    one.port = static_cast<std::uint16_t>(row.integer(13));
    return one;
}

Result<std::vector<UrlDecision>> read_all(Statement& query) {
    std::vector<UrlDecision> all;
    while (true) {
        const auto row = query.step();
        if (!row) return fail(row.error());
        if (!*row) return all;
        all.push_back(read_row(query));
    }
}

/// Characters that LIKE takes for others.
std::string escape_like(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::int64_t number(std::size_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

struct UrlBook::Parts {
    Database db;
    std::vector<UrlDecision> decisions;
    std::map<std::tuple<std::string, std::string, std::string>, std::pair<std::uint64_t, std::uint64_t>> hits;
};

UrlBook::UrlBook(std::unique_ptr<Parts> parts) noexcept : parts_(std::move(parts)) {}
UrlBook::UrlBook(UrlBook&&) noexcept = default;
UrlBook& UrlBook::operator=(UrlBook&&) noexcept = default;
UrlBook::~UrlBook() = default;

Result<UrlBook> UrlBook::open(const std::string& path) {
    auto db = Database::open(path, kMigrations, std::size(kMigrations));
    if (!db) return fail(db.error());
    return UrlBook(std::make_unique<Parts>(Parts{std::move(*db), {}, {}}));
}

std::string day_of(TimeNs time, std::int64_t offset_ns) {
    const auto seconds = (static_cast<std::int64_t>(time) + offset_ns) / static_cast<std::int64_t>(kSecondNs);
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds{std::chrono::seconds{seconds}})};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
    return text;
}

void UrlBook::add(const event::Event& event, std::int64_t day_offset_ns) {
    using event::Text;
    UrlDecision one;
    one.at_ns = event.time_ns;
    one.incident = event.id;
    one.client = event.client;
    one.mac.octets = event.src_mac;
    one.host = to_lower(event.get(Text::host));
    one.url = event.get(Text::url);
    one.category = event.get(Text::category);
    one.list = event.get(Text::list);
    one.rule = event.get(Text::extra);
    one.reason = event.get(Text::reason);
    one.action = event.action;
    one.decided = static_cast<std::uint8_t>(event.type);
    one.port = event.server_port;
    if (parts_->hits.size() < kWaitingMax) {
        auto& [stopped, passed] = parts_->hits[{day_of(event.time_ns, day_offset_ns), one.client.to_string(), one.category}];
        ++(event.action == event::Action::allowed ? passed : stopped);
    }
    if (parts_->decisions.size() < kWaitingMax) parts_->decisions.push_back(std::move(one));
}

std::size_t UrlBook::waiting() const noexcept { return parts_->decisions.size(); }

Status UrlBook::write() {
    if (parts_->decisions.empty() && parts_->hits.empty()) return {};
    auto all = Transaction::begin(parts_->db);
    if (!all) return fail(all.error());
    auto decision = parts_->db.prepare(
        "INSERT INTO decision(at_ns,incident,client,mac,host,url,category,list,rule,reason,action,decided,port)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)");
    if (!decision) return fail(decision.error());
    for (const UrlDecision& one : parts_->decisions) {
        const std::string client = one.client.to_string();
        const std::string mac = one.mac.to_string();
        decision->reset();
        decision->bind(1, static_cast<std::int64_t>(one.at_ns)).bind(2, std::int64_t{one.incident}).bind(3, client).bind(4, mac);
        decision->bind(5, one.host).bind(6, one.url).bind(7, one.category).bind(8, one.list).bind(9, one.rule).bind(10, one.reason);
        decision->bind(11, static_cast<std::int64_t>(one.action)).bind(12, std::int64_t{one.decided}).bind(13, std::int64_t{one.port});
        if (auto done = decision->run(); !done) return done;
    }
    auto hits = parts_->db.prepare(
        "INSERT INTO hits VALUES(?1,?2,?3,?4,?5) ON CONFLICT DO UPDATE SET stopped=stopped+?4, passed=passed+?5");
    if (!hits) return fail(hits.error());
    for (const auto& [key, counts] : parts_->hits) {
        hits->reset();
        hits->bind(1, std::get<0>(key)).bind(2, std::get<1>(key)).bind(3, std::get<2>(key));
        hits->bind(4, static_cast<std::int64_t>(counts.first)).bind(5, static_cast<std::int64_t>(counts.second));
        if (auto done = hits->run(); !done) return done;
    }
    if (auto done = all->commit(); !done) return done;
    parts_->decisions.clear();
    parts_->hits.clear();
    return {};
}

Result<std::vector<UrlDecision>> UrlBook::find(const IpAddress& client, const std::string& site, TimeNs near_ns, std::size_t limit) {
    auto query = parts_->db.prepare("SELECT " + std::string(kColumns) +
                                    " FROM decision WHERE client=?1 AND (host=?2 OR host LIKE ?3 ESCAPE '\\')"
                                    " ORDER BY CASE WHEN ?4=0 THEN -at_ns ELSE abs(at_ns-?4) END LIMIT ?5");
    if (!query) return fail(query.error());
    const std::string address = client.to_string();
    const std::string name = to_lower(site);
    const std::string below = "%." + escape_like(name);
    query->bind(1, address).bind(2, name).bind(3, below).bind(4, static_cast<std::int64_t>(near_ns)).bind(5, number(limit));
    return read_all(*query);
}

Result<std::vector<UrlDecision>> UrlBook::find_incident(std::uint32_t incident, std::size_t limit) {
    auto query = parts_->db.prepare("SELECT " + std::string(kColumns) + " FROM decision WHERE incident=? ORDER BY at_ns DESC LIMIT ?");
    if (!query) return fail(query.error());
    query->bind(1, std::int64_t{incident}).bind(2, number(limit));
    return read_all(*query);
}

Result<std::vector<UrlCount>> UrlBook::counts(const std::string& since_day, const IpAddress* client, std::size_t limit) {
    auto query = parts_->db.prepare(
        "SELECT day,client,category,stopped,passed FROM hits WHERE day>=?1 AND (?2='' OR client=?2)"
        " ORDER BY day DESC, stopped+passed DESC, client, category LIMIT ?3");
    if (!query) return fail(query.error());
    const std::string address = client != nullptr ? client->to_string() : std::string();
    query->bind(1, since_day).bind(2, address).bind(3, number(limit));
    std::vector<UrlCount> all;
    while (true) {
        const auto row = query->step();
        if (!row) return fail(row.error());
        if (!*row) return all;
        all.push_back({query->text(0), IpAddress::parse(query->text(1)).value_or(IpAddress{}), query->text(2),
                       static_cast<std::uint64_t>(query->integer(3)), static_cast<std::uint64_t>(query->integer(4))});
    }
}

Result<std::vector<UrlCount>> UrlBook::totals(const std::string& first_day, const std::string& last_day) {
    auto query = parts_->db.prepare(
        "SELECT category,sum(stopped),sum(passed) FROM hits WHERE day BETWEEN ?1 AND ?2 GROUP BY category ORDER BY sum(stopped) DESC LIMIT ?3");
    if (!query) return fail(query.error());
    query->bind(1, first_day).bind(2, last_day).bind(3, number(kCategoriesMax));
    std::vector<UrlCount> all;
    while (true) {
        const auto row = query->step();
        if (!row) return fail(row.error());
        if (!*row) return all;
        all.push_back({{}, {}, query->text(0), static_cast<std::uint64_t>(query->integer(1)), static_cast<std::uint64_t>(query->integer(2))});
    }
}

Result<std::uint64_t> UrlBook::retire(TimeNs keep_since_ns, const std::string& keep_since_day, std::uint64_t max_decisions) {
    auto hits = parts_->db.prepare("DELETE FROM hits WHERE day<?");
    if (!hits) return fail(hits.error());
    if (auto done = hits->bind(1, keep_since_day).run(); !done) return fail(done.error());
    auto removed = static_cast<std::uint64_t>(parts_->db.changes());
    const auto total = single_integer(parts_->db, "SELECT count(*) FROM decision", 0);
    if (!total) return fail(total.error());
    const std::int64_t surplus = std::max<std::int64_t>(*total - static_cast<std::int64_t>(max_decisions), 0);
    auto old = parts_->db.prepare(
        "DELETE FROM decision WHERE id IN (SELECT id FROM decision WHERE at_ns<?1 ORDER BY at_ns LIMIT ?2)"
        " OR id IN (SELECT id FROM decision ORDER BY at_ns LIMIT ?3)");
    if (!old) return fail(old.error());
    old->bind(1, static_cast<std::int64_t>(keep_since_ns)).bind(2, kRetireStep).bind(3, std::min(surplus, kRetireStep));
    if (auto done = old->run(); !done) return fail(done.error());
    return removed + static_cast<std::uint64_t>(parts_->db.changes());
}

}  // namespace sekisho::store
