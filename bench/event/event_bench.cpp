// What an event costs: into the ring, out of it, and as a line of JSON.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <string>

#include "sekisho/event/json.h"
#include "sekisho/event/ring.h"

namespace {

using namespace sekisho;

event::Event http() {
    event::Event e;
    e.kind = event::Kind::http;
    e.time_ns = 1'700'000'000ULL * kSecondNs;
    e.flow_id = 123456789;
    e.ip_protocol = 6;
    e.client = e.src = IpAddress::v4(0xc0a80105U);
    e.server = e.dst = IpAddress::v4(0xcb007101U);
    e.client_port = e.src_port = 40000;
    e.server_port = e.dst_port = 80;
    e.status = 200;
    e.length = 12345;
    e.set(event::Text::app, "http");
    e.set(event::Text::host, "www.example.com");
    e.set(event::Text::url, "/a/path/of/ordinary/length?with=a&query=string");
    e.set(event::Text::method, "GET");
    e.set(event::Text::user_agent, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)");
    e.set(event::Text::content_type, "text/html; charset=utf-8");
    return e;
}

void fill(benchmark::State& state) {
    for (auto _ : state) {
        auto e = http();
        benchmark::DoNotOptimize(e);
    }
    state.SetItemsProcessed(state.iterations());
}

void to_json(benchmark::State& state) {
    const auto e = http();
    std::string out;
    for (auto _ : state) {
        out.clear();
        event::append_json(out, e);
        benchmark::DoNotOptimize(out);
    }
    state.SetItemsProcessed(state.iterations());
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

void through_ring(benchmark::State& state) {
    const std::string path = "/dev/shm/sekisho-bench-" + std::to_string(::getpid()) + ".ring";
    auto writer = event::RingWriter::open(path, 8192);
    auto reader = event::RingReader::open(path);
    const auto e = http();
    event::Event out;
    for (auto _ : state) {
        writer->write(e);
        benchmark::DoNotOptimize(reader->read(out));
        reader->commit();
    }
    state.SetItemsProcessed(state.iterations());
    ::unlink(path.c_str());
}

BENCHMARK(fill);
BENCHMARK(to_json);
BENCHMARK(through_ring);

}  // namespace
