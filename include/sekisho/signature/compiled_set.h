// The compiled rule set: immutable once built, shared by all workers, exchanged as a whole.
//
// Each rule is represented in the prefilter by one literal, chosen for rarity over all its buffers (compile.h).
// A group is one Hyperscan database over the literals of all rules that look at the same bytes: by field and
// direction; for payload by transport, direction and server port. A match names candidate rules; only they are
// verified (detect room).
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sekisho/app/parser.h"
#include "sekisho/signature/pattern_db.h"
#include "sekisho/signature/rule.h"

namespace sekisho::signature {

using RuleIndex = std::uint32_t;
using SetIndex = std::uint32_t;  ///< of a distinct address set; 0 is `any`

/// Where a rule is evaluated.
enum class RuleKind : std::uint8_t {
    packet,   ///< on each packet that its header allows: no payload tests
    payload,  ///< on stream chunks and packet payloads
    message,  ///< on the fields of a transaction
    ip_only,  ///< once per flow and direction, by address
};

struct CompiledRule {
    Rule rule;
    RuleKind kind = RuleKind::packet;
    bool to_server = true;        ///< may match what the client sends
    bool to_client = true;
    bool on_stream = false;       ///< payload: reassembled data is looked at
    bool on_packet = false;       ///< payload: single packet payloads are looked at
    bool flow_scope = false;      ///< its pass or drop holds for the flow; see Hit::in_stream for payload rules
    bool on_recognition = false;  ///< tells the protocol alone: when it is recognised
    bool has_body = false;        ///< message: a body field is tested, so it may match later than it is hit
    bool has_payload = false;     ///< message rule that also tests payload
    bool on_frame = false;        ///< message: it looks at a frame instead of a transaction
    bool on_file = false;         ///< message: a file is tested, its content at the least
    bool needs_file = false;      ///< ... more than the content: matches only where there is a file
    bool outlives_file = false;   ///< named by a field that is not of a file: a later file may still match
    bool each_way = false;        ///< message: it looks at a field that request and answer both have, and hits each
    bool thresholded = false;
    app::Direction files_side = app::Direction::to_server;  ///< rules with "=>": whose file is meant
    SetIndex source_set = 0;
    SetIndex destination_set = 0;
    std::uint32_t rank = 0;       ///< order of evaluation: action, then who sets what others read
    const Content* anchor = nullptr;  ///< the content that the prefilter found, where its place is the buffer's
    double expected_candidates = 0;   ///< estimate: times a message of everyday traffic makes it a candidate
    std::string prefilter_note;   ///< for `rules explain`: field and literal
};

/// One rule behind a literal: the whole content must stand where the literal was found.
struct PrefilterEntry {
    RuleIndex rule = 0;
    const Content* content = nullptr;  ///< owned by the rule
    std::uint32_t first_start = 0;     ///< the content can only stand from here ...
    std::uint32_t last_start = ~0u;    ///< ... to here, counted from the buffer's first octet
    std::uint16_t literal_end = 0;     ///< offset of the literal's end in the content, from skip_first on
    std::uint8_t skip_first = 0;       ///< octets of the content that only a transform puts there (dotprefix)
    bool anchors = false;              ///< where the content stands tells the verifier where to look for it
    bool body = false;                 ///< the entry is of the body field (combined groups)
    bool wakes = false;                ///< a message rule with a payload part: it is tried on the messages at hand
};

/// Literals of one database and what stands behind each.
struct LiteralTable {
    std::shared_ptr<const PatternDb> db;     ///< null: there are none; tables of the same literals share it
    std::vector<std::uint32_t> first_entry;  ///< by literal id, one more than there are literals
    std::vector<PrefilterEntry> entries;
    std::size_t literals() const noexcept { return first_entry.empty() ? 0 : first_entry.size() - 1; }
};

/// A content that can only stand at the front of a long buffer is not looked for in the rest of it.
struct Group {
    static constexpr std::size_t kHeadBytes = 64;

    LiteralTable anywhere;
    LiteralTable head;  ///< literals that end within the first kHeadBytes; empty where buffers are short
};

/// Payload rules that have a pattern but no literal: the patterns themselves are the prefilter.
struct PatternGroup {
    std::unique_ptr<PatternDb> db;
    std::vector<RuleIndex> rules;  ///< by pattern id
};

/// Rules that have no literal, checked header first.
using RuleList = std::vector<RuleIndex>;

/// The same by the port on the server's side, as most of them name one.
struct PortedRules {
    RuleList any_port;
    std::vector<std::pair<std::uint16_t, RuleIndex>> of_port;  ///< sorted; a rule of few ports stands there for each

    std::size_t size() const noexcept { return any_port.size() + of_port.size(); }
    /// Calls use(rule) for each rule that may hold for the port, in no order that means anything.
    template <class Use>
    void for_each(std::uint16_t port, Use&& use) const noexcept {
        for (const RuleIndex rule : any_port) use(rule);
        auto at = std::lower_bound(of_port.begin(), of_port.end(), std::pair{port, RuleIndex{0}});
        for (; at != of_port.end() && at->first == port; ++at) use(at->second);
    }
};

class CompiledSet {
  public:
    ~CompiledSet();

    std::size_t size() const noexcept { return rules_.size(); }
    const CompiledRule& rule(RuleIndex index) const noexcept { return *rules_[index]; }
    /// Running rule by sid (gid 1), or null.
    const CompiledRule* find(std::uint32_t sid) const noexcept;

    /// Whether any rule tests the field: what nobody reads need not be kept.
    bool uses(app::Field field) const noexcept { return used_fields_.test(static_cast<std::size_t>(field)); }

