// Keywords over ICMP (RFC 792) and ICMPv6 (RFC 4443).
#include "sekisho/base/byte_reader.h"
#include "signature/keywords/all.h"
#include "signature/keywords/packet_number.h"

namespace sekisho::signature {
namespace {

using packet::Packet;
using Number = std::optional<std::uint64_t>;

constexpr std::size_t kIdAt = 4;   // octets from the ICMP header
constexpr std::size_t kSeqAt = 6;
constexpr std::uint8_t kPacketTooBig = 2;

Number type(const Packet& packet) noexcept { return packet.is_icmp() ? Number(packet.icmp_type) : std::nullopt; }
Number code(const Packet& packet) noexcept { return packet.is_icmp() ? Number(packet.icmp_code) : std::nullopt; }

// Echo, timestamp, information and mask messages carry identifier and sequence number.
bool has_id(const Packet& packet) noexcept {
    if (!packet.is_icmp()) return false;
    const auto kind = packet.icmp_type;
    if (packet.ip_protocol == packet::ip_proto::icmpv6) return kind == 128 || kind == 129;
    return kind == 0 || kind == 8 || (kind >= 13 && kind <= 18);
}

Number u16_at(const Packet& packet, std::size_t at) noexcept {
    if (!has_id(packet)) return std::nullopt;
    ByteReader reader(packet.l4_bytes());
    reader.skip(at);
    const std::uint16_t value = reader.u16();
    return reader.ok() ? Number(value) : std::nullopt;
}

Number id(const Packet& packet) noexcept { return u16_at(packet, kIdAt); }
Number sequence(const Packet& packet) noexcept { return u16_at(packet, kSeqAt); }

Number mtu(const Packet& packet) noexcept {
    if (!packet.is_icmp() || packet.ip_protocol != packet::ip_proto::icmpv6 || packet.icmp_type != kPacketTooBig)
        return std::nullopt;
    ByteReader reader(packet.l4_bytes());
    reader.skip(4);
    const std::uint32_t value = reader.u32();
    return reader.ok() ? Number(value) : std::nullopt;
}

std::optional<std::uint64_t> igmp_type(const packet::Packet& packet) noexcept {
    if (packet.ip_protocol != packet::ip_proto::igmp || packet.has(packet::Packet::kNoTransport | packet::Packet::kFragment)) return std::nullopt;
    const Bytes message = packet.l4_bytes();
    return message.empty() ? std::nullopt : std::optional<std::uint64_t>(message[0]);
}

}  // namespace

Status parse_itype(RuleBuilder& builder, const Use& use) { return add_packet_number<type>(builder, use, 255); }
Status parse_icode(RuleBuilder& builder, const Use& use) { return add_packet_number<code>(builder, use, 255); }
Status parse_icmp_id(RuleBuilder& builder, const Use& use) { return add_packet_number<id>(builder, use, 65535); }
Status parse_icmp_seq(RuleBuilder& builder, const Use& use) { return add_packet_number<sequence>(builder, use, 65535); }
Status parse_icmpv6_mtu(RuleBuilder& builder, const Use& use) { return add_packet_number<mtu>(builder, use, 0xffffffff); }

Status parse_igmp_type(RuleBuilder& builder, const Use& use) { return add_packet_number<igmp_type>(builder, use, 255); }

}  // namespace sekisho::signature
