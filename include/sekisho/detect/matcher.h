// From bytes to hits: scans with the prefilter, collects candidate rules, verifies them in the order of their
// rank once a packet's work is done. One per worker, no allocation after construction.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sekisho/app/parser.h"
#include "sekisho/base/fixed_vector.h"
#include "sekisho/base/pool.h"
#include "sekisho/detect/inspector.h"
#include "sekisho/detect/message.h"
#include "sekisho/detect/rule_profile.h"
#include "sekisho/detect/rule_state.h"
#include "sekisho/flow/flow.h"
#include "sekisho/packet/packet.h"
#include "sekisho/signature/compiled_set.h"

namespace sekisho::detect {

using flow::Direction;

/// Everything about the packet at hand that rules may ask for.
struct PacketContext {
    const packet::Packet* packet = nullptr;
    const flow::Flow* flow = nullptr;         ///< null: none (table full, not IP)
    FlowRuleState* state = nullptr;           ///< null when there is no flow
    Direction direction = Direction::to_server;
    app::Protocol protocol = app::Protocol::unknown;          ///< of the flow
    std::array<app::Protocol, 2> protocol_by_direction{};     ///< app-layer-protocol: detected per side
    bool protocol_decided = false;
    bool tells_protocol = false;              ///< rules on the protocol alone look at this packet
    bool established = false;
    bool has_stream = false;                  ///< reassembled: payload rules look at the stream
    bool payload_in_stream = false;           ///< this packet's payload was added to the stream
    std::array<std::uint64_t, 2> stream_sizes{};
    std::array<BufferView, 2> streams{};      ///< what is kept of each direction, when has_stream; base: its offset
    std::array<std::uint64_t, 2> fresh_from{};    ///< stream offset of what this packet has added
    Bytes stream_events;                      ///< stream::StreamEvent values
    std::array<std::uint32_t, 2> applications{};  ///< name_id of nDPI's protocol and application; 0: none
    std::uint64_t flow_risks = 0;
    bool application_known = false;           ///< nDPI has decided
    bool application_fresh = false;           ///< ... with this packet
    std::uint8_t flow_events = 0;             ///< bits of app::FlowEvent, of this packet
    app::Protocol header_protocol = app::Protocol::unknown;   ///< what "alert http ..." without message tests compares
    bool ip_only_due = false;                 ///< first packet of the flow in this direction
    TimeNs now = 0;
};

/// A rule that matched and is to be told or acted on.
struct Hit {
    signature::RuleIndex rule = 0;
    const Message* message = nullptr;   ///< null: packet or payload rule
    signature::Action action = signature::Action::alert;  ///< after rate_filter
    bool silent = false;                ///< acts but is not told (threshold, noalert)
    bool in_stream = false;             ///< payload rule: found in reassembled bytes, so it acts on the flow
};

/// Octets before the fresh ones that a rule without a literal sees again: a match may lie across the border.
constexpr std::uint64_t kLookBack = 512;
/// Octets before the fresh ones in which the other parts of a payload rule are sought, and so the octets that may
/// follow a literal until a waiting rule is given up.
constexpr std::uint64_t kPayloadReach = 4096;
/// The same in bodies, and in the payload part of message rules (Suricata's response-body-inspect-window).
constexpr std::uint64_t kMessageReach = 16384;
constexpr std::size_t kWokenMax = 32;        ///< message rules that one packet's payload may wake; further ones are counted
constexpr std::size_t kHitsMax = 64;         ///< per packet (Suricata's default is 15); further ones are counted
constexpr std::size_t kCandidatesMax = 512;  ///< per packet; further ones are counted

struct MatcherCounters {
    std::uint64_t scans = 0, scanned_octets = 0, candidates = 0, verified = 0, hits = 0;
    std::uint64_t candidates_lost = 0, hits_lost = 0, pending_lost = 0, flow_bits_lost = 0;
};

class Matcher {
  public:
    /// @param memories  conversations in which rules can leave something at the same time
    explicit Matcher(std::size_t memories = 1024);
    ~Matcher();
    Matcher(const Matcher&) = delete;
    Matcher& operator=(const Matcher&) = delete;

