// The parts of a pipeline, and the steps between stations.
#pragma once

#include <atomic>
#include <string>

#include "app_layer.h"
#include "application.h"
#include "evidence.h"
#include "host_signs.h"
#include "records.h"
#include "sekisho/base/pool.h"
#include "sekisho/engine/answer.h"
#include "sekisho/engine/pipeline.h"
#include "sekisho/engine/policy.h"
#include "sekisho/engine/quarantine.h"
#include "sekisho/flow/table.h"
#include "sekisho/packet/decode.h"
#include "sekisho/packet/defrag.h"
#include "sekisho/stream/tcp.h"
#include "transaction.h"
#include "url_gate.h"

namespace sekisho::engine {

struct Pipeline::Impl {
    Impl(const PipelineConfig& config, event::Sink& sink, event::Sink* evidence_sink);

    static packet::DefragConfig defrag_config(const PipelineConfig& config);
    static stream::TcpConfig tcp_config(const PipelineConfig& config);
    static flow::TableConfig table_config(const PipelineConfig& config);

    void inspect_packet(packet::Packet& packet, const Policy& policy, Judgement& judgement) noexcept;
    bool tcp(packet::Packet& packet, flow::Flow& flow, flow::Session& session, flow::Direction direction,
             const Policy& policy, Judgement& judgement) noexcept;
    void take_segment(const stream::SegmentResult& segment, flow::Flow& flow, flow::Session& session,
                      flow::Direction direction) noexcept;
    static void note_decided(const flow::Session& session, detect::PacketContext& context) noexcept;
    void note_protocol(flow::Session& session, flow::Direction direction) noexcept;
    void judge_waiting(packet::Packet& packet, flow::Flow& flow, flow::Session& session, flow::Direction direction,
                       const Policy& policy, Judgement& judgement) noexcept;
    void datagram(packet::Packet& packet, flow::Flow& flow, flow::Direction direction, const Policy& policy) noexcept;

    // steps.cpp
    void count(PipelineCounter name, std::uint64_t by = 1) noexcept { counters.add(name, by); }
    void decode_counts(const packet::Packet& packet) noexcept;
    /// True when the application of the conversation became known with this packet.
    bool recognise(const packet::Packet& packet, flow::Session& session, flow::Direction direction, const Policy& policy) noexcept;
    void note_packet(flow::Flow& flow, const packet::Packet& packet, flow::Direction direction) noexcept;
    flow::Flow* flow_of(packet::Packet& packet) noexcept;
    flow::Session* session_of(flow::Flow& flow) noexcept;
    void begin(const packet::Packet& packet, flow::Flow& flow, flow::Session& session, flow::Direction direction,
               const Policy& policy) noexcept;
    void scan_packet_payload(const packet::Packet& packet, const flow::Flow& flow, flow::Direction direction,
                             const Policy& policy) noexcept;
    FlowApplication application_of(flow::Session& session) noexcept;
    void release(flow::Flow& flow, flow::FlowEnd why) noexcept;
    void complete_messages(flow::Flow& flow, flow::Session& session) noexcept;
    void trace_decode(const packet::Packet& packet) const;
    void trace_stream(const stream::SegmentResult& segment, flow::Direction direction) const;
    void tell(std::string_view station, const std::string& text) const {
        if (trace) trace(station, text);
    }

    // isolation.cpp
    /// True when the packet comes from or goes to a host that is cut off: it is judged.
    bool isolate(const packet::Packet& packet, Judgement& judgement) noexcept;
    bool answer_isolated(const packet::Packet& packet, const Quarantine::Entry& host, Judgement& judgement) noexcept;

    // judgement.cpp
    /// Rules for a packet that has no flow: undecodable, or a fragment.
    void match_alone(packet::Packet& packet, const Policy& policy, Judgement& judgement) noexcept;
    /// What hosts read in different ways: told, and inline not let through.
    void judge_ambiguous(const packet::Packet& packet, flow::Flow& flow, const flow::Session& session,
                         Judgement& judgement) noexcept;
    /// A datagram that was dropped with its last piece must not be completed by that piece sent again.
    void condemn_pieces(const Judgement& judgement) noexcept;
    /// One event for a frame that is not forwarded.
    void tell_drop(const flow::Flow* flow, std::uint32_t sid, const Judgement& judgement) noexcept;
    void overloaded(const Policy& policy, Cause cause, Judgement& judgement) noexcept;
    /// The midstream policy. True: the packet is not looked at further.
    bool midstream(const packet::Packet& packet, flow::Flow& flow, bool tracked, Judgement& judgement) noexcept;
    bool except(const packet::Packet& packet, flow::Flow& flow, ExceptionPolicy policy, Cause cause,
                Judgement& judgement) noexcept;
    bool settled(flow::Flow& flow, const packet::Packet& packet, flow::Direction direction, Judgement& judgement) noexcept;
    /// Hits and URL decisions of the packet into events and a verdict.
    void decide(const packet::Packet& packet, flow::Flow* flow, flow::Session* session, flow::Direction direction,
                const Policy& policy, Judgement& judgement) noexcept;
    void carry_out(signature::Action action, bool flow_scope, const packet::Packet& packet, flow::Flow* flow,
                   Judgement& judgement) noexcept;
    void block_url(const packet::Packet& packet, flow::Flow& flow, flow::Session& session, Judgement& judgement) noexcept;
    /// What the settings want of an application that has just become known.
    void judge_application(const packet::Packet& packet, flow::Flow& flow, flow::Session& session, flow::Direction direction,
                           const Policy& policy, Judgement& judgement) noexcept;
    static void block(Judgement& judgement, Verdict verdict, Cause cause) noexcept;
    static void settle(flow::Flow& flow, Verdict verdict) noexcept;
    void note(const Judgement& judgement) noexcept;

    PipelineConfig config;
    bool enforce;
    packet::Defragmenter defrag;
    flow::Table flows;
    stream::Reassembler streams;
    stream::WindowPool memory;          ///< transactions, decoded bodies, parser states
    Pool<flow::Session> sessions;
    TransactionStore transactions;
    detect::Matcher matcher;
    Records records;
    HostSigns signs;
    std::unique_ptr<urlfilter::AddressNames> own_names;  ///< when the pipeline is the only one
    Evidence evidence;
    UrlFilterGate gate;
    ApplicationWatch applications;
    std::shared_ptr<Expectations> expectations;
    AppLayer app;
    AnswerBuilder answers;
    Counters<PipelineCounter> counters;
    std::array<std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Cause::count_)>,
               static_cast<std::size_t>(Verdict::count_)>
        judged{};
    std::array<std::uint8_t, 8> stream_events{};
    Trace trace;
    TimeNs now = 0;
    std::uint32_t last_sid = 0;         ///< of the rule that blocked the packet at hand
    std::uint8_t made_whole = 0;        ///< bit n: the frame at hand has completed a datagram at tunnel depth n
    bool drop_told = false;             ///< the event of the frame's drop is written
    bool more_waits = false;            ///< held stream bytes follow on what the packet at hand has added
    const Quarantine* quarantine = nullptr;  ///< null: nobody is cut off
    const Policy* policy_at_hand = nullptr;  ///< of the call being served; null outside calls
    bool finishing = false;
    bool ethernet = false;              ///< the frame at hand begins with two MAC addresses
};

}  // namespace sekisho::engine
