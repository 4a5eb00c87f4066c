// Second half of compiling: rules into groups, groups into Hyperscan databases.
#include "sekisho/signature/compile.h"

#include <algorithm>
#include <atomic>
#include <initializer_list>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>

#include "compile_rule.h"
#include "sekisho/base/heap.h"
#include "sekisho/base/text.h"
#include "signature/shared_databases.h"

namespace sekisho::signature {

class Compiler {
  public:
    Compiler(std::vector<Rule> rules, const CompileOptions& options) : parsed_(std::move(rules)), options_(options) {}
    Result<std::unique_ptr<const CompiledSet>> run();

  private:
    /// A rule and the literal that stands for it.
    struct Member {
        RuleIndex rule;
        Prefilter prefilter;
    };
    using Members = std::vector<Member>;

    void adopt();
    SetIndex intern(const AddressSet& set);
    void note_file_needs(const CompiledRule& compiled);
    void rank();
    void place(RuleIndex index);
    void place_payload(RuleIndex index, const std::optional<Prefilter>& prefilter);
    void place_message(RuleIndex index, const std::optional<Prefilter>& prefilter);
    void place_ip_only(RuleIndex index);
    using EntryList = std::vector<std::pair<const Prefilter*, PrefilterEntry>>;
    PrefilterEntry entry(const Member& member) const;
    Status fill(LiteralTable& table, const EntryList& list);
    Result<std::shared_ptr<const Group>> group(const Members& members, bool long_buffers);
    void plan(const Members& members, std::shared_ptr<const Group>& target, bool long_buffers);
    void plan_field_groups();
    void plan_payload_groups(Transport transport, app::Direction direction);
    Status build_groups();
    Status build_pattern_groups();
    PortedRules by_port(const RuleList& list, std::size_t direction) const;
    void index_by_flags(std::size_t direction);
    void sort_by_rank(RuleList& list);

    std::vector<Rule> parsed_;
    CompileOptions options_;
    std::unique_ptr<CompiledSet> set_{new CompiledSet};
    std::map<std::vector<std::pair<IpAddress, IpAddress>>, SetIndex> interned_;
    std::array<std::array<Members, app::kFieldCount>, 2> field_members_;
    std::array<std::array<Members, 2>, CompiledSet::kTransports> payload_members_;
    std::array<std::array<std::vector<std::pair<RuleIndex, Expression>>, 2>, CompiledSet::kTransports> expressions_;

    std::array<std::array<RuleList, 2>, CompiledSet::kTransports> packet_rules_, unfiltered_payload_;

