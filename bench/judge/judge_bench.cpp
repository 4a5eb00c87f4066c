// Events a second through the judge on one core. The mix is a busy site's: most records are no matter for
// the judge, hits repeat, some open stories.
#include <benchmark/benchmark.h>

#include <vector>

#include "sekisho/judge/judge.h"

namespace {

using namespace sekisho;

constexpr char kTable[] = R"(version: 1
classes:
  - {name: bad, story: signature, classtypes: [trojan-activity], categories: [malware]}
  - {name: web, classtypes: [web-application-attack]}
  - {name: ads, count_only: true, categories: [adware]}
  - {name: other}
otherwise: {classtype: other, category: other, anomaly: other}
rows:
  - {class: bad, direction: outbound, severity: high, because: {ja: a, en: a}}
  - {class: web, at_least: 100, severity: high, because: {ja: b, en: b}}
  - {class: web, severity: medium, hint: lower, because: {ja: b, en: b}}
  - {severity: low, because: {ja: c, en: c}}
)";
constexpr char kMessages[] = "version: 1\nmessages: {default: {title: {ja: a, en: a}, advice: {ja: a, en: a}}}\n";

judge::Judge make() {
    judge::JudgeSettings settings;
    settings.home = {*Network::parse("10.0.0.0/8"), *Network::parse("172.16.0.0/12"), *Network::parse("192.168.0.0/16")};
    return judge::Judge(std::move(settings), std::move(*judge::SeverityTable::parse(kTable, "t")),
                        std::move(*judge::Messages::parse(kMessages, "m")));
}

std::vector<event::Event> events(std::uint32_t hosts, bool only_hits) {
    std::vector<event::Event> all(4096);
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        event::Event& e = all[i];
        e.time_ns = (1'700'000'000ULL + i) * kSecondNs;
        e.kind = only_hits || i % 8 == 0 ? event::Kind::alert : event::Kind::http;
        e.client = e.src = IpAddress::v4(0xc0a80000U + i * 7919U % hosts);
        e.server = e.dst = IpAddress::v4(0xcb007100U + i % 251);
        e.sid = 2'000'000 + i % 16;
        e.set(event::Text::classtype, i % 2 == 0 ? "trojan-activity" : "web-application-attack");
        e.set(event::Text::signature, "a rule of ordinary length that matched");
        e.set(event::Text::severity, "Medium");
    }
    return all;
}

void run(benchmark::State& state, bool only_hits) {
    judge::Judge judge = make();
    const auto all = events(static_cast<std::uint32_t>(state.range(0)), only_hits);
    std::size_t i = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(judge.judge(all[i]));
        if (++i == all.size()) {
            i = 0;
            judge.take_changed([](const event::Alert&) {});
        }
    }
    state.SetItemsProcessed(state.iterations());
}

void mixed(benchmark::State& state) { run(state, false); }
void hits(benchmark::State& state) { run(state, true); }
BENCHMARK(mixed)->Arg(300);
BENCHMARK(hits)->Arg(300)->Arg(60000);

}  // namespace
