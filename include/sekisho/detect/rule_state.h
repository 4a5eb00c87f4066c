// What rules remember between packets. Per flow: bits and integers, in a fixed space taken when needed. Per worker: bits of hosts
// and host pairs (xbits, hostbits) and threshold counters, in bounded tables whose oldest entry makes room.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sekisho/base/address.h"
#include "sekisho/base/bytes.h"
#include "sekisho/base/clock.h"
#include "sekisho/base/fixed_vector.h"
#include "sekisho/signature/rule.h"

namespace sekisho::detect {

constexpr std::size_t kFlowBits = 24;      ///< per flow; a further `set` is refused and counted
constexpr std::size_t kFlowInts = 8;
constexpr std::size_t kPending = 8;        ///< payload rules per flow that wait for more bytes
constexpr std::size_t kWoken = 8;          ///< message rules per flow whose payload literal was seen; the oldest goes
constexpr std::size_t kLastHits = 8;       ///< payload rules per flow that have hit: where they go on

/// A payload rule whose literal was seen while the rest of it may still come.
struct PendingRule {
    std::uint32_t rule = 0;
    std::uint8_t direction = 0;
    std::uint8_t tries = 0;
    std::uint64_t seen_at = 0;   ///< stream offset where the literal ended
    std::uint64_t anchor = 0;    ///< ... and where the first of the places still to be tried begins
};

/// A message rule whose payload literal was seen: messages that come soon after are tried, too.
struct WokenRule {
    std::uint32_t rule = 0;
    std::uint8_t direction = 0;
    std::uint64_t seen_at = 0;   ///< stream offset of the end of the bytes that held the literal
};

/// A payload rule has hit up to this stream offset: it looks at later bytes only, so that a hit counts once.
struct LastHit {
    std::uint32_t rule = 0;
    std::uint8_t direction = 0;
    std::uint64_t end = 0;
};

/// What rules have left behind in one conversation. Most leave nothing, so it is borrowed from the matcher when the first
/// does, and goes back when it is empty again or the conversation ends.
struct RuleMemory {
    FixedVector<std::uint32_t, kFlowBits> bits;
    struct Integer {
        std::uint32_t name;
        std::uint32_t value;
    };
    FixedVector<Integer, kFlowInts> integers;
    FixedVector<PendingRule, kPending> pending;
    FixedVector<LastHit, kLastHits> last_hits;
    FixedVector<WokenRule, kWoken> woken;

    bool empty() const noexcept {
        return bits.empty() && integers.empty() && pending.empty() && last_hits.empty() && woken.empty();
    }
    /// Rules were exchanged: what goes by rule numbers is gone, bits and integers stay.
    void forget_rules() noexcept;
    bool has_bit(std::uint32_t name) const noexcept;
    bool set_bit(std::uint32_t name) noexcept;  ///< false when full
    void clear_bit(std::uint32_t name) noexcept;
    Integer* find_integer(std::uint32_t name) noexcept;
    const Integer* find_integer(std::uint32_t name) const noexcept;
};

constexpr std::size_t kKnownSets = 32;  ///< address sets whose answers for a flow's ends are kept

/// Of each conversation, kept by whoever keeps the conversation.
struct FlowRuleState {
    RuleMemory* memory = nullptr;    ///< the matcher's; null: nothing is remembered
    std::uint64_t policy = 0;        ///< version that rule numbers in here belong to
    /// Which of the first address sets an end's address is in: asked so far, and the answers. Bits by set.
    struct KnownSets {
        std::uint32_t asked = 0, in = 0;
    };
    KnownSets client, server;

    /// The ends have changed places, or the sets their meaning.
    void forget_sets() noexcept { client = server = {}; }
};

/// Bits of hosts and pairs with expiry: open addressing, fixed size; when a neighbourhood is full its entry that
/// expires first makes room.
class HostBits {
  public:
    explicit HostBits(std::size_t capacity);
    bool has(std::uint32_t name, const IpAddress& a, const IpAddress& b, TimeNs now) const noexcept;
    void set(std::uint32_t name, const IpAddress& a, const IpAddress& b, TimeNs expires) noexcept;
    void clear(std::uint32_t name, const IpAddress& a, const IpAddress& b) noexcept;

  private:
    struct Entry {
        IpAddress a, b;
        std::uint32_t name = 0;  ///< 0: free
        TimeNs expires = 0;
    };
    std::size_t home(std::uint32_t name, const IpAddress& a, const IpAddress& b) const noexcept;
    const Entry* find(std::uint32_t name, const IpAddress& a, const IpAddress& b) const noexcept;
    std::vector<Entry> entries_;
};

/// What rules have added to datasets or taken out of them, by the digest of the value. What a set was loaded with is not
/// in here. When a neighbourhood is full its oldest entry makes room.
class LearnedValues {
  public:
    explicit LearnedValues(std::size_t capacity);
    /// Whether the value was last set or unset; nothing when no rule has changed it.
    std::optional<bool> find(std::uint32_t set, Bytes value) const noexcept;
    struct Change {
        std::uint32_t set = 0;     ///< name_id
        std::uint64_t a = 0, b = 0;  ///< digest of the value
        bool present = false;
    };
    static Change change(std::uint32_t set, Bytes value, bool present) noexcept;
    void apply(const Change& change) noexcept;

  private:
    struct Entry {
        Change change;            ///< set 0: free
        std::uint64_t age = 0;    ///< changes before it
    };
    const Entry* entry(const Change& key) const noexcept;
    std::vector<Entry> entries_;
    std::uint64_t changes_ = 0;
};

/// What a threshold says of one hit.
enum class ThresholdAnswer : std::uint8_t {
    alert,
    silent,       ///< the rule matched and acts, but is not told again (limit, suppress)
    no_match,     ///< not enough of them yet: neither told nor acted on
    new_action,   ///< rate_filter: alert, with the threshold's own action
};

/// Source and destination of the bytes that a rule hit.
struct ThresholdEnds {
    IpAddress source, destination;
    std::uint16_t source_port = 0, destination_port = 0;
};

/// Counters of threshold, detection_filter, event_filter and rate_filter. Same shape of table as HostBits.
class ThresholdTable {
  public:
    explicit ThresholdTable(std::size_t capacity);
    /// @param gid_sid  the rule, in one word: it survives reloads
    ThresholdAnswer count(const signature::Threshold& threshold, std::uint64_t gid_sid, std::uint64_t flow_id,
                          const ThresholdEnds& ends, TimeNs now) noexcept;

  private:
    struct Entry {
        IpAddress a, b;
        std::uint64_t key = 0;    ///< rule, type and track; 0: free
        TimeNs start = 0;
        TimeNs until = 0;         ///< rate_filter: new action holds until then
        std::uint32_t count = 0;  ///< of a port that is counted once: whether it was in the window that began at `start`
        std::uint32_t next = 0;   ///< backoff: the count of the next alert
    };
    struct Key {
        IpAddress a, b;
        std::uint64_t key = 0;
    };
    static Key key_of(const signature::Threshold& threshold, std::uint64_t gid_sid, std::uint64_t flow_id,
                      const ThresholdEnds& ends) noexcept;
    Entry& entry(const Key& key, TimeNs now) noexcept;
    ThresholdAnswer filter(const signature::Threshold& threshold, const Key& key, std::uint16_t port, TimeNs now) noexcept;
    std::vector<Entry> entries_;
};

}  // namespace sekisho::detect