    /// A database to be compiled, and where it goes. Databases are independent: they are compiled side by side.
    struct Job {
        Members members;
        bool long_buffers;  ///< what can only stand at their front has a table of its own
        std::vector<std::shared_ptr<const Group>*> targets;  ///< more than one where the same rules meet the same bytes
    };
    std::vector<Job> jobs_;
    SharedDatabases databases_;
    std::map<std::vector<RuleIndex>, std::size_t> planned_;  ///< jobs by their rules
};

namespace {

constexpr std::size_t kOwnPortGroups = 24;  // server ports with a database of their own, by number of rules
constexpr std::size_t kOwnGroupRules = 16;  // ... that name the port; fewer share a group with other such ports
constexpr std::size_t kNarrowPorts = 16;    // a port set of more ports counts as "any" when grouping
constexpr std::size_t kNarrowSpan = 64;     // ... as does one that spans more than this
constexpr std::ptrdiff_t kWideOctets = 13;  // an address range that goes beyond a /8 of IPv4 (/104) is wide
constexpr std::array<std::uint16_t, 3> kBodyPorts{80, 8080, 3128};  // where bodies and payload share a scan

std::size_t at(Transport transport) { return static_cast<std::size_t>(transport); }
std::size_t at(app::Direction direction) { return static_cast<std::size_t>(direction); }

/// The transports of packets that a rule's header admits.
std::vector<Transport> transports_of(const Header& header) {
    using enum Transport;
    switch (header.transport) {
        case ip: return {tcp, udp, icmp, icmpv6, sctp, other};
        case icmp: return {icmp, icmpv6};
        default: return {header.transport};
    }
}

/// The ports of a narrow set, or nothing when the set is wide.
std::vector<std::uint16_t> narrow_ports(const PortSet& set) {
    std::vector<std::uint16_t> ports;
    if (set.any || set.ranges.size() > kNarrowPorts) return ports;
    for (const auto& [low, high] : set.ranges) {
        if (high - low >= static_cast<int>(kNarrowSpan)) return {};
        for (unsigned port = low; port <= high; ++port) ports.push_back(static_cast<std::uint16_t>(port));
    }
    return ports;
}

/// The header's ports on the server side of packets that go this way.
const PortSet& server_ports(const Header& header, app::Direction direction) {
    return direction == app::Direction::to_server ? header.destination_ports : header.source_ports;
}

std::ptrdiff_t action_rank(const CompileOptions& options, Action action) {
    if (action == Action::reject_dst || action == Action::reject_both) action = Action::reject;
    return std::find(options.action_order.begin(), options.action_order.end(), action) - options.action_order.begin();
}

/// Whether the tests of one keyword hold for a packet that has nothing but a protocol number and TCP flags.
bool tests_hold(const Rule& rule, std::initializer_list<std::string_view> keywords, const packet::Packet& packet) {
    return std::all_of(rule.packet_tests.begin(), rule.packet_tests.end(), [&](const PacketTest& test) {
        const bool asked = std::find(keywords.begin(), keywords.end(), test.keyword) != keywords.end();
        return !asked || test.match(test, packet) != test.negated;
    });
}

packet::Packet bare_packet(std::uint8_t protocol, std::uint8_t tcp_flags) {
    packet::Packet packet;
    packet.ip_version = 4;
    packet.ip_protocol = protocol;
    packet.tcp_flags = tcp_flags;
    return packet;
}

/// ip_proto against a transport, once and not for each packet.
bool protocol_admits(const Rule& rule, Transport transport) {
    namespace ip_proto = packet::ip_proto;
    const std::pair<Transport, std::uint8_t> numbers[] = {{Transport::tcp, ip_proto::tcp}, {Transport::udp, ip_proto::udp},
                                                          {Transport::icmp, ip_proto::icmp},
                                                          {Transport::icmpv6, ip_proto::icmpv6},
                                                          {Transport::sctp, ip_proto::sctp}};
    for (const auto& [known, number] : numbers)
        if (known == transport) return tests_hold(rule, {"ip_proto"}, bare_packet(number, 0));
    return true;
}

/// Rules that set state come before rules that read it, within one packet.
int state_order(const Rule& rule) {
    bool sets = !rule.flow_ints.empty(), reads = false;
    for (const BitOp& bit : rule.bits)
        (bit.op == BitOp::Op::isset || bit.op == BitOp::Op::isnotset ? reads : sets) = true;
    if (sets) return reads ? 1 : 0;
    return reads ? 3 : 2;
}

bool same_ports(const PortSet& a, const PortSet& b) { return a.any == b.any && a.ranges == b.ranges; }

bool same_addresses(const AddressSet& a, const AddressSet& b) {
    return a.any == b.any && std::equal(a.ranges.begin(), a.ranges.end(), b.ranges.begin(), b.ranges.end(),
                                        [](const AddressRange& x, const AddressRange& y) {
                                            return x.first == y.first && x.last == y.last;
                                        });
}

/// "<>" is two rules with one sid, as in Suricata: a packet that fits both ways is told twice. With the same ends on
/// both sides it is one.
std::vector<Rule> both_ways_apart(std::vector<Rule> rules) {
    std::vector<Rule> apart;
    apart.reserve(rules.size());
    for (Rule& rule : rules) {
        const bool twice = rule.header.both_ways && !(same_addresses(rule.header.source, rule.header.destination) &&
                                                      same_ports(rule.header.source_ports, rule.header.destination_ports));
        rule.header.both_ways = false;
        apart.push_back(std::move(rule));
        if (!twice) continue;
        Rule back = apart.back();
        std::swap(back.header.source, back.header.destination);
        std::swap(back.header.source_ports, back.header.destination_ports);
        apart.push_back(std::move(back));
    }
    return apart;
}

/// How many addresses a set holds, roughly: what an index over it would have to hold apart.
double size_of(const AddressSet& set) {
    if (set.any) return 1e40;
    double size = 0;
    for (const AddressRange& range : set.ranges) {
        double span = 0;
        for (std::size_t i = 0; i < range.first.octets.size(); ++i)
            span = span * 256 + (double{1} * range.last.octets[i] - range.first.octets[i]);
        size += span + 1;
    }
    return size;
}

}  // namespace

CompiledSet::CompiledSet() = default;
CompiledSet::~CompiledSet() = default;

SetIndex Compiler::intern(const AddressSet& set) {
    if (set.any) return 0;
    std::vector<std::pair<IpAddress, IpAddress>> key;
    for (const AddressRange& range : set.ranges) key.emplace_back(range.first, range.last);
    const auto [place, fresh] = interned_.try_emplace(std::move(key), static_cast<SetIndex>(set_->sets_.size()));
    if (fresh) set_->sets_.push_back(std::make_unique<const AddressSet>(set));
    return place->second;
}

void Compiler::adopt() {
    set_->sets_.push_back(std::make_unique<const AddressSet>());
    parsed_ = both_ways_apart(std::move(parsed_));
    for (Rule& rule : parsed_) {
        auto compiled = std::make_unique<CompiledRule>();
        compiled->rule = std::move(rule);
        classify(*compiled);
        for (const BufferTests& buffer : compiled->rule.buffers)
            set_->used_fields_.set(static_cast<std::size_t>(buffer.field));
        set_->asks_flow_events_ = set_->asks_flow_events_ || compiled->rule.flow_events != 0;
        note_file_needs(*compiled);
        compiled->source_set = intern(compiled->rule.header.source);
        compiled->destination_set = intern(compiled->rule.header.destination);
        set_->by_sid_.emplace(compiled->rule.sid, static_cast<RuleIndex>(set_->rules_.size()));
        compiled->rule.options = {};  // read; the text says the same
        set_->rules_.push_back(std::move(compiled));
    }
    parsed_.clear();
}

void Compiler::note_file_needs(const CompiledRule& compiled) {
    CompiledSet::FileNeeds& needs = set_->file_needs_;
    needs.any = needs.any || compiled.needs_file;
    for (const BufferTests& buffer : compiled.rule.buffers)
        needs.magic = needs.magic || buffer.field == app::Field::file_magic;
    for (const FileTest& test : compiled.rule.file_tests)
        if (test.kind == FileTest::Kind::digest)
            needs.digests = static_cast<std::uint8_t>(needs.digests | 1u << test.algorithm);
}

void Compiler::rank() {
    std::vector<RuleIndex> order(set_->rules_.size());
    for (RuleIndex i = 0; i < order.size(); ++i) order[i] = i;
    const auto key = [this](RuleIndex i) {
        const Rule& rule = set_->rules_[i]->rule;
        return std::tuple(action_rank(options_, rule.header.action), state_order(rule), rule.priority, i);
    };
    std::sort(order.begin(), order.end(), [&](RuleIndex a, RuleIndex b) { return key(a) < key(b); });
    for (std::uint32_t rank = 0; rank < order.size(); ++rank) set_->rules_[order[rank]]->rank = rank;
}

void Compiler::place(RuleIndex index) {
    CompiledRule& compiled = *set_->rules_[index];
    std::optional<Prefilter> prefilter;
    if (compiled.kind == RuleKind::payload || compiled.kind == RuleKind::message)
        prefilter = choose_prefilter(compiled);
    if (prefilter && prefilter->anchors) compiled.anchor = prefilter->content;
    if (prefilter) compiled.expected_candidates = prefilter->candidates;
    if (prefilter)
        compiled.prefilter_note = std::string(app::info(prefilter->field).name) + " '" + prefilter->literal.bytes + "'";
    switch (compiled.kind) {
        case RuleKind::payload: return place_payload(index, prefilter);
        case RuleKind::message: return place_message(index, prefilter);
        case RuleKind::ip_only: return place_ip_only(index);
        case RuleKind::packet: break;
    }
    for (const Transport transport : transports_of(compiled.rule.header)) {
        if (!protocol_admits(compiled.rule, transport)) continue;
        if (compiled.to_server) packet_rules_[at(transport)][0].push_back(index);
        if (compiled.to_client) packet_rules_[at(transport)][1].push_back(index);
    }
}

void Compiler::place_payload(RuleIndex index, const std::optional<Prefilter>& prefilter) {
    const CompiledRule& compiled = *set_->rules_[index];
    const auto expression = prefilter ? std::nullopt : choose_expression(compiled);
    for (const Transport transport : transports_of(compiled.rule.header)) {
        if (!protocol_admits(compiled.rule, transport)) continue;
        for (const auto direction : {app::Direction::to_server, app::Direction::to_client}) {
            if (direction == app::Direction::to_server ? !compiled.to_server : !compiled.to_client) continue;
            if (prefilter)
                payload_members_[at(transport)][at(direction)].push_back({index, *prefilter});
            else if (expression)
                expressions_[at(transport)][at(direction)].emplace_back(index, *expression);
            else
                unfiltered_payload_[at(transport)][at(direction)].push_back(index);
        }
    }
}

void Compiler::place_message(RuleIndex index, const std::optional<Prefilter>& prefilter) {
    CompiledRule& compiled = *set_->rules_[index];
    compiled.outlives_file = compiled.needs_file && prefilter && !is_file_field(prefilter->field);
    for (const auto direction : {app::Direction::to_server, app::Direction::to_client}) {
        if (direction == app::Direction::to_server ? !compiled.to_server : !compiled.to_client) continue;
        if (prefilter && prefilter->field == app::Field::payload) {
            for (const Transport transport : transports_of(compiled.rule.header))
                payload_members_[at(transport)][at(direction)].push_back({index, *prefilter});
            continue;
        }
        if (prefilter) {
            // A response body is the file it carries: one database for both names.
            const bool body = prefilter->field == app::Field::http_response_body;
            const auto field = body ? app::Field::file_data : prefilter->field;
            field_members_[at(direction)][static_cast<std::size_t>(field)].push_back({index, *prefilter});
            continue;
        }
        if (compiled.on_frame) {
            set_->unfiltered_frames_[at(direction)].push_back(index);
            continue;
        }
        auto& lists = compiled.needs_file ? set_->unfiltered_files_ : set_->unfiltered_messages_;
        for (std::size_t flow = 0; flow < lists.size(); ++flow)
            if (covers(compiled.rule.header, static_cast<app::Protocol>(flow))) lists[flow][at(direction)].push_back(index);
    }
}

void Compiler::place_ip_only(RuleIndex index) {
    const Rule& rule = set_->rules_[index]->rule;
    // The narrower side is the index; the other side is checked on a hit.
    const bool by_source = size_of(rule.header.source) < size_of(rule.header.destination);
    const AddressSet& indexed = by_source ? rule.header.source : rule.header.destination;
    constexpr IpAddress kLast{{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}};
    const std::vector<AddressRange> all{{IpAddress{}, kLast}};
    for (const AddressRange& range : indexed.any ? all : indexed.ranges) {
        // Wide ranges have a list of their own: they would reach over all the narrow ones.
        const bool wide = !std::equal(range.first.octets.begin(), range.first.octets.begin() + kWideOctets,
                                      range.last.octets.begin());
        set_->ip_only_[wide].push_back({range.first, range.last, range.last, index, by_source});
    }
}

PrefilterEntry Compiler::entry(const Member& member) const {
    const Prefilter& p = member.prefilter;
    const bool body = p.field == app::Field::file_data || p.field == app::Field::http_response_body;
    const auto [first, last] = p.places;
    return {member.rule, p.content, first, last,
            static_cast<std::uint16_t>(p.literal_offset + p.literal.bytes.size() - p.skip_first),
            static_cast<std::uint8_t>(p.skip_first), p.anchors, body,
            p.field == app::Field::payload && set_->rules_[member.rule]->kind == RuleKind::message};
}

Status Compiler::fill(LiteralTable& table, const EntryList& list) {
    if (list.empty()) return {};
    std::map<std::pair<std::string, bool>, std::vector<const PrefilterEntry*>> by_literal;
    for (const auto& [prefilter, entry] : list) {
        const Literal& literal = prefilter->literal;
        by_literal[{literal.nocase ? to_lower(literal.bytes) : literal.bytes, literal.nocase}].push_back(&entry);
    }
    std::vector<Literal> literals;
    for (const auto& [key, entries] : by_literal) {
        literals.push_back({key.first, key.second});
        table.first_entry.push_back(static_cast<std::uint32_t>(table.entries.size()));
        for (const PrefilterEntry* entry : entries) table.entries.push_back(*entry);
    }
    table.first_entry.push_back(static_cast<std::uint32_t>(table.entries.size()));
    auto db = databases_.get(literals);
    if (!db) return fail(db.error());
    table.db = std::move(*db);
    return {};
}

Result<std::shared_ptr<const Group>> Compiler::group(const Members& members, bool long_buffers) {
    EntryList anywhere, head;
    for (const Member& member : members) {
        const PrefilterEntry made = entry(member);
        const bool at_front = long_buffers && std::uint64_t{made.last_start} + made.literal_end <= Group::kHeadBytes;
        (at_front ? head : anywhere).emplace_back(&member.prefilter, made);
    }
    auto made = std::make_shared<Group>();
    if (auto done = fill(made->anywhere, anywhere); !done) return fail(done.error());
    if (auto done = fill(made->head, head); !done) return fail(done.error());
    return std::shared_ptr<const Group>(std::move(made));
}

/// Plans a database for `members`. Rules of "any IP packet" stand in the groups of several transports: one for all.
void Compiler::plan(const Members& members, std::shared_ptr<const Group>& target, bool long_buffers) {
    if (members.empty()) return;
    std::vector<RuleIndex> key;  // a rule has one literal: the rules say it all
    for (const Member& member : members) key.push_back(member.rule);
    const auto [place, fresh] = planned_.try_emplace(std::move(key), jobs_.size());
    if (fresh) jobs_.push_back({members, long_buffers, {}});
    jobs_[place->second].targets.push_back(&target);
}

void Compiler::plan_field_groups() {
    for (std::size_t direction = 0; direction < 2; ++direction) {
        for (std::size_t field = 0; field < app::kFieldCount; ++field) {
            const Members& members = field_members_[direction][field];
            const bool body = app::info(static_cast<app::Field>(field)).kind == app::FieldKind::body;
            plan(members, set_->field_groups_[direction][field], body);
        }
    }
}

Status Compiler::build_pattern_groups() {
    for (std::size_t transport = 0; transport < CompiledSet::kTransports; ++transport) {
        for (std::size_t direction = 0; direction < 2; ++direction) {
            const auto& list = expressions_[transport][direction];
            if (list.empty()) continue;
            auto group = std::make_unique<PatternGroup>();
            std::vector<Expression> expressions;
            for (const auto& [rule, expression] : list) {
                group->rules.push_back(rule);
                expressions.push_back(expression);
            }
            auto db = PatternDb::compile(expressions);
            if (!db) return fail(db.error());
            group->db = std::move(*db);
            set_->patterns_[transport][direction] = std::move(group);
        }
    }
    return {};
}

/// Compiles what was planned, largest first, on all cores.
Status Compiler::build_groups() {
    std::sort(jobs_.begin(), jobs_.end(),
              [](const Job& a, const Job& b) { return a.members.size() > b.members.size(); });
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    Status outcome;
    const auto work = [&] {
        for (std::size_t i = next++; i < jobs_.size(); i = next++) {
            auto made = group(jobs_[i].members, jobs_[i].long_buffers);
            if (made) {
                for (auto* target : jobs_[i].targets) *target = *made;
                continue;
            }
            std::lock_guard lock(mutex);
            outcome = fail(made.error());
        }
    };
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < std::max(1u, std::thread::hardware_concurrency()); ++i) helpers.emplace_back(work);
    work();
    helpers.clear();
    return outcome;
}

