#include "packet/icmp_codes.h"

namespace sekisho::packet {
namespace {

struct TypeRule {
    std::uint8_t type, code_max;
};
constexpr TypeRule kIcmpv4[] = {
    {0, 0},  {3, 15}, {4, 0},  {5, 3},  {8, 0},  {9, 16}, {10, 0}, {11, 1},
    {12, 2}, {13, 0}, {14, 0}, {15, 0}, {16, 0}, {17, 0}, {18, 0}, {30, 1}, {40, 5}, {42, 0}, {43, 4},
};
constexpr TypeRule kIcmpv6[] = {
    {1, 8},   {2, 0},   {3, 1},   {4, 10},  {128, 0}, {129, 0}, {130, 0}, {131, 0}, {132, 0},
    {133, 0}, {134, 0}, {135, 0}, {136, 0}, {137, 0}, {138, 255}, {139, 2}, {140, 2}, {141, 0},
    {142, 0}, {143, 0}, {144, 0}, {145, 0}, {146, 0}, {147, 0}, {148, 0}, {149, 0}, {150, 0},
    {151, 0}, {152, 0}, {153, 0}, {154, 5}, {155, 255}, {156, 0}, {157, 4}, {158, 4}, {159, 0},
    {160, 0}, {161, 4},
};

template <std::size_t N>
const TypeRule* find(const TypeRule (&rules)[N], std::uint8_t type) noexcept {
    for (const auto& rule : rules)
        if (rule.type == type) return &rule;
    return nullptr;
}

bool is_experimental(std::uint8_t type) noexcept {  // RFC 4443 section 2.1
    return type == 100 || type == 101 || type == 200 || type == 201;
}
bool is_reserved(std::uint8_t type) noexcept { return type == 0 || type == 127 || type == 255; }
bool is_mld(std::uint8_t type) noexcept { return type >= 130 && type <= 132; }

}  // namespace

bool is_icmpv4_error(std::uint8_t type) noexcept {
    return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

void check_icmpv4(Packet& packet) noexcept {
    const TypeRule* rule = find(kIcmpv4, packet.icmp_type);
    if (!rule) raise(packet, DecodeEvent::icmpv4_unknown_type);
    else if (packet.icmp_code > rule->code_max) raise(packet, DecodeEvent::icmpv4_unknown_code);
}

void check_icmpv6(Packet& packet) noexcept {
    if (is_mld(packet.icmp_type) && packet.ttl != 1)  // RFC 2710 section 3
        raise(packet, DecodeEvent::icmpv6_mld_message_with_invalid_hl);
    const TypeRule* rule = find(kIcmpv6, packet.icmp_type);
    if (rule) {
        if (packet.icmp_code > rule->code_max) raise(packet, DecodeEvent::icmpv6_unknown_code);
    } else if (is_experimental(packet.icmp_type)) {
        raise(packet, DecodeEvent::icmpv6_experimentation_type);
    } else if (is_reserved(packet.icmp_type)) {
        raise(packet, DecodeEvent::icmpv6_unknown_type);
    } else {
        raise(packet, DecodeEvent::icmpv6_unassigned_type);
    }
}

}  // namespace sekisho::packet
