// Scanning and the bookkeeping of candidates. What a candidate has to fulfil is in verify.cpp.
#include "sekisho/detect/matcher.h"

#include <algorithm>
#include <bit>
#include <chrono>

#include "find_bytes.h"

namespace sekisho::detect {
namespace {

using app::Stage;
using signature::Action;
using signature::CompiledRule;
using signature::Group;
using signature::LiteralTable;
using signature::PrefilterEntry;
using signature::RuleIndex;
using signature::RuleKind;

constexpr std::size_t kHostBitEntries = 65536;     // xbits and hostbits of one worker
constexpr std::size_t kThresholdEntries = 65536;   // threshold counters of one worker
constexpr std::size_t kLearnedEntries = 65536;     // values that rules have put into datasets, of one worker
constexpr std::uint8_t kEveryTry = 4;              // a waiting rule is tried on each of so many chunks, then rarer
constexpr std::uint8_t kPayloadTries = 16;         // a waiting payload rule is tried on each of so many chunks
constexpr std::uint8_t kLastTry = 255;             // it has reached its end: not to wait again
constexpr std::size_t kIpOnlyMax = 64;             // IP-only rules told for one address pair

bool blocks(const CompiledRule& rule) noexcept {
    return rule.rule.header.action != Action::alert && rule.rule.header.action != Action::pass;
}

/// Waiting rules are tried often at first, then at growing distances: bounded work for any number of chunks. A
/// rule that blocks is tried each time, so that the packet that completes the match is the one to be dropped.
bool due(const CompiledRule& rule, std::uint8_t tries) noexcept {
    return blocks(rule) || tries <= kEveryTry || std::has_single_bit(tries);
}

signature::Transport transport_of(const packet::Packet& packet) noexcept {
    using enum signature::Transport;
    switch (packet.ip_version == 0 ? 0 : packet.ip_protocol) {
        case packet::ip_proto::tcp: return tcp;
        case packet::ip_proto::udp: return udp;
        case packet::ip_proto::icmp: return icmp;
        case packet::ip_proto::icmpv6: return icmpv6;
        case packet::ip_proto::sctp: return sctp;
        default: return other;
    }
}

/// Of a packet without sound headers only the decoder's events mean something.
bool asks_decoder(const CompiledRule& rule) noexcept {
    return std::any_of(rule.rule.packet_tests.begin(), rule.rule.packet_tests.end(),
                       [](const signature::PacketTest& test) { return test.keyword == "decode-event"; });
}

app::Direction as_app(Direction direction) noexcept { return static_cast<app::Direction>(direction); }

}  // namespace

/// What a running scan needs to turn a literal into candidates.
struct Matcher::ScanTarget {
    Matcher* matcher;
    const Group* group;
    const LiteralTable* table;  ///< of the group: the one that is scanned for
    Bytes view;            ///< what the content may be compared in
    std::size_t offset;    ///< of the scanned part in `view`
    std::size_t fresh;     ///< literals that end at or before this offset of `view` were seen earlier
    std::uint64_t base;       ///< of `view` in its stream
    std::uint64_t body_base;  ///< of `view` in the message's body or field
    std::int64_t body_shift;  ///< the same, negative where the body begins inside the view
    Message* message;
    app::Direction direction;
    bool combined;         ///< body entries go to the message, the others to the payload

    /// Offset in the buffer of what begins at `start` of the view.
    std::uint64_t place_of(std::size_t start, bool in_message) const noexcept {
        if (!in_message) return base + start;
        // The view of a combined scan may begin before the body does.
        const auto place = static_cast<std::int64_t>(start) + body_shift;
        return place > 0 ? static_cast<std::uint64_t>(place) : 0;
    }

    /// Where in the view the front of a buffer ends: of the stream or the packet, of the body, of the field.
    std::size_t head_end() const noexcept {
        if (message != nullptr && !combined) return Group::kHeadBytes - std::min<std::uint64_t>(base, Group::kHeadBytes);
        const std::size_t body_begins = body_shift < 0 ? static_cast<std::size_t>(-body_shift) : 0;
        return std::max(fresh, message != nullptr ? body_begins : 0) + Group::kHeadBytes;
    }