void Compiler::plan_payload_groups(Transport transport, app::Direction direction) {
    const Members& all = payload_members_[at(transport)][at(direction)];
    auto& out = set_->payload_[at(transport)][at(direction)];
    out.by_port.assign(65536, 0);
    if (all.empty()) return;

    std::map<std::uint16_t, std::size_t> rules_of_port;
    for (const Member& member : all) {
        const Header& header = set_->rules_[member.rule]->rule.header;
        for (const auto port : narrow_ports(server_ports(header, direction))) ++rules_of_port[port];
    }
    std::vector<std::pair<std::size_t, std::uint16_t>> busiest;
    for (const auto& [port, rules] : rules_of_port)
        if (rules >= kOwnGroupRules) busiest.emplace_back(rules, port);
    std::sort(busiest.rbegin(), busiest.rend());
    if (busiest.size() > kOwnPortGroups) busiest.resize(kOwnPortGroups);
    for (const auto port : kBodyPorts)
        if (std::none_of(busiest.begin(), busiest.end(), [&](const auto& b) { return b.second == port; }) &&
            rules_of_port.contains(port))
            busiest.emplace_back(rules_of_port[port], port);

    // Group 0: ports that no narrow rule names. Group 1: all other narrow ports together. Then one a port.
    std::vector<Members> members(2 + busiest.size());
    for (const auto& [port, rules] : rules_of_port) out.by_port[port] = 1;
    for (std::size_t g = 0; g < busiest.size(); ++g) out.by_port[busiest[g].second] = static_cast<std::uint8_t>(2 + g);
    for (const Member& member : all) {
        const Header& header = set_->rules_[member.rule]->rule.header;
        const auto ports = narrow_ports(server_ports(header, direction));
        if (ports.empty()) {
            for (Members& list : members) list.push_back(member);
            continue;
        }
        std::vector<bool> in(members.size());
        for (const auto port : ports) in[out.by_port[port]] = true;
        for (std::size_t g = 0; g < in.size(); ++g)
            if (in[g]) members[g].push_back(member);
    }

    const Members& bodies = field_members_[at(direction)][static_cast<std::size_t>(app::Field::file_data)];
    out.groups.resize(members.size());
    out.with_body.resize(members.size());
    for (std::size_t g = 0; g < members.size(); ++g) {
        plan(members[g], out.groups[g], true);
        const bool common = g == 0 || (g >= 2 && std::find(kBodyPorts.begin(), kBodyPorts.end(),
                                                           busiest[g - 2].second) != kBodyPorts.end());
        if (transport != Transport::tcp || direction != app::Direction::to_client || !common) continue;
        Members both;
        std::copy_if(members[g].begin(), members[g].end(), std::back_inserter(both), [&](const Member& member) {
            const Header& header = set_->rules_[member.rule]->rule.header;
            return header.protocol == app::Protocol::unknown || covers(header, app::Protocol::http);
        });
        both.insert(both.end(), bodies.begin(), bodies.end());
        plan(both, out.with_body[g], true);
    }
}

