// DHCP (RFC 2131 figure 1): op, htype, hlen, hops, xid, secs, flags, ciaddr, yiaddr, siaddr, giaddr, chaddr[16],
// sname[64], file[128], magic cookie, options.
#include "sekisho/base/byte_reader.h"
#include "sekisho/sign/sign.h"

namespace sekisho::sign {
namespace {

constexpr std::uint8_t kRequest = 1, kEthernet = 1;
constexpr std::uint32_t kCookie = 0x63825363;
constexpr std::uint8_t kPad = 0, kEnd = 255, kHostName = 12, kRequested = 50, kVendorClass = 60;
constexpr unsigned kOptionsMax = 64;

}  // namespace

std::optional<Sign> read_dhcp(Bytes datagram) noexcept {
    ByteReader in(datagram);
    const auto op = in.u8(), hardware = in.u8(), length = in.u8();
    in.skip(9);  // hops, xid, secs, flags
    const std::uint32_t own = in.u32();
    in.skip(12);
    const Bytes chaddr = in.bytes(16);
    in.skip(64 + 128);
    if (in.u32() != kCookie || !in.ok() || op != kRequest || hardware != kEthernet || length != 6) return std::nullopt;
    Sign sign;
    sign.kind = Kind::dhcp;
    MacAddress mac;
    for (std::size_t i = 0; i < mac.octets.size(); ++i) mac.octets[i] = chaddr[i];
    sign.mac = mac;
    if (own != 0) sign.address = IpAddress::v4(own);
    for (unsigned n = 0; n < kOptionsMax && in.remaining() > 0; ++n) {
        const std::uint8_t code = in.u8();
        if (code == kEnd) break;
        if (code == kPad) continue;
        const Bytes value = in.bytes(in.u8());
        if (!in.ok()) break;
        if (code == kHostName) sign.name.clear(), sign.name.add(as_text(value));
        if (code == kVendorClass) sign.system.clear(), sign.system.add(as_text(value));
        if (code == kRequested && value.size() == 4 && own == 0) sign.address = IpAddress::v4(value);
    }
    if (!sign.address || (sign.name.empty() && sign.system.empty())) return std::nullopt;
    return sign;
}

}  // namespace sekisho::sign