    /// What the rules want to know about files.
    struct FileNeeds {
        bool any = false;           ///< some rule tests files
        bool magic = false;
        std::uint8_t digests = 0;   ///< bit per algorithm, MD5 first
    };
    const FileNeeds& file_needs() const noexcept { return file_needs_; }

    /// Literals of one message field; null when no rule tests it.
    const Group* field_group(app::Field field, app::Direction direction) const noexcept {
        return field_groups_[static_cast<std::size_t>(direction)][static_cast<std::size_t>(field)].get();
    }
    /// Literals of payload rules for packets of this transport with this server-side port.
    const Group* payload_group(Transport transport, app::Direction direction, std::uint16_t port) const noexcept;
    /// Payload and HTTP response body literals in one database, for bodies that lie in a stream of HTTP as they are
    /// (rules on payload of other protocols are left out); null where the two are to be scanned one after the other.
    const Group* payload_and_body_group(std::uint16_t port) const noexcept;

    /// Rules on headers alone that a packet of this transport may match. What its protocol number and TCP flags
    /// (0 where it is not TCP) rule out is left out already.
    const PortedRules& packet_rules(Transport transport, app::Direction direction, std::uint8_t tcp_flags) const noexcept {
        if (transport == Transport::tcp) {
            const FlagLists& lists = tcp_packet_rules_[static_cast<std::size_t>(direction)];
            return lists.lists[lists.by_flags[tcp_flags]];
        }
        return packet_rules_[static_cast<std::size_t>(transport)][static_cast<std::size_t>(direction)];
    }
    const PortedRules& unfiltered_payload(Transport transport, app::Direction direction) const noexcept {
        return unfiltered_payload_[static_cast<std::size_t>(transport)][static_cast<std::size_t>(direction)];
    }
    const PatternGroup* pattern_group(Transport transport, app::Direction direction) const noexcept {
        return patterns_[static_cast<std::size_t>(transport)][static_cast<std::size_t>(direction)].get();
    }
    const RuleList& unfiltered_messages(app::Protocol protocol, app::Direction direction) const noexcept {
        return unfiltered_messages_[static_cast<std::size_t>(protocol)][static_cast<std::size_t>(direction)];
    }
    /// Rules without a literal that match only where there is a file.
    const RuleList& unfiltered_files(app::Protocol protocol, app::Direction direction) const noexcept {
        return unfiltered_files_[static_cast<std::size_t>(protocol)][static_cast<std::size_t>(direction)];
    }
    /// Rules about frames that have no literal.
    const RuleList& unfiltered_frames(app::Direction direction) const noexcept {
        return unfiltered_frames_[static_cast<std::size_t>(direction)];
    }
    /// Rules on addresses alone that hold for this pair. Writes up to `max` to `out`; gives their number.
    std::size_t ip_only(const IpAddress& source, const IpAddress& destination, RuleIndex* out,
                        std::size_t max) const noexcept;
    bool has_ip_only() const noexcept { return !ip_only_[0].empty() || !ip_only_[1].empty(); }

    /// Whether a rule asks for app::FlowEvent values.
    bool asks_flow_events() const noexcept { return asks_flow_events_; }

    const AddressSet& address_set(SetIndex index) const noexcept { return *sets_[index]; }
    std::size_t address_sets() const noexcept { return sets_.size(); }

    /// Every database, so that scratch can be made for all of them.
    std::vector<const PatternDb*> databases() const;
    std::size_t memory_bytes() const noexcept;

  private:
    friend class Compiler;
    CompiledSet();

    struct PayloadGroups {  ///< one transport and direction
        std::vector<std::shared_ptr<const Group>> groups;
        std::vector<std::shared_ptr<const Group>> with_body;   ///< beside groups; null where not built
        std::vector<std::uint8_t> by_port;               ///< 65,536 indices into groups
    };
    struct FlagLists {  ///< packet rules of TCP; flags that rule out the same rules share a list
        std::vector<PortedRules> lists{1};
        std::array<std::uint8_t, 256> by_flags{};
    };
    struct IpOnlyRange {   ///< sorted by first; `reach` is the largest `last` so far
        IpAddress first, last, reach;
        RuleIndex rule;
        bool source;       ///< the range is of the rule's source
    };

    std::vector<std::unique_ptr<CompiledRule>> rules_;
    std::unordered_map<std::uint32_t, RuleIndex> by_sid_;
    std::vector<std::unique_ptr<const AddressSet>> sets_;
    std::array<std::array<std::shared_ptr<const Group>, app::kFieldCount>, 2> field_groups_;
    static constexpr std::size_t kTransports = 7;
    std::array<std::array<PayloadGroups, 2>, kTransports> payload_;
    std::array<std::array<PortedRules, 2>, kTransports> packet_rules_;
    std::array<FlagLists, 2> tcp_packet_rules_;
    std::array<std::array<PortedRules, 2>, kTransports> unfiltered_payload_;
    std::array<std::array<std::unique_ptr<PatternGroup>, 2>, kTransports> patterns_;
    std::array<std::array<RuleList, 2>, static_cast<std::size_t>(app::Protocol::count_)> unfiltered_messages_;
    std::array<std::array<RuleList, 2>, static_cast<std::size_t>(app::Protocol::count_)> unfiltered_files_;
    std::array<RuleList, 2> unfiltered_frames_;
    FileNeeds file_needs_;
    std::array<std::vector<IpOnlyRange>, 2> ip_only_;   ///< narrow ranges, wide ranges
    std::bitset<app::kFieldCount> used_fields_;
    bool asks_flow_events_ = false;
};

}  // namespace sekisho::signature
