// A line's fields to our event. The maker says what they mean; what it leaves open is decided as for our own events:
// an unlisted category of a site that was let by is no event, a port below 1024 calling one above is an answer.
#include <algorithm>

#include "foreign/maker_table.h"
#include "sekisho/base/hash.h"
#include "sekisho/base/text.h"
#include "sekisho/foreign/makers.h"

namespace sekisho::foreign {

using event::Action;
using event::Event;
using event::Kind;
using event::Text;

namespace {

constexpr std::uint16_t kWellKnownPorts = 1024;
constexpr std::uint64_t kSidSeed = 0x5e7d;

bool holds(const Condition& condition, const Fields& fields) noexcept {
    const std::string_view value = fields.get(condition.field);
    for (const std::string& pattern : condition.patterns)
        if (matches(pattern, value)) return true;
    return false;
}

bool any(const std::vector<Condition>& conditions, const Fields& fields) noexcept {
    for (const Condition& condition : conditions)
        if (holds(condition, fields)) return true;
    return false;
}

const RecordRule* rule_of(const Maker& maker, const Fields& fields) noexcept {
    for (const RecordRule& rule : maker.records) {
        bool fits = true;
        for (const Condition& condition : rule.when) fits = fits && holds(condition, fields);
        if (fits) return &rule;
    }
    return nullptr;
}

/// A number at the text's beginning ("404", "12 ms"); 0: none.
std::uint64_t number_in(std::string_view text) noexcept {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < text.size() && i < 18 && text[i] >= '0' && text[i] <= '9'; ++i)
        number = number * 10 + static_cast<std::uint64_t>(text[i] - '0');
    return number;
}

std::uint8_t protocol_of(std::string_view text) noexcept {
    constexpr std::pair<std::string_view, std::uint8_t> kNames[] = {{"tcp", 6}, {"udp", 17}, {"icmp", 1}, {"icmpv6", 58}, {"ipv6-icmp", 58}};
    for (const auto& [name, number] : kNames)
        if (equals_nocase(name, text)) return number;
    const std::uint64_t number = number_in(text);
    return number < 256 ? static_cast<std::uint8_t>(number) : std::uint8_t{0};
}

/// "SQL Injection(30514)" and the like: the number in the last pair of parentheses; else the name's hash, so that one
/// attack is one cause.
std::uint32_t sid_of(std::string_view text, std::string_view signature) noexcept {
    const auto open = text.rfind('(');
    std::uint64_t number = number_in(open == std::string_view::npos ? text : text.substr(open + 1));
    if (number == 0) number = hash_bytes(as_bytes(signature), kSidSeed) | 1U;
    return static_cast<std::uint32_t>(number & 0x7fffffffU);
}

std::string_view word_for(const Words& words, std::string_view theirs) {
    const auto found = words.find(to_lower(theirs));
    return found == words.end() ? std::string_view{} : std::string_view(found->second);
}

/// The host of "http://host:80/path", "host:443", "host/path".
std::string_view host_of(std::string_view url) noexcept {
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find('/'));
    const auto colon = url.rfind(':');
    return colon == std::string_view::npos || url.ends_with(']') || url.find(':') != colon ? url : url.substr(0, colon);
}

/// A syslog header's timestamp and host are of no use; what follows a maker's own layout is found by its signs.
/// RFC 5424's structured data and byte order mark end before the message.
std::string_view without_priority(std::string_view line) noexcept {
    if (line.starts_with('<')) {
        const auto end = line.find('>');
        if (end != std::string_view::npos && end <= 4) line.remove_prefix(end + 1);
    }
    return line;
}

std::string_view after_word(std::string_view text) noexcept {
    const auto blank = text.find(' ');
    return blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1);
}

/// The part of a header that precedes columns: the program's "tag[pid]: ", or "- - - - " of RFC 5424.
std::string_view columns_of(std::string_view line) noexcept {
    if (const auto tag = line.find("]: "); tag != std::string_view::npos && tag < 256) return line.substr(tag + 3);
    if (const auto tag = line.find(": "); tag != std::string_view::npos && tag < 256) return line.substr(tag + 2);
    if (line.starts_with("1 ")) {  // RFC 5424: version, time, host, program, process, message id, data
        std::string_view rest = line;
        for (int words = 0; words < 7; ++words) rest = after_word(rest);
        if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
        return rest;
    }
    return line;
}

}  // namespace

struct LineReader::Parts {
    explicit Parts(const MakerTable& t) : table(t) {}

    std::string_view get(const Maker& maker, Meaning meaning) const noexcept {
        for (const std::string& name : maker.fields[static_cast<std::size_t>(meaning)])
            if (const auto value = fields.get(name); !value.empty() && value != "-" && value != "N/A") return value;
        return {};
    }

    /// With columns a syslog header would shift them: of the line and the line without what looks like a header, the
    /// one counts in which the client is an address.
    bool take(const Maker& maker, std::string_view line) {
        const std::string_view variants[] = {line, columns_of(line)};
        const bool columns = !maker.columns.kinds.empty();
        for (const std::string_view variant : variants) {
            fields.clear();
            if (maker.take(variant, maker.columns, fields) && (!columns || IpAddress::parse(get(maker, Meaning::client)))) return true;
        }
        return false;
    }

    const Maker* guess(std::string_view line) const noexcept {
        for (const Maker& maker : table.makers) {
            bool all = true;
            for (const std::string& sign : maker.signs) all = all && line.find(sign) != std::string_view::npos;
            if (all) return &maker;
        }
        return nullptr;
    }

