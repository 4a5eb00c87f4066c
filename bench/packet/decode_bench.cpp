#include <benchmark/benchmark.h>

#include "sekisho/packet/checksum.h"
#include "sekisho/packet/decode.h"
#include "support/packet_builder.h"

namespace {

using namespace sekisho;
using testing::PacketBuilder;

void decode_frame(benchmark::State& state, const testing::Octets& bytes) {
    const packet::Frame frame{.bytes = bytes, .time_ns = 1};
    packet::Packet packet;
    for (auto _ : state) {
        packet::decode(frame, packet);
        benchmark::DoNotOptimize(packet);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(decode_frame, tcp4, PacketBuilder().tcp(1, 80).tcp_options(testing::option_timestamps(1, 2)).payload("x").build());
BENCHMARK_CAPTURE(decode_frame, qinq_udp4, PacketBuilder().vlan(1).vlan(2).udp(1, 53).payload("x").build());
BENCHMARK_CAPTURE(decode_frame, udp6_options, PacketBuilder().ip("2001:db8::1", "2001:db8::2").udp(1, 53)
                  .extension(60, {17, 0, 1, 4, 0, 0, 0, 0}).build());

void checksum_1460(benchmark::State& state) {
    const testing::Octets bytes(1460, 0x5a);
    for (auto _ : state) benchmark::DoNotOptimize(packet::internet_checksum(bytes));
    state.SetBytesProcessed(state.iterations() * 1460);
}
BENCHMARK(checksum_1460);

}  // namespace
