// Lines a second of each maker on one core, from the line to the event.
#include <benchmark/benchmark.h>

#include "sekisho/base/file_text.h"
#include "sekisho/foreign/makers.h"

namespace {

using namespace sekisho;

void lines(benchmark::State& state, const char* sample) {
    const auto makers = foreign::Makers::load(SEKISHO_SOURCE_DIR "/rules/log-makers.yaml");
    const auto text = read_file(std::string(SEKISHO_SOURCE_DIR "/tests/foreign/corpus/line/") + sample + ".log", 1 << 16);
    if (!makers || !text) return state.SkipWithError("no table or sample");
    foreign::LineReader reader(*makers);
    event::Event event;
    for (auto _ : state) benchmark::DoNotOptimize(reader.read(*text, "192.0.2.1", std::nullopt, kSecondNs, event));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text->size()));
}
BENCHMARK_CAPTURE(lines, watchguard, "watchguard-web");
BENCHMARK_CAPTURE(lines, fortigate, "fortigate-ips");
BENCHMARK_CAPTURE(lines, paloalto, "paloalto-threat");
BENCHMARK_CAPTURE(lines, suricata, "suricata-alert");
BENCHMARK_CAPTURE(lines, squid, "squid-denied");
BENCHMARK_CAPTURE(lines, cef, "cef");
BENCHMARK_CAPTURE(lines, leef, "leef");

}  // namespace
