#include "store/alert_row.h"

#include "sekisho/base/text.h"

namespace sekisho::store {
namespace {

using event::Alert;

// SQLite integers are signed; counters and ids of ours stay far below the sign bit, flow ids use it as a bit.
std::int64_t stored(std::uint64_t value) noexcept { return static_cast<std::int64_t>(value); }

template <class Enum>
Enum known(std::int64_t value) noexcept {
    return value >= 0 && value < static_cast<std::int64_t>(Enum::count_) ? static_cast<Enum>(value) : Enum{};
}

std::optional<MacAddress> parse_mac(std::string_view text) {
    const auto pieces = split(text, ':');
    MacAddress mac;
    if (pieces.size() != mac.octets.size()) return std::nullopt;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const auto value = parse_int("0x" + std::string(pieces[i]), 0, 255);
        if (!value) return std::nullopt;
        mac.octets[i] = static_cast<std::uint8_t>(*value);
    }
    return mac;
}

}  // namespace

std::string alert_marks() {
    std::string marks = "?";
    for (int i = 1; i < kAlertColumnCount; ++i) marks += ",?";
    return marks;
}

std::string alert_upsert(const char* table) {
    std::string sql = std::string("INSERT INTO ") + table + "(" + kAlertColumns + ") VALUES(" + alert_marks() +
                      ") ON CONFLICT(id) DO UPDATE SET ";
    bool first = true;
    for (const auto column : split(kAlertColumns, ',')) {
        if (column == "id") continue;
        sql.append(first ? "" : ",").append(column).append("=excluded.").append(column);
        first = false;
    }
    return sql;
}

void bind_alert(Statement& s, int at, const Alert& a, AlertTexts& t) {
    t.host = a.host.to_string();
    t.mac = a.mac ? a.mac->to_string() : std::string();
    t.peers.clear();
    for (const IpAddress& peer : a.peers) t.peers += (t.peers.empty() ? "" : " ") + peer.to_string();
    t.src = a.src.to_string();
    t.dst = a.dst.to_string();
    t.via = a.via ? a.via->to_string() : std::string();
    for (const std::int64_t value :
         {stored(a.id), stored(a.telling), stored(static_cast<std::uint64_t>(a.severity)),
          stored(static_cast<std::uint64_t>(a.outcome)), stored(static_cast<std::uint64_t>(a.bearing)), stored(a.open ? 1 : 0)})
        s.bind(at++, value);
    for (const std::string_view text : {std::string_view(a.class_name), std::string_view(a.cause), std::string_view(t.host),
                                        std::string_view(t.mac), std::string_view(t.peers)})
        s.bind(at++, text);
    for (const std::uint64_t value : {a.peers_more, a.first_ns, a.last_ns, a.count, a.blocked, std::uint64_t{a.gid},
                                      std::uint64_t{a.sid}, std::uint64_t{a.rev}})
        s.bind(at++, stored(value));
    for (const std::string_view text :
         {std::string_view(a.signature), std::string_view(a.category), std::string_view(a.app), std::string_view(a.target),
          std::string_view(a.url), std::string_view(t.src), std::string_view(t.dst)})
        s.bind(at++, text);
    for (const std::uint64_t value : {std::uint64_t{a.src_port}, std::uint64_t{a.dst_port}, std::uint64_t{a.ip_protocol}, a.flow_id})
        s.bind(at++, stored(value));
    for (const std::string_view text :
         {std::string_view(t.via), std::string_view(a.title.ja), std::string_view(a.title.en), std::string_view(a.reason.ja),
          std::string_view(a.reason.en), std::string_view(a.advice.ja), std::string_view(a.advice.en),
          std::string_view(a.host_name), std::string_view(a.host_os), std::string_view(a.host_vendor), std::string_view(a.via_how)})
        s.bind(at++, text);
    for (const std::uint64_t value : {a.answered, std::uint64_t{a.days}, a.total, std::uint64_t{a.hosts},
                                      std::uint64_t{a.notice ? 1U : 0U}, std::uint64_t{a.folded_medium}, std::uint64_t{a.folded_low}})
        s.bind(at++, stored(value));
    for (const std::string* text : {&a.guide.ja, &a.guide.en, &a.reported_by}) s.bind(at++, std::string_view(*text));
}

Alert read_alert(const Statement& s, int first) {
    int at = first;
    const auto number = [&] { return static_cast<std::uint64_t>(s.integer(at++)); };
    const auto address = [&] { return IpAddress::parse(s.text(at++)); };
    Alert a;
    a.id = number();
    a.telling = static_cast<std::uint32_t>(number());
    a.severity = known<event::Severity>(s.integer(at++));
    a.outcome = known<event::Outcome>(s.integer(at++));
    a.bearing = known<event::Bearing>(s.integer(at++));
    a.open = number() != 0;
    a.class_name = s.text(at++);
    a.cause = s.text(at++);
    a.host = address().value_or(IpAddress{});
    a.mac = parse_mac(s.text(at++));
    const std::string peers = s.text(at++);
    for (const auto peer : split(peers, ' '))
        if (const auto ip = IpAddress::parse(peer); ip && a.peers.size() < Alert::kPeersMax) a.peers.push_back(*ip);
    for (std::uint64_t* field : {&a.peers_more, &a.first_ns, &a.last_ns, &a.count, &a.blocked}) *field = number();
    for (std::uint32_t* field : {&a.gid, &a.sid, &a.rev}) *field = static_cast<std::uint32_t>(number());
    for (std::string* field : {&a.signature, &a.category, &a.app, &a.target, &a.url}) *field = s.text(at++);
    a.src = address().value_or(IpAddress{});
    a.dst = address().value_or(IpAddress{});
    a.src_port = static_cast<std::uint16_t>(number());
    a.dst_port = static_cast<std::uint16_t>(number());
    a.ip_protocol = static_cast<std::uint8_t>(number());
    a.flow_id = number();
    a.via = address();
    for (std::string* field :
         {&a.title.ja, &a.title.en, &a.reason.ja, &a.reason.en, &a.advice.ja, &a.advice.en, &a.host_name, &a.host_os,
          &a.host_vendor, &a.via_how})
        *field = s.text(at++);
    a.answered = number();
    a.days = static_cast<std::uint32_t>(number());
    a.total = number();
    a.hosts = static_cast<std::uint32_t>(number());
    a.notice = number() != 0;
    a.folded_medium = static_cast<std::uint32_t>(number());
    a.folded_low = static_cast<std::uint32_t>(number());
    for (std::string* field : {&a.guide.ja, &a.guide.en, &a.reported_by}) *field = s.text(at++);
    return a;
}

}  // namespace sekisho::store
