#include <benchmark/benchmark.h>

#include "sekisho/flow/table.h"

namespace {

using namespace sekisho;

packet::Packet packet_of(std::uint32_t i) {
    packet::Packet p;
    p.ip_version = 4;
    p.ip_protocol = packet::ip_proto::tcp;
    p.src = IpAddress::v4(0x0a000000u + i);
    p.dst = IpAddress::v4(0xc0000201u);
    p.src_port = static_cast<std::uint16_t>(i * 7 + 1024);
    p.dst_port = 443;
    p.time_ns = 1000 * kSecondNs;
    return p;
}

/// Look-up and touch of known flows, in an order that the processor cannot guess.
void find_known(benchmark::State& state) {
    const auto count = static_cast<std::uint32_t>(state.range(0));
    flow::Table table({.capacity = count}, nullptr);
    for (std::uint32_t i = 0; i < count; ++i) table.find_or_add(packet_of(i));
    std::uint32_t i = 0;
    for (auto _ : state) {
        const packet::Packet p = packet_of(i);
        i = (i + 7919) % count;
        flow::Flow* flow = table.find_or_add(p);
        table.touch(*flow, p.time_ns);
        benchmark::DoNotOptimize(flow);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(find_known)->Arg(1000)->Arg(100'000);

/// Add and remove: the price of a short flow.
void add_remove(benchmark::State& state) {
    flow::Table table({.capacity = 65536}, nullptr);
    std::uint32_t i = 0;
    for (auto _ : state) table.remove(*table.find_or_add(packet_of(++i & 0xffffff)), flow::FlowEnd::tcp_closed);
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(add_remove);

}  // namespace