PortedRules Compiler::by_port(const RuleList& list, std::size_t direction) const {
    PortedRules ported;
    for (const RuleIndex index : list) {
        const auto ports = narrow_ports(server_ports(set_->rules_[index]->rule.header, static_cast<app::Direction>(direction)));
        if (ports.empty()) ported.any_port.push_back(index);
        for (const auto port : ports) ported.of_port.emplace_back(port, index);
    }
    std::sort(ported.of_port.begin(), ported.of_port.end());
    return ported;
}

/// Packet rules of TCP by the flags that they admit: most name one flag, and most packets carry others.
void Compiler::index_by_flags(std::size_t direction) {
    auto& out = set_->tcp_packet_rules_[direction];
    const RuleList& all = packet_rules_[at(Transport::tcp)][direction];
    std::vector<RuleList> lists;
    for (unsigned flags = 0; flags < 256; ++flags) {
        const auto packet = bare_packet(packet::ip_proto::tcp, static_cast<std::uint8_t>(flags));
        RuleList list;
        std::copy_if(all.begin(), all.end(), std::back_inserter(list), [&](RuleIndex index) {
            return tests_hold(set_->rules_[index]->rule, {"flags", "tcp.flags"}, packet);
        });
        auto same = std::find(lists.begin(), lists.end(), list);
        if (same == lists.end()) same = lists.insert(same, std::move(list));
        out.by_flags[flags] = static_cast<std::uint8_t>(same - lists.begin());
    }
    out.lists.clear();
    for (const RuleList& list : lists) out.lists.push_back(by_port(list, direction));
}

