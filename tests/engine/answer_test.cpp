#include "sekisho/engine/answer.h"

#include <gtest/gtest.h>

#include <string>

#include "sekisho/packet/decode.h"
#include "sekisho/packet/tcp_options.h"
#include "support/packet_builder.h"

namespace sekisho::engine {
namespace {

using packet::Packet;
using testing::kAck;
using testing::kFin;
using testing::kPsh;
using testing::kRst;
using testing::kSyn;
using testing::Octets;
using testing::PacketBuilder;

/// A frame with its decoded form; the frame must outlive the packet's views.
struct Decoded {
    explicit Decoded(Octets frame) : octets(std::move(frame)) {
        packet::decode({.bytes = octets}, packet);
        packet::verify_checksums(packet);
    }
    explicit Decoded(Bytes frame) : Decoded(Octets(frame.begin(), frame.end())) {}
    Octets octets;
    Packet packet;
};

PacketBuilder request(std::string_view from = "192.0.2.1", std::string_view to = "198.51.100.7") {
    PacketBuilder builder;
    builder.mac({2, 0, 0, 0, 0, 0xaa}, {2, 0, 0, 0, 0, 0xbb}).ip(from, to).tcp(40000, 80).seq(1000).ack(5000);
    builder.flags(kPsh | kAck).payload("GET / HTTP/1.1\r\n\r\n");
    return builder;
}
constexpr std::uint32_t kRequestSize = 18;

struct Case {
    const char* name;
    Octets frame;
};
std::vector<Case> link_cases() {
    Octets session{0x11, 0x00, 0x12, 0x34, 0x00, 60, 0x00, 0x21};  // PPPoE: 20 + 20 + 18 octets and protocol
    return {{"plain", request().build()},
            {"vlan", request().vlan(7).build()},
            {"qinq", request().vlan(30, 0x88a8).vlan(7).build()},
            {"ipv6", request("2001:db8::1", "2001:db8::2").build()},
            {"ipv6 vlan", request("2001:db8::1", "2001:db8::2").vlan(7).build()},
            {"pppoe", request().shim(0x8864, session).build()}};
}

TEST(Answer, ResetsBothEndsOnEveryLinkLayer) {
    for (const Case& c : link_cases()) {
        SCOPED_TRACE(c.name);
        const Decoded judged(c.frame);
        ASSERT_TRUE(judged.packet.is_tcp());
        AnswerBuilder builder;
        Answers answers;
        ASSERT_TRUE(builder.reset_both(judged.packet, answers));
        ASSERT_EQ(answers.size(), 2u);

        const Decoded back(answers[0].frame);
        EXPECT_TRUE(answers[0].to_sender);
        EXPECT_EQ(back.packet.src, judged.packet.dst);
        EXPECT_EQ(back.packet.dst, judged.packet.src);
        EXPECT_EQ(back.packet.src_port, 80);
        EXPECT_EQ(back.packet.tcp_flags, kRst);
        EXPECT_EQ(back.packet.tcp_seq, 5000u);
        EXPECT_EQ(back.packet.vlan, judged.packet.vlan);
        EXPECT_EQ(back.packet.l3, judged.packet.l3);
        EXPECT_FALSE(back.packet.has(Packet::kBadChecksum));
        EXPECT_TRUE(back.packet.events.empty());
        EXPECT_TRUE(std::equal(back.octets.begin(), back.octets.begin() + 6, judged.octets.begin() + 6));
        EXPECT_TRUE(std::equal(back.octets.begin() + 6, back.octets.begin() + 12, judged.octets.begin()));

        const Decoded on(answers[1].frame);
        EXPECT_FALSE(answers[1].to_sender);
        EXPECT_EQ(on.packet.src, judged.packet.src);
        EXPECT_EQ(on.packet.tcp_flags, kRst | kAck);
        EXPECT_EQ(on.packet.tcp_seq, 1000u);
        EXPECT_EQ(on.packet.tcp_ack, 5000u);
        EXPECT_FALSE(on.packet.has(Packet::kBadChecksum));
        EXPECT_TRUE(std::equal(on.octets.begin(), on.octets.begin() + judged.packet.l3, judged.octets.begin()) ||
                    std::string_view(c.name) == "pppoe");
    }
}

TEST(Answer, ResetOfASynAcknowledgesIt) {  // RFC 9293 section 3.10.7.1: no ACK bit, so sequence 0
    const Decoded judged(request().flags(kSyn).ack(0).payload("").build());
    AnswerBuilder builder;
    Answers answers;
    ASSERT_TRUE(builder.reset(judged.packet, true, answers));
    const Decoded back(answers[0].frame);
    EXPECT_EQ(back.packet.tcp_flags, kRst | kAck);
    EXPECT_EQ(back.packet.tcp_seq, 0u);
    EXPECT_EQ(back.packet.tcp_ack, 1001u);
}

TEST(Answer, NothingAnswersAReset) {
    const Decoded judged(request().flags(kRst | kAck).payload("").build());
    AnswerBuilder builder;
    Answers answers;
    EXPECT_FALSE(builder.reset_both(judged.packet, answers));
    EXPECT_TRUE(answers.empty());
}

TEST(Answer, PageComesInSequenceAndClosesBothSides) {
    const Decoded judged(request().tcp_options(testing::option_timestamps(700, 900)).build());
    const std::string page(kAnswerPayloadMax + 100, 'x');
    AnswerBuilder builder;
    Answers answers;
    ASSERT_TRUE(builder.say_and_close(judged.packet, true, as_bytes(page), answers));
    ASSERT_EQ(answers.size(), 3u);

    const Decoded first(answers[0].frame), second(answers[1].frame), reset(answers[2].frame);
    EXPECT_EQ(first.packet.tcp_seq, 5000u);
    EXPECT_EQ(first.packet.tcp_ack, 1000u + kRequestSize);
    EXPECT_EQ(first.packet.tcp_flags, kPsh | kAck);
    EXPECT_EQ(first.packet.payload_size, kAnswerPayloadMax);
    EXPECT_EQ(second.packet.tcp_seq, 5000u + kAnswerPayloadMax);
    EXPECT_EQ(second.packet.tcp_flags, kPsh | kAck | kFin);
    EXPECT_EQ(second.packet.payload_size, 100);
    for (const Decoded* data : {&first, &second}) {
        EXPECT_FALSE(data->packet.has(Packet::kBadChecksum));
        const auto stamps = packet::read_tcp_timestamps(data->packet);
        ASSERT_TRUE(stamps);
        EXPECT_EQ(stamps->value, 900u);
        EXPECT_EQ(stamps->echo, 700u);
    }
    EXPECT_FALSE(answers[2].to_sender);
    EXPECT_EQ(reset.packet.tcp_flags, kRst | kAck);
    EXPECT_EQ(reset.packet.tcp_seq, 1000u);
}

TEST(Answer, PageTooLargeIsRefusedWhole) {
    const Decoded judged(request().build());
    const std::string page(3 * kAnswerPayloadMax + 1, 'x');
    AnswerBuilder builder;
    Answers answers;
    EXPECT_FALSE(builder.say_and_close(judged.packet, true, as_bytes(page), answers));
    EXPECT_TRUE(answers.empty());
    EXPECT_TRUE(builder.say_and_close(judged.packet, true, as_bytes(page).first(3 * kAnswerPayloadMax), answers));
    EXPECT_TRUE(answers.full());
    builder.start();
    answers.clear();
    EXPECT_TRUE(builder.reset_both(judged.packet, answers));
}

TEST(Answer, PageInPlaceOfAResponse) {
    const Decoded judged(request().build());
    AnswerBuilder builder;
    Answers answers;
    ASSERT_TRUE(builder.say_and_close(judged.packet, false, as_bytes("gone"), answers));
    const Decoded page(answers[0].frame), reset(answers[1].frame);
    EXPECT_FALSE(answers[0].to_sender);
    EXPECT_EQ(page.packet.src, judged.packet.src);
    EXPECT_EQ(page.packet.tcp_seq, 1000u);
    EXPECT_EQ(page.packet.tcp_ack, 5000u);
    EXPECT_TRUE(answers[1].to_sender);
    EXPECT_EQ(reset.packet.tcp_seq, 5000u);
}

TEST(Answer, LargestFrameStaysBelowTheLeastMtu) {
    Octets session{0x11, 0x00, 0x12, 0x34, 0x00, 92, 0x00, 0x57};
    const Decoded judged(request("2001:db8::1", "2001:db8::2").vlan(30, 0x88a8).vlan(7).shim(0x8864, session)
                             .tcp_options(testing::option_timestamps(1, 2)).build());
    ASSERT_TRUE(judged.packet.is_tcp());
    const std::string page(kAnswerPayloadMax, 'x');
    AnswerBuilder builder;
    Answers answers;
    ASSERT_TRUE(builder.say_and_close(judged.packet, true, as_bytes(page), answers));
    EXPECT_LE(answers[0].frame.size() - 14, 1280u);
}

TEST(Answer, UdpComesBackWithAChecksum) {
    for (const bool v6 : {false, true}) {
        PacketBuilder query;
        query.ip(v6 ? "2001:db8::1" : "192.0.2.1", v6 ? "2001:db8::53" : "192.0.2.53").udp(5353, 53).payload("query");
        const Decoded judged(query.vlan(9).build());
        AnswerBuilder builder;
        Answers answers;
        ASSERT_TRUE(builder.udp_answer(judged.packet, as_bytes("an answer"), answers));
        const Decoded back(answers[0].frame);
        EXPECT_TRUE(back.packet.is_udp());
        EXPECT_EQ(back.packet.src_port, 53);
        EXPECT_EQ(back.packet.dst_port, 5353);
        EXPECT_EQ(as_text(back.packet.payload_bytes()), "an answer");
        EXPECT_EQ(back.packet.vlan[0], 9);
        EXPECT_FALSE(back.packet.has(Packet::kBadChecksum));
    }
}

TEST(Answer, UnreachableQuotesTheDatagramWithoutPadding) {
    Octets frame = PacketBuilder().ip("192.0.2.1", "198.51.100.7").udp(1, 2).payload("hi").build();
    const std::size_t datagram = frame.size() - 14;
    frame.resize(60);  // Ethernet's minimum
    const Decoded judged(frame);
    AnswerBuilder builder;
    Answers answers;
    ASSERT_TRUE(builder.unreachable(judged.packet, answers));
    const Decoded back(answers[0].frame);
    EXPECT_TRUE(back.packet.is_icmp());
    EXPECT_EQ(back.packet.icmp_type, 3);
    EXPECT_EQ(back.packet.icmp_code, 13);
    EXPECT_EQ(back.octets.size(), 14 + 20 + 8 + datagram);
    EXPECT_FALSE(back.packet.has(Packet::kBadChecksum));
}

TEST(Answer, UnreachableIsBounded) {
    const std::string big(1400, 'x');
    const Decoded v4(PacketBuilder().ip("192.0.2.1", "198.51.100.7").udp(1, 2).payload(big).build());
    const Decoded v6(PacketBuilder().ip("2001:db8::1", "2001:db8::2").udp(1, 2).payload(big).build());
    AnswerBuilder builder;
    Answers answers;
    ASSERT_TRUE(builder.unreachable(v4.packet, answers));
    ASSERT_TRUE(builder.unreachable(v6.packet, answers));
    EXPECT_EQ(answers[0].frame.size(), 14 + 576u);
    EXPECT_EQ(answers[1].frame.size(), 14 + 1280u);
    const Decoded back(answers[1].frame);
    EXPECT_EQ(back.packet.icmp_type, 1);
    EXPECT_EQ(back.packet.icmp_code, 1);
    EXPECT_FALSE(back.packet.has(Packet::kBadChecksum));
}

TEST(Answer, NobodyAnswersToGroupsErrorsPiecesOrTunnels) {
    const auto refused = [](Octets frame) {
        const Decoded judged(std::move(frame));
        AnswerBuilder builder;
        Answers answers;
        return !builder.unreachable(judged.packet, answers);
    };
    EXPECT_TRUE(refused(PacketBuilder().ip("192.0.2.1", "239.1.1.1").udp(1, 2).build()));
    EXPECT_TRUE(refused(PacketBuilder().ip("0.0.0.0", "255.255.255.255").udp(68, 67).build()));
    EXPECT_TRUE(refused(PacketBuilder().ip("2001:db8::1", "ff02::1").udp(1, 2).build()));
    EXPECT_TRUE(refused(PacketBuilder().ip("192.0.2.1", "192.0.2.2").icmp(3, 1).payload("12345678").build()));
    EXPECT_TRUE(refused(PacketBuilder().ip("192.0.2.1", "192.0.2.2").udp(1, 2).fragment(8, false)
                            .payload("12345678").build()));
    EXPECT_TRUE(refused(PacketBuilder().mac({2, 0, 0, 0, 0, 1}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
                            .ip("192.0.2.1", "192.0.2.2").udp(1, 2).build()));
    EXPECT_FALSE(refused(PacketBuilder().ip("192.0.2.1", "192.0.2.2").udp(1, 2).build()));

    Decoded inner(request().build());
    inner.packet.tunnel_depth = 1;
    std::array<std::uint8_t, kAnswerFrameMax> out;
    EXPECT_EQ(build_tcp_reset(out, inner.packet, true), 0u);
    const Octets raw = request().raw().build();
    Packet packet;
    packet::decode({.bytes = raw, .link = packet::Frame::Link::raw_ip}, packet);
    ASSERT_TRUE(packet.is_tcp());
    EXPECT_EQ(build_tcp_reset(out, packet, true), 0u);
}

TEST(Answer, EverySizeOfBufferIsRespected) {
    const Decoded judged(request().tcp_options(testing::option_timestamps(1, 2)).vlan(3).build());
    Octets out(400, 0xee);
    const std::size_t whole = build_tcp(out, judged.packet, true, kAck | kPsh, 1, 2, as_bytes("page"));
    ASSERT_GT(whole, 0u);
    for (std::size_t size = 0; size < whole; ++size) {
        Octets small(size);
        EXPECT_EQ(build_tcp(small, judged.packet, true, kAck | kPsh, 1, 2, as_bytes("page")), 0u) << size;
    }
}

TEST(Answer, TlsAlertRecord) {
    EXPECT_EQ(tls_alert_record(kTlsAccessDenied), (std::array<std::uint8_t, 7>{21, 3, 3, 0, 2, 2, 49}));
}

}  // namespace
}  // namespace sekisho::engine