    bool set_ends(const Maker& maker, Event& e) const noexcept {
        const auto client = IpAddress::parse(get(maker, Meaning::client));
        if (!client) return false;
        const auto port = [&](Meaning meaning) { return static_cast<std::uint16_t>(number_in(get(maker, meaning)) & 0xffffU); };
        e.client = *client;
        e.server = IpAddress::parse(get(maker, Meaning::server)).value_or(IpAddress{});
        e.client_port = port(Meaning::client_port);
        e.server_port = port(Meaning::server_port);
        e.ip_protocol = protocol_of(get(maker, Meaning::protocol));
        const bool answer = e.client_port != 0 && e.client_port < kWellKnownPorts && e.server_port >= kWellKnownPorts;
        const bool swapped = answer || any(maker.swapped, fields);
        if (swapped) {
            std::swap(e.client, e.server);
            std::swap(e.client_port, e.server_port);
        }
        if (swapped || any(maker.fetched, fields)) e.direction = event::Direction::to_client;
        const bool back = e.direction == event::Direction::to_client;
        e.src = back ? e.server : e.client;
        e.dst = back ? e.client : e.server;
        e.src_port = back ? e.server_port : e.client_port;
        e.dst_port = back ? e.client_port : e.server_port;
        return true;
    }

    void set_facts(const Maker& maker, Event& e) const {
        const std::string_view action = get(maker, Meaning::action);
        for (const std::string& pattern : maker.blocked)
            if (!action.empty() && matches(pattern, action)) e.action = Action::blocked;
        constexpr std::pair<Meaning, Text> kTexts[] = {{Meaning::host, Text::host},     {Meaning::url, Text::url},
                                                       {Meaning::method, Text::method}, {Meaning::user_agent, Text::user_agent},
                                                       {Meaning::app, Text::app},       {Meaning::forwarded, Text::forwarded}};
        for (const auto& [meaning, text] : kTexts)
            if (const auto value = get(maker, meaning); !value.empty()) e.set(text, value);
        if (e.get(Text::host).empty() && !e.get(Text::url).empty()) e.set(Text::host, host_of(e.get(Text::url)));
        const std::pair<Meaning, std::uint64_t Event::*> kNumbers[] = {{Meaning::bytes_out, &Event::bytes_to_server},
                                                                       {Meaning::bytes_in, &Event::bytes_to_client},
                                                                       {Meaning::packets_out, &Event::packets_to_server},
                                                                       {Meaning::packets_in, &Event::packets_to_client}};
        for (const auto& [meaning, member] : kNumbers) e.*member = number_in(get(maker, meaning));
        e.status = static_cast<std::uint32_t>(number_in(get(maker, Meaning::status)) % 1000);
        if (const auto hint = word_for(maker.severities, get(maker, Meaning::severity)); !hint.empty()) e.set(Text::severity, hint);
    }

    LineOutcome alert(const Maker& maker, const RecordRule& rule, Event& e) const {
        e.kind = Kind::alert;
        const std::string_view theirs = get(maker, Meaning::category);
        const std::string_view known = word_for(maker.classtypes, theirs);
        e.set(Text::classtype, !rule.classtype.empty() ? std::string_view(rule.classtype) : known.empty() ? theirs : known);
        e.set(Text::category, theirs);
        const std::string_view signature = get(maker, Meaning::signature);
        e.set(Text::signature, signature.empty() ? theirs : signature);
        e.gid = maker.generator;
        e.sid = sid_of(get(maker, Meaning::sid), e.get(Text::signature));
        return LineOutcome::event;
    }

    LineOutcome url(const Maker& maker, Event& e) const {
        e.kind = Kind::url;
        const std::string_view theirs = get(maker, Meaning::category);
        const std::string_view known = word_for(maker.categories, theirs);
        if (known.empty() && e.action == Action::allowed) return as_http(e);
        if (theirs.empty()) e.set(Text::category, "uncategorised");
        else if (known.empty()) e.set(Text::category, to_lower(theirs));
        else e.set(Text::category, known);
        return LineOutcome::event;
    }

    static LineOutcome as_http(Event& e) noexcept {
        e.kind = Kind::http;
        e.length = e.bytes_to_client;
        return LineOutcome::traffic;
    }

    const MakerTable& table;
    Fields fields;
};

LineReader::LineReader(const Makers& makers) : parts_(std::make_unique<Parts>(*makers.table_)) {}
LineReader::~LineReader() = default;

LineOutcome LineReader::read(std::string_view line, std::string_view from, std::optional<std::size_t> index, TimeNs now, Event& out) {
    line = without_priority(trim(line));
    const Maker* maker = index && *index < parts_->table.makers.size() ? &parts_->table.makers[*index] : parts_->guess(line);
    if (maker == nullptr) return LineOutcome::unknown;
    if (!parts_->take(*maker, line)) return LineOutcome::unreadable;
    const RecordRule* rule = rule_of(*maker, parts_->fields);
    if (rule == nullptr || rule->kind == RecordKind::ignore) return LineOutcome::ignored;
    out = Event{};
    out.time_ns = now;
    out.flags = Event::kReported;
    if (!parts_->set_ends(*maker, out)) return LineOutcome::unreadable;
    parts_->set_facts(*maker, out);
    out.set(Text::list, maker->title + " at " + std::string(from));
    switch (rule->kind) {
        case RecordKind::alert: return parts_->alert(*maker, *rule, out);
        case RecordKind::url: return parts_->url(*maker, out);
        case RecordKind::http: return Parts::as_http(out);
        default: break;
    }
    out.kind = Kind::flow;
    return LineOutcome::traffic;
}

}  // namespace sekisho::foreign
