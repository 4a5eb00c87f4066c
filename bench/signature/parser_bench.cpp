// How long a rule set takes to parse, expressions compiled. SEKISHO_BENCH_RULES names the file; without it the bench
// makes rules of the common kinds.
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "sekisho/base/file_text.h"
#include "sekisho/signature/parser.h"

namespace {

using namespace sekisho;

std::string made_rules(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        const std::string n = std::to_string(i + 1);
        text += "alert http $HOME_NET any -> $EXTERNAL_NET any (msg:\"rule " + n + "\"; flow:established,to_server; "
                "http.method; content:\"GET\"; http.uri; content:\"/path" + n + "\"; startswith; fast_pattern; "
                "http.user_agent; content:\"agent|20|" + n + "\"; " +
                (i % 5 == 0 ? "pcre:\"/x" + n + "[a-z]{3,9}$/i\"; " : "") +
                "classtype:trojan-activity; sid:" + n + "; rev:1;)\n";
    }
    return text;
}

void parse(benchmark::State& state) {
    const char* path = std::getenv("SEKISHO_BENCH_RULES");
    const auto text = path ? read_file(path, MiB(512)) : Result<std::string>(made_rules(10'000));
    if (!text) {
        state.SkipWithError(text.error().message().c_str());
        return;
    }
    const signature::ParseContext context;
    std::size_t rules = 0;
    for (auto _ : state) {
        const auto report = signature::parse_rules(*text, "bench", context);
        rules += report.rules.size();
        benchmark::DoNotOptimize(report.rules.data());
    }
    state.counters["rules/s"] = benchmark::Counter(static_cast<double>(rules), benchmark::Counter::kIsRate);
}
BENCHMARK(parse)->Unit(benchmark::kMillisecond);

}  // namespace
