#include "sekisho/stream/tcp.h"

#include <algorithm>

#include "sekisho/base/pool.h"
#include "stream/conversation.h"

namespace sekisho::stream {
namespace {

namespace tcp_flag = packet::tcp_flag;

}  // namespace

struct Reassembler::Impl {
    explicit Impl(const TcpConfig& c) : config(c), assembly(config, counters), sessions(std::max<std::uint32_t>(c.sessions, 1)) {}

    /// The first packet of a flow that has no session yet.
    void open(flow::Flow& flow, const packet::Packet& packet, Direction direction, SegmentResult& result) noexcept;

    bool reopening = false;  ///< the packet at hand ended a conversation and confirms the SYN of the next
    const TcpConfig config;
    Counters<TcpCounter> counters;
    Assembly assembly;
    Pool<TcpSession> sessions;
};

void Reassembler::Impl::open(flow::Flow& flow, const packet::Packet& packet, Direction direction,
                             SegmentResult& result) noexcept {
    const bool syn = packet.tcp_flags & tcp_flag::syn, ack = packet.tcp_flags & tcp_flag::ack;
    if (packet.tcp_flags & tcp_flag::rst) {
        result.events.push_back(StreamEvent::rst_but_no_session);
        return;
    }
    if (packet.tcp_flags & tcp_flag::fin) {
        result.events.push_back(syn ? StreamEvent::fin_syn : StreamEvent::fin_but_no_session);
        result.refuse = config.enforce && syn;
        return;
    }
    if (syn && !ack && direction == Direction::to_client) {
        result.restart = true;  // the flow was made by a stray packet of the other side
        return;
    }
    const bool midstream = config.midstream || (config.async_oneside && !syn) || reopening;
    if ((!syn && (!ack || !midstream)) || (syn && ack && !midstream)) return;
    flow.tcp = sessions.take();
    if (!flow.tcp) {
        counters.add(TcpCounter::sessions_refused);
        return;
    }
    Conversation conversation(config, counters, assembly, flow, *flow.tcp, packet, direction, result);
    if (!syn) conversation.open_midstream();
    else if (ack) conversation.open_with_syn_ack();
    else conversation.open_with_syn();
}

Reassembler::Reassembler(const TcpConfig& config) : impl_(std::make_unique<Impl>(config)) {}
Reassembler::~Reassembler() = default;

SegmentResult Reassembler::accept(flow::Flow& flow, const packet::Packet& packet, Direction direction) noexcept {
    SegmentResult result;
    if (packet.has(packet::Packet::kBadChecksum)) {
        impl_->counters.add(TcpCounter::segments_bad_checksum);
        result.refuse = impl_->config.enforce;  // the receiver would drop it: its bytes must not count here
    } else if (!flow.tcp) {
        impl_->open(flow, packet, direction, result);
    } else {
        Conversation(impl_->config, impl_->counters, impl_->assembly, flow, *flow.tcp, packet, direction, result).accept();
    }
    result.tracked = flow.tcp != nullptr;
    result.established = result.tracked && flow.tcp->state >= TcpState::established;
    // The SYN that it confirms was not kept: it is all that the new conversation begins with.
    impl_->reopening = result.restart && (packet.tcp_flags & tcp_flag::ack);
    // Before that, data of a SYN may be held at the very front: the answer to the SYN decides about it.
    result.more = result.established && impl_->assembly.follows_on(flow.tcp->of(direction));
    return result;
}

SegmentResult Reassembler::go_on(flow::Flow& flow, const packet::Packet& packet, Direction direction) noexcept {
    SegmentResult result;
    if (!flow.tcp) return result;
    Conversation(impl_->config, impl_->counters, impl_->assembly, flow, *flow.tcp, packet, direction, result).go_on();
    result.tracked = result.accepted = true;
    result.established = flow.tcp->state >= TcpState::established;
    result.more = impl_->assembly.follows_on(flow.tcp->of(direction));
    return result;
}

Window& Reassembler::window(flow::Flow& flow, Direction direction) noexcept { return flow.tcp->of(direction).window; }

void Reassembler::stop(flow::Flow& flow, Direction direction) noexcept {
    if (flow.tcp) impl_->assembly.stop(flow.tcp->of(direction));
}

bool Reassembler::is_another_syn(const flow::Flow& flow, const packet::Packet& packet, Direction direction) const noexcept {
    using namespace packet::tcp_flag;
    if (!flow.tcp || (packet.tcp_flags & (syn | ack | rst | fin)) != syn) return false;
    const Side& side = flow.tcp->of(direction);
    return side.has(Side::kSyn) && packet.tcp_seq != side.isn;
}

std::uint64_t Reassembler::stream_size(const flow::Flow& flow, Direction direction) const noexcept {
    if (!flow.tcp) return 0;
    const Side& side = flow.tcp->of(direction);
    return side.has(Side::kSyn) ? side.next_seq - side.isn : 0u;
}

std::uint32_t Reassembler::next_seq(const flow::Flow& flow, Direction direction) const noexcept {
    return flow.tcp ? flow.tcp->of(direction).next_seq : 0;
}

std::uint32_t Reassembler::last_ack(const flow::Flow& flow, Direction direction) const noexcept {
    return flow.tcp ? flow.tcp->of(direction).last_ack : 0;
}

void Reassembler::release(flow::Flow& flow) noexcept {
    if (!flow.tcp) return;
    for (Side& side : flow.tcp->sides) impl_->assembly.stop(side);
    impl_->sessions.give(flow.tcp);
    flow.tcp = nullptr;
}

const Counters<TcpCounter>& Reassembler::counters() const noexcept { return impl_->counters; }

}  // namespace sekisho::stream
