// What a conversation costs in memory: resident octets for each idle flow, and calls of the allocator (malloc and
// its kin, whoever calls: libraries count, too) for each packet of established flows.
//
//   build/engine_bench
//
// The pipeline takes its memory in advance; some of it is resident at once, the rest as flows use it. Measured is what the
// resident set grows by with a pipeline that holds many conversations, less what it grows by with one of few, over the
// difference in conversations.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

#include "sekisho/engine/pipeline.h"
#include "sekisho/engine/policy.h"
#include "support/packet_builder.h"

namespace {
std::atomic<std::uint64_t> g_calls{0};
}

// glibc exports its allocator under these names, so that it can be wrapped.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) {
    g_calls.fetch_add(1, std::memory_order_relaxed);
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    g_calls.fetch_add(1, std::memory_order_relaxed);
    return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
    g_calls.fetch_add(1, std::memory_order_relaxed);
    return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    g_calls.fetch_add(1, std::memory_order_relaxed);
    return __libc_memalign(alignment, size);
}
}

namespace {

using namespace sekisho;
using namespace sekisho::engine;
using sekisho::testing::Octets;
using sekisho::testing::TcpTalk;

class NoSink final : public event::Sink {
  public:
    void write(const event::Event&) noexcept override {}
};

std::unique_ptr<const Policy> policy() {
    PolicyInput input;
    input.settings.url.enabled = false;
    input.settings.applications.enabled = false;
    input.rules_text =
        "alert tcp any any -> any any (content:\"needle-in-payload\"; sid:1;)\n"
        "alert http any any -> any any (http.uri; content:\"evil\"; sid:2;)\n"
        "alert http any any -> any any (file_data; content:\"needle-in-body\"; sid:3;)\n";
    PolicyReport report;
    auto built = build_policy(input, report);
    if (!built) std::abort();
    return std::move(*built);
}

struct Box {
    explicit Box(std::uint32_t flows) : rules(policy()), pipeline(config(flows), sink) {}
    static PipelineConfig config(std::uint32_t flows) {
        PipelineConfig config;
        config.flows = flows;
        config.stream_memory_bytes = MiB(256);
        config.application_flows = 0;
        return config;
    }
    void feed(const Octets& frame) {
        pipeline.inspect({.bytes = frame, .time_ns = now += 1000}, *rules);
        ++packets;
    }
    void feed(const std::vector<Octets>& frames) {
        for (const Octets& frame : frames) feed(frame);
    }

    NoSink sink;
    std::unique_ptr<const Policy> rules;
    Pipeline pipeline;
    TimeNs now = 1'700'000'000 * kSecondNs;
    std::uint64_t packets = 0;
};

std::size_t resident_octets() {
    std::ifstream statm("/proc/self/statm");
    std::size_t whole = 0, resident = 0;
    statm >> whole >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

constexpr const char* kRequest = "GET /index.html HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: bench\r\n\r\n";

std::string answer(std::size_t octets) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + std::to_string(octets) + "\r\n\r\n" + std::string(octets, 'w');
}

TcpTalk talk(unsigned number) {
    const std::string client = "10." + std::to_string(number >> 16 & 255) + "." + std::to_string(number >> 8 & 255) + "." + std::to_string(number & 255);
    return {client, 40000, "198.51.100.7", 80};
}

/// What the resident set grows by with a pipeline that is full of idle conversations.
std::size_t growth_with(unsigned flows, std::int64_t requests) {
    ::mallopt(M_MMAP_THRESHOLD, 128 * 1024);  // fixed: what a pipeline gives back is gone, not kept for the next
    const std::size_t before = resident_octets();
    Box box(flows);
    for (unsigned i = 1; i <= flows; ++i) {
        TcpTalk one = talk(i);
        one.open();
        for (std::int64_t n = 0; n < requests; ++n) one.client(kRequest).server(answer(2000));
        box.feed(one.frames());
    }
    if (box.pipeline.flows() != flows) std::abort();
    return resident_octets() - before;
}

/// range(0): requests with an answer of 2,000 octets that each conversation has made before it is idle.
void idle_flow(benchmark::State& state) {
    constexpr unsigned kMany = 65'536, kFew = 1'024;
    growth_with(kFew, state.range(0));  // what the program needs once
    for (auto _ : state) {
        const std::size_t few = growth_with(kFew, state.range(0)), many = growth_with(kMany, state.range(0));
        state.counters["octets_a_flow"] = (static_cast<double>(many) - static_cast<double>(few)) / (kMany - kFew);
    }
}
BENCHMARK(idle_flow)->Arg(0)->Arg(1)->Iterations(1)->Unit(benchmark::kMillisecond);

/// Sixteen conversations that are established and go on: requests and answers of range(0) octets.
void established_flow(benchmark::State& state) {
    Box box(1024);
    std::vector<std::vector<Octets>> talks;
    for (unsigned i = 0; i < 16; ++i) {
        TcpTalk one = talk(i);
        one.open();
        for (unsigned n = 0; n < 200; ++n) one.client(kRequest).server(answer(static_cast<std::size_t>(state.range(0))));
        talks.push_back(one.frames());
    }
    const std::size_t opening = talks.front().size() / 10;
    for (const auto& frames : talks)
        for (std::size_t i = 0; i < opening; ++i) box.feed(frames[i]);
    for (auto _ : state) {
        const std::uint64_t packets = box.packets, calls = g_calls;
        for (const auto& frames : talks)
            for (std::size_t i = opening; i < frames.size(); ++i) box.feed(frames[i]);
        const std::uint64_t allocations = g_calls - calls;
        state.counters["packets"] = static_cast<double>(box.packets - packets);
        state.counters["allocations"] = static_cast<double>(allocations);
    }
}
BENCHMARK(established_flow)->Arg(200)->Arg(20'000)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
