#include "sekisho/signature/compiled_set.h"

#include <algorithm>

namespace sekisho::signature {
namespace {

constexpr std::size_t at(Transport transport) { return static_cast<std::size_t>(transport); }
constexpr std::size_t at(app::Direction direction) { return static_cast<std::size_t>(direction); }

}  // namespace

const CompiledRule* CompiledSet::find(std::uint32_t sid) const noexcept {
    const auto found = by_sid_.find(sid);
    return found == by_sid_.end() ? nullptr : rules_[found->second].get();
}

const Group* CompiledSet::payload_group(Transport transport, app::Direction direction,
                                        std::uint16_t port) const noexcept {
    const PayloadGroups& all = payload_[at(transport)][at(direction)];
    return all.groups.empty() ? nullptr : all.groups[all.by_port[port]].get();
}

const Group* CompiledSet::payload_and_body_group(std::uint16_t port) const noexcept {
    const PayloadGroups& all = payload_[at(Transport::tcp)][at(app::Direction::to_client)];
    return all.groups.empty() ? nullptr : all.with_body[all.by_port[port]].get();
}

std::size_t CompiledSet::ip_only(const IpAddress& source, const IpAddress& destination, RuleIndex* out,
                                 std::size_t max) const noexcept {
    std::size_t found = 0;
    for (const auto& ranges : ip_only_) {
        for (const bool by_source : {true, false}) {
            const IpAddress& ip = by_source ? source : destination;
            const IpAddress& other = by_source ? destination : source;
            auto it = std::upper_bound(ranges.begin(), ranges.end(), ip,
                                       [](const IpAddress& value, const IpOnlyRange& range) { return value < range.first; });
            // Ranges may nest: walk back as long as an earlier one can still reach the address.
            while (it != ranges.begin() && found < max) {
                --it;
                if (it->reach < ip) break;
                if (it->source != by_source || it->last < ip) continue;
                const CompiledRule& rule = *rules_[it->rule];
                if (address_set(by_source ? rule.destination_set : rule.source_set).contains(other)) out[found++] = it->rule;
            }
        }
    }
    return found;
}

std::vector<const PatternDb*> CompiledSet::databases() const {
    std::vector<const PatternDb*> all;
    const auto add = [&all](const std::shared_ptr<const Group>& group) {
        if (!group) return;
        for (const LiteralTable* table : {&group->anywhere, &group->head})
            if (table->db && std::find(all.begin(), all.end(), table->db.get()) == all.end()) all.push_back(table->db.get());
    };
    for (const auto& fields : field_groups_)
        for (const auto& group : fields) add(group);
    for (const auto& directions : payload_) {
        for (const auto& groups : directions) {
            for (const auto& group : groups.groups) add(group);
            for (const auto& group : groups.with_body) add(group);
        }
    }
    for (const auto& directions : patterns_)
        for (const auto& group : directions)
            if (group) all.push_back(group->db.get());
    return all;
}

std::size_t CompiledSet::memory_bytes() const noexcept {
    std::size_t total = 0;
    for (const PatternDb* db : databases()) total += db->memory_bytes();
    return total;
}

}  // namespace sekisho::signature
