// What the pipeline promises besides finding things: rules may change under open conversations, a full table is
// counted and stops nobody, and inspecting takes no memory.
#include <gmock/gmock.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "engine/pipeline_rig.h"

namespace {
std::atomic<bool> g_counting{false};
std::atomic<std::size_t> g_allocations{0};
}  // namespace

// Counts while a test asks for it; else the plain allocator. Not inlined: g++ 12 would see half of a pair and take
// malloc and free for mismatched.
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (g_counting.load(std::memory_order_relaxed)) g_allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* memory = std::malloc(size != 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    if (g_counting.load(std::memory_order_relaxed)) g_allocations.fetch_add(1, std::memory_order_relaxed);
    return std::malloc(size != 0 ? size : 1);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace sekisho::engine {
namespace {

using namespace testing;
using namespace sekisho::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(PolicySwap, OpenConversationsGoOnUnderTheNewRules) {
    std::string many;  // the rule that waits has a number that the new set does not know
    for (unsigned sid = 100; sid < 140; ++sid) many += alert_rule("tcp", "content:\"word" + std::to_string(sid) + "\";", sid);
    many += alert_rule("tcp", R"(content:"begin-of-it"; content:"end"; distance:0;)", 1);
    Rig rig(policy_of(many), small_config());
    rig.feed(talk().open().frames());
    const auto frames = talk().open().client("word105 begin-of-it").client("..").client("end new-word").frames();
    rig.feed(frames[3]);
    rig.swap(policy_of(alert_rule("tcp", R"(content:"new-word";)", 2)));
    for (std::size_t i = 4; i < frames.size(); ++i) rig.feed(frames[i]);
    EXPECT_THAT(rig.sids(), ElementsAre(105, 2));
    rig.finish();
    EXPECT_EQ(rig.pipeline().flows(), 0u);
}

TEST(PolicySwap, AnOpenTransactionIsJudgedByTheNewRules) {
    const std::string request = "GET /old/new HTTP/1.1\r\nHost: a.example\r\n\r\n";
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n<p>token</p>";
    const auto http = [](const std::string& options, unsigned sid) {
        return "alert http any any -> any any (msg:\"m\"; " + options + " sid:" + std::to_string(sid) + ";)\n";
    };
    Rig rig(policy_of(http(R"(http.uri; content:"/old";)", 1) + http(R"(file_data; content:"never";)", 9)), small_config());
    const auto frames = talk(80).open().client(request).server(answer, 40).close().frames();
    for (std::size_t i = 0; i < 6; ++i) rig.feed(frames[i]);
    rig.swap(policy_of(http(R"(file_data; content:"token";)", 2)));
    for (std::size_t i = 6; i < frames.size(); ++i) rig.feed(frames[i]);
    rig.finish();
    EXPECT_THAT(rig.sids(), ElementsAre(1, 2));
    EXPECT_EQ(rig.events(event::Kind::http).size(), 1u);
}

TEST(PolicySwap, FlowBitsSurvive) {
    const std::string rules = alert_rule("tcp", R"(content:"login"; flowbits:set,in; flowbits:noalert;)", 1) +
                              alert_rule("tcp", R"(content:"secret"; flowbits:isset,in;)", 2);
    Rig rig(policy_of(rules), small_config());
    const auto frames = talk().open().client("login").client("secret").frames();
    for (std::size_t i = 0; i < 4; ++i) rig.feed(frames[i]);
    rig.swap(policy_of(alert_rule("tcp", R"(content:"other";)", 3) + rules));
    for (std::size_t i = 4; i < frames.size(); ++i) rig.feed(frames[i]);
    EXPECT_THAT(rig.sids(), ElementsAre(2));
}

Octets datagram(unsigned port, const std::string& text = "needle") {
    return PacketBuilder().ip("192.0.2.1", "198.51.100.7").udp(port, 4001).payload(text).build();
}

TEST(FullTable, PassesAndCounts) {
    PipelineConfig config = small_config(Enforcement::enforce);
    config.flows = 8;
    Rig rig(policy_of("alert udp any any -> any any (content:\"needle\"; sid:1;)"), config);
    for (unsigned port = 1; port <= 8; ++port) EXPECT_EQ(rig.feed(datagram(port)).cause, Cause::none);
    const Judged beyond = rig.feed(datagram(9));
    EXPECT_EQ(beyond.verdict, Verdict::pass);
    EXPECT_EQ(beyond.cause, Cause::flow_table_full);
    EXPECT_EQ(rig.pipeline().judged(Verdict::pass, Cause::flow_table_full), 1u);
    EXPECT_EQ(rig.feed(datagram(3)).cause, Cause::none) << "known conversations are still inspected";
    EXPECT_EQ(rig.sids().size(), 9u);
}

TEST(FullTable, DropsWhereTheAdminWantsThat) {
    PipelineConfig config = small_config(Enforcement::enforce);
    config.flows = 8;
    config.drop_on_overload = true;
    Rig rig(policy_of(""), config);
    for (unsigned port = 1; port <= 8; ++port) rig.feed(datagram(port));
    EXPECT_EQ(rig.feed(datagram(9)).verdict, Verdict::drop);
    EXPECT_EQ(rig.pipeline().judged(Verdict::drop, Cause::flow_table_full), 1u);
}

TEST(FullTable, TimeMakesRoom) {
    PipelineConfig config = small_config();
    config.flows = 8;
    auto policy = policy_of("");
    EventList sink;
    Pipeline pipeline(config, sink);
    TimeNs now = 1'700'000'000 * kSecondNs;
    for (unsigned port = 1; port <= 100; ++port) {
        const Octets frame = datagram(port);
        pipeline.inspect({.bytes = frame, .time_ns = now}, *policy);
        now += 3600 * kSecondNs;
        pipeline.tick(now, *policy);
    }
    EXPECT_EQ(pipeline.judged(Verdict::pass, Cause::flow_table_full), 0u);
}

TEST(Transactions, APipeliningClientIsBounded) {
    std::string requests;
    for (int i = 0; i < 500; ++i) requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a.example\r\n\r\n";
    Rig rig(policy_of("alert http any any -> any any (http.uri; content:\"/499\"; endswith; sid:1;)"), small_config());
    rig.feed(talk(80).open().client(requests).frames());
    rig.finish();
    EXPECT_THAT(rig.sids(), ElementsAre(1));
    EXPECT_GT(rig.counter("app.transactions_dropped"), 0u);
}

/// Counts events without keeping them.
class NoSink final : public event::Sink {
  public:
    void write(const event::Event&) noexcept override { ++count; }
    std::size_t count = 0;
};

/// A bit of everything that goes by, on ports of its own.
std::vector<Octets> mixed_trace(unsigned port) {
    std::vector<Octets> frames;
    const auto add = [&frames](const std::vector<Octets>& more) { frames.insert(frames.end(), more.begin(), more.end()); };
    std::string body = "<html>";
    for (int i = 0; i < 2000; ++i) body += "some words and a needle of the page ";
    TcpTalk web("192.0.2.1", port, "198.51.100.7", 80);
    web.open().client("POST /form?x=evil HTTP/1.1\r\nHost: www.example.org\r\nContent-Length: 11\r\n\r\nuser=needle");
    web.server("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body);
    web.client("GET /next HTTP/1.1\r\nHost: www.example.org\r\n\r\n")
        .server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nneedle\r\n0\r\n\r\n");
    add(web.close().frames());
    add(TcpTalk("192.0.2.1", port + 1, "198.51.100.7", 5555).open().client("plain needle bytes", 5).server("and", 1).reset(0).frames());
    const std::string query("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04""Evil\x07""example\x00\x00\x01\x00\x01", 30);
    frames.push_back(PacketBuilder().ip("192.0.2.1", "198.51.100.53").udp(port, 53).payload(query).build());
    frames.push_back(PacketBuilder().ip("2001:db8::1", "2001:db8::2").udp(port, 4001).payload("needle").build());
    const Octets inner = PacketBuilder().raw().ip("10.0.0.1", "10.0.0.2").udp(port, 4001).payload("needle").build();
    frames.push_back(PacketBuilder().ip("192.0.2.1", "198.51.100.7").protocol(4).payload(inner).build());
    for (const unsigned at : {0u, 16u})
        frames.push_back(PacketBuilder().ip("192.0.2.1", "198.51.100.7").protocol(17).ip_id(port).fragment(at, at == 0)
                             .payload("0123456789abcdef").build());
    frames.push_back(PacketBuilder().ip("192.0.2.1", "198.51.100.7").icmp(8, 0, port).payload("needle").build());
    return frames;
}

TEST(Memory, InspectingTakesNone) {
    const std::string rules =
        "drop tcp any any -> any 5555 (content:\"bytes\"; sid:1;)\n"
        "alert ip any any -> any any (content:\"needle\"; sid:2;)\n"
        "alert http any any -> any any (http.uri; content:\"evil\"; pcre:\"/x=[a-z]+/\"; sid:3;)\n"
        "alert http any any -> any any (file_data; content:\"needle\"; sid:4;)\n"
        "alert dns any any -> any any (dns.query; content:\"evil\"; nocase; sid:5;)\n"
        "alert tcp any any -> any any (flags:S; threshold:type limit,track by_src,count 1,seconds 60; sid:6;)\n";
    for (const auto enforcement : {Enforcement::observe, Enforcement::enforce}) {
        const auto policy = policy_of(rules, blocking("elsewhere.example\n"));
        NoSink sink;
        Pipeline pipeline(small_config(enforcement), sink);
        TimeNs now = 1'700'000'000 * kSecondNs;
        const auto feed = [&](const std::vector<Octets>& frames) {
            for (const Octets& frame : frames) {
                pipeline.inspect({.bytes = frame, .time_ns = now += 1'000'000}, *policy);
                pipeline.tick(now, *policy);
            }
        };
        feed(mixed_trace(20000));  // takes a rule set in hand: the one growth, at the swap
        std::vector<std::vector<Octets>> traces;
        for (unsigned i = 0; i < 20; ++i) traces.push_back(mixed_trace(30000 + 10 * i));
        const std::size_t events_before = sink.count;
        g_allocations = 0;
        g_counting = true;
        for (const auto& trace : traces) feed(trace);
        pipeline.finish(*policy);
        g_counting = false;
        EXPECT_EQ(g_allocations.load(), 0u);
        EXPECT_GT(sink.count, events_before + 100) << "the trace is about something";
    }
}

}  // namespace
}  // namespace sekisho::engine
