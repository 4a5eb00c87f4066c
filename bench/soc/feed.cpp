// soc_feed RING FIRST COUNT: writes one event for each of COUNT machines into an event ring, as a fast path does, and
// waits where the ring is full. Two of three events are command-and-control calls (High), the third is gambling (Low):
// each machine is one alert. Prints how many it wrote.
#include <chrono>
#include <cstdio>
#include <thread>

#include "sekisho/base/clock.h"
#include "sekisho/base/text.h"
#include "sekisho/event/ring.h"

namespace {

using namespace sekisho;

constexpr std::uint32_t kCapacity = 4096;
constexpr std::uint32_t kFirstHost = 0x0a000000;  // 10.0.0.0
constexpr std::uint32_t kServer = 0xcb007107;     // 203.0.113.7

event::Event call(std::uint32_t number) {
    event::Event e;
    e.time_ns = SystemClock().now();
    e.ip_protocol = 6;
    e.src = e.client = IpAddress::v4(kFirstHost + number);
    e.dst = e.server = IpAddress::v4(kServer);
    e.src_port = e.client_port = 40000;
    e.dst_port = e.server_port = 80;
    e.action = event::Action::blocked;
    e.set(event::Text::host, "loss.example");
    if (number % 3 == 0) {
        e.kind = event::Kind::url;
        e.set(event::Text::category, "gambling");
    } else {
        e.kind = event::Kind::alert;
        e.gid = 1;
        e.sid = 9000001;
        e.rev = 1;
        e.set(event::Text::classtype, "command-and-control");
        e.set(event::Text::signature, "loss test: a call home");
    }
    return e;
}

}  // namespace

int main(int argc, char** argv) {
    const auto first = argc == 4 ? parse_int(argv[2], 0, 0xffffff) : std::nullopt;
    const auto count = argc == 4 ? parse_int(argv[3], 1, 0xffffff) : std::nullopt;
    if (!first || !count) {
        std::fprintf(stderr, "usage: soc_feed RING FIRST COUNT\n");
        return 2;
    }
    auto ring = event::RingWriter::open(argv[1], kCapacity);
    if (!ring) {
        std::fprintf(stderr, "soc_feed: %s\n", ring.error().message().c_str());
        return 1;
    }
    for (std::int64_t i = 0; i < *count; ++i) {
        const event::Event event = call(static_cast<std::uint32_t>(*first + i));
        // A full ring counts a loss and takes nothing: the same event is tried again.
        for (std::uint64_t lost = ring->lost(); ring->write(event), ring->lost() != lost; lost = ring->lost())
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    std::printf("%lld\n", static_cast<long long>(*count));
    return 0;
}
