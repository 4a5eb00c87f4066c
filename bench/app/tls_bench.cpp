// A TLS 1.2 handshake recorded from OpenSSL: connections a second, JA3 and certificate facts included. Run it at the
// top of the tree, where the corpus is.
#include "app/tls/tls.h"

#include <benchmark/benchmark.h>

#include "app_bench.h"
#include "support/parser_segments.h"

namespace sekisho::app {
namespace {

void BM_TlsHandshake(benchmark::State& bench) {
    const auto segments = testing::load_segments("tests/app/corpus/tls/tls12");
    bench::Conversation conversation(kTls);
    for (auto _ : bench) {
        conversation.restart();
        for (const auto& segment : segments) conversation.give(segment.direction, segment.bytes);
    }
    bench.SetItemsProcessed(bench.iterations());
}
BENCHMARK(BM_TlsHandshake);

}  // namespace
}  // namespace sekisho::app