void Compiler::sort_by_rank(RuleList& list) {
    std::sort(list.begin(), list.end(),
              [this](RuleIndex a, RuleIndex b) { return set_->rules_[a]->rank < set_->rules_[b]->rank; });
}

Result<std::unique_ptr<const CompiledSet>> Compiler::run() {
    adopt();
    rank();
    for (RuleIndex i = 0; i < set_->rules_.size(); ++i) place(i);

    plan_field_groups();
    for (std::size_t transport = 1; transport < CompiledSet::kTransports; ++transport)
        for (const auto direction : {app::Direction::to_server, app::Direction::to_client})
            plan_payload_groups(static_cast<Transport>(transport), direction);
    if (auto done = build_groups(); !done) return fail(done.error());
    if (auto done = build_pattern_groups(); !done) return fail(done.error());

    for (std::size_t direction = 0; direction < 2; ++direction) {
        for (std::size_t transport = 0; transport < CompiledSet::kTransports; ++transport) {
            // When a packet has more candidates than fit, those of the highest rank are in.
            sort_by_rank(packet_rules_[transport][direction]);
            sort_by_rank(unfiltered_payload_[transport][direction]);
            set_->packet_rules_[transport][direction] = by_port(packet_rules_[transport][direction], direction);
            set_->unfiltered_payload_[transport][direction] = by_port(unfiltered_payload_[transport][direction], direction);
        }
        index_by_flags(direction);
    }
    for (auto& lists : set_->unfiltered_messages_)
        for (auto& list : lists) sort_by_rank(list);

    for (auto& lists : set_->unfiltered_files_)
        for (auto& list : lists) sort_by_rank(list);
    for (auto& list : set_->unfiltered_frames_) sort_by_rank(list);

    for (auto& ranges : set_->ip_only_) {
        std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        for (std::size_t i = 1; i < ranges.size(); ++i) ranges[i].reach = std::max(ranges[i].last, ranges[i - 1].reach);
    }
    jobs_.clear();
    release_free_memory();
    return std::unique_ptr<const CompiledSet>(std::move(set_));
}

Result<std::unique_ptr<const CompiledSet>> compile(std::vector<Rule> rules, const CompileOptions& options) {
    return Compiler(std::move(rules), options).run();
}

}  // namespace sekisho::signature