    /// Whether a content that begins at `start` of the view is where its offset and depth allow it: counted from
    /// the start of the buffer or, for payload, from the start of the packet.
    bool may_stand(const PrefilterEntry& entry, std::size_t start, bool in_message) const noexcept {
        if (entry.first_start == 0 && entry.last_start == ~0u) return true;
        const std::uint64_t place = (in_message ? body_base : base) + start;
        if (place >= entry.first_start && place <= entry.last_start) return true;
        // The body began inside this view: its places are counted from there, which only the verifier knows.
        if (in_message) return combined && body_base == 0;
        return start >= fresh && start - fresh >= entry.first_start && start - fresh <= entry.last_start;
    }
};

Matcher::Matcher(std::size_t memories)
    : memories_(memories), host_bits_(kHostBitEntries), thresholds_(kThresholdEntries), learned_(kLearnedEntries) {
    inspector_.set_learned(&learned_);
}
Matcher::~Matcher() = default;

void Matcher::begin(const signature::CompiledSet& rules, signature::PatternScratch& scratch,
                    const PacketContext& context) {
    if (rules_ != &rules || seen_in_scan_.size() != rules.size()) {
        // Once per rule set: the only place where a worker's memory grows, at the swap, not per packet.
        seen_in_scan_.assign(rules.size(), 0);
        scan_ = 0;
    }
    rules_ = &rules;
    scratch_ = &scratch;
    context_ = context;
    hits_.clear();
    candidates_.clear();
    woken_.clear();
}

void Matcher::add(RuleIndex rule, Message* message, app::Direction direction, std::uint8_t tries,
                  bool unfiltered, std::uint64_t anchor, std::uint64_t waits_since) noexcept {
    if (seen_in_scan_[rule] == scan_) return;
    seen_in_scan_[rule] = scan_;
    const Candidate candidate{rules_->rule(rule).rank, rule, message, static_cast<std::uint8_t>(direction), tries,
                              unfiltered, anchor, waits_since};
    if (!candidates_.push_back(candidate)) {
        ++counters_.candidates_lost;
        return;
    }
    ++counters_.candidates;
}

void Matcher::on_literal(void* context, std::uint32_t id, std::size_t end) noexcept {
    const auto& target = *static_cast<const ScanTarget*>(context);
    const std::size_t at = target.offset + end;
    if (at <= target.fresh) return;
    const LiteralTable& table = *target.table;
    for (std::uint32_t i = table.first_entry[id]; i < table.first_entry[id + 1]; ++i) {
        const PrefilterEntry& entry = table.entries[i];
        // Compare the whole content around its literal, as far as it lies in the view.
        if (at < entry.literal_end) continue;
        const std::size_t start = at - entry.literal_end;
        const bool to_message = target.message != nullptr && (!target.combined || entry.body);
        if (!target.may_stand(entry, start, to_message)) continue;
        const signature::Content& content = *entry.content;
        const std::string_view whole = std::string_view(content.bytes).substr(entry.skip_first);
        const std::size_t known = std::min(whole.size(), target.view.size() - start);
        const std::string_view text = whole.substr(0, known);
        // A transform may have changed letter case: then the literal alone counts.
        if (!equal_bytes(target.view.subspan(start, known), text, true)) continue;
        if (entry.wakes) {
            target.matcher->wake(entry.rule, target.direction);
            continue;
        }
        // Matches come in the order of their ends: the first one of a rule is its earliest place.
        target.matcher->add(entry.rule, to_message ? target.message : nullptr, target.direction, 0, false,
                            entry.anchors ? target.place_of(start, to_message) : 0);
    }
}

void Matcher::scan(ScanTarget target) noexcept {
    ++scan_;
    ++counters_.scans;
    counters_.scanned_octets += target.view.size() - target.offset;
    const auto run = [&](const LiteralTable& table, std::size_t end) {
        if (!table.db || end <= target.offset) return;
        target.table = &table;
        table.db->scan(target.view.subspan(target.offset, end - target.offset), *scratch_, on_literal, &target);
    };
    run(target.group->head, std::min(target.head_end(), target.view.size()));
    run(target.group->anywhere, target.view.size());
}

namespace {
std::size_t with_carry(std::size_t offset) noexcept {
    return offset > signature::kCarry ? offset - signature::kCarry : 0;
}
}  // namespace

void Matcher::scan_payload(const Group& group, Bytes view, std::size_t offset, std::uint64_t base) noexcept {
    scan({this, &group, nullptr, view, with_carry(offset), offset, base, base, 0, nullptr, as_app(context_.direction), false});
}

void Matcher::scan_payload_and_body(const Group& group, Bytes view, std::size_t offset, std::uint64_t base,
                                    Message& message) noexcept {
    const BodySlot& body = message.bodies[1];
    const std::uint64_t end = body.view.base + body.view.bytes.size();
    // Both views end at the same octet.
    const std::uint64_t body_base = end > view.size() ? end - view.size() : 0;
    const std::int64_t shift = static_cast<std::int64_t>(end) - static_cast<std::int64_t>(view.size());
    scan({this, &group, nullptr, view, with_carry(offset), offset, base, body_base, shift, &message, as_app(context_.direction), true});
}

void Matcher::scan_field(const Group& group, Bytes view, std::size_t offset, std::uint64_t base, Message& message,
                         app::Direction direction) noexcept {
    scan({this, &group, nullptr, view, with_carry(offset), offset, base, base, static_cast<std::int64_t>(base), &message, direction, false});
}

void Matcher::revisit(Message& message, app::Direction direction) noexcept {
    ++scan_;
    const Stage stage = message.stages[static_cast<std::size_t>(direction)];
    if (stage == Stage::headers || stage == Stage::complete) {
        for (const RuleIndex rule : rules_->unfiltered_messages(message.protocol, direction))
            add(rule, &message, direction, 0, true);
        for (const RuleIndex rule : rules_->unfiltered_messages(app::Protocol::unknown, direction))
            add(rule, &message, direction, 0, true);
        add_woken_before(message, direction);
    }
    for (std::size_t i = 0; i < message.pending.size();) {
        MessageCandidate& waiting = message.pending[i];
        const bool mine = waiting.direction == static_cast<std::uint8_t>(direction) ||
                          rules_->rule(waiting.rule).rule.header.exchange;
        if (mine && waiting.tries < 255) ++waiting.tries;
        if (mine && (message.complete(direction) || due(rules_->rule(waiting.rule), waiting.tries))) {
            add(waiting.rule, &message, direction, waiting.tries, waiting.unfiltered, waiting.anchor);
            message.pending.erase_unordered(i);
        } else {
            ++i;
        }
    }
}

void Matcher::event_raised(Message& message, app::Direction direction, app::AppEvent event) noexcept {
    ++scan_;
    for (const app::Protocol protocol : {message.protocol, app::Protocol::unknown}) {
        for (const RuleIndex index : rules_->unfiltered_messages(protocol, direction)) {
            const auto& wanted = rules_->rule(index).rule.app_events;
            if (std::find(wanted.begin(), wanted.end(), event) != wanted.end()) add(index, &message, direction, 0, true);
        }
    }
}

/// A payload literal of a message rule was seen. It counts for the messages open now and for those that follow within
/// the reach of verification.
void Matcher::wake(RuleIndex rule, app::Direction direction) noexcept {
    if (std::find(woken_.begin(), woken_.end(), rule) != woken_.end()) return;
    if (!woken_.push_back(rule)) ++counters_.pending_lost;
    if (context_.state == nullptr) return;
    const auto side = static_cast<std::uint8_t>(direction);
    const BufferView& stream = context_.streams[side];
    const WokenRule fresh{rule, side, stream.base + stream.bytes.size()};
    RuleMemory* memory = to_remember();
    if (memory == nullptr) {
        ++counters_.pending_lost;
        return;
    }
    auto& woken = memory->woken;
    WokenRule* oldest = nullptr;
    for (WokenRule& known : woken) {
        if (known.rule == rule && known.direction == side) {
            known = fresh;
            return;
        }
        if (oldest == nullptr || known.seen_at < oldest->seen_at) oldest = &known;
    }
    if (!woken.push_back(fresh)) *oldest = fresh;
}

void Matcher::add_woken(Message& message) noexcept {
    ++scan_;
    for (const RuleIndex rule : woken_) add(rule, &message, as_app(context_.direction), 0);
}

/// Rules woken by earlier packets, for a message that has come to a new stage.
void Matcher::add_woken_before(Message& message, app::Direction direction) noexcept {
    const RuleMemory* memory = remembered();
    if (memory == nullptr) return;
    const auto side = static_cast<std::uint8_t>(direction);
    const BufferView& stream = context_.streams[side];
    for (const WokenRule& known : memory->woken)
        if (known.direction == side && stream.base + stream.bytes.size() <= known.seen_at + kMessageReach)
            add(known.rule, &message, direction, 0);
}

void Matcher::file_changed(Message& message, app::Direction direction) noexcept {
    ++scan_;
    for (const app::Protocol protocol : {message.protocol, app::Protocol::unknown})
        for (const RuleIndex rule : rules_->unfiltered_files(protocol, direction)) add(rule, &message, direction, 0, true);
    for (std::size_t i = 0; i < message.pending.size();) {
        const MessageCandidate waiting = message.pending[i];
        if (waiting.direction != static_cast<std::uint8_t>(direction) || !rules_->rule(waiting.rule).on_file) {
            ++i;
            continue;
        }
        add(waiting.rule, &message, direction, waiting.tries, waiting.unfiltered, waiting.anchor);
        message.pending.erase_unordered(i);
    }
}

void Matcher::revisit_frame(Message& frame, app::Direction direction, bool all) noexcept {
    ++scan_;
    if (all)
        for (const RuleIndex rule : rules_->unfiltered_frames(direction)) add(rule, &frame, direction, 0, true);
    for (const MessageCandidate& waiting : frame.pending)
        add(waiting.rule, &frame, direction, 1, waiting.unfiltered, waiting.anchor);
    frame.pending.clear();
}

void Matcher::forget_file_hits(Message& message) noexcept {
    for (std::size_t i = 0; i < message.hits.size();) {
        if (rules_->rule(message.hits[i].rule()).on_file) message.hits.erase_unordered(i);
        else ++i;
    }
}

/// The port on the server's side of this packet.
std::uint16_t Matcher::server_port() const noexcept {
    return context_.direction == Direction::to_server ? context_.packet->dst_port : context_.packet->src_port;
}

void Matcher::add_packet_rules() noexcept {
    ++scan_;
    const auto direction = as_app(context_.direction);
    const packet::Packet& packet = *context_.packet;
    const bool same_ip = packet.src == packet.dst;
    const bool only_events = !packet.is_ip();
    rules_->packet_rules(transport_of(packet), direction, packet.tcp_flags).for_each(server_port(), [&](RuleIndex index) {
        // Most of these rules test a header field or two: that alone rules out nearly every packet.
        const CompiledRule& rule = rules_->rule(index);
        if (rule.rule.same_ip && !same_ip) return;
        const auto& tests = rule.rule.packet_tests;
        if (only_events && !asks_decoder(rule)) return;
        if (std::any_of(tests.begin(), tests.end(),
                        [&packet](const auto& test) { return test.match(test, packet) == test.negated; }))
            return;
        if (header_matches(rule, direction)) add(index, nullptr, direction, 0);
    });
}

/// Rules without a literal: their patterns are looked for in the fresh bytes and a little before them.
void Matcher::add_by_pattern() noexcept {
    const auto direction = as_app(context_.direction);
    const auto* group = rules_->pattern_group(transport_of(*context_.packet), direction);
    if (group == nullptr) return;
    Bytes view = context_.packet->payload_bytes();
    if (context_.payload_in_stream) {
        const std::size_t side = flow::index(context_.direction);
        const BufferView& stream = context_.streams[side];
        const std::uint64_t from = context_.fresh_from[side] - std::min(context_.fresh_from[side], kLookBack);
        view = stream.bytes.subspan(static_cast<std::size_t>(from > stream.base ? from - stream.base : 0));
    }
    struct Target {
        Matcher* matcher;
        const signature::PatternGroup* group;
        app::Direction direction;
    } target{this, group, direction};
    ++scan_;
    ++counters_.scans;
    group->db->scan(view, *scratch_,
                    [](void* context, std::uint32_t id, std::size_t) noexcept {
                        const auto& t = *static_cast<const Target*>(context);
                        t.matcher->add(t.group->rules[id], nullptr, t.direction, 0, true);
                    },
                    &target);
}

void Matcher::add_ip_only() noexcept {
    if (!context_.ip_only_due || !rules_->has_ip_only()) return;
    ++scan_;
    RuleIndex found[kIpOnlyMax];
    const std::size_t count = rules_->ip_only(context_.packet->src, context_.packet->dst, found, kIpOnlyMax);
    for (std::size_t i = 0; i < count; ++i) add(found[i], nullptr, as_app(context_.direction), 0);
}

void Matcher::add_waiting_payload() noexcept {
    RuleMemory* memory = remembered();
    if (memory == nullptr || !context_.has_stream || !context_.payload_in_stream) return;
    auto& pending = memory->pending;
    const auto direction = static_cast<std::uint8_t>(context_.direction);
    const BufferView& stream = context_.streams[direction];
    const std::uint64_t end = stream.base + stream.bytes.size();
    for (std::size_t i = 0; i < pending.size();) {
        PendingRule& waiting = pending[i];
        if (waiting.direction != direction) {
            ++i;
            continue;
        }
        // Octets end the wait, not chunks: else many small segments would outlast it.
        const bool over = end - waiting.seen_at > kPayloadReach;
        if (waiting.tries + 1 < kLastTry) ++waiting.tries;
        if (over || waiting.tries <= kPayloadTries || due(rules_->rule(waiting.rule), waiting.tries)) {
            add(waiting.rule, nullptr, as_app(context_.direction), over ? kLastTry : waiting.tries, false,
                waiting.anchor, waiting.seen_at);
            pending.erase_unordered(i);
        } else {
            ++i;
        }
    }
}

/// Rules without a literal are looked at again when the message is complete (revisit), so they give way to those
/// that a literal has named: many rules about events must not make one forget the others.
void Matcher::wait(const Candidate& candidate, Message& message) noexcept {
    // Rules about files are tried again when the file ends.
    const auto& file = message.file(static_cast<app::Direction>(candidate.direction), false);
    if (candidate.unfiltered && rules_->rule(candidate.rule).needs_file && file.begun && !file.complete) return;
    const MessageCandidate fresh{candidate.rule, candidate.direction, candidate.tries, candidate.anchor,
                                 candidate.unfiltered};
    const auto may_go = [this](const MessageCandidate& w) { return w.unfiltered && !blocks(rules_->rule(w.rule)); };
    MessageCandidate* dispensable = nullptr;
    for (MessageCandidate& waiting : message.pending) {
        if (waiting.rule == candidate.rule && waiting.direction == candidate.direction) {
            waiting.anchor = std::min(waiting.anchor, candidate.anchor);
            return;
        }
        if (may_go(waiting)) dispensable = &waiting;
    }
    if (message.pending.push_back(fresh) || may_go(fresh)) return;
    if (dispensable != nullptr) *dispensable = fresh;
    else ++counters_.pending_lost;
}

void Matcher::wait(const Candidate& candidate) noexcept {
    if (candidate.message != nullptr) return wait(candidate, *candidate.message);
    if (context_.state == nullptr || candidate.unfiltered || candidate.tries == kLastTry) return;
    RuleMemory* memory = to_remember();
    if (memory == nullptr) {
        ++counters_.pending_lost;
        return;
    }
    auto& pending = memory->pending;
    for (PendingRule& waiting : pending) {
        if (waiting.rule != candidate.rule || waiting.direction != candidate.direction) continue;
        waiting.anchor = std::min(waiting.anchor, candidate.anchor);
        return;
    }
    const BufferView& stream = context_.streams[candidate.direction];
    const std::uint64_t since = candidate.tries != 0 ? candidate.waits_since : stream.base + stream.bytes.size();
    const PendingRule fresh{candidate.rule, candidate.direction, candidate.tries, since, candidate.anchor};
    if (pending.push_back(fresh)) return;
    ++counters_.pending_lost;
    if (!blocks(rules_->rule(candidate.rule))) return;
    for (PendingRule& waiting : pending) {  // what blocks matters more than what tells
        if (blocks(rules_->rule(waiting.rule))) continue;
        waiting = fresh;
        return;
    }
}

void Matcher::remember_hit(RuleIndex index, app::Direction direction) noexcept {
    if (context_.state == nullptr || !context_.has_stream) return;
    const auto side = static_cast<std::uint8_t>(direction);
    const BufferView& stream = context_.streams[side];
    const std::uint64_t end = stream.base + stream.bytes.size();
    RuleMemory* memory = to_remember();
    if (memory == nullptr) return;
    auto& last_hits = memory->last_hits;
    LastHit* oldest = nullptr;
    for (LastHit& last : last_hits) {
        if (last.rule == index && last.direction == side) {
            last.end = end;
            return;
        }
        if (oldest == nullptr || last.end < oldest->end) oldest = &last;
    }
    const LastHit fresh{index, side, end};
    if (!last_hits.push_back(fresh)) *oldest = fresh;
}

void Matcher::verify_all() noexcept {
    if (candidates_.empty()) return;
    if (candidates_.size() > 1)
        std::sort(candidates_.begin(), candidates_.end(),
                  [](const Candidate& a, const Candidate& b) { return a.rank < b.rank; });
    for (const Candidate& candidate : candidates_) {
        if (profile_ != nullptr) [[unlikely]] verify_profiled(candidate);
        else verify(candidate);
    }
    candidates_.clear();
}

void Matcher::verify_profiled(const Candidate& candidate) noexcept {
    if (profile_->size() != rules_->size()) profile_->assign(rules_->size(), {});
    const std::uint64_t verified = counters_.verified, hits = counters_.hits;
    const auto start = std::chrono::steady_clock::now();
    verify(candidate);
    RuleCost& cost = (*profile_)[candidate.rule];
    cost.ns += static_cast<std::uint64_t>((std::chrono::steady_clock::now() - start).count());
    ++cost.candidates;
    cost.verified += counters_.verified - verified;
    cost.matches += counters_.hits - hits;
}

void Matcher::settle() noexcept { verify_all(); }

void Matcher::next_part() noexcept {
    hits_.clear();
    candidates_.clear();
    woken_.clear();
}

void Matcher::finish() noexcept {
    if (context_.packet == nullptr) return verify_all();
    add_ip_only();
    add_packet_rules();
    finish_stream();
}

void Matcher::finish_stream() noexcept {
    add_waiting_payload();
    if (context_.packet->payload_size != 0 || context_.payload_in_stream) {
        add_by_pattern();
        ++scan_;
        const auto direction = as_app(context_.direction);
        rules_->unfiltered_payload(transport_of(*context_.packet), direction).for_each(server_port(), [&](RuleIndex rule) {
            if (header_matches(rules_->rule(rule), direction)) add(rule, nullptr, direction, 0, true);
        });
    }
    verify_all();
    // Most conversations keep nothing once their packets were looked at.
    if (const RuleMemory* memory = remembered(); memory != nullptr && memory->empty()) forget(*context_.state);
}

}  // namespace sekisho::detect
