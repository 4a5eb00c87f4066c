#include "evidence.h"

#include <algorithm>

namespace sekisho::engine {

using packet::Packet;

void Evidence::remember(const Packet& packet, const flow::Flow& flow) noexcept {
    matched_ = false;
    if (sink_ == nullptr || flow.packets[0] + flow.packets[1] > kFirstPackets || packet.has(Packet::kReassembled)) return;
    Kept& kept = history_[newest_];
    newest_ = (newest_ + 1) % kHistory;
    kept.flow_id = flow.id;
    kept.at = packet.time_ns;
    kept.number = packet.number;
    kept.port = packet.port;
    kept.wire_size = static_cast<std::uint32_t>(packet.data.size());
    kept.size = static_cast<std::uint16_t>(std::min(packet.data.size(), kept.octets.size()));
    std::copy_n(packet.data.begin(), kept.size, kept.octets.begin());
}

void Evidence::match(const Packet& packet, const flow::Flow& flow, flow::Session& session, std::uint32_t sid) noexcept {
    if (sink_ == nullptr) return;
    matched_ = true;
    if (!session.evidence_begun) {
        session.evidence_begun = true;
        session.evidence_left = kPacketsAfter;
        for (std::size_t i = 0; i < kHistory; ++i) {  // oldest first
            const Kept& kept = history_[(newest_ + i) % kHistory];
            if (kept.flow_id != flow.id || (kept.at == packet.time_ns && kept.number == packet.number)) continue;
            write(flow.id, kept.at, kept.number, kept.port, Bytes(kept.octets).first(kept.size), kept.wire_size, 0);
        }
    } else if (session.evidence_left == 0) {
        return;
    } else {
        --session.evidence_left;
    }
    // A flow that ends is judged on behalf of a packet without octets: what it said stands in the history.
    if (!packet.data.empty()) write(flow.id, packet.time_ns, packet.number, packet.port, packet.data, packet.data.size(), sid);
}

void Evidence::follow(const Packet& packet, const flow::Flow& flow, flow::Session& session) noexcept {
    if (session.evidence_left == 0 || matched_) return;
    --session.evidence_left;
    write(flow.id, packet.time_ns, packet.number, packet.port, packet.data, packet.data.size(), 0);
}

void Evidence::write(std::uint64_t flow_id, TimeNs at, std::uint64_t number, std::uint16_t port, Bytes octets, std::size_t wire_size,
                     std::uint32_t sid) noexcept {
    event_ = event::Event();
    event_.kind = event::Kind::packet;
    event_.time_ns = at;
    event_.flow_id = flow_id;
    event_.frame_number = number;
    event_.in_port = port;
    event_.sid = sid;
    event_.length = wire_size;
    event_.set_packet(octets);
    sink_->write(event_);
}

}  // namespace sekisho::engine
