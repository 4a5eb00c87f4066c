#include "sekisho/detect/rule_state.h"

#include <algorithm>
#include <utility>

#include "sekisho/base/hash.h"

namespace sekisho::detect {
namespace {

using signature::Threshold;

constexpr std::size_t kNeighbourhood = 8;  // entries probed before the oldest makes room

std::uint64_t hash_of(std::uint64_t key, const IpAddress& a, const IpAddress& b) noexcept {
    const std::uint64_t seed = process_hash_seed() ^ key;
    return hash_mix(hash_bytes(a.octets, seed), hash_bytes(b.octets, ~seed));
}

std::size_t table_size(std::size_t capacity) {
    std::size_t size = kNeighbourhood * 2;
    while (size < capacity) size *= 2;
    return size;
}

}  // namespace

void RuleMemory::forget_rules() noexcept {
    pending.clear();
    last_hits.clear();
    woken.clear();
}

bool RuleMemory::has_bit(std::uint32_t name) const noexcept {
    return std::find(bits.begin(), bits.end(), name) != bits.end();
}

bool RuleMemory::set_bit(std::uint32_t name) noexcept { return has_bit(name) || bits.push_back(name); }

void RuleMemory::clear_bit(std::uint32_t name) noexcept {
    for (std::size_t i = 0; i < bits.size(); ++i)
        if (bits[i] == name) return bits.erase_unordered(i);
}

const RuleMemory::Integer* RuleMemory::find_integer(std::uint32_t name) const noexcept {
    for (const Integer& integer : integers)
        if (integer.name == name) return &integer;
    return nullptr;
}

RuleMemory::Integer* RuleMemory::find_integer(std::uint32_t name) noexcept {
    return const_cast<Integer*>(std::as_const(*this).find_integer(name));
}

HostBits::HostBits(std::size_t capacity) : entries_(table_size(capacity)) {}

std::size_t HostBits::home(std::uint32_t name, const IpAddress& a, const IpAddress& b) const noexcept {
    return static_cast<std::size_t>(hash_of(name, a, b)) & (entries_.size() - 1);
}

const HostBits::Entry* HostBits::find(std::uint32_t name, const IpAddress& a, const IpAddress& b) const noexcept {
    const std::size_t from = home(name, a, b);
    for (std::size_t i = 0; i < kNeighbourhood; ++i) {
        const Entry& entry = entries_[(from + i) & (entries_.size() - 1)];
        if (entry.name == name && entry.a == a && entry.b == b) return &entry;
    }
    return nullptr;
}

bool HostBits::has(std::uint32_t name, const IpAddress& a, const IpAddress& b, TimeNs now) const noexcept {
    const Entry* entry = find(name, a, b);
    return entry != nullptr && entry->expires > now;
}

void HostBits::set(std::uint32_t name, const IpAddress& a, const IpAddress& b, TimeNs expires) noexcept {
    auto* entry = const_cast<Entry*>(find(name, a, b));
    if (entry == nullptr) {
        const std::size_t from = home(name, a, b);
        entry = &entries_[from];
        for (std::size_t i = 0; i < kNeighbourhood; ++i) {
            Entry& other = entries_[(from + i) & (entries_.size() - 1)];
            if (other.expires < entry->expires) entry = &other;
        }
    }
    *entry = {a, b, name, expires};
}

void HostBits::clear(std::uint32_t name, const IpAddress& a, const IpAddress& b) noexcept {
    if (const Entry* entry = find(name, a, b)) const_cast<Entry*>(entry)->expires = 0;
}

LearnedValues::LearnedValues(std::size_t capacity) : entries_(table_size(capacity)) {}

LearnedValues::Change LearnedValues::change(std::uint32_t set, Bytes value, bool present) noexcept {
    const std::uint64_t seed = process_hash_seed() ^ set;
    return {set, hash_bytes(value, seed), hash_bytes(value, ~seed), present};
}

const LearnedValues::Entry* LearnedValues::entry(const Change& key) const noexcept {
    for (std::size_t i = 0; i < kNeighbourhood; ++i) {
        const Entry& entry = entries_[(key.a + i) & (entries_.size() - 1)];
        if (entry.change.set == key.set && entry.change.a == key.a && entry.change.b == key.b) return &entry;
    }
    return nullptr;
}

std::optional<bool> LearnedValues::find(std::uint32_t set, Bytes value) const noexcept {
    const Entry* known = entry(change(set, value, false));
    return known == nullptr ? std::nullopt : std::optional(known->change.present);
}

void LearnedValues::apply(const Change& change) noexcept {
    auto* place = const_cast<Entry*>(entry(change));
    if (place == nullptr) {
        place = &entries_[change.a & (entries_.size() - 1)];
        for (std::size_t i = 0; i < kNeighbourhood; ++i) {
            Entry& other = entries_[(change.a + i) & (entries_.size() - 1)];
            if (other.age < place->age) place = &other;
        }
    }
    *place = {change, ++changes_};
}

ThresholdTable::ThresholdTable(std::size_t capacity) : entries_(table_size(capacity)) {}

ThresholdTable::Entry& ThresholdTable::entry(const Key& key, TimeNs now) noexcept {
    const std::size_t from = static_cast<std::size_t>(hash_of(key.key, key.a, key.b)) & (entries_.size() - 1);
    Entry* oldest = nullptr;
    for (std::size_t i = 0; i < kNeighbourhood; ++i) {
        Entry& candidate = entries_[(from + i) & (entries_.size() - 1)];
        if (candidate.key == key.key && candidate.a == key.a && candidate.b == key.b) return candidate;
        if (oldest == nullptr || candidate.start < oldest->start) oldest = &candidate;
    }
    *oldest = {key.a, key.b, key.key, now, 0, 0, 0};
    return *oldest;
}

ThresholdTable::Key ThresholdTable::key_of(const Threshold& threshold, std::uint64_t gid_sid, std::uint64_t flow_id,
                                           const ThresholdEnds& ends) noexcept {
    using Track = Threshold::Track;
    Key key;
    key.key = hash_mix(gid_sid + 1, 0x9e3779b97f4a7c15ULL + static_cast<std::uint64_t>(threshold.type));
    switch (threshold.track) {
        case Track::by_src: key.a = ends.source; break;
        case Track::by_dst: key.b = ends.destination; break;
        case Track::by_both:  // the pair is the same both ways
            key.a = std::min(ends.source, ends.destination);
            key.b = std::max(ends.source, ends.destination);
            break;
        case Track::by_flow: key.key = hash_mix(key.key, flow_id + 1); break;
        case Track::by_rule:
        case Track::either: break;
    }
    if (key.key == 0) key.key = 1;
    return key;
}

/// detection_filter: all beyond the first `count` in a window. With unique_on each port counts once in it.
ThresholdAnswer ThresholdTable::filter(const Threshold& threshold, const Key& key, std::uint16_t port,
                                       TimeNs now) noexcept {
    Key port_key = key;
    port_key.key = hash_mix(key.key, std::uint64_t{port} + 1) | 1;
    const bool unique = threshold.unique != Threshold::Unique::none;
    Entry* mark = unique ? &entry(port_key, now) : nullptr;
    Entry& e = entry(key, now);
    if (now < e.start || now - e.start > static_cast<TimeNs>(threshold.seconds) * kSecondNs) {
        e.start = now;
        e.count = 0;
    }
    // The counter may just have taken the place of the mark.
    if (mark == nullptr || mark->key != port_key.key) {
        ++e.count;
    } else if (mark->count == 0 || mark->start != e.start) {
        mark->start = e.start;
        mark->count = 1;
        ++e.count;
    }
    return e.count > threshold.count ? ThresholdAnswer::alert : ThresholdAnswer::no_match;
}

ThresholdAnswer ThresholdTable::count(const Threshold& threshold, std::uint64_t gid_sid, std::uint64_t flow_id,
                                      const ThresholdEnds& ends, TimeNs now) noexcept {
    using Type = Threshold::Type;
    using Track = Threshold::Track;
    if (threshold.type == Type::suppress) {
        const bool everybody = threshold.addresses.any;
        const bool from = threshold.addresses.contains(ends.source), to = threshold.addresses.contains(ends.destination);
        const bool hit = everybody || (threshold.track == Track::by_src && from) ||
                         (threshold.track == Track::by_dst && to) || (threshold.track == Track::either && (from || to));
        return hit ? ThresholdAnswer::silent : ThresholdAnswer::alert;
    }
    const Key key = key_of(threshold, gid_sid, flow_id, ends);
    if (threshold.type == Type::detection_filter) {
        const bool by_source = threshold.unique == Threshold::Unique::source_port;
        return filter(threshold, key, by_source ? ends.source_port : ends.destination_port, now);
    }
    Entry& e = entry(key, now);
    const TimeNs window = static_cast<TimeNs>(threshold.seconds) * kSecondNs;
    const bool over = now < e.start || now - e.start > window;

    switch (threshold.type) {
        case Type::limit:  // the first `count` in each window
            if (over || e.count == 0) {
                e.start = now;
                e.count = 1;
                return ThresholdAnswer::alert;
            }
            return ++e.count <= threshold.count ? ThresholdAnswer::alert : ThresholdAnswer::silent;
        case Type::threshold:  // every `count`-th in a window
            if (over || e.count == 0) {
                e.start = now;
                e.count = 0;
            }
            if (++e.count < threshold.count) return ThresholdAnswer::no_match;
            e.count = 0;
            return ThresholdAnswer::alert;
        case Type::both:  // once a window, when there were `count`
            if (over || e.count == 0) {
                e.start = now;
                e.count = 0;
            }
            if (++e.count < threshold.count) return ThresholdAnswer::no_match;
            return e.count == threshold.count ? ThresholdAnswer::alert : ThresholdAnswer::silent;
        case Type::backoff: {  // the count-th, then the count * multiplier-th, and so on
            e.start = now;
            if (e.count == 0) e.next = threshold.count;
            ++e.count;
            if (e.count < e.next) return e.count < threshold.count ? ThresholdAnswer::no_match : ThresholdAnswer::silent;
            const std::uint64_t next = std::uint64_t{e.next} * threshold.multiplier;
            e.next = next > UINT32_MAX ? UINT32_MAX : static_cast<std::uint32_t>(next);
            return ThresholdAnswer::alert;
        }
        case Type::rate_filter:
            if (e.until > now) return ThresholdAnswer::new_action;
            if (over || e.count == 0) {
                e.start = now;
                e.count = 0;
            }
            if (++e.count <= threshold.count) return ThresholdAnswer::alert;
            e.count = 0;
            e.until = now + static_cast<TimeNs>(threshold.timeout) * kSecondNs;
            return ThresholdAnswer::new_action;
        case Type::detection_filter:
        case Type::suppress: break;
    }
    return ThresholdAnswer::alert;
}

}  // namespace sekisho::detect
