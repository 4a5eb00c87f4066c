// Random segments of one direction against a plain model: an array of first copies. Where the window ends,
// what is fresh and what it holds must be the model's. A receiver of another kind, who may keep later copies, gets as
// far, and what it gets was sent at that place.
#include <cstdlib>
#include <string>
#include <vector>

#include "sekisho/base/byte_reader.h"
#include "sekisho/base/host_system.h"
#include "sekisho/stream/tcp.h"

using namespace sekisho;
using stream::Direction;

namespace {

void require(bool truth) {
    if (!truth) std::abort();
}

struct Model {
    std::vector<int> first = std::vector<int>(70000, -1);
    std::size_t end = 0;  // everything below was handed out

    void put(std::size_t at, Bytes bytes) {
        for (const std::uint8_t octet : bytes) {
            if (at >= end && first[at] < 0) first[at] = octet;
            ++at;
        }
        while (first[end] >= 0) ++end;
    }
};

packet::Packet segment(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack, Bytes payload) {
    packet::Packet p;
    p.data = payload;
    p.payload_size = static_cast<std::uint16_t>(payload.size());
    p.ip_version = 4;
    p.ip_protocol = packet::ip_proto::tcp;
    p.tcp_flags = flags;
    p.tcp_seq = seq;
    p.tcp_ack = ack;
    p.tcp_window = 65535;
    return p;
}

void open(stream::Reassembler& reassembler, flow::Flow& flow, std::uint32_t isn) {
    using namespace packet::tcp_flag;
    reassembler.accept(flow, segment(syn, isn, 0, {}), Direction::to_server);
    reassembler.accept(flow, segment(syn | ack, 77, isn + 1, {}), Direction::to_client);
    require(reassembler.accept(flow, segment(ack, isn + 1, 78, {}), Direction::to_server).established);
}

/// The same segments at a receiver of another kind.
class OtherHost {
  public:
    explicit OtherHost(std::uint32_t isn) : reassembler_(config(isn)), isn_(isn) { open(reassembler_, flow_, isn); }
    ~OtherHost() { reassembler_.release(flow_); }
    OtherHost(const OtherHost&) = delete;
    OtherHost& operator=(const OtherHost&) = delete;

    void take(std::size_t at, Bytes payload, std::size_t end) {
        if (full_ || sent_.size() == kSegmentsMax) return;
        sent_.push_back({at, {payload.begin(), payload.end()}});
        const auto seq = isn_ + 1 + static_cast<std::uint32_t>(at);
        full_ = reassembler_.accept(flow_, segment(packet::tcp_flag::ack, seq, 78, payload), Direction::to_server).gap_bytes[0] != 0;
        auto& window = reassembler_.window(flow_, Direction::to_server);
        if (full_) return;
        require(window.end() == end);
        std::size_t offset = static_cast<std::size_t>(window.begin());
        for (const std::uint8_t octet : window.all()) require(was_sent(offset++, octet));
        window.keep_from(end);
    }

  private:
    static constexpr std::size_t kSegmentsMax = 64;
    struct Sent {
        std::size_t at;
        std::vector<std::uint8_t> octets;
    };
    static stream::TcpConfig config(std::uint32_t isn) {
        stream::TcpConfig config{.depth_bytes = 0, .window_pool_bytes = MiB(1), .held_pool_bytes = MiB(1),
                                 .held_per_direction_bytes = 1 << 20, .sessions = 4};
        const auto kinds = static_cast<std::uint32_t>(HostSystem::count_);
        config.hosts.add({Network{{}, 0}, static_cast<HostSystem>(isn % kinds)});
        return config;
    }
    bool was_sent(std::size_t at, std::uint8_t octet) const {
        for (const Sent& sent : sent_)
            if (at >= sent.at && at < sent.at + sent.octets.size() && sent.octets[at - sent.at] == octet) return true;
        return false;
    }

    stream::Reassembler reassembler_;
    flow::Flow flow_;
    std::uint32_t isn_;
    std::vector<Sent> sent_;
    bool full_ = false;   ///< no more can wait: what is missing was given up
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static stream::Reassembler reassembler({.depth_bytes = 0, .window_pool_bytes = MiB(1), .held_pool_bytes = MiB(1),
                                            .held_per_direction_bytes = 1 << 20, .sessions = 4});
    if (size < 4) return 0;
    ByteReader in(Bytes(data, size));
    const std::uint32_t isn = in.u32();
    flow::Flow flow;
    const auto send = [&](Direction d, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack, Bytes payload) {
        return reassembler.accept(flow, segment(flags, seq, ack, payload), d);
    };
    open(reassembler, flow, isn);
    OtherHost other(isn);

    Model model;
    std::vector<std::uint8_t> payload;
    while (in.remaining() >= 4) {
        const std::size_t at = in.u16() % 60000, length = in.u8() * 16u + 1;
        const std::uint8_t fill = in.u8();
        payload.assign(length, fill);
        for (std::size_t i = 0; i < length; ++i) payload[i] = static_cast<std::uint8_t>(fill + i);
        if (at + length > 65535) continue;  // beyond the window
        const std::size_t before = model.end;
        const auto result = send(Direction::to_server, packet::tcp_flag::ack, isn + 1 + static_cast<std::uint32_t>(at), 78, payload);
        require(result.accepted);
        if (!(length == 1 && at + 1 == model.end)) model.put(at, payload);
        auto& window = reassembler.window(flow, Direction::to_server);
        require(window.end() == model.end);
        other.take(at, payload, model.end);
        require(result.fresh[0] == (model.end > before) && result.gap_bytes[0] == 0);
        if (result.fresh[0]) require(result.fresh_from[0] == before);
        std::size_t offset = static_cast<std::size_t>(window.begin());
        for (const std::uint8_t octet : window.all()) require(octet == model.first[offset++]);
        window.keep_from(fill & 1 ? model.end : model.end / 2);
    }
    reassembler.release(flow);
    return 0;
}