    /// Starts a packet. Must be called before any other call for that packet.
    void begin(const signature::CompiledSet& rules, signature::PatternScratch& scratch, const PacketContext& context);
    /// The context of the packet begun; the engine completes it as the stations learn more.
    PacketContext& context() noexcept { return context_; }

    /// Collects payload candidates from `fresh`, which lies at `offset` of `view`.
    /// @param base  offset of `view` in the buffer it is a part of (a stream that has slid), else 0
    void scan_payload(const signature::Group& group, Bytes view, std::size_t offset, std::uint64_t base) noexcept;
    /// The same for bytes that are stream and HTTP body at once (a combined group).
    void scan_payload_and_body(const signature::Group& group, Bytes view, std::size_t offset, std::uint64_t base,
                               Message& message) noexcept;
    /// Collects candidates of one field's bytes.
    void scan_field(const signature::Group& group, Bytes view, std::size_t offset, std::uint64_t base, Message& message,
                    app::Direction direction) noexcept;
    /// Adds the rules without a literal, and those that wait, for a message that has come to a new stage.
    void revisit(Message& message, app::Direction direction) noexcept;

    /// The message has shown something odd: adds the rules about that, which need not wait for its next stage.
    void event_raised(Message& message, app::Direction direction, app::AppEvent event) noexcept;

    /// Adds the message rules whose payload literal this packet's scans have seen. Call for each open message.
    void add_woken(Message& message) noexcept;
    bool any_woken() const noexcept { return !woken_.empty(); }

    /// Many candidates wait for verification: a good moment for settle(), before some find no room.
    bool crowded() const noexcept { return candidates_.size() > kCandidatesMax / 2; }
    /// A file of the message has begun, its type has become known, or it has ended: adds the rules about files, and
    /// those that wait for it.
    void file_changed(Message& message, app::Direction direction) noexcept;
    /// The next file of a transaction begins: rules about files may hit once more.
    void forget_file_hits(Message& message) noexcept;

    /// Adds the rules about frames without a literal (`all`), and those that wait for more of this frame.
    void revisit_frame(Message& frame, app::Direction direction, bool all) noexcept;

    /// Verifies candidates about messages collected so far; call before message bytes move or a message closes.
    void settle() noexcept;
    /// Verifies everything else about the packet: packet, IP-only and payload rules. Then `hits` is complete.
    void finish() noexcept;
    const FixedVector<Hit, kHitsMax>& hits() const noexcept { return hits_; }
    /// More stream bytes for the same packet, after its hits were dealt with: begins anew, without the packet's
    /// own rules. finish_stream() then verifies what the bytes have named.
    void next_part() noexcept;
    void finish_stream() noexcept;

    /// A conversation ends: what rules have left in it is given back.
    void forget(FlowRuleState& state) noexcept;

    /// Counts what each rule costs from now on; null ends it. The profile outlives the matcher or is taken away first.
    void set_profile(RuleProfile* profile) noexcept { profile_ = profile; }

    const MatcherCounters& counters() const noexcept { return counters_; }

