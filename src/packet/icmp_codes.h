// Which ICMP types and codes exist: the IANA registries "ICMP Parameters" and "ICMPv6 Parameters".
#pragma once

#include "sekisho/packet/decode_event.h"

namespace sekisho::packet {

/// Notes unknown types and codes of an ICMPv4 packet.
void check_icmpv4(Packet& packet) noexcept;
/// The same for ICMPv6, with unassigned and experimental ranges told apart, and the hop limit of MLD.
void check_icmpv6(Packet& packet) noexcept;
/// Types that quote the packet they complain about (RFC 792).
bool is_icmpv4_error(std::uint8_t type) noexcept;

}  // namespace sekisho::packet
