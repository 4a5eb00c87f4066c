#include "fastpath/symmetric_hash.h"

#include <algorithm>
#include <cstring>

#include "sekisho/base/byte_reader.h"
#include "sekisho/base/hash.h"
#include "sekisho/packet/limits.h"
#include "sekisho/packet/packet.h"

namespace sekisho::fastpath {
namespace {

namespace ip_proto = packet::ip_proto;

/// One end of a conversation, ready to be ordered and hashed.
struct End {
    std::array<std::uint8_t, 18> octets{};  // address and port, zero where unknown
    void set_address(Bytes address) noexcept {
        if (address.size() <= 16) std::copy(address.begin(), address.end(), octets.begin());
    }
    void set_port(std::uint16_t port) noexcept {
        octets[16] = static_cast<std::uint8_t>(port >> 8);
        octets[17] = static_cast<std::uint8_t>(port);
    }
};

bool has_ports(std::uint8_t protocol) noexcept {
    return protocol == ip_proto::tcp || protocol == ip_proto::udp || protocol == ip_proto::sctp;
}

/// Steps over tags and PPPoE; gives the Ethernet type of what follows.
std::uint16_t skip_link(ByteReader& reader) noexcept {
    reader.skip(12);
    std::uint16_t type = reader.u16();
    for (std::size_t tags = 0; tags < packet::kVlanTagsMax && (type == 0x8100 || type == 0x88a8 || type == 0x9100); ++tags) {
        reader.skip(2);
        type = reader.u16();
    }
    if (type == 0x8864) {  // PPPoE session: its header, then PPP's protocol number
        reader.skip(6);
        const std::uint16_t ppp = reader.u16();
        type = ppp == 0x0021 ? 0x0800 : ppp == 0x0057 ? 0x86dd : 0;
    }
    return type;
}

}  // namespace

std::uint32_t symmetric_hash(Bytes frame, std::uint64_t seed) noexcept {
    ByteReader reader(frame);
    const std::uint16_t type = skip_link(reader);
    End a, b;
    std::uint8_t protocol = 0;
    bool fragment = false;
    if (type == 0x0800) {
        const std::size_t header = (reader.u8() & 0x0fU) * 4U;
        reader.skip(5);
        fragment = (reader.u16() & 0x3fff) != 0;  // offset or more fragments
        reader.skip(1);
        protocol = reader.u8();
        reader.skip(2);
        a.set_address(reader.bytes(4));
        b.set_address(reader.bytes(4));
        if (header < 20 || !reader.skip(header - 20)) fragment = true;  // no ports to trust
    } else if (type == 0x86dd) {
        reader.skip(6);
        protocol = reader.u8();
        reader.skip(1);
        a.set_address(reader.bytes(16));
        b.set_address(reader.bytes(16));
    } else {
        return 0;
    }
    if (has_ports(protocol) && !fragment) {
        a.set_port(reader.u16());
        b.set_port(reader.u16());
    }
    if (b.octets < a.octets) std::swap(a, b);
    return static_cast<std::uint32_t>(hash_bytes(b.octets, hash_bytes(a.octets, seed)) >> 32);
}

}  // namespace sekisho::fastpath