  private:
    struct Candidate {
        std::uint32_t rank = 0;
        signature::RuleIndex rule = 0;
        Message* message = nullptr;   ///< null: payload
        std::uint8_t direction = 0;
        std::uint8_t tries = 0;
        bool unfiltered = false;      ///< no literal has named it
        std::uint64_t anchor = 0;     ///< the rule's anchor content stands at this offset of its buffer, or later
        std::uint64_t waits_since = 0;  ///< payload, tried before: the stream's end when it began to wait
    };
    struct ScanTarget;
    void scan(ScanTarget target) noexcept;
    static void on_literal(void* context, std::uint32_t id, std::size_t end) noexcept;
    void add(signature::RuleIndex rule, Message* message, app::Direction direction, std::uint8_t tries,
             bool unfiltered = false, std::uint64_t anchor = 0, std::uint64_t waits_since = 0) noexcept;
    /// What rules have left in the flow at hand; null: nothing.
    RuleMemory* remembered() const noexcept { return context_.state == nullptr ? nullptr : context_.state->memory; }
    /// ... taken if there is none yet (there is a flow); null when all are lent.
    RuleMemory* to_remember() noexcept;
    void set_flow_bit(std::uint32_t name) noexcept;
    void wake(signature::RuleIndex rule, app::Direction direction) noexcept;
    void add_woken_before(Message& message, app::Direction direction) noexcept;
    std::uint16_t server_port() const noexcept;
    void add_packet_rules() noexcept;
    void add_by_pattern() noexcept;
    void add_ip_only() noexcept;
    void add_waiting_payload() noexcept;
    void verify_all() noexcept;
    MessageHit message_hit(signature::RuleIndex index, const Message& message, app::Direction direction) const noexcept;
    void verify(const Candidate& candidate) noexcept;
    void verify_profiled(const Candidate& candidate) noexcept;
    Match match_message(const signature::CompiledRule& rule, const Message& message, app::Direction direction,
                        Anchor anchor) noexcept;
    Match match_parts(const signature::CompiledRule& rule, const Message& message, app::Direction direction,
                      const FileView* file, Anchor anchor) noexcept;
    Match match_message_buffer(const signature::BufferTests& buffer, const Message& message, app::Direction direction,
                               const FileView* file, Anchor anchor) noexcept;
    Match match_field(const signature::BufferTests& buffer, const Message& message, app::Direction direction,
                      const FileView* file, Anchor anchor) noexcept;
    Match match_body(const signature::BufferTests& buffer, const BodySlot& body, bool complete,
                     Anchor anchor) noexcept;
    Match match_payload(const Candidate& candidate) noexcept;
    Match match_stream(const Candidate& candidate) noexcept;
    Match match_header(const signature::BufferTests& buffer) noexcept;
    Match match_packet_buffers(const signature::CompiledRule& rule, Bytes payload) noexcept;
    bool header_matches(const signature::CompiledRule& rule, app::Direction direction) noexcept;
    bool addresses_match(const signature::CompiledRule& rule, bool swapped) noexcept;
    bool in_set(signature::SetIndex set, bool of_source) noexcept;
    bool application_allows(const signature::CompiledRule& rule) const noexcept;
    bool conditions_hold(const signature::CompiledRule& rule, app::Direction direction) noexcept;
    bool flow_allows(const signature::FlowTest& flow, app::Direction direction) const noexcept;
    bool numbers_allow(const signature::Rule& rule) const noexcept;
    bool state_allows(const signature::CompiledRule& rule) noexcept;
    void change_state(const signature::CompiledRule& rule) noexcept;
    void matched(signature::RuleIndex index, Message* message, app::Direction direction) noexcept;
    void wait(const Candidate& candidate) noexcept;
    void wait(const Candidate& candidate, Message& message) noexcept;
    void keep_hit(const Hit& hit) noexcept;
    void remember_hit(signature::RuleIndex index, app::Direction direction) noexcept;

    const signature::CompiledSet* rules_ = nullptr;
    signature::PatternScratch* scratch_ = nullptr;
    PacketContext context_;
    Inspector inspector_;
    Pool<RuleMemory> memories_;
    HostBits host_bits_;
    ThresholdTable thresholds_;
    LearnedValues learned_;
    FixedVector<Hit, kHitsMax> hits_;
    FixedVector<Candidate, kCandidatesMax> candidates_;
    FixedVector<signature::RuleIndex, kWokenMax> woken_;  // by this packet, in its direction
    std::vector<std::uint32_t> seen_in_scan_;  // by rule: the scan that has added it last
    std::uint32_t scan_ = 0;
    bool in_stream_ = false;  // the rule at hand matched in reassembled bytes
    MatcherCounters counters_;
    RuleProfile* profile_ = nullptr;
};

}  // namespace sekisho::detect
