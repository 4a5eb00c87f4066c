// NetBIOS over UDP. Names are 16 octets, each as two letters from A to P (RFC 1001 section 14.1); the last octet
// is the kind of name: 00 workstation, 20 file server.
#include <algorithm>

#include "sekisho/base/byte_reader.h"
#include "sekisho/sign/sign.h"

namespace sekisho::sign {
namespace {

constexpr std::size_t kNameOctets = 16;
constexpr std::uint8_t kEncodedOctets = 32;
constexpr unsigned kOpRegistration = 5, kOpRefresh = 8, kOpRefreshAlso = 9;
constexpr std::uint16_t kGroupName = 0x8000;  // NB_FLAGS (RFC 1002 section 4.2.1.3)

bool decode_name(Bytes encoded, ShortText& name, std::uint8_t& kind) noexcept {
    if (encoded.size() != kEncodedOctets) return false;
    std::array<char, kNameOctets> plain{};
    for (std::size_t i = 0; i < kNameOctets; ++i) {
        const unsigned high = encoded[2 * i] - unsigned{'A'}, low = encoded[2 * i + 1] - unsigned{'A'};
        if (high > 15 || low > 15) return false;
        plain[i] = static_cast<char>(high << 4 | low);
    }
    kind = static_cast<std::uint8_t>(plain[kNameOctets - 1]);
    std::string_view text(plain.data(), kNameOctets - 1);
    text = text.substr(0, text.find_last_not_of(' ') + 1);
    name.add(text);
    return !text.empty();
}

}  // namespace

std::optional<Sign> read_netbios_name(Bytes datagram) noexcept {
    ByteReader in(datagram);
    in.skip(2);
    const std::uint16_t flags = in.u16();
    const unsigned op = flags >> 11 & 15U;
    const bool response = (flags & 0x8000U) != 0;
    if (response || (op != kOpRegistration && op != kOpRefresh && op != kOpRefreshAlso)) return std::nullopt;
    const std::uint16_t questions = in.u16();
    in.skip(4);
    const std::uint16_t additional = in.u16();
    if (questions != 1 || additional != 1 || in.u8() != kEncodedOctets) return std::nullopt;
    Sign sign;
    sign.kind = Kind::netbios;
    std::uint8_t kind = 0;
    if (!decode_name(in.bytes(kEncodedOctets), sign.name, kind) || (kind != 0x00 && kind != 0x20)) return std::nullopt;
    in.skip(1 + 4 + 2 + 2 + 2 + 4 + 2);  // scope end, question; the record's pointer, type, class, ttl, length
    const std::uint16_t name_flags = in.u16();
    if (!in.ok() || (name_flags & kGroupName) != 0) return std::nullopt;
    return sign;
}

std::optional<Sign> read_netbios_datagram(Bytes datagram) noexcept {
    constexpr std::string_view kMailslot("\\MAILSLOT\\BROWSE\0", 17);
    constexpr std::uint8_t kHost = 0x01, kLocalMaster = 0x0f;
    const std::string_view text = as_text(datagram);
    const std::size_t at = text.find(kMailslot);
    if (at == std::string_view::npos) return std::nullopt;
    ByteReader in(datagram.subspan(at + kMailslot.size()));
    const std::uint8_t command = in.u8();
    in.skip(5);  // update count, periodicity
    const Bytes name = in.bytes(16);
    const std::uint8_t major = in.u8(), minor = in.u8();
    if (!in.ok() || (command != kHost && command != kLocalMaster)) return std::nullopt;
    Sign sign;
    sign.kind = Kind::netbios;
    sign.name.add(as_text(name.first(static_cast<std::size_t>(std::find(name.begin(), name.end(), 0) - name.begin()))));
    sign.system.add_number(major);
    sign.system.add('.');
    sign.system.add_number(minor);
    if (sign.name.empty()) return std::nullopt;
    return sign;
}

}  // namespace sekisho::sign
