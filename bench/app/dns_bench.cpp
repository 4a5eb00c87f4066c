// DNS messages a second: a query, and an answer with nine records. Run it at the top of the tree, where the
// corpus is.
#include "app/dns/dns.h"

#include <benchmark/benchmark.h>

#include "app_bench.h"
#include "support/parser_segments.h"

namespace sekisho::app {
namespace {

void BM_DnsMessage(benchmark::State& bench) {
    const auto segments = testing::load_segments("tests/app/corpus/dns/pair");
    const auto& segment = segments.at(static_cast<std::size_t>(bench.range(0)));
    bench::Conversation conversation(kDnsUdp);
    for (auto _ : bench) conversation.give(segment.direction, segment.bytes);
    bench.SetItemsProcessed(bench.iterations());
}
BENCHMARK(BM_DnsMessage)->Arg(0)->Arg(1);

}  // namespace
}  // namespace sekisho::app
