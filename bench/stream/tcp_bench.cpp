#include <benchmark/benchmark.h>

#include "sekisho/stream/tcp.h"

namespace {

using namespace sekisho;
using stream::Direction;

struct Talk {
    explicit Talk() : reassembler({.depth_bytes = 0, .window_pool_bytes = MiB(4), .held_pool_bytes = MiB(1), .sessions = 4}) {
        send(Direction::to_server, packet::tcp_flag::syn, 0, 0, {});
        send(Direction::to_client, packet::tcp_flag::syn | packet::tcp_flag::ack, 0, 1, {});
        send(Direction::to_server, packet::tcp_flag::ack, 1, 1, {});
    }
    stream::SegmentResult send(Direction d, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack, Bytes payload) {
        packet::Packet p;
        p.data = payload;
        p.payload_size = static_cast<std::uint16_t>(payload.size());
        p.ip_protocol = packet::ip_proto::tcp;
        p.tcp_flags = flags;
        p.tcp_seq = seq;
        p.tcp_ack = ack;
        p.tcp_window = 65535;
        return reassembler.accept(flow, p, d);
    }
    stream::Reassembler reassembler;
    flow::Flow flow;
};

/// Full segments in order, each acknowledged, all parsed at once: two packets a round.
void in_order(benchmark::State& state) {
    Talk talk;
    const std::vector<std::uint8_t> payload(static_cast<std::size_t>(state.range(0)), 'x');
    const auto size = static_cast<std::uint32_t>(payload.size());
    std::uint32_t seq = 1;
    for (auto _ : state) {
        auto result = talk.send(Direction::to_server, packet::tcp_flag::ack, seq, 1, payload);
        seq += size;
        auto& window = talk.reassembler.window(talk.flow, Direction::to_server);
        window.keep_from(window.end());
        benchmark::DoNotOptimize(result);
        benchmark::DoNotOptimize(talk.send(Direction::to_client, packet::tcp_flag::ack, 1, seq, {}));
    }
    state.SetBytesProcessed(state.iterations() * size);
    state.SetItemsProcessed(state.iterations() * 2);
}
BENCHMARK(in_order)->Arg(64)->Arg(1460);

/// Each pair of segments swapped.
void swapped(benchmark::State& state) {
    Talk talk;
    const std::vector<std::uint8_t> payload(1460, 'x');
    std::uint32_t seq = 1;
    for (auto _ : state) {
        talk.send(Direction::to_server, packet::tcp_flag::ack, seq + 1460, 1, payload);
        talk.send(Direction::to_server, packet::tcp_flag::ack, seq, 1, payload);
        seq += 2 * 1460;
        auto& window = talk.reassembler.window(talk.flow, Direction::to_server);
        window.keep_from(window.end());
        talk.send(Direction::to_client, packet::tcp_flag::ack, 1, seq, {});
    }
    state.SetBytesProcessed(state.iterations() * 2 * 1460);
}
BENCHMARK(swapped);

}  // namespace
