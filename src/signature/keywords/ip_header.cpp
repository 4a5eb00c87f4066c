// Keywords over the IP header (RFC 791 section 3.1, RFC 8200 section 3) and the VLAN tags before it.
#include <algorithm>
#include <array>

#include "sekisho/base/byte_reader.h"
#include "sekisho/base/text.h"
#include "signature/keywords/all.h"
#include "signature/keywords/packet_number.h"

namespace sekisho::signature {
namespace {

using packet::Packet;
using Number = std::optional<std::uint64_t>;

constexpr std::size_t kIpv4HeaderMin = 20;

Bytes ipv4_header(const Packet& packet) noexcept {
    if (packet.ip_version != 4 || packet.l3 >= packet.data.size()) return {};
    const Bytes rest = packet.l3_bytes();
    const std::size_t size = static_cast<std::size_t>(rest[0] & 0x0f) * 4;
    return size >= kIpv4HeaderMin && size <= rest.size() ? rest.first(size) : Bytes{};
}

std::uint16_t u16_at(Bytes bytes, std::size_t at) noexcept {
    ByteReader reader(bytes.subspan(at));
    return reader.u16();
}

Number vlan_layers(const Packet& packet) noexcept { return packet.vlan_tags; }

Number ttl(const Packet& packet) noexcept { return packet.is_ip() ? Number(packet.ttl) : std::nullopt; }

Number tos(const Packet& packet) noexcept {
    const Bytes header = ipv4_header(packet);
    return header.empty() ? std::nullopt : Number(header[1]);
}

Number ip_id(const Packet& packet) noexcept {
    const Bytes header = ipv4_header(packet);
    return header.empty() ? std::nullopt : Number(u16_at(header, 4));
}

Number ip_protocol(const Packet& packet) noexcept { return packet.is_ip() ? Number(packet.ip_protocol) : std::nullopt; }

Number fragment_offset(const Packet& packet) noexcept {
    const Bytes header = ipv4_header(packet);
    return header.empty() ? std::nullopt : Number(u16_at(header, 6) & 0x1fffu);  // in units of 8 octets
}

struct ProtocolName {
    std::string_view name;
    std::uint8_t number;
};
// IANA protocol numbers, those that rules name.
constexpr ProtocolName kProtocols[] = {
    {"icmp", 1},  {"igmp", 2},  {"ipip", 4},       {"ipencap", 4}, {"tcp", 6},   {"egp", 8},    {"igp", 9},
    {"pup", 12},  {"udp", 17},  {"rdp", 27},       {"dccp", 33},   {"ipv6", 41}, {"rsvp", 46},  {"gre", 47},
    {"esp", 50},  {"ah", 51},   {"ipv6-icmp", 58}, {"icmpv6", 58}, {"eigrp", 88}, {"ospf", 89}, {"pim", 103},
    {"vrrp", 112}, {"l2tp", 115}, {"sctp", 132},   {"udplite", 136},
};

// IPv4 option numbers (RFC 791 section 3.1 and the IANA registry).
struct OptionName {
    std::string_view name;
    std::uint8_t type;
};
constexpr std::uint8_t kAnyOption = 0xff;
constexpr OptionName kOptions[] = {
    {"eol", 0},    {"nop", 1},    {"rr", 7},      {"qs", 25},     {"ts", 68},     {"sec", 130},        {"lsrr", 131},
    {"esec", 133}, {"cipso", 134}, {"satid", 136}, {"ssrr", 137}, {"rtralt", 148}, {"any", kAnyOption},
};

bool has_ip_option(const PacketTest& test, const Packet& packet) noexcept {
    const Bytes header = ipv4_header(packet);
    for (std::size_t at = kIpv4HeaderMin; at < header.size();) {
        const std::uint8_t type = header[at];
        if (test.a == kAnyOption || type == test.a) return true;
        if (type == 0) return false;  // end of options
        if (type == 1) {
            ++at;
            continue;
        }
        if (at + 1 >= header.size() || header[at + 1] < 2) return false;
        at += header[at + 1];
    }
    return false;
}

enum class Bits : std::uint8_t { exactly, all, any, not_all };

bool has_fragment_bits(const PacketTest& test, const Packet& packet) noexcept {
    const Bytes header = ipv4_header(packet);
    if (header.empty()) return false;
    const std::uint64_t bits = u16_at(header, 6) & 0xe000u;
    switch (static_cast<Bits>(test.b)) {
        case Bits::exactly: return bits == test.a;
        case Bits::all: return (bits & test.a) == test.a;
        case Bits::any: return (bits & test.a) != 0;
        case Bits::not_all: return (bits & test.a) != test.a;
    }
    return false;
}

constexpr std::int64_t kAnyLayer = 100, kAllLayers = 101;
constexpr std::size_t kVlanTagSize = 4;
constexpr std::uint16_t kEtherIpv4 = 0x0800, kEtherIpv6 = 0x86dd;

/// The VLAN ids of a packet, outermost first. The packet keeps two; a third stands where the frame has it.
struct VlanIds {
    std::array<std::uint16_t, 3> ids{};
    std::size_t count = 0;
};
VlanIds vlan_ids(const Packet& packet) noexcept {
    VlanIds vlans;
    for (const std::uint16_t id : packet.vlan)
        if (id != 0) vlans.ids[vlans.count++] = id;
    if (packet.vlan_tags <= vlans.count || vlans.count < packet.vlan.size()) return vlans;
    // The innermost tag ends with the EtherType of what the frame carries, directly before the IP header.
    if (packet.l3 < kVlanTagSize || packet.l3 > packet.data.size()) return vlans;
    const std::uint16_t carried = u16_at(packet.data, packet.l3 - 2);
    if (carried != kEtherIpv4 && carried != kEtherIpv6) return vlans;
    const std::uint16_t id = u16_at(packet.data, packet.l3 - kVlanTagSize) & 0x0fffu;
    if (id != 0) vlans.ids[vlans.count++] = id;
    return vlans;
}

bool has_vlan(const PacketTest& test, const Packet& packet) noexcept {
    const VlanIds vlans = vlan_ids(packet);
    const auto* end = vlans.ids.begin() + vlans.count;
    const auto fits = [&](std::uint16_t id) noexcept { return holds(test, id); };
    auto layer = static_cast<std::int64_t>(test.c);
    if (layer == kAnyLayer) return std::any_of(vlans.ids.begin(), end, fits);
    if (layer == kAllLayers) return vlans.count != 0 && std::all_of(vlans.ids.begin(), end, fits);
    if (layer < 0) layer += static_cast<std::int64_t>(vlans.count);
    return layer >= 0 && layer < static_cast<std::int64_t>(vlans.count) && fits(vlans.ids[static_cast<std::size_t>(layer)]);
}

/// The network id of a VXLAN header (RFC 7348 section 5) on the packet that carries it.
bool has_vxlan_network(const PacketTest& test, const Packet& packet) noexcept {
    constexpr std::size_t kHeader = 8;
    if (!packet.is_udp() || !packet.has(Packet::kHasTunnel) || packet.tunnel != packet.payload + kHeader) return false;
    const Bytes header = packet.payload_bytes();
    if (!(header[0] & 0x08)) return false;  // Geneve's begins otherwise
    const std::uint64_t network = std::uint64_t{header[4]} << 16 | std::uint64_t{header[5]} << 8 | header[6];
    return holds(test, network);
}

bool has_ip_version(const PacketTest& test, const Packet& packet) noexcept { return packet.ip_version == test.a; }

}  // namespace

Status parse_l3_proto(RuleBuilder& builder, const Use& use) {
    const std::string name = to_lower(trim(use.value));
    PacketTest test;
    test.match = has_ip_version;
    test.keyword = use.keyword.name;
    if (name == "ipv4" || name == "ip4") test.a = 4;
    else if (name == "ipv6" || name == "ip6") test.a = 6;
    else return wrong("'" + std::string(use.value) + "' is neither ipv4 nor ipv6");
    builder.rule().packet_tests.push_back(test);
    return {};
}

Status parse_vxlan_vni(RuleBuilder& builder, const Use& use) {
    const auto number = parse_number_test(use.value, 0xffffff);
    if (!number) return fail(number.error());
    builder.rule().packet_tests.push_back(packet_test(use, *number, has_vxlan_network));
    return {};
}

Status parse_vlan_layers(RuleBuilder& builder, const Use& use) { return add_packet_number<vlan_layers>(builder, use, 3); }
Status parse_ttl(RuleBuilder& builder, const Use& use) { return add_packet_number<ttl>(builder, use, 255); }
Status parse_tos(RuleBuilder& builder, const Use& use) { return add_packet_number<tos>(builder, use, 255); }
Status parse_ip_id(RuleBuilder& builder, const Use& use) { return add_packet_number<ip_id>(builder, use, 65535); }
Status parse_fragoffset(RuleBuilder& builder, const Use& use) {
    return add_packet_number<fragment_offset>(builder, use, 8191);
}

Status parse_ip_proto(RuleBuilder& builder, const Use& use) {
    std::string_view sign = use.value.substr(0, use.value.find_first_not_of("!<>="));
    const std::string name = to_lower(trim(use.value.substr(sign.size())));
    for (const auto& known : kProtocols) {
        if (known.name != name) continue;
        const std::string number = std::string(sign) + std::to_string(known.number);
        return add_packet_number<ip_protocol>(builder, Use{use.keyword, number, false}, 255);
    }
    return add_packet_number<ip_protocol>(builder, use, 255);
}

Status parse_sameip(RuleBuilder& builder, const Use&) {
    builder.rule().same_ip = true;
    return {};
}

Status parse_ipopts(RuleBuilder& builder, const Use& use) {
    for (const auto& known : kOptions) {
        if (known.name != use.value) continue;
        PacketTest test;
        test.match = has_ip_option;
        test.keyword = use.keyword.name;
        test.a = known.type;
        builder.rule().packet_tests.push_back(test);
        return {};
    }
    return wrong("unknown option '" + std::string(use.value) + "' (rr, lsrr, ssrr, ts, sec, esec, satid, nop, eol, any ...)");
}

Status parse_fragbits(RuleBuilder& builder, const Use& use) {
    PacketTest test;
    test.match = has_fragment_bits;
    test.keyword = use.keyword.name;
    Bits how = Bits::exactly;
    for (const char c : use.value) {
        switch (c) {
            case 'M': test.a |= 0x2000; break;
            case 'D': test.a |= 0x4000; break;
            case 'R': test.a |= 0x8000; break;
            case '+': how = Bits::all; break;
            case '*': how = Bits::any; break;
            case '!': how = Bits::not_all; break;
            case ' ': break;
            default: return wrong(std::string("unknown letter '") + c + "' (M, D, R; + * !)");
        }
    }
    if (test.a == 0) return wrong("none of M, D, R is given");
    test.b = static_cast<std::uint64_t>(how);
    builder.rule().packet_tests.push_back(test);
    return {};
}

Status parse_vlan_id(RuleBuilder& builder, const Use& use) {
    const auto comma = use.value.find(',');
    const auto number = parse_number_test(use.value.substr(0, comma), 4095);
    if (!number) return fail(number.error());
    PacketTest test = packet_test(use, *number, has_vlan);
    test.c = kAnyLayer;
    if (comma != std::string_view::npos) {
        const auto word = trim(use.value.substr(comma + 1));
        const auto layer = parse_number(word, -3, 2);
        if (word != "any" && word != "all" && !layer) return wrong("the layer is -3 to 2, any or all");
        test.c = static_cast<std::uint64_t>(layer ? *layer : word == "all" ? kAllLayers : kAnyLayer);
    }
    builder.rule().packet_tests.push_back(test);
    return {};
}

}  // namespace sekisho::signature
