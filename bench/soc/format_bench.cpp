// Messages a second, by dialect.
#include <benchmark/benchmark.h>

#include "sekisho/soc/format.h"

namespace {

using namespace sekisho;

void format(benchmark::State& state) {
    event::Alert a;
    a.id = 4, a.telling = 1, a.severity = event::Severity::high, a.count = 3;
    a.class_name = "malware";
    a.cause = "sid 1:9";
    a.host = a.src = IpAddress::v4(0xc0a80105U);
    a.dst = IpAddress::v4(0xcb007101U);
    a.peers = {a.dst};
    a.sid = 9;
    a.signature = "a rule of ordinary length that matched";
    a.title = {"マルウェアが疑われる通信", "Malware traffic"};
    a.reason = {"社内の機器から", "Worm or bot traffic from a machine inside"};
    a.advice = {"ネットワークから切り離してください", "Disconnect the machine and scan it"};
    const soc::Dialect& dialect = soc::dialects()[static_cast<std::size_t>(state.range(0))];
    std::uint64_t number = 0;
    for (auto _ : state) benchmark::DoNotOptimize(dialect.format(a, {.box = "box1", .number = ++number, .process = 1}));
    state.SetItemsProcessed(state.iterations());
    state.SetLabel(std::string(dialect.name));
}
BENCHMARK(format)->Arg(0)->Arg(1)->Arg(2);

}  // namespace
