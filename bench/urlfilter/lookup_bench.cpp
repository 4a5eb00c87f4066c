// Look-ups a second in a compiled database against a hash map of names, which is what a straightforward
// filter keeps. Names like those of real lists; half of the hosts asked for are listed.
//
//   urlfilter_bench --benchmark_filter=.        entries as the argument; 10,000,000 needs 2 GB for the map
#include <benchmark/benchmark.h>

#include <memory>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

#include "sekisho/urlfilter/block_page.h"
#include "sekisho/urlfilter/database.h"

namespace sekisho::urlfilter {
namespace {

constexpr std::size_t kHosts = 1 << 16;

std::string name_of(std::uint64_t number) {
    std::mt19937_64 random(number);
    std::string name;
    for (int i = 6 + static_cast<int>(random() % 12); i > 0; --i)
        name += static_cast<char>('a' + random() % 26);
    static const char* const kEnds[] = {".com", ".net", ".example", ".co.jp", ".org"};
    return name + kEnds[random() % 5];
}

struct Lists {
    explicit Lists(std::size_t entries) {
        ListSource source;
        source.name = source.category = "bench";
        for (std::size_t i = 0; i < entries; ++i) source.text += name_of(i) + "\n";
        BuildReport report;
        database =
            std::make_unique<Database>(std::move(Database::build({&source, 1}, report, 1).value()));
        std::mt19937_64 random(3);
        for (std::size_t i = 0; i < kHosts; ++i)
            hosts.push_back("www." + name_of(random() % (2 * entries)));
    }
    std::unique_ptr<Database> database;
    std::vector<std::string> hosts;
};

const Lists& lists_of(std::size_t entries) {
    static std::size_t kept_entries = 0;
    static std::unique_ptr<Lists> kept;
    if (kept_entries != entries) kept = std::make_unique<Lists>(entries);
    kept_entries = entries;
    return *kept;
}

void compiled(benchmark::State& state) {
    const Lists& lists = lists_of(static_cast<std::size_t>(state.range(0)));
    std::size_t i = 0;
    std::size_t listed = 0;
    for (auto _ : state) {
        listed += lists.database->lookup(HostName(lists.hosts[i++ % kHosts]), {}) ? 1 : 0;
        benchmark::DoNotOptimize(listed);
    }
    state.SetItemsProcessed(state.iterations());
    state.counters["octets_per_entry"] = static_cast<double>(lists.database->image_bytes()) /
                                         static_cast<double>(lists.database->entries());
    state.counters["listed"] = static_cast<double>(listed) / static_cast<double>(state.iterations());
}

void hash_set(benchmark::State& state) {
    const auto entries = static_cast<std::size_t>(state.range(0));
    const Lists& lists = lists_of(entries);
    std::unordered_set<std::string> names;
    for (std::size_t i = 0; i < entries; ++i) names.insert(name_of(i));
    std::size_t i = 0;
    std::size_t listed = 0;
    for (auto _ : state) {
        std::string host = lists.hosts[i++ % kHosts];
        for (;;) {
            if (names.contains(host)) {
                ++listed;
                break;
            }
            const auto dot = host.find('.');
            if (dot == std::string::npos) break;
            host.erase(0, dot + 1);
        }
        benchmark::DoNotOptimize(listed);
    }
    state.SetItemsProcessed(state.iterations());
    state.counters["listed"] = static_cast<double>(listed) / static_cast<double>(state.iterations());
}

void block_page(benchmark::State& state) {
    std::array<std::uint8_t, kBlockPageMaxBytes> out;
    BlockPage page;
    page.host = "www.evil.example";
    page.category = "malware";
    page.contact = "総務部 内線 123";
    page.accept_language = "ja,en;q=0.8";
    for (auto _ : state) benchmark::DoNotOptimize(PageTemplate::built_in().render(page, out));
}

BENCHMARK(compiled)->Arg(10'000)->Arg(1'000'000)->Arg(10'000'000);
BENCHMARK(hash_set)->Arg(10'000)->Arg(1'000'000);
BENCHMARK(block_page);

}  // namespace
}  // namespace sekisho::urlfilter
