#include "packet/extension_headers.h"

namespace sekisho::packet {
namespace {

enum HeaderType : std::uint8_t {
    kHopByHop = 0, kRouting = 43, kFragmentHeader = 44, kEsp = 50, kAuthentication = 51, kNone = 59,
    kDestination = 60, kMobility = 135, kHip = 139, kShim6 = 140
};

/// The walk's memory: how often each kind was seen, and where it stands.
struct Walk {
    Packet& packet;
    std::size_t at;
    std::size_t end;
    unsigned hop_by_hop = 0, routing = 0, fragment = 0, destination = 0, authentication = 0;

    std::size_t left() const noexcept { return end - at; }
    std::uint8_t octet(std::size_t i) const noexcept { return packet.data[at + i]; }
};

bool is_padding(std::uint8_t type) noexcept { return type <= 1; }

/// Least data size of an option, by type; -1: unknown. RFC 8200 4.2, 2711, 2675, 6275, 7731 and the IANA list.
int option_size_min(std::uint8_t type) noexcept {
    switch (type) {
        case 0x05: return 2;   // router alert
        case 0xc2: return 4;   // jumbo payload
        case 0xc9: return 16;  // home address
        case 0x04: case 0x07: case 0x08: case 0x26: case 0x63: case 0x6d: case 0x8a: return 0;
        default: return -1;
    }
}

/// The options of a hop-by-hop or destination header.
void check_options(Packet& packet, Bytes options, bool hop_by_hop) noexcept {
    bool padding = false, other = false;
    std::size_t at = 0;
    while (at < options.size()) {
        const std::uint8_t type = options[at];
        if (type == 0) {
            padding = true;
            ++at;
            continue;
        }
        if (options.size() - at < 2) return raise(packet, DecodeEvent::ipv6_exthdr_invalid_optlen);
        const std::size_t size = options[at + 1];
        if (size > options.size() - at - 2) return raise(packet, DecodeEvent::ipv6_exthdr_invalid_optlen);
        if (is_padding(type)) {
            padding = true;
            if (size == 0) raise(packet, DecodeEvent::ipv6_zero_len_padn);
        } else {
            other = true;
            const int least = option_size_min(type);
            if (least < 0) {
                raise(packet, hop_by_hop ? DecodeEvent::ipv6_hopopts_unknown_opt
                                         : DecodeEvent::ipv6_dstopts_unknown_opt);
            } else if (size < static_cast<std::size_t>(least)) {
                raise(packet, DecodeEvent::ipv6_exthdr_invalid_optlen);
            }
        }
        at += size + 2;
    }
    if (padding && !other)
        raise(packet, hop_by_hop ? DecodeEvent::ipv6_hopopts_only_padding
                                 : DecodeEvent::ipv6_dstopts_only_padding);
}

/// Size of the extension header at walk.at by its own length octet, 0 when it is cut.
std::size_t header_size(const Walk& walk, std::uint8_t type) noexcept {
    if (type == kFragmentHeader) return walk.left() >= 8 ? 8 : 0;
    if (walk.left() < 2) return 0;
    const std::size_t units = walk.octet(1);
    const std::size_t size = type == kAuthentication ? (units + 2) * 4 : (units + 1) * 8;
    return size <= walk.left() ? size : 0;
}

void check_header(Walk& walk, std::uint8_t type, std::size_t size) noexcept {
    Packet& packet = walk.packet;
    switch (type) {
        case kHopByHop:
            if (++walk.hop_by_hop > 1) raise(packet, DecodeEvent::ipv6_exthdr_dupl_hh);
            return check_options(packet, packet.data.subspan(walk.at + 2, size - 2), true);
        case kDestination:
            // Twice is right: before a routing header and before the upper layer (RFC 8200 section 4.1).
            if (++walk.destination > 2) raise(packet, DecodeEvent::ipv6_exthdr_dupl_dh);
            return check_options(packet, packet.data.subspan(walk.at + 2, size - 2), false);
        case kRouting:
            if (++walk.routing > 1) raise(packet, DecodeEvent::ipv6_exthdr_dupl_rh);
            if (walk.octet(2) == 0) raise(packet, DecodeEvent::ipv6_rh_type_0);  // RFC 5095
            return;
        case kAuthentication:
            if (++walk.authentication > 1) raise(packet, DecodeEvent::ipv6_exthdr_dupl_ah);
            if (size >= 4 && load16(packet.data.data() + walk.at + 2) != 0)
                raise(packet, DecodeEvent::ipv6_exthdr_ah_res_not_null);
            return;
        default: return;
    }
}

/// True: a real fragment, the walk ends behind its header.
bool take_fragment(Walk& walk, std::size_t link) noexcept {
    Packet& packet = walk.packet;
    if (++walk.fragment > 1) raise(packet, DecodeEvent::ipv6_exthdr_dupl_fh);
    if (walk.octet(1) != 0) raise(packet, DecodeEvent::ipv6_fh_non_zero_reserved_field);
    const std::uint16_t field = load16(packet.data.data() + walk.at + 2);
    const auto offset = static_cast<std::uint16_t>(field & 0xfff8);
    const bool more = (field & 1) != 0;
    if (offset == 0 && !more) {
        raise(packet, DecodeEvent::ipv6_exthdr_useless_fh);
        return false;  // an atomic fragment is a whole datagram (RFC 6946 section 4)
    }
    packet.flags |= Packet::kFragment;
    if (more) packet.flags |= Packet::kMoreFragments;
    packet.fragment_id = load32(packet.data.data() + walk.at + 4);
    packet.fragment_offset = offset;
    packet.fragment_link = offset16(link);
    return true;
}

bool is_extension(std::uint8_t type) noexcept {
    switch (type) {
        case kHopByHop: case kRouting: case kFragmentHeader: case kAuthentication: case kDestination:
        case kMobility: case kHip: case kShim6: return true;
        default: return false;
    }
}

}  // namespace

Upper walk_extension_headers(Packet& packet, std::uint8_t next, std::size_t link, std::size_t at,
                             std::size_t end) noexcept {
    Walk walk{packet, at, end};
    for (std::size_t seen = 0; is_extension(next); ++seen) {
        if (seen == kExtensionsMax) {
            raise(packet, DecodeEvent::too_many_layers);
            return {next, walk.at, false};
        }
        const std::size_t size = header_size(walk, next);
        if (size == 0) {
            raise(packet, DecodeEvent::ipv6_trunc_exthdr);
            return {next, walk.at, false};
        }
        const std::uint8_t behind = walk.octet(0);
        if (next == kFragmentHeader) {
            if (take_fragment(walk, link)) return {behind, walk.at + size, false};
        } else {
            check_header(walk, next, size);
        }
        link = walk.at;
        walk.at += size;
        next = behind;
    }
    if (next == kNone) {
        if (walk.left() > 0) raise(packet, DecodeEvent::ipv6_data_after_none_header);
        return {next, walk.at, false};
    }
    if (walk.at != at && walk.left() < 2) {  // the chain names an upper layer that is not there
        raise(packet, DecodeEvent::ipv6_trunc_exthdr);
        return {next, walk.at, false};
    }
    return {next, walk.at, true};
}

}  // namespace sekisho::packet
