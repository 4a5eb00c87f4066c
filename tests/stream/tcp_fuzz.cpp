// Random segments of one direction against a plain model: an array of first copies. Where the window ends,
// what is fresh and what it holds must be the model's.
#include <cstdlib>
#include <string>
#include <vector>

#include "sekisho/base/byte_reader.h"
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static stream::Reassembler reassembler({.depth_bytes = 0, .window_pool_bytes = MiB(1), .held_pool_bytes = MiB(1),
                                            .held_per_direction_bytes = 1 << 20, .sessions = 4});
    if (size < 4) return 0;
    ByteReader in(Bytes(data, size));
    const std::uint32_t isn = in.u32();
    flow::Flow flow;
    const auto send = [&](Direction d, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack, Bytes payload) {
        packet::Packet p;
        p.data = payload;
        p.payload_size = static_cast<std::uint16_t>(payload.size());
        p.ip_version = 4;
        p.ip_protocol = packet::ip_proto::tcp;
        p.tcp_flags = flags;
        p.tcp_seq = seq;
        p.tcp_ack = ack;
        p.tcp_window = 65535;
        return reassembler.accept(flow, p, d);
    };
    send(Direction::to_server, packet::tcp_flag::syn, isn, 0, {});
    send(Direction::to_client, packet::tcp_flag::syn | packet::tcp_flag::ack, 77, isn + 1, {});
    require(send(Direction::to_server, packet::tcp_flag::ack, isn + 1, 78, {}).established);

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
        require(result.fresh[0] == (model.end > before) && result.gap_bytes[0] == 0);
        if (result.fresh[0]) require(result.fresh_from[0] == before);
        std::size_t offset = static_cast<std::size_t>(window.begin());
        for (const std::uint8_t octet : window.all()) require(octet == model.first[offset++]);
        window.keep_from(fill & 1 ? model.end : model.end / 2);
    }
    reassembler.release(flow);
    return 0;
}
