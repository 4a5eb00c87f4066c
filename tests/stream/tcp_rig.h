// One flow, one reassembler, and segments as short as a line: what the tests of the stream room share.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "sekisho/packet/decode.h"
#include "sekisho/stream/limits.h"
#include "sekisho/stream/tcp.h"
#include "support/packet_builder.h"

namespace sekisho::stream {

constexpr auto kUp = Direction::to_server;
constexpr auto kDown = Direction::to_client;

struct TcpRig {
    explicit TcpRig(TcpConfig config = {}) : reassembler(small(config)) {}
    ~TcpRig() { reassembler.release(*flow); }

    SegmentResult send(Direction direction, unsigned flags, std::uint32_t seq, std::uint32_t ack,
                       std::string_view data = {}) {
        const bool up = direction == Direction::to_server;
        testing::PacketBuilder builder;
        builder.ip(up ? "192.0.2.1" : "198.51.100.7", up ? "198.51.100.7" : "192.0.2.1")
            .tcp(up ? 40000 : server_port, up ? server_port : 40000).seq(seq).ack(ack).flags(flags).window(window).urgent(urgent)
            .tcp_options(options).payload(data);
        if (bad_checksum) builder.bad_checksum();
        frame = builder.build();
        time_ns += 1'000'000;
        packet::decode(packet::Frame{.bytes = frame, .time_ns = time_ns}, packet);
        packet::verify_checksums(packet);
        return reassembler.accept(*flow, packet, direction);
    }
    /// A segment of the client with an urgent pointer.
    SegmentResult mark(std::uint32_t seq, unsigned pointer, std::string_view data) {
        urgent = pointer;
        const SegmentResult result = send(Direction::to_server, testing::kPsh | testing::kAck | testing::kUrg, seq, 5001, data);
        urgent = 0;
        return result;
    }
    void open(std::uint32_t client_isn = 1000, std::uint32_t server_isn = 5000) {
        send(Direction::to_server, testing::kSyn, client_isn, 0);
        send(Direction::to_client, testing::kSyn | testing::kAck, server_isn, client_isn + 1);
        send(Direction::to_server, testing::kAck, client_isn + 1, server_isn + 1);
    }
    std::string bytes(Direction direction) {
        return std::string(as_text(reassembler.window(*flow, direction).all()));
    }
    static std::vector<std::string> events(const SegmentResult& result) {
        std::vector<std::string> names;
        for (const StreamEvent event : result.events) names.emplace_back(to_string(event));
        return names;
    }
    static TcpConfig small(TcpConfig config) {
        config.window_pool_bytes = std::min(config.window_pool_bytes, MiB(4));
        config.held_pool_bytes = std::min(config.held_pool_bytes, MiB(1));
        config.sessions = std::min(config.sessions, 16u);
        return config;
    }

    flow::Flow storage;
    flow::Flow* flow = &storage;
    Reassembler reassembler;
    testing::Octets options;
    testing::Octets frame;
    packet::Packet packet;
    unsigned window = 65535;
    unsigned urgent = 0;
    unsigned server_port = 80;
    bool bad_checksum = false;
    TimeNs time_ns = kSecondNs;
};

}  // namespace sekisho::stream
