// ipv4-csum, tcpv4-csum ...: whether a checksum is valid (RFC 1071). Computed here and only for packets that get as
// far as this test: the decoder's one flag does not tell which checksum was wrong.
#include "sekisho/packet/checksum.h"

#include "signature/keywords/all.h"

namespace sekisho::signature {
namespace {

using packet::Packet;

struct Layer {
    std::string_view keyword;
    std::uint8_t ip_version;
    std::uint8_t protocol;  ///< 0: the IPv4 header itself
};
constexpr Layer kLayers[] = {
    {"ipv4-csum", 4, 0},
    {"tcpv4-csum", 4, packet::ip_proto::tcp},
    {"tcpv6-csum", 6, packet::ip_proto::tcp},
    {"udpv4-csum", 4, packet::ip_proto::udp},
    {"udpv6-csum", 6, packet::ip_proto::udp},
    {"icmpv4-csum", 4, packet::ip_proto::icmp},
    {"icmpv6-csum", 6, packet::ip_proto::icmpv6},
    {"igmp-csum", 4, packet::ip_proto::igmp},
};

std::optional<bool> ipv4_valid(const Packet& packet) noexcept {
    if (packet.l3 >= packet.data.size()) return std::nullopt;
    const Bytes rest = packet.l3_bytes();
    const std::size_t size = static_cast<std::size_t>(rest[0] & 0x0f) * 4;
    if (size < 20 || size > rest.size()) return std::nullopt;
    return packet::internet_checksum(rest.first(size)) == 0;
}

std::optional<bool> transport_valid(const Packet& packet) noexcept {
    if (packet.has(Packet::kNoTransport | Packet::kFragment)) return std::nullopt;
    const Bytes segment = packet.l4_bytes();
    if (packet.ip_protocol == packet::ip_proto::icmp || packet.ip_protocol == packet::ip_proto::igmp) return packet::internet_checksum(segment) == 0;
    const bool absent = packet.ip_protocol == packet::ip_proto::udp && packet.ip_version == 4 && segment.size() >= 8 &&
                        segment[6] == 0 && segment[7] == 0;  // RFC 768: zero means that none was sent
    return absent || packet::transport_checksum(packet.src, packet.dst, packet.ip_protocol, segment) == 0;
}

bool checksum_is(const PacketTest& test, const Packet& packet) noexcept {
    const Layer& layer = kLayers[test.a];
    if (packet.ip_version != layer.ip_version) return false;
    if (layer.protocol != 0 && packet.ip_protocol != layer.protocol) return false;
    const auto valid = layer.protocol == 0 ? ipv4_valid(packet) : transport_valid(packet);
    return valid && *valid == (test.b == 0);
}

}  // namespace

Status parse_checksum(RuleBuilder& builder, const Use& use) {
    if (use.value != "valid" && use.value != "invalid") return wrong("the argument is valid or invalid");
    PacketTest test;
    test.match = checksum_is;
    test.keyword = use.keyword.name;
    test.b = use.value == "invalid";
    while (kLayers[test.a].keyword != use.keyword.name) ++test.a;
    builder.rule().packet_tests.push_back(test);
    return {};
}

}  // namespace sekisho::signature
